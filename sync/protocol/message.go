package protocol

// MessageRequest asks central to hand a message to one interviewer, one device, or everybody in a study.
type MessageRequest struct {
	Study       string `json:"study"`
	Interviewer string `json:"interviewer,omitempty"` // a code
	Device      string `json:"device,omitempty"`
	Text        string `json:"text"`
}
