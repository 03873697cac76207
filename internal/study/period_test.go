package study

import (
	"testing"
	"time"
)

// seasons has two waves that touch, and a third after a gap.
func seasons() *Study {
	return &Study{Waves: []Wave{{Name: "early", First: "2026-11-20", Last: "2026-11-28"}, {Name: "late", First: "2026-11-29", Last: "2026-11-29"}, {Name: "last", First: "2026-12-05", Last: "2026-12-06"}}}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	st := seasons()
	late := time.Date(2026, 11, 28, 23, 30, 0, 0, time.UTC)
	for zone, want := range map[int][2]string{0: {"2026-11-28", "early"}, 3600: {"2026-11-29", "late"}, -3600: {"2026-11-28", "early"}} {
		day := DayOf(late.In(time.FixedZone("", zone)))
		for p, key := range map[Period]string{EachDay: "@" + want[0], EachWave: "@" + want[1], WholeStudy: ""} {
			if got := st.AccountOn(Quota{Name: "women", Period: p}, day); got != "women"+key {
				t.Errorf("%d seconds east of Greenwich, each %q: %s", zone, p, got)
			}
		}
	}
	for day, want := range map[string][2]string{
		"2026-11-19": {NoWave, "early"}, "2026-11-20": {"early", "early"}, "2026-11-29": {"late", "late"}, "2026-11-30": {NoWave, "late"}, "2026-12-05": {"last", "last"}, "2027-01-01": {NoWave, "last"},
	} {
		if got := [2]string{st.KeyOn(EachWave, day), st.KeyNear(EachWave, day)}; got != want {
			t.Errorf("%s: %v, want %v", day, got, want)
		}
	}
	if none := (&Study{}); none.KeyOn(EachWave, "2026-11-29") != NoWave || none.KeyNear(EachWave, "2026-11-29") != NoWave || none.KeyNear(EachDay, "2026-11-29") != "2026-11-29" {
		t.Error("a study without waves")
	}
	for account, want := range map[string][2]string{
		"women": {"women", ""}, "women@2026-11-28": {"women", "2026-11-28"}, "women@": {"women@", ""}, "women@early": {"women", "early"}, "women@-": {"women", NoWave},
		"women@2026-11-28@2026-11-28": {"women@2026-11-28@2026-11-28", ""}, "@2026-11-28": {"", "2026-11-28"}, "": {"", ""},
	} {
		if quota, key := ParseAccount(account); quota != want[0] || key != want[1] {
			t.Errorf("%q: %q of %q", account, quota, key)
		} else if key != "" && Account(quota, key) != account {
			t.Errorf("%q is written %q", account, Account(quota, key))
		}
	}
}

func TestPeriodsByKey(t *testing.T) {
	t.Parallel()
	st := seasons()
	for key, want := range map[string]struct {
		p           Period
		first, last string
		ok          bool
	}{
		"": {WholeStudy, "", "", true}, "2026-11-29": {EachDay, "2026-11-29", "2026-11-29", true}, "early": {EachWave, "2026-11-20", "2026-11-28", true},
		"2026-11-31": {EachWave, "", "", false}, "2026-1-2": {EachWave, "", "", false}, NoWave: {EachWave, "", "", false}, "never": {EachWave, "", "", false},
	} {
		p, first, last, ok := st.PeriodOf(key)
		if p != want.p || first != want.first || last != want.last || ok != want.ok {
			t.Errorf("%q: %q from %q to %q, %v", key, p, first, last, ok)
		}
	}
}
