package quota_test

import (
	"testing"

	"parvis/internal/quota"
)

// What a tablet is answered depends on what it says it has: all it was told of and more on top, the same again where an answer was lost,
// and what the laptop has forgotten.
func TestATillPassesOnTotals(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		till                       quota.Till
		passed, had, want, tablets int
		total, free                int
	}{
		"the first ones":                 {quota.Till{Granted: 6}, 0, 0, 2, 1, 2, 4},
		"a fair share":                   {quota.Till{Granted: 6}, 0, 0, 6, 3, 2, 4},
		"one at least":                   {quota.Till{Granted: 2}, 0, 0, 2, 5, 1, 1},
		"nothing is left":                {quota.Till{Granted: 2, Lent: 1, Returned: 1}, 1, 1, 2, 1, 1, 0},
		"on top":                         {quota.Till{Granted: 6, Lent: 2}, 2, 2, 1, 1, 3, 3},
		"the answer before was lost":     {quota.Till{Granted: 6, Lent: 2}, 2, 0, 2, 1, 2, 4},
		"nothing wanted":                 {quota.Till{Granted: 6, Lent: 2}, 2, 2, 0, 1, 2, 4},
		"less than nothing wanted":       {quota.Till{Granted: 6, Lent: 2}, 2, 2, -3, 1, 2, 4},
		"the laptop was set back":        {quota.Till{Granted: 6}, 0, 4, 1, 1, 5, 1},
		"central knows of more":          {quota.Till{Granted: 6, Lent: 1, Moved: 6}, 0, 0, 3, 1, 0, 0},
		"more than it can have had":      {quota.Till{Granted: 3}, 0, 1 << 60, 1, 1, 3, 0},
		"set back and all passed on":     {quota.Till{Granted: 3, Lent: 3}, 0, 2, 1, 1, 2, -2},
		"nobody else is known to be by":  {quota.Till{Granted: 3}, 0, 0, 2, 0, 2, 1},
		"it says it has less than none":  {quota.Till{Granted: 3, Lent: 1}, 1, -4, 2, 1, 1, 2},
		"it was given back in between":   {quota.Till{Granted: 3, Returned: 3}, 0, 0, 2, 1, 0, 0},
		"half a right is one where some": {quota.Till{Granted: 3}, 0, 0, 3, 2, 1, 2},
	} {
		till := tc.till
		if total := till.Pass(tc.passed, tc.had, tc.want, tc.tablets); total != tc.total || till.Free() != tc.free {
			t.Errorf("%s: %d, and %d free; want %d and %d", name, total, till.Free(), tc.total, tc.free)
		}
	}
}

// A claim moves what the till has out and no more, once, whatever is said in whatever order; with a lost device it is written off.
func TestAClaimMovesRights(t *testing.T) {
	t.Parallel()
	l := quota.NewLedger(map[string]int{"q": 10})
	l.Grant("till", "q", 5)
	l.Grant("a", "q", 1)
	a, b, lost := quota.Sublease{Till: "till", Epoch: "a"}, quota.Sublease{Till: "till", Epoch: "b"}, quota.Sublease{Till: "till", Epoch: "lost"}
	for i, tc := range []struct {
		of    quota.Sublease
		total int
		lost  bool
		moved int
	}{{a, 2, false, 2}, {a, 2, false, 0}, {a, 1, false, 0}, {lost, 1, true, 1}, {b, 4, false, 2}, {b, 4, false, 0}, {a, 3, false, 0}, {quota.Sublease{Till: "a", Epoch: "a"}, 1, false, 0}} {
		if moved := l.Claim(tc.of, "q", tc.total, tc.lost); moved != tc.moved {
			t.Errorf("%d: %d moved of %d", i, moved, tc.total)
		}
	}
	acc := l.Accounts["q"]
	if acc.Leases["till"].Out() != 0 || acc.Leases["a"].Out() != 3 || acc.Leases["b"].Out() != 2 || acc.Leases["lost"] != (quota.Lease{Granted: 1, Written: 1}) || acc.Leased() != 5 {
		t.Errorf("%+v", acc)
	}
	l.Grant("till", "q", 2)
	if moved := l.Claim(b, "q", 4, false); moved != 0 { // what was said when there was nothing is not made good
		t.Errorf("%d moved", moved)
	}
}

// A till that was asked for little says nothing of how many visitors tablets meet.
func TestATillIsNoMeasureForTablets(t *testing.T) {
	t.Parallel()
	caps := map[string]int{"q": 10}
	paces := map[string]quota.Pace{"a": {Hours: 5, Respondents: 20, Met: map[string]int{"q": 20}}}
	alone := quota.Rates(paces, caps, 2)["a"]["q"]
	paces["till"] = quota.Pace{Hours: 50, Respondents: 1, Met: map[string]int{"q": 1}, Till: true}
	rates := quota.Rates(paces, caps, 2)
	if rates["a"]["q"] != alone || rates["till"]["q"] > 0.5 || rates["till"]["q"] <= 0 {
		t.Errorf("%v, and %v without it", rates, alone)
	}
}
