package delivery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// DecisionKind is what a supervisor decided.
type DecisionKind string

// Decision is one act of a supervisor. It is made on a laptop, with or without a connection, and never changed: whoever thinks again
// makes another one. What two people decided of one subject stands in the order of Before, whichever came to central first.
type Decision struct {
	ID      string          `json:"id"` // UUIDv7
	Study   string          `json:"study"`
	Kind    DecisionKind    `json:"kind"`
	Subject string          `json:"subject"`          // what it is about: a record's id, a device's id, a constraint's name
	Body    json.RawMessage `json:"body,omitempty"`   // of the kind's own type
	Reason  string          `json:"reason,omitempty"` // in words, of MostReason characters at most
	MadeAt  int64           `json:"made_at"`          // the laptop's clock, milliseconds UTC
	MadeBy  string          `json:"made_by"`          // the user at central who made it
}

// StoredDecision is a decision as central holds it.
type StoredDecision struct {
	Decision
	ReceivedAt int64 `json:"received_at"` // central's clock, milliseconds UTC
	// Provisional tells that its subject is an interview that counts in no quota, now; see StoredRecord.
	Provisional bool `json:"provisional,omitempty"`
}

// The limits of a decision.
const (
	MostReason       = 1000     // characters of a reason
	MostDecision     = 16 << 10 // bytes of a decision's JSON
	MostDecisionName = 256      // bytes of a subject
)

// DecisionBody is what a kind of decision says beside its reason.
type DecisionBody interface {
	// Validate says what is wrong, in words that may be shown to whoever decides; nil for nothing.
	Validate(d Decision) error
}

// decisionBodies is every kind there is. To add one: its name and type here, and what central does with it in
// centralstore.deciders.
func decisionBodies() map[DecisionKind]func() DecisionBody {
	return map[DecisionKind]func() DecisionBody{
		ReviewAccept:  func() DecisionBody { return &Review{} },
		ReviewReject:  func() DecisionBody { return &Rejection{} },
		ReviewReturn:  func() DecisionBody { return &Return{} },
		ReviewComment: func() DecisionBody { return &Comment{} },
		BackCheck:     func() DecisionBody { return &BackChecked{} },
		QuotaTargets:  func() DecisionBody { return &Steering{} },
		Assignments:   func() DecisionBody { return &Planning{} },
	}
}

// InvalidDecision says what is wrong with a decision, in words that may be shown.
type InvalidDecision string

// Error gives the words.
func (i InvalidDecision) Error() string { return string(i) }

// ErrUnknownDecision: this version does not know the kind; a newer one does.
var ErrUnknownDecision = errors.New("this kind of decision is not known here")

// Read gives the body as its kind's own type, such as *Rejection, valid. It fails with ErrUnknownDecision, or with what is wrong.
func (d Decision) Read() (DecisionBody, error) {
	if err := d.frame(); err != nil {
		return nil, err
	}
	empty, known := decisionBodies()[d.Kind]
	if !known {
		return nil, ErrUnknownDecision
	}
	body := empty()
	if len(d.Body) > 0 {
		if err := json.Unmarshal(d.Body, body); err != nil {
			return nil, InvalidDecision("The body is not what this kind of decision has.")
		}
	}
	return body, body.Validate(d)
}

// frame looks at what every decision has.
func (d Decision) frame() error {
	id, err := uuid.Parse(d.ID)
	switch {
	case err != nil || id.Version() != 7 || id.String() != d.ID:
		return InvalidDecision("A decision needs an id, UUIDv7 in small letters.")
	case d.Study == "" || d.Subject == "" || len(d.Subject) > MostDecisionName || !plainText(d.Subject):
		return InvalidDecision("A decision names a study and what it is about.")
	case d.MadeBy == "" || d.MadeAt <= 0:
		return InvalidDecision("A decision says who made it, and when.")
	case utf8.RuneCountInString(d.Reason) > MostReason || !plainText(d.Reason):
		return InvalidDecision(fmt.Sprintf("A reason has at most %d characters.", MostReason))
	}
	return nil
}

// plainText tells whether every store can keep it.
func plainText(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// Order is where a decision stands among those of its subject: by At, then by ID. Clocks lie: At is when it was made, and no later than
// when central got it, so that a laptop whose clock runs ahead cannot have the last word for ever.
type Order struct {
	At int64 // milliseconds UTC
	ID string
}

// Before tells whether a decision of this place is overruled by one of the other.
func (o Order) Before(other Order) bool {
	return o.At < other.At || o.At == other.At && o.ID < other.ID
}

// Order is the decision's place as central knows it.
func (d StoredDecision) Order() Order { return Order{At: min(d.MadeAt, d.ReceivedAt), ID: d.ID} }

// DecisionSum is what tells two decisions of the same id apart: the SHA-256, in lower-case hex, of the JSON without white space.
func DecisionSum(whole []byte) (string, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, whole); err != nil {
		return "", fmt.Errorf("reading the decision: %w", err)
	}
	return Sum(compact.Bytes()), nil
}

// DecisionStatus is central's answer for one decision.
type DecisionStatus string

// What central can answer.
const (
	DecisionApplied   DecisionStatus = "applied"   // kept, and done, now
	DecisionDuplicate DecisionStatus = "duplicate" // kept before, the same bytes
	DecisionRefused   DecisionStatus = "refused"   // not kept; Code and Reason say why
)

// DecisionReceipt is central's answer for one decision.
type DecisionReceipt struct {
	ID     string         `json:"id"`
	Status DecisionStatus `json:"status"`
	Code   DecisionCode   `json:"code,omitempty"`   // where it was refused
	Reason string         `json:"reason,omitempty"` // the same for a person
	// Retryable tells that the same decision may be taken later with nothing changed by a person.
	Retryable bool `json:"retryable,omitempty"`
}

// DecisionCode is why central refused a decision.
type DecisionCode string

// The codes.
const (
	DecisionInvalid   DecisionCode = "invalid"    // it is not what its kind has
	DecisionForbidden DecisionCode = "forbidden"  // the person may not decide this, or another person made it
	DecisionConflict  DecisionCode = "conflict"   // other bytes were kept under the same id
	DecisionNoRoom    DecisionCode = "no_room"    // the quota that an accepted interview would count in is full
	DecisionNoSubject DecisionCode = "no_subject" // what it is about is not at central, or not yet
	DecisionUnknown   DecisionCode = "unknown_kind"
)
