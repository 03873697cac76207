package delivery

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The kinds of decision about an interview; Subject is its id.
const (
	ReviewAccept  DecisionKind = "review_accept"  // Body: Review
	ReviewReject  DecisionKind = "review_reject"  // Body: Rejection; Reason says why
	ReviewReturn  DecisionKind = "review_return"  // Body: Return
	ReviewComment DecisionKind = "review_comment" // Body: Comment; Reason is the comment
	BackCheck     DecisionKind = "back_check"     // Body: BackChecked
)

// Review is the body of a decision about an interview.
type Review struct {
	// Revision is which one was read, from 1.
	Revision int `json:"revision"`
}

// Validate implements DecisionBody.
func (r Review) Validate(Decision) error {
	if r.Revision < 1 {
		return InvalidDecision("The decision does not say which revision of the interview was read.")
	}
	return nil
}

// Rejection is the body of review_reject.
type Rejection struct{ Review }

// Validate implements DecisionBody.
func (r Rejection) Validate(d Decision) error {
	if strings.TrimSpace(d.Reason) == "" {
		return InvalidDecision("Rejecting an interview needs a reason.")
	}
	return r.Review.Validate(d)
}

// Comment is the body of review_comment.
type Comment struct{ Review }

// Validate implements DecisionBody.
func (c Comment) Validate(d Decision) error {
	if strings.TrimSpace(d.Reason) == "" {
		return InvalidDecision("The comment is empty.")
	}
	return c.Review.Validate(d)
}

// Return is the body of review_return.
type Return struct {
	Review
	// Message is what the interviewer reads, of MostMessage characters at most.
	Message string `json:"message"`
}

// Validate implements DecisionBody.
func (r Return) Validate(d Decision) error {
	switch n := utf8.RuneCountInString(strings.TrimSpace(r.Message)); {
	case n == 0:
		return InvalidDecision("Sending an interview back needs a message to the interviewer.")
	case n > MostMessage || !plainText(r.Message):
		return InvalidDecision(fmt.Sprintf("A message has at most %d characters.", MostMessage))
	}
	return r.Review.Validate(d)
}

// BackCheckResult is what came of calling a respondent back.
type BackCheckResult string

// The results.
const (
	Confirmed  BackCheckResult = "confirmed"   // the respondent confirms the interview
	Minor      BackCheckResult = "minor"       // something small differs
	Major      BackCheckResult = "major"       // it was not held, or not as recorded
	NotReached BackCheckResult = "not_reached" // nobody answered; somebody may try again
)

// BackCheckResults lists them, in the order in which they are offered.
func BackCheckResults() []BackCheckResult {
	return []BackCheckResult{Confirmed, Minor, Major, NotReached}
}

// BackChecked is the body of back_check; Reason may say more.
type BackChecked struct {
	Review
	Result BackCheckResult `json:"result"`
}

// Validate implements DecisionBody.
func (b BackChecked) Validate(d Decision) error {
	for _, known := range BackCheckResults() {
		if b.Result == known {
			return b.Review.Validate(d)
		}
	}
	return InvalidDecision("A back-check ends as confirmed, minor, major or not_reached.")
}

// ReviewState is how an interview stands.
type ReviewState string

// The states of an interview.
const (
	ReviewOpen     ReviewState = "open" // nobody has decided, or it was corrected since it was sent back
	ReviewAccepted ReviewState = "accepted"
	ReviewRejected ReviewState = "rejected"
	ReviewReturned ReviewState = "returned" // sent back, and not corrected yet
)

// StateAfter is the state a kind of decision puts an interview in; "" for a kind that leaves it as it is.
func StateAfter(kind DecisionKind) ReviewState {
	switch kind {
	case ReviewAccept:
		return ReviewAccepted
	case ReviewReject:
		return ReviewRejected
	case ReviewReturn:
		return ReviewReturned
	}
	return ""
}

// StateNow is how an interview stands whose latest decision led to state and was about a revision, now that it is in its newest one.
func StateNow(state ReviewState, decided, newest int) ReviewState {
	if state == "" || state == ReviewReturned && newest > decided {
		return ReviewOpen
	}
	return state
}
