package interview

// Shift is one interviewer at one site and entrance, from start to stop; its JSON is the body of a record of kind shift. A shift
// is sent anew, as a higher revision, when it is paused, synchronised or ended.
type Shift struct {
	ID          string `json:"id"` // UUIDv7
	Study       string `json:"study"`
	Site        string `json:"site"`
	Entrance    string `json:"entrance"`
	Interviewer string `json:"interviewer"`
	// Interval is the sampling interval in force: every n-th passer-by is approached; at least 1.
	Interval int    `json:"interval"`
	Practice bool   `json:"practice,omitempty"`
	Started  Moment `json:"started"`
	Ended    Moment `json:"ended,omitzero"`
	// Pauses are the times nobody counted, in order.
	Pauses []Pause `json:"pauses,omitempty"`
	// Footfall is the count of passers-by per quarter of an hour of UTC, in order.
	Footfall []Footfall `json:"footfall,omitempty"`
	// Passed is the sum of Footfall.
	Passed int `json:"passed"`
	// Corrections are the changes of the count by a typed number, in order; Passed and Footfall have them in already.
	Corrections []Recount `json:"corrections,omitempty"`
	// Notes are what the interviewer noted of weather and events, in order.
	Notes []ShiftNote `json:"notes,omitempty"`
}

// Pause is a break within a shift.
type Pause struct {
	From Moment `json:"from"`
	To   Moment `json:"to,omitzero"`
	// Reason is one of PauseReasons; Words are the interviewer's own.
	Reason string `json:"reason,omitempty"`
	Words  string `json:"words,omitempty"`
}

// Footfall is how many persons passed in one quarter of an hour.
type Footfall struct {
	// From is the quarter's start, milliseconds UTC, a multiple of 900,000.
	From int64 `json:"from"`
	// Count is persons; corrections are already taken off, so it is never negative.
	Count int `json:"count"`
}

// QuarterHour is the length of a footfall period in milliseconds.
const QuarterHour int64 = 15 * 60 * 1000

// Contact is one selected person, approached or not, and what became of it; its JSON is the body of a record of kind contact.
type Contact struct {
	ID          string      `json:"id"` // UUIDv7
	Study       string      `json:"study"`
	Shift       string      `json:"shift"`
	Site        string      `json:"site"`
	Entrance    string      `json:"entrance"`
	Interviewer string      `json:"interviewer"`
	Practice    bool        `json:"practice,omitempty"`
	At          Moment      `json:"at"`
	Disposition Disposition `json:"disposition"`
	// Passed is the footfall of the shift when the person was approached.
	Passed int `json:"passed"`
	// Interview is the interview it led to, if any.
	Interview string `json:"interview,omitempty"`
	// EstimatedSex and EstimatedAge are the interviewer's guess of somebody who gave no interview, never their own word: one of Sexes
	// and of AgeBands, or CannotTell; empty where nobody guessed.
	EstimatedSex string `json:"estimated_sex,omitempty"`
	EstimatedAge string `json:"estimated_age,omitempty"`
	// NotApproached is why nobody spoke to the selected person, one of NotApproachedReasons; empty for approaches.
	NotApproached string `json:"not_approached,omitempty"`
	// EligibilityKnown and ContactMade are facts from which rates derive their classes.
	EligibilityKnown bool `json:"eligibility_known"`
	ContactMade      bool `json:"contact_made"`
	// Void tells that the tap was taken back; nothing is deleted, but it counts for nothing.
	Void bool `json:"void,omitempty"`
}

