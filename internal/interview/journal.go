package interview

import "context"

// Journal is where a Session keeps what it is told. Every call is one transaction and has reached the disk when it returns nil;
// where it fails, nothing of the call is kept.
type Journal interface {
	// Begin keeps a new draft with its first step, and its contact: a contact the journal does not know becomes its first
	// revision, one it knows by other content a further one. A draft that reopens an ended interview leaves that one as it is.
	Begin(ctx context.Context, o Opening) error
	// Save keeps one change of a draft.
	Save(ctx context.Context, s Saving) error
	// SaveReserving is Save, and in the same transaction brings what the interview has reserved to the hard constraints among cells: a
	// right in each, or in none where one has none left. It returns those that are full, and none of a study in which central has not said
	// what this device may do. Constraints are named by their accounts, see study.Study.AccountOn.
	SaveReserving(ctx context.Context, s Saving, cells []string) (full []string, err error)
	// End turns a draft into an interview, or into the further revision of the one it reopened: interview, contact's further
	// revision and what announces them are kept, and the draft with every answer in clear is overwritten.
	End(ctx context.Context, e Ending) error
}

// Opening is what begins an interview.
type Opening struct {
	Draft   Draft
	Step    Step
	Contact Contact
}

// Saving is one change of a draft.
type Saving struct {
	Draft string
	// OpenMS is the monotonic time the interview has been open, milliseconds.
	OpenMS   int64
	Position string
	Language string
	// Snapshot is the whole questionnaire; nil where it has not changed.
	Snapshot []byte
	// Step is nil where only the text of the answer being typed changed.
	Step *Step
}

// Ending is what becomes of a draft.
type Ending struct {
	Interview Interview
	Contact   Contact
	// Kept is what the interview can be reopened from.
	Kept Kept
}

// Draft is an interview that was begun and has not ended.
type Draft struct {
	ID          string // UUIDv7; the interview keeps it
	Study       string
	Form        string
	FormVersion string
	// FormSHA256 names the exact questionnaire, which stays on the device as long as the draft.
	FormSHA256  string
	Shift       string
	Contact     string
	Site        string
	Entrance    string
	Interviewer string
	Practice    bool
	Started     Moment
	// OpenMS is the monotonic time the interview has been open, summed over resumes, milliseconds.
	OpenMS   int64
	Position string // xform.Position as text
	Language string
	Snapshot []byte
	Steps    []Step // in order
	// Approach is the contact as it stands.
	Approach Contact
	// Held is what the interview has of its quotas.
	Held Held
	// Again is set where the draft reopens an interview that had ended.
	Again *Again
}

// StepKind is what happened at a step.
type StepKind string

// The kinds of step.
const (
	StepStart     StepKind = "start"
	StepAnswer    StepKind = "answer" // an answer was set
	StepDraft     StepKind = "draft"  // typing began
	StepMove      StepKind = "move"
	StepJump      StepKind = "jump" // a move to any page
	StepLanguage  StepKind = "language"
	StepAdd       StepKind = "add"    // one more of a repeat
	StepRemove    StepKind = "remove" // one less of a repeat
	StepObserve   StepKind = "observe"
	StepUnobserve StepKind = "unobserve" // an observation was taken back
	StepMark      StepKind = "mark"
	StepLeave     StepKind = "leave" // to be resumed later
	StepResume    StepKind = "resume"
	StepReopen    StepKind = "reopen" // an interview that had ended is gone on with
	// StepProvisional goes on although no right is left.
	StepProvisional StepKind = "provisional"
)

// Step is paradata: one thing done in an interview. What answers were is told of questions that are not personal alone, and only in
// Was and Changes, which a journal must keep as safe as the snapshot.
type Step struct {
	Number   int      // from 1, without gaps
	Kind     StepKind // what was done
	Question string   // reference of the question it was done to
	At       Moment
	OpenMS   int64 // as in Saving
	// Changed tells that an answer given before was replaced.
	Changed bool
	// Position is the page shown after the step.
	Position    string
	Observation *Observation
	Mark        *Mark
	// Undoes is the observation that was taken back.
	Undoes string
	// File is what was given as the answer, beside its name; nil for other answers.
	File *Attachment
	Traces
}

// Traces are what a step tells beside what was done.
type Traces struct {
	// Tap is when the page shown before the step was first tapped or typed at, as open time; 0 for not yet, or told before.
	Tap int64 `json:"tap,omitempty"`
	// Was are answers as they were before this first change of them on the page; a Question left empty is the step's.
	Was []Change `json:"was,omitempty"`
	// Changes are what became of the answers of the page that was left, or until the interview was left or resumed.
	Changes []Change `json:"changes,omitempty"`
	// Refused is when the interview could not end since the step before, as open times.
	Refused []int64 `json:"refused,omitempty"`
}

// Empty tells that there is nothing to keep.
func (t Traces) Empty() bool {
	return t.Tap == 0 && len(t.Was)+len(t.Changes)+len(t.Refused) == 0
}
