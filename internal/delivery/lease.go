package delivery

import "maps"

// LeaseStatement is what a device says of its rights to fill a study's quotas in one epoch: totals, which only grow, so that it may come
// late, twice or out of order. See package quota.
type LeaseStatement struct {
	Study string `json:"study"`
	Epoch string `json:"epoch"`
	// Number tells the later of two statements of an epoch: the device counts them, from 1. 0 is an older app's, which says nothing of it.
	Number int64 `json:"number,omitempty"`
	// Hours of work, and respondents whose screener told their constraints, whether they were interviewed or not.
	Hours       float64 `json:"hours"`
	Respondents int     `json:"respondents"`
	// Periods are the days and waves of the present day and some to come, by their keys (study.Study.KeyOn), for which rights are wanted in
	// constraints with a target for each day or wave, or of which it is to be told how they are filled. Whoever names no waves knows none.
	Periods []string `json:"days,omitempty"`
	// Holdings are by constraint, or its account of a period (study.Study.AccountOn). Met is by constraint alone.
	Holdings map[string]LeaseHolding `json:"holdings,omitempty"`
	// Lent are the rights that laptops have passed on to the device in this epoch, in all: by the epoch of the laptop's till, then by
	// constraint.
	Lent map[string]map[string]int `json:"lent,omitempty"`
	// Passed are the rights that a laptop has passed on in this epoch, in all: by the tablet's epoch, then by constraint. Those of which
	// central has said that it heard may be left out.
	Passed map[string]map[string]int `json:"passed,omitempty"`
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
	// Number is that of the statement, or of the latest that central has heard, where this one came late. A device passes over an answer
	// to a statement before the latest one that was answered.
	Number int64 `json:"number,omitempty"`
	// Leases are by constraint: all hard ones of the study; of those with a target for each day or wave, the accounts of those that
	// were asked for or stated.
	Leases map[string]Lease `json:"leases"`
	// Aims are the targets in force of all constraints that are not hard, by name: of those no rights are granted. nil is an older central's,
	// which does not say.
	Aims map[string]Aim `json:"aims,omitempty"`
	// Done is how constraints that are not hard are filled, by account: those for the whole study, and of those with a target for each day or
	// wave the periods that were asked for. nil is an older central's, which does not say.
	Done map[string]Done `json:"done,omitempty"`
	// Lent is what central has heard of the rights that laptops passed on, as in LeaseStatement; what it found at the till it counts among
	// what is granted.
	Lent map[string]map[string]int `json:"lent,omitempty"`
	// Ended tells that the epoch has ended: nothing is granted in it, and nothing is to be asked of a laptop.
	Ended bool `json:"ended,omitempty"`
	// Passed is what central has heard of what the statement says was passed on.
	Passed map[string]map[string]int `json:"passed,omitempty"`
}

// Lease is one constraint as central has it.
type Lease struct {
	Granted int `json:"granted"` // to this epoch, in all, with what was made good to it (quota.Lease.Told)
	Keep    int `json:"keep"`    // rights that should be free at the device; it gives back what is more
	Cap     int `json:"cap"`
	Used    int `json:"used"`   // interviews that count
	Leased  int `json:"leased"` // rights that are out, this device's among them
	// Moved are those of a laptop's that central has heard it passed on.
	Moved int `json:"moved,omitempty"`
}

// Done is how many complete interviews fall in a constraint that grants no rights.
type Done struct {
	Counted int `json:"counted"` // that count, whoever made them: neither provisional nor rejected
	Own     int `json:"own"`     // that have come of this device, in all its epochs, whether they count or not
}

// MostRights bounds any count of rights or interviews of one constraint, and MostStatements the number of a statement: what is told beyond
// is a mistake or means ill, and is not to be added up.
const (
	MostRights     = 1_000_000_000
	MostStatements = 1 << 53
)

// Bounded is the answer with every count within what may be added up.
func (a LeaseAnswer) Bounded() LeaseAnswer {
	a.Number = min(max(a.Number, 0), MostStatements)
	leases := make(map[string]Lease, len(a.Leases))
	for name, l := range a.Leases {
		for _, n := range []*int{&l.Granted, &l.Keep, &l.Cap, &l.Used, &l.Leased, &l.Moved} {
			*n = BoundedRights(*n)
		}
		leases[name] = l
	}
	a.Done = maps.Clone(a.Done)
	for account, d := range a.Done {
		a.Done[account] = Done{BoundedRights(d.Counted), BoundedRights(d.Own)}
	}
	a.Leases, a.Lent, a.Passed = leases, boundedTotals(a.Lent), boundedTotals(a.Passed)
	return a
}

// Bounded is the statement with every count within what may be added up, but for what was passed on.
func (s LeaseStatement) Bounded() LeaseStatement {
	s.Number = min(max(s.Number, 0), MostStatements)
	holdings := make(map[string]LeaseHolding, len(s.Holdings))
	for name, h := range s.Holdings {
		for _, n := range []*int{&h.Met, &h.Committed, &h.Reserved, &h.Returned} {
			*n = BoundedRights(*n)
		}
		holdings[name] = h
	}
	s.Holdings = holdings
	return s
}

// BoundedRights is a count of rights within what may be added up.
func BoundedRights(n int) int { return min(max(n, 0), MostRights) }

func boundedTotals(all map[string]map[string]int) map[string]map[string]int {
	bounded := make(map[string]map[string]int, len(all))
	for of, totals := range all {
		bounded[of] = make(map[string]int, len(totals))
		for name, n := range totals {
			bounded[of][name] = BoundedRights(n)
		}
	}
	return bounded
}
