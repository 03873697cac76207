package protocol

// AuditPage is a part of the audit log, the newest line first.
type AuditPage struct {
	Lines []AuditLine `json:"lines"`
	// Before asks for the lines before these, in the parameter of that name; 0 where there are none.
	Before int64 `json:"before,omitempty"`
}

// AuditLine is one line of the audit log.
type AuditLine struct {
	N       int64  `json:"n"`     // its number at central; an administrator of a study does not see them all
	At      int64  `json:"at"`    // milliseconds UTC
	Actor   string `json:"actor"` // user:, device: or console: and a name
	Action  string `json:"action"`
	Study   string `json:"study,omitempty"` // "" for what is of no study
	Subject string `json:"subject,omitempty"`
	Details string `json:"details,omitempty"`
	// Hash is the SHA-256 that links the line to the one before it.
	Hash string `json:"hash,omitempty"`
}

// AuditLines is how many lines a page has at most.
const AuditLines = 200