// Interview is the answers of one respondent with what surrounds them; its JSON is the body of a record of kind interview. It is
// made when the interview ends, and anew, as a higher revision, when it is corrected.
type Interview struct {
	ID          string `json:"id"` // UUIDv7
	Study       string `json:"study"`
	Form        string `json:"form"`
	FormVersion string `json:"form_version"`
	Shift       string `json:"shift"`
	Contact     string `json:"contact"`
	Site        string `json:"site"`
	Entrance    string `json:"entrance"`
	Interviewer string `json:"interviewer"`
	Practice    bool   `json:"practice,omitempty"`
	Language    string `json:"language"`
	Started     Moment `json:"started"`
	Ended       Moment `json:"ended"`
	// DurationMS is the monotonic time the interview was open, milliseconds; the time between a kill and a resume is not in it.
	DurationMS  int64       `json:"duration_ms"`
	Disposition Disposition `json:"disposition"`
	// BreakOffAt is the question shown when the respondent broke off, as a reference such as /data/visit/bought.
	BreakOffAt string `json:"break_off_at,omitempty"`
	// BreakOffReason is why, in the interviewer's words or choice.
	BreakOffReason string `json:"break_off_reason,omitempty"`
	// Void is why the interview must not count, such as "started by mistake"; empty for those that do.
	Void string `json:"void,omitempty"`
	// Cells are the names of the study's quota constraints the respondent falls in, with the day where there is a target for each day.
	Cells []string `json:"cells,omitempty"`
	// Rights are those the device used for the interview in hard constraints, by constraint: one where it fell in when its screener ended,
	// one more for each time a correction moved it there.
	Rights map[string]int `json:"rights,omitempty"`
	// Lent are the rights in the interview's constraints that laptops had passed on to the device by then, so that they are known wherever the
	// interview comes first; nil where there are none.
	Lent *Lent `json:"lent,omitempty"`
	// Provisional tells that the device had a right in none of the hard constraints the respondent falls in: it counts once a supervisor
	// accepts it. Central judges by rights alone.
	Provisional bool `json:"provisional,omitempty"`
	// Answers is the ODK submission: relevant nodes only, personal values taken out.
	Answers string `json:"answers"`
	// Sealed is an age file in base64 with the personal values as a JSON object from reference to value; empty where none was given.
	Sealed string `json:"sealed,omitempty"`
	// Attachments are the files that answers of Answers name.
	Attachments []Attachment `json:"attachments,omitempty"`
	// SealedBefore are the sealed values of earlier revisions, oldest first, which no device can open any more. A value sealed later
	// takes the place of an earlier one of the same reference; an empty one takes it away.
	SealedBefore []string `json:"sealed_before,omitempty"`
	// Corrections tell why there were further revisions, in order.
	Corrections  []Correction  `json:"corrections,omitempty"`
	Observations []Observation `json:"observations,omitempty"`
	Marks        []Mark        `json:"marks,omitempty"`
	Visits       []Visit       `json:"visits,omitempty"`
	Events       []Event       `json:"events,omitempty"`
	// Hasty are the questions that were answered in less time than the study says they take.
	Hasty []string `json:"hasty,omitempty"`
}

// Observation is one tap of what the interviewer perceived. Valence and energy follow Russell's affect grid, -2 to 2 each.
type Observation struct {
	ID       string `json:"id"` // UUIDv7
	Question string `json:"question"`
	At       Moment `json:"at"`
	// SinceMS is the monotonic time since the question appeared, milliseconds.
	SinceMS int64  `json:"since_ms"`
	Valence *int   `json:"valence,omitempty"`
	Energy  *int   `json:"energy,omitempty"`
	Cue     string `json:"cue,omitempty"`
	Note    string `json:"note,omitempty"`
	// Rating, 1 never to 5 very often, is that of an impression of the whole interview; Cue is then one of Impressions.
	Rating *int `json:"rating,omitempty"`
}

// Mark is a probe or a pause set within a verbatim.
type Mark struct {
	Question string `json:"question"`
	// Kind is MarkProbe or MarkPause.
	Kind  string `json:"kind"`
	Label string `json:"label,omitempty"`
	// Position is the character (rune) of the verbatim before which the mark stands.
	Position int    `json:"position"`
	At       Moment `json:"at"`
	SinceMS  int64  `json:"since_ms"`
}

// The kinds of mark.
const (
	MarkProbe = "probe"
	MarkPause = "pause"
)

// Impressions are what an interviewer is asked about the whole interview when it ends, as in the European Social Survey's
// interviewer questionnaire: did the respondent ask for clarification, were they reluctant, did they try their best.
func Impressions() []string {
	return []string{"impression_clarification", "impression_reluctant", "impression_tried"}
}

// Cues are the cues every study offers beside its own, most frequent first. Labels stand in the interface's texts as cue.<name>.
func Cues() []string {
	return []string{"pause", "hesitation", "laugh", "smile", "frown", "sigh", "looks_away", "lights_up", "reluctant", "asks_to_clarify", "third_person"}
}
