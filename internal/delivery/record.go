package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Kind is what a record is.
type Kind string

// The kinds a device sends.
const (
	KindShift     Kind = "shift"
	KindContact   Kind = "contact"
	KindInterview Kind = "interview"
	KindRead      Kind = "read" // a message was read
)

// Record is one thing a device saved. Its identity is (ID, Revision); Body's exact bytes are canonical and SHA256 is theirs.
type Record struct {
	ID       string `json:"id"` // UUIDv7
	Kind     Kind   `json:"kind"`
	Revision int    `json:"revision"` // from 1
	Study    string `json:"study"`
	// Epoch is the device's enrolment, Seq its gap-free number within it, from 1.
	Epoch  string          `json:"epoch"`
	Seq    int64           `json:"seq"`
	SHA256 string          `json:"sha256"` // lower-case hex, of Body
	Body   json.RawMessage `json:"body"`
}

// Identity names the record's exact bytes.
func (r Record) Identity() Identity {
	return Identity{ID: r.ID, Revision: r.Revision, SHA256: r.SHA256}
}

// Sum is the SHA-256 of body's bytes in lower-case hex.
func Sum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Identity names exact bytes.
type Identity struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	SHA256   string `json:"sha256"`
}

// StoredRecord is a record as central holds it.
type StoredRecord struct {
	Record
	Device      string `json:"device"`
	Interviewer string `json:"interviewer"`
	// ReceivedAt is central's clock, milliseconds UTC; SkewMS is device clock minus central's at that time.
	ReceivedAt int64 `json:"received_at"`
	SkewMS     int64 `json:"skew_ms"`
	// Provisional marks an interview that counts in no quota until a person accepts it, since its device had no right for it; it says how
	// the interview stands when it is asked for, whatever the revision.
	Provisional bool `json:"provisional,omitempty"`
}
