package delivery

// CodeState is an enrolment code as central knows it: not the code itself, which is shown once.
type CodeState struct {
	// ID tells codes apart; the code cannot be made from it.
	ID          string   `json:"id"`
	Interviewer string   `json:"interviewer"`
	Studies     []string `json:"studies"` // those in which the asker supervises
	Created     int64    `json:"created"` // milliseconds UTC
	By          string   `json:"by"`      // who made it
	Expires     int64    `json:"expires"` // milliseconds UTC
	// Used is when a device enrolled with it, milliseconds UTC; 0 for not yet. Device is which.
	Used   int64  `json:"used,omitempty"`
	Device string `json:"device,omitempty"`
}

// DeviceEnding is what ending a device's enrolment touches, as far as central knows at that moment.
type DeviceEnding struct {
	// Missing are records that central knows to exist and has not, over all of the device's epochs.
	Missing int64 `json:"missing"`
	// Rights are places in quotas that the device holds and has not filled, as far as central knows, over Constraints of them.
	Rights      int `json:"rights"`
	Constraints int `json:"constraints"`
	// LastSeen is when central last heard of the device, milliseconds UTC: of what it has made since nobody knows.
	LastSeen int64 `json:"last_seen"`
}
