package delivery

import "encoding/json"

// ItemKind is what a pulled item is.
type ItemKind string

// The kinds of item. Devices get studies, messages, their interviewer's card and assignments, and revocation; supervisors also records,
// devices and decisions.
const (
	ItemStudy       ItemKind = "study"       // Body: study.Study
	ItemWithdrawn   ItemKind = "withdrawn"   // ID: a study no longer assigned; nothing unsent is touched
	ItemRevocation  ItemKind = "revocation"  // the token ends; unsent data stay on the device
	ItemMessage     ItemKind = "message"     // Body: Message
	ItemCard        ItemKind = "card"        // Body: Card; ID: the interviewer's code
	ItemAssignments ItemKind = "assignments" // Body: Assigned, all of a day; ID: the date
	ItemRecord      ItemKind = "record"      // Body: StoredRecord
	ItemDevice      ItemKind = "device"      // Body: DeviceState
	ItemDecision    ItemKind = "decision"    // Body: StoredDecision
)

// Item is one pulled thing. A kind the reader does not know is to be skipped.
type Item struct {
	Kind ItemKind        `json:"kind"`
	ID   string          `json:"id"`
	Body json.RawMessage `json:"body,omitempty"`
}

// DeviceState is what central knows of a device.
type DeviceState struct {
	Device      string  `json:"device"`
	Interviewer string  `json:"interviewer"` // "" for a laptop
	Platform    string  `json:"platform"`
	AppVersion  string  `json:"app_version"`
	LastSeen    int64   `json:"last_seen"` // milliseconds UTC
	HighSeq     int64   `json:"high_seq"`
	Missing     []Range `json:"missing,omitempty"` // of the present epoch, as HighSeq is
	// Earlier are the device's earlier epochs in which something is missing, the latest first.
	Earlier []EpochState `json:"earlier,omitempty"`
	Revoked bool         `json:"revoked,omitempty"`
	// Lost tells that a person wrote it off; Revoked is set too.
	Lost bool `json:"lost,omitempty"`
	// Account is whose laptop it is that passes rights on; "" for devices of interviewers.
	Account string `json:"account,omitempty"`
}

// Blob is a file the pulled studies speak of: a questionnaire or a showcard.
type Blob struct {
	SHA256 string // lower-case hex
	Size   int64  // bytes
	// Media tells a picture, a sound or a film from a questionnaire and what it cannot do without, such as lists of choices.
	Media bool
}
