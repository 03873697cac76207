package interview

// Visit is paradata: one stay on a page.
type Visit struct {
	// Question is the question shown; on a page of several the first of them, on the offer of one more of a repeat what would be added.
	Question string `json:"question"`
	At       Moment `json:"at"`
	// DwellMS is how long the page was shown, FirstTapMS until the first tap or keystroke on its answers (0: none); monotonic
	// milliseconds.
	DwellMS    int64 `json:"dwell_ms"`
	FirstTapMS int64 `json:"first_tap_ms,omitempty"`
	// Edits counts how often the answer was changed during the stay.
	Edits int `json:"edits,omitempty"`
	// Changes are the answers that were not the same when the page was left.
	Changes []Change `json:"changes,omitempty"`
	// Group is the group whose questions were shown on one page; empty for a page of one question.
	Group string `json:"group,omitempty"`
	// Offer tells that one more of a repeat was offered.
	Offer bool `json:"offer,omitempty"`
}

// Change is what became of one answer during a stay, in ODK's text form. Answers to personal questions are never among them.
type Change struct {
	// Question is empty where it is the visit's.
	Question string `json:"question,omitempty"`
	Old      string `json:"old,omitempty"`
	New      string `json:"new,omitempty"`
	// Resumed is how often the interview had been resumed during the stay when the change was made.
	Resumed int `json:"resumed,omitempty"`
}

// Event is paradata: what happened beside the stays on questions.
type Event struct {
	Kind EventKind `json:"kind"`
	// OpenMS is the monotonic time the interview had been open, milliseconds; UntilMS, of EventEnd, when the page was left.
	OpenMS  int64 `json:"open_ms"`
	UntilMS int64 `json:"until_ms,omitempty"`
	// Question is what was removed, of EventRemove.
	Question string `json:"question,omitempty"`
	// At is the wall clock, of EventResume, EventUndo and EventCorrect: the time nobody was there is not in OpenMS.
	At Moment `json:"at,omitzero"`
	// Visits is how many stays there had been before, of EventUndo and EventCorrect: open time may begin anew with them.
	Visits int `json:"visits,omitempty"`
	// Reason is why the interview was corrected, of EventCorrect.
	Reason string `json:"reason,omitempty"`
}

// EventKind is an event as ODK's audit log calls it; what reopens an interview that had ended has names of its own, since there it
// is a resume like any other.
type EventKind string

// The kinds of event.
const (
	EventLeave   EventKind = "form exit" // to be gone on with later
	EventResume  EventKind = "form resume"
	EventJump    EventKind = "jump" // to a question that is neither the next nor the one before
	EventRemove  EventKind = "delete repeat"
	EventEnd     EventKind = "end screen"
	EventRefused EventKind = "constraint error" // the interview could not end: answers were missing or not allowed
	EventUndo    EventKind = "undo"             // the ending was taken back at once
	EventCorrect EventKind = "correct"          // the interview was corrected after its end
	// EventProvisional is that the interviewer went on although the device had no right left.
	EventProvisional EventKind = "provisional"
)
