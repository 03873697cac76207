package protocol

// Batch is what one upload carries. Its JSON is written by AppendBatch, which keeps the bytes of each body, and read with
// ReadBatch, which lets no single record spoil the others.
type Batch struct {
	Records []Record `json:"records"`
}

// PushAnswer has a receipt for each record of the batch, in its order.
type PushAnswer struct {
	Receipts []Receipt `json:"receipts"`
	// Missing are the sequence numbers of this epoch central has not seen, as ranges.
	Missing []Range `json:"missing,omitempty"`
	// Visit, Trail and Earlier are as in PullAnswer.
	Visit   string      `json:"visit,omitempty"`
	Trail   []string    `json:"trail,omitempty"`
	Earlier []EpochGaps `json:"earlier,omitempty"`
}

// HaveRequest asks which records central holds already.
type HaveRequest struct {
	Records []Identity `json:"records"`
}

// HaveAnswer has a receipt for each record central holds (stored or quarantined); what is not listed must be sent.
type HaveAnswer struct {
	Receipts []Receipt `json:"receipts"`
}
