package interview

// Tally counts contacts by AAPOR class: what outcome rates are computed from.
type Tally struct {
	I, P, R, NC, O, UH, UO, NE int
	Open                       int // interviews still going on: in no rate
}

// Add counts n contacts of a class.
func (t *Tally) Add(c Class, n int) {
	switch c {
	case ClassComplete:
		t.I += n
	case ClassPartial:
		t.P += n
	case ClassRefusal:
		t.R += n
	case ClassNonContact:
		t.NC += n
	case ClassOther:
		t.O += n
	case ClassUnapproached:
		t.UH += n
	case ClassUnknown:
		t.UO += n
	case ClassNotEligible:
		t.NE += n
	default:
		t.Open += n
	}
}

// Selected is everyone selected whose contact has ended, approached or not.
func (t Tally) Selected() int { return t.I + t.P + t.R + t.NC + t.O + t.UH + t.UO + t.NE }

// Rates are the outcome rates of AAPOR's Standard Definitions, each a share of 0 to 1, and 0 where nothing is in its denominator.
// With D=(I+P)+(R+NC+O), U=UH+UO and e=D/(D+NE), the share of the known who are eligible.
type Rates struct {
	E                            float64
	RR1, RR2, RR3, RR4, RR5, RR6 float64 // response
	COOP1, COOP2, COOP3, COOP4   float64 // cooperation
	REF1, REF2, REF3             float64 // refusal
	CON1, CON2, CON3             float64 // contact
}

// Rates computes them all.
func (t Tally) Rates() Rates {
	i, ip, r := float64(t.I), float64(t.I+t.P), float64(t.R)
	spoken := ip + r + float64(t.O)
	d, u := spoken+float64(t.NC), float64(t.UH+t.UO)
	e := share(d, d+float64(t.NE))
	return Rates{
		E:   e,
		RR1: share(i, d+u), RR2: share(ip, d+u), RR3: share(i, d+e*u), RR4: share(ip, d+e*u), RR5: share(i, d), RR6: share(ip, d),
		COOP1: share(i, spoken), COOP2: share(ip, spoken), COOP3: share(i, ip+r), COOP4: share(ip, ip+r),
		REF1: share(r, d+u), REF2: share(r, d+e*u), REF3: share(r, d),
		CON1: share(spoken, d+u), CON2: share(spoken, d+e*u), CON3: share(spoken, d),
	}
}

func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}
