package interview

import (
	"math"
	"testing"
)

// The worked example of AAPOR's formulas: I=4 P=2 R=1 NC=1 O=1 UH=1 UO=1 NE=1.
func TestRatesOfTheWorkedExample(t *testing.T) {
	var tally Tally
	for class, n := range map[Class]int{
		ClassComplete: 4, ClassPartial: 2, ClassRefusal: 1, ClassNonContact: 1, ClassOther: 1,
		ClassUnapproached: 1, ClassUnknown: 1, ClassNotEligible: 1, ClassOpen: 5,
	} {
		tally.Add(class, n)
	}
	if got := tally.Selected(); got != 12 {
		t.Errorf("selected %d, want 12", got)
	}
	r := tally.Rates()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"e", r.E, .9},
		{"RR1", r.RR1, .364}, {"RR2", r.RR2, .545}, {"RR3", r.RR3, .370}, {"RR4", r.RR4, .556}, {"RR5", r.RR5, .444}, {"RR6", r.RR6, .667},
		{"COOP1", r.COOP1, .500}, {"COOP2", r.COOP2, .750}, {"COOP3", r.COOP3, .571}, {"COOP4", r.COOP4, .857},
		{"REF1", r.REF1, .091}, {"REF2", r.REF2, .093}, {"REF3", r.REF3, .111},
		{"CON1", r.CON1, .727}, {"CON2", r.CON2, .741}, {"CON3", r.CON3, .889},
	} {
		if math.Abs(c.got-c.want) > .0005 {
			t.Errorf("%s = %.4f, want %.3f", c.name, c.got, c.want)
		}
	}
}

func TestRatesOfNobodyAreZero(t *testing.T) {
	if got := (Tally{}).Rates(); got != (Rates{}) {
		t.Errorf("rates of nobody are %+v", got)
	}
}

func TestClassFollowsTheFacts(t *testing.T) {
	for _, c := range []struct {
		d              Disposition
		contact, known bool
		want           Class
	}{
		{Complete, true, true, ClassComplete},
		{GotAway, false, false, ClassUnapproached},
		{GotAway, false, true, ClassNonContact},
		{NotApproached, false, false, ClassUnapproached},
		{NotApproached, false, true, ClassNotEligible},
		{NoTime, true, false, ClassUnknown},
		{NoTime, true, true, ClassOther},
		{RefusedUnknown, true, false, ClassUnknown},
		{BrokeOff, true, false, ClassUnknown},
		{BrokeOff, true, true, ClassRefusal},
		{ScreenedOut, true, true, ClassNotEligible},
		{InProgress, true, false, ClassOpen},
	} {
		got := Contact{Disposition: c.d, ContactMade: c.contact, EligibilityKnown: c.known}.Class()
		if got != c.want {
			t.Errorf("%s, contact made %v, eligibility known %v: %q, want %q", c.d, c.contact, c.known, got, c.want)
		}
	}
}

func TestFactsOfWhatCanBeTapped(t *testing.T) {
	for _, d := range AtIntroduction() {
		made, known := FactsOf(d)
		if made == (d == GotAway) {
			t.Errorf("%s: contact made is %v", d, made)
		}
		if known != (d == AlreadyInterviewed) {
			t.Errorf("%s: eligibility known is %v", d, known)
		}
	}
}
