package question

import (
	"testing"
	"time"
)

func TestMomentsAsTypedAndStored(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CET", 3600)
	for _, c := range []struct {
		kind                Kind
		day, clock          string
		want                string
		shownDay, shownTime string
	}{
		{Day, "21-11-2026", "", "2026-11-21", "21-11-2026", ""},
		{Day, "1.2.2026", "", "2026-02-01", "1-2-2026", ""},
		{Day, "2026-11-21", "", "2026-11-21", "21-11-2026", ""},
		{Day, "31-2-2026", "", "", "", ""},
		{Clock, "", "9h05", "09:05:00.000", "", "09:05"},
		{Clock, "", "25:00", "", "", ""},
		{Clock, "", "1630", "16:30:00.000", "", "16:30"},
		{DayClock, "24-12-2026", "10.30", "2026-12-24T10:30:00.000+01:00", "24-12-2026", "10:30"},
		{DayClock, "24-12-2026", "", "", "", ""},
		{DayClock, "", "10:30", "", "", ""},
	} {
		got, ok := storedMoment(c.kind, c.day, c.clock, zone)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q %q is stored as %q, %v; want %q", c.day, c.clock, got, ok, c.want)
		}
		if !ok {
			continue
		}
		if day, clock := shownMoment(c.kind, got); day != c.shownDay || clock != c.shownTime {
			t.Errorf("%q is shown as %q %q", got, day, clock)
		}
	}
	if value, ok := storedMoment(DayClock, "", " ", zone); value != "" || !ok {
		t.Error("nothing typed is no answer, and no mistake")
	}
}

func TestMonthsAndYears(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		month int
		typed string
		want  string
		ok    bool
	}{
		{9, "2019", "2019-09-01", true},
		{1, "1984", "1984-01-01", true},
		{0, "", "", true},
		{0, "2019", "", false},
		{9, "", "", false},
		{9, "19", "", false},
		{9, "-201", "", false},
	} {
		got, ok := storedMonth(c.month, c.typed)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("month %d of %q: %q, %v", c.month, c.typed, got, ok)
		}
		if month, year := shownMonth(got); ok && got != "" && (month != c.month || year != c.typed) {
			t.Errorf("%q is shown as month %d of %q", got, month, year)
		}
	}
}
