package interview

// Recount changes a shift's count of passers-by to a typed number. It stands beside the taps and never replaces them.
type Recount struct {
	ID string `json:"id"` // UUIDv7
	At Moment `json:"at"`
	// From is the count before, To the one typed; persons.
	From int `json:"from"`
	To   int `json:"to"`
	// Reason is one of CorrectionReasons; Words are the interviewer's own, and there where the reason is Other.
	Reason string `json:"reason"`
	Words  string `json:"words,omitempty"`
}

// ShiftNote is what an interviewer noted of a shift: the weather as it is from then on, an event, or both.
type ShiftNote struct {
	ID string `json:"id"` // UUIDv7
	At Moment `json:"at"`
	// Weather is one of Weathers, or empty.
	Weather string `json:"weather,omitempty"`
	Words   string `json:"words,omitempty"`
}

// IsZero tells whether nothing is noted.
func (n ShiftNote) IsZero() bool { return n.Weather == "" && n.Words == "" }

// Weather is the weather noted last; empty for none.
func (s Shift) Weather() string {
	for n := len(s.Notes) - 1; n >= 0; n-- {
		if w := s.Notes[n].Weather; w != "" {
			return w
		}
	}
	return ""
}

// Paused tells whether a pause is running, and which.
func (s Shift) Paused() (Pause, bool) {
	if n := len(s.Pauses); n > 0 && s.Pauses[n-1].To.IsZero() {
		return s.Pauses[n-1], true
	}
	return Pause{}, false
}

// Corrected is how many persons the corrections added, negative where they took some off.
func (s Shift) Corrected() (persons int) {
	for _, c := range s.Corrections {
		persons += c.To - c.From
	}
	return persons
}

// Other is the reason that only words explain.
const Other = "other"

// PauseReasons are why an interviewer pauses, the most frequent first. Labels stand in the interface's texts as shift.pause_<name>.
func PauseReasons() []string {
	return []string{"break", "weather", "nobody", "venue", "supervisor", "device", Other}
}

// CorrectionReasons are why a count is put right. Labels stand in the interface's texts as count.reason_<name>.
func CorrectionReasons() []string { return []string{"missed", "twice", "handover", "trial", Other} }

// Weathers are what the weather can be; indoors is for entrances under a roof. Labels stand as weather.<name>.
func Weathers() []string {
	return []string{"sunny", "cloudy", "rain", "storm", "snow", "wind", "hot", "cold", "indoors"}
}
