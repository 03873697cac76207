package agent

import (
	"time"

	"parvis/sync/protocol"
)

// The size of batches, in records: the first one, and the bytes of bodies a record is reckoned at.
const (
	firstBatch     = 20
	bytesPerRecord = 16 << 10
	mostBatchBytes = protocol.MaxBatchBytes * 5 / 8 // a body that travels in base64 grows by a third
)

// The times of one batch: from the first on it grows no more, from the second on it becomes smaller, since a link that breaks takes
// the whole of it.
const (
	longBatch    = 8 * time.Second
	tooLongBatch = 30 * time.Second
)

// grow follows a batch that went well. It doubles until it comes near the size that broke last, and then feels its way in eighths.
func (r *run) grow(took time.Duration) {
	p := &r.plan
	switch {
	case took >= tooLongBatch:
		p.Batch /= 2
	case took >= longBatch:
	case p.Broke == 0 || p.Batch*2 < p.Broke:
		p.Batch *= 2
	default:
		p.Batch += max(p.Batch/8, 1)
	}
	if p.Batch >= p.Broke {
		p.Broke = 0
	}
	p.Batch = min(max(p.Batch, 1), protocol.MaxBatchRecords)
}

// shrink follows a batch of that many records that broke.
func (r *run) shrink(records int) {
	r.plan.Broke = records
	r.plan.Batch = max(min(r.plan.Batch, records)/2, 1)
}
