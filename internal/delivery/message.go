package delivery

// MostMessage is how many characters a message may have: it is read standing.
const MostMessage = 1000

// Message is a supervisor's word to those in the field.
type Message struct {
	ID    string `json:"id"` // UUIDv7
	Study string `json:"study"`
	// Interviewer, a code, or Device says for whom it is; both are empty where it is for everybody in the study.
	Interviewer string `json:"interviewer,omitempty"`
	Device      string `json:"device,omitempty"`
	From        string `json:"from"` // the sender's name at central
	At          int64  `json:"at"`   // central's clock, milliseconds UTC
	Text        string `json:"text"`
	// Interview is the id of the interview that the message sends back for correction; empty for any other message.
	Interview string `json:"interview,omitempty"`
}

// Card says who an interviewer is, to show to whoever asks.
type Card struct {
	Interviewer string `json:"interviewer"` // the code
	Name        string `json:"name"`
	// Photo is a JPEG or PNG, in JSON as base64; empty for none.
	Photo []byte `json:"photo,omitempty"`
}

// MostPhoto is how large the photo of a card may be, in bytes.
const MostPhoto = 128 << 10
