package delivery

// Status is central's answer for one record.
type Status string

// What central can answer.
const (
	Received    Status = "received"    // stored now
	Duplicate   Status = "duplicate"   // stored before, the same bytes
	Quarantined Status = "quarantined" // kept whole, apart; Reason says what a person can do
)

// Receipt is central's answer for one record of a batch or a question of have.
type Receipt struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	SHA256   string `json:"sha256"`
	Status   Status `json:"status"`
	Reason   string `json:"reason,omitempty"`
	// Kind stands in the answer to have, where the asker named only identities.
	Kind Kind `json:"kind,omitempty"`
}

// Identity names the exact bytes the receipt is for.
func (r Receipt) Identity() Identity {
	return Identity{ID: r.ID, Revision: r.Revision, SHA256: r.SHA256}
}

// Range is First to Last, both included.
type Range struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}
