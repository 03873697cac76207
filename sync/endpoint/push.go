package endpoint

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

var errLongRecord = errors.New("the record is longer than its limit")

func (e *Endpoint) push(c *call) error {
	data, err := c.read(protocol.MaxBatchBytes)
	if err != nil {
		return err
	}
	records, err := protocol.ReadBatch(data)
	if err != nil {
		return err
	}
	for i := range records {
		if len(records[i].Body) > protocol.MaxRecordBytes && records[i].Err == nil {
			records[i].Err = errLongRecord
		}
	}
	done, err := e.p.Store.Push(c.r.Context(), centralstore.Push{Who: c.who, Records: records, Epochs: c.epochs(), HighSeq: c.highSeq(), Skew: c.skew()})
	if err != nil {
		return err
	}
	e.p.Metrics.received(done.Receipts)
	answer := protocol.PushAnswer{Receipts: done.Receipts}
	present, earlier := gapsOf(done.Gaps)
	answer.Missing, answer.Visit, answer.Trail, answer.Earlier = present.Missing, present.Visit, present.Trail, earlier
	c.note(slog.Int("records", len(records)), slog.Int("inflated", len(data)), slog.Int("quarantined", count(done.Receipts, delivery.Quarantined)),
		slog.Int("duplicates", count(done.Receipts, delivery.Duplicate)), slog.Int("missing", len(answer.Missing)))
	return c.respond(answer)
}

func (e *Endpoint) have(c *call) error {
	var in protocol.HaveRequest
	if err := c.decode(&in, 1<<20); err != nil {
		return err
	}
	if len(in.Records) > protocol.MaxHave {
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "These are more records than central is asked about at once.")
	}
	receipts, err := e.p.Store.Have(c.r.Context(), c.who, in.Records)
	if err != nil {
		return err
	}
	return c.respond(protocol.HaveAnswer{Receipts: receipts})
}

// epochs is what the device says of its epochs; empty where it says nothing sensible.
func (c *call) epochs() []protocol.EpochNumbers {
	return protocol.ReadEpochs(c.r.Header.Get(protocol.EpochsHeader))
}

// highSeq is what the device says it has given out; 0 where it says nothing sensible.
func (c *call) highSeq() int64 {
	n, err := strconv.ParseInt(c.r.Header.Get(protocol.HighSeqHeader), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// skew is the device's clock minus central's, as far as a request on its way can tell; 0 where it says nothing sensible.
func (c *call) skew() time.Duration {
	ms, err := strconv.ParseInt(c.r.Header.Get(protocol.ClockHeader), 10, 64)
	if err != nil || ms < 0 || ms > 1<<50 {
		return 0
	}
	return time.Duration(ms-c.began.UnixMilli()) * time.Millisecond
}

func count(receipts []delivery.Receipt, status delivery.Status) int {
	n := 0
	for _, r := range receipts {
		if r.Status == status {
			n++
		}
	}
	return n
}
