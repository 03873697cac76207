package health

import (
	"testing"
	"time"

	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

var now = time.Date(2026, 11, 21, 14, 30, 0, 0, time.FixedZone("", 3600))

func ago(d time.Duration) int64 { return now.Add(-d).UnixMilli() }

func texts(t *testing.T, lang string) *words.Words {
	t.Helper()
	w, err := words.New(assets.Translations, lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWhatWaitsInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang string
		o    fieldstore.Outlook
		want string
	}{
		{"en", fieldstore.Outlook{InterviewsWaiting: 12, RecordsWaiting: 40, LastSent: ago(28 * time.Minute)}, "12 interviews waiting, last sent 14:02"},
		{"en", fieldstore.Outlook{InterviewsWaiting: 1}, "1 interview waiting, nothing sent yet"},
		{"en", fieldstore.Outlook{RecordsWaiting: 3, LastSent: ago(0)}, "All interviews sent, last at 14:30"},
		{"en", fieldstore.Outlook{}, "No interviews yet, nothing sent yet"},
		{"fr", fieldstore.Outlook{InterviewsWaiting: 12, LastSent: ago(28 * time.Minute)}, "12 entretiens en attente, dernier envoi 14:02"},
		{"nl", fieldstore.Outlook{InterviewsWaiting: 2, LastSent: ago(24 * time.Hour)}, "2 interviews wachten, laatst verzonden 20 november, 14:30"},
	} {
		if got := Waiting(texts(t, c.lang), c.o, now); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestTheClockIsWarnedOfAndNeverWithoutCause(t *testing.T) {
	t.Parallel()
	check := func(age, skew time.Duration) delivery.ClockCheck {
		return delivery.ClockCheck{At: ago(age), SkewMS: skew.Milliseconds()}
	}
	const h = time.Hour
	for name, c := range map[string]struct {
		c    fieldstore.Condition
		want string
		by   time.Duration
	}{
		"nothing known":                           {fieldstore.Condition{}, "", 0},
		"right at the last exchange":              {fieldstore.Condition{Clock: check(h, 20*time.Second), Latest: ago(time.Minute)}, "", 0},
		"a little ahead":                          {fieldstore.Condition{Clock: check(h, 29*time.Minute)}, "", 0},
		"ahead":                                   {fieldstore.Condition{Clock: check(h, 3*h), Latest: ago(0)}, "health.clock_ahead", 3 * h},
		"behind":                                  {fieldstore.Condition{Clock: check(h, -2*h), Latest: ago(0)}, "health.clock_behind", 2 * h},
		"was ahead, has been set right":           {fieldstore.Condition{Clock: check(-3*h+time.Minute, 3*h), Latest: ago(-3*h + time.Minute)}, "", 0},
		"was ahead, has been set back too far":    {fieldstore.Condition{Clock: check(-8*h, 3*h)}, "health.clock_back", 5 * h},
		"back, central never heard":               {fieldstore.Condition{Latest: ago(-2 * h)}, "health.clock_back", 2 * h},
		"back since the last exchange":            {fieldstore.Condition{Clock: check(-4*h, 0)}, "health.clock_back", 4 * h},
		"back by a few minutes, as networks do":   {fieldstore.Condition{Clock: check(-10*time.Minute, 0), Latest: ago(-20 * time.Minute)}, "", 0},
		"an hour between two interviews is right": {fieldstore.Condition{Clock: check(9*h, 0), Latest: ago(h)}, "", 0},
	} {
		if key, by := clock(c.c, now); key != c.want || by != c.by {
			t.Errorf("%s: %q by %s, want %q by %s", name, key, by, c.want, c.by)
		}
	}
}

func TestWarningsSayWhatIsSafeAndWhatToDo(t *testing.T) {
	t.Parallel()
	w := texts(t, "en")
	for _, c := range []struct {
		free int64
		want string
	}{
		{-1, ""}, {200 << 20, ""}, {12 << 20, "This device is almost full: 12 MB left."}, {0, "This device has no room left."},
	} {
		got := Warnings(w, fieldstore.Condition{Free: c.free}, now)
		if c.want == "" && len(got) == 0 {
			continue
		}
		if len(got) != 1 || got[0].What != c.want || got[0].Safe == "" || got[0].Do == "" {
			t.Errorf("%d bytes: %+v", c.free, got)
		}
	}
	both := Warnings(w, fieldstore.Condition{Free: 1, Clock: delivery.ClockCheck{At: ago(0), SkewMS: -50 * 3600_000}}, now)
	if len(both) != 2 || both[1].What != "The clock of this device is 2 days behind." || both[1].Safe != "Nothing is lost, and how long interviews took stays right." {
		t.Errorf("%+v", both)
	}
}

func TestLengths(t *testing.T) {
	t.Parallel()
	w := texts(t, "fr")
	for d, want := range map[time.Duration]string{
		40 * time.Minute: "40 minutes", 59 * time.Minute: "1 heure", 170 * time.Minute: "3 heures", 47 * time.Hour: "2 jours",
	} {
		if got := length(w, d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
