package interview

// MessageRead says that an interviewer has read a supervisor's message; its JSON is the body of a record of kind read.
type MessageRead struct {
	ID          string `json:"id"` // UUIDv7
	Study       string `json:"study"`
	Message     string `json:"message"` // that was read
	Interviewer string `json:"interviewer"`
	Site        string `json:"site,omitempty"` // of the latest shift on the device
	At          Moment `json:"at"`
}
