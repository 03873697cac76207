package delivery

// RightsAsked is what a tablet asks of a laptop: more rights to fill a study's quotas, in its present epoch.
type RightsAsked struct {
	Study string `json:"study"`
	Epoch string `json:"epoch"` // the tablet's
	// Till is the epoch of the till of which the laptop answered last; "" for none. Had is what the tablet has of that one, in all, by
	// constraint. HadBy is what it has of the other tills that the laptop has had, by their epochs: of other accounts, or of earlier times.
	Till  string                    `json:"till,omitempty"`
	Had   map[string]int            `json:"had,omitempty"`
	HadBy map[string]map[string]int `json:"had_by,omitempty"`
	// Want is how many more it wants.
	Want map[string]int `json:"want"`
}

// HadOf is what the tablet says it has of one till in a constraint; less than none is none.
func (a RightsAsked) HadOf(till, name string) int {
	had := a.HadBy[till]
	if till == a.Till {
		had = a.Had
	}
	return max(had[name], 0)
}

// RightsLent is what the laptop passed on to a tablet of one study.
type RightsLent struct {
	Study string `json:"study"`
	Till  string `json:"till"` // the epoch of the laptop's till
	// Rights are all that the tablet had of this till, by constraint: totals, so that the same answer may come again.
	Rights map[string]int `json:"rights"`
}

// TillSaid is what a laptop says to central of the rights that it passes on.
type TillSaid struct {
	Laptop     string // the SHA-256 of its key, lower-case hex
	Epochs     []EpochNumbers
	Statements []LeaseStatement
}

// TillHeard is what central answers.
type TillHeard struct {
	Answers []LeaseAnswer `json:"answers,omitempty"`
	// Visit is the latest that central had heard of in the present epoch, where another life of the laptop made it: nothing was heard, and
	// the laptop begins a new epoch.
	Visit string `json:"visit,omitempty"`
	// Ended tells that the present epoch has ended: the laptop gives back and passes nothing on. Renew tells that it may begin another.
	Ended bool `json:"ended,omitempty"`
	Renew bool `json:"renew,omitempty"`
}

// Lending is what a laptop has of rights in one study.
type Lending struct {
	Study string
	Here  int // rights that may still be passed on, over all constraints
	Lent  int // rights passed on
}
