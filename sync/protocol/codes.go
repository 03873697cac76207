package protocol

// CodesRequest asks for enrolment codes, for a device each.
type CodesRequest struct {
	Studies     []string `json:"studies"`     // at least one; the asker supervises in each of them
	Interviewer string   `json:"interviewer"` // the interviewer's code, such as 0417
	// Count is how many; left out for one, MaxCodes at most.
	Count int `json:"count,omitempty"`
	// Minutes is how long they are valid; left out for a day, 30 days at most.
	Minutes int `json:"minutes,omitempty"`
}

// CodesAnswer has the codes, this once: central keeps only what it can know them by.
type CodesAnswer struct {
	Codes []string `json:"codes"` // as they are read out, ABCD-EFGH
	// IDs are those of the codes' states, in the same order.
	IDs     []string `json:"ids"`
	Expires int64    `json:"expires"` // milliseconds UTC
}

// MaxCodes is how many codes are made at once; each takes a moment to hash.
const MaxCodes = 50

// CodeList is the codes of the studies in which a person supervises, the latest first: those that are valid, or ended lately.
type CodeList struct {
	Codes []CodeState `json:"codes"`
}

// EndRequest ends a device's enrolment. It may be left out.
type EndRequest struct {
	// Reason is for the audit log, MaxReason bytes at most.
	Reason string `json:"reason,omitempty"`
}

// MaxReason is the longest reason in bytes.
const MaxReason = 1000

// DeviceList is the devices of the studies in which a person supervises, the last seen first.
type DeviceList struct {
	Devices []DeviceState `json:"devices"`
}
