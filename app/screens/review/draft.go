package review

import (
	"encoding/json"
	"fmt"
	"strings"

	"parvis/internal/delivery"
)

// Draft is a decision that is being made; the zero Draft is none. It stays with its interview until it is decided or left.
type Draft struct {
	Kind delivery.DecisionKind
	// Text is what is written: the reason, the comment, or the message to the interviewer.
	Text   string
	Result delivery.BackCheckResult // of a back-check
}

// RejectReasons are the usual reasons to reject an interview, by their names; their words stand behind "review.why_" in the interface's
// texts. A reason may also be written out.
func RejectReasons() []string {
	return []string{"too_fast", "made_up", "wrong_person", "not_as_written", "missing", "twice"}
}

// Ready tells whether enough is said to decide.
func (d Draft) Ready() bool {
	switch d.Kind {
	case "":
		return false
	case delivery.ReviewAccept:
		return true
	case delivery.BackCheck:
		return d.Result != ""
	}
	return strings.TrimSpace(d.Text) != ""
}

// decision is what the draft says of an interview in a revision.
func (d Draft) decision(study, id string, revision int) (delivery.Decision, error) {
	out := delivery.Decision{Study: study, Kind: d.Kind, Subject: id, Reason: strings.TrimSpace(d.Text)}
	read := delivery.Review{Revision: revision}
	var body any = read
	switch d.Kind {
	case delivery.ReviewReturn:
		body, out.Reason = delivery.Return{Review: read, Message: out.Reason}, ""
	case delivery.BackCheck:
		body = delivery.BackChecked{Review: read, Result: d.Result}
	}
	var err error
	if out.Body, err = json.Marshal(body); err != nil {
		return out, fmt.Errorf("writing the decision: %w", err)
	}
	return out, nil
}

// moves tells whether the next interview comes after the decision: one says something about an interview and goes on reading it, or is
// done with it.
func (d Draft) moves() bool { return d.Kind != delivery.ReviewComment }
