package delivery

// LeaseStatement is what a device says of its rights to fill a study's quotas in one epoch: totals, which only grow, so that it may come
// late, twice or out of order. See package quota.
type LeaseStatement struct {
	Study string `json:"study"`
	Epoch string `json:"epoch"`
	// Hours of work, and respondents whose screener told their constraints, whether they were interviewed or not.
	Hours       float64 `json:"hours"`
	Respondents int     `json:"respondents"`
	// Holdings are by constraint.
	Holdings map[string]LeaseHolding `json:"holdings,omitempty"`
}

// LeaseHolding is a device's word on one constraint.
type LeaseHolding struct {
	Met       int `json:"met,omitempty"`       // respondents
	Returned  int `json:"returned,omitempty"`  // rights given back
	Committed int `json:"committed,omitempty"` // rights of completed interviews
	Reserved  int `json:"reserved,omitempty"`  // rights of interviews that go on; not a total
}

// LeaseAnswer is what central answers: what may be done until the next synchronisation.
type LeaseAnswer struct {
	Study string `json:"study"`
	Epoch string `json:"epoch"`
	// Leases are by constraint: all hard ones of the study.
	Leases map[string]Lease `json:"leases"`
}

// Lease is one constraint as central has it.
type Lease struct {
	Granted int `json:"granted"` // to this epoch, in all
	Keep    int `json:"keep"`    // rights that should be free at the device; it gives back what is more
	Cap     int `json:"cap"`
	Used    int `json:"used"`   // interviews that count
	Leased  int `json:"leased"` // rights that are out, this device's among them
}
