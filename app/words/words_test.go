package words_test

import (
	"sync"
	"testing"
	"time"

	"parvis/app/words"
	"parvis/assets"
)

func load(t testing.TB, lang string) *words.Words {
	t.Helper()
	w, err := words.New(assets.Translations, lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTextsInEachLanguage(t *testing.T) {
	cases := []struct{ lang, plain, step, one, many string }{
		{"en", "Approach this one", "Question 11 of about 32", "1 interview waiting, saved here", "1,250 interviews waiting, all saved here"},
		{"fr", "Abordez cette personne", "Question 11 sur 32 environ", "1 entretien en attente, enregistré ici", "1\u00a0250 entretiens en attente, tous enregistrés ici"},
		{"nl", "Spreek deze persoon aan", "Vraag 11 van ongeveer 32", "1 interview wacht, hier opgeslagen", "1.250 interviews wachten, allemaal hier opgeslagen"},
	}
	for _, c := range cases {
		w := load(t, c.lang)
		for got, want := range map[string]string{
			w.T("contact.approach_this_one"):           c.plain,
			w.T("question.step", "n", 11, "total", 32): c.step,
			w.N("interviews.waiting", 1):               c.one,
			w.N("interviews.waiting", 1250):            c.many,
		} {
			if got != want {
				t.Errorf("%s: %q, want %q", c.lang, got, want)
			}
		}
	}
}

func TestZeroIsSingularInFrenchOnly(t *testing.T) {
	for lang, want := range map[string]string{"en": "0 words, saved", "fr": "0 mot, enregistré", "nl": "0 woorden, opgeslagen"} {
		if got := load(t, lang).N("verbatim.words_saved", 0); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestAMillionHasAPlural(t *testing.T) {
	for _, l := range words.Languages() {
		w := load(t, l.Code)
		if got := w.N("interviews.waiting", 1_000_000); got[0] == '[' || got == "" {
			t.Errorf("%s: %q", l.Code, got)
		}
	}
}

func TestDatesAndNumbers(t *testing.T) {
	at := time.Date(2026, 11, 21, 14, 2, 0, 0, time.FixedZone("CET", 3600))
	cases := []struct{ lang, day, dayClock, number, ordinals string }{
		{"en", "Saturday 21 November", "21 November, 14:02", "-1,234,567", "1st 2nd 3rd 5th 11th 22nd"},
		{"fr", "Samedi 21 novembre", "21 novembre, 14:02", "-1\u00a0234\u00a0567", "1er 2e 3e 5e 11e 22e"},
		{"nl", "Zaterdag 21 november", "21 november, 14:02", "-1.234.567", "1e 2e 3e 5e 11e 22e"},
	}
	for _, c := range cases {
		w := load(t, c.lang)
		ordinals := ""
		for i, n := range []int{1, 2, 3, 5, 11, 22} {
			if i > 0 {
				ordinals += " "
			}
			ordinals += w.Ordinal(n)
		}
		for got, want := range map[string]string{
			w.Day(at): c.day, w.DayAndClock(at): c.dayClock, w.Number(-1234567): c.number, ordinals: c.ordinals,
			w.Moment(at, at.Add(time.Hour)): "14:02", w.Percent(0.366): "37\u00a0%", w.Number(999): "999",
		} {
			if got != want {
				t.Errorf("%s: %q, want %q", c.lang, got, want)
			}
		}
		if got := w.Moment(at, at.Add(24*time.Hour)); got != c.dayClock {
			t.Errorf("%s: yesterday shows as %q, want %q", c.lang, got, c.dayClock)
		}
	}
}

func TestSwitchWhileRunning(t *testing.T) {
	w := load(t, "en_GB.UTF-8")
	calls := 0
	stop := w.OnChange(func() { calls++ })
	if w.T("common.next") != "Next" {
		t.Fatalf("starts with %q", w.T("common.next"))
	}
	w.Use("nl-BE")
	if got := w.T("common.next"); got != "Volgende" || calls != 1 || w.Lang() != "nl" {
		t.Errorf("%q in %s after %d calls", got, w.Lang(), calls)
	}
	w.Use("nl")
	if calls != 1 {
		t.Error("the same language again is no change")
	}
	stop()
	w.Use("fr")
	if calls != 1 {
		t.Error("called after stop")
	}
}

func TestUnknownKeysAreSeen(t *testing.T) {
	w := load(t, "fr")
	if got := w.T("no.such_key"); got != "[no.such_key]" {
		t.Errorf("%q", got)
	}
	if w.Has("no.such_key") || !w.Has("common.next") || !w.Has("interviews.waiting") {
		t.Error("Has is wrong")
	}
}

func TestMatch(t *testing.T) {
	for tag, want := range map[string]string{"fr": "fr", "fr-BE": "fr", "nl_BE.UTF-8": "nl", "de": "en", "": "en", "C": "en", "frisian": "en"} {
		if got := words.Match(tag); got != want {
			t.Errorf("%q is %q, want %q", tag, got, want)
		}
	}
}

func TestSystemAsksTheEnvironmentFirst(t *testing.T) {
	for _, c := range []struct {
		set           map[string]string
		toolkit, want string
	}{
		{map[string]string{"LANG": "fr_BE.UTF-8"}, "nl", "fr"},
		{map[string]string{"LANG": "fr_BE.UTF-8", "LC_ALL": "nl_BE.UTF-8"}, "en", "nl"},
		{nil, "nl-BE", "nl"},
		{map[string]string{"LANG": "C"}, "nl", "en"},
	} {
		getenv := func(name string) string { return c.set[name] }
		if got := words.System(getenv, func() string { return c.toolkit }); got != c.want {
			t.Errorf("%v and %s: %s, want %s", c.set, c.toolkit, got, c.want)
		}
	}
}

func TestInSpeaksToSomebodyElse(t *testing.T) {
	w := load(t, "en")
	other, ok := w.In("nl")
	if !ok || other.T("common.next") != load(t, "nl").T("common.next") || w.T("common.next") != load(t, "en").T("common.next") {
		t.Errorf("%v: %q beside %q", ok, other.T("common.next"), w.T("common.next"))
	}
	if same, ok := w.In("de"); ok || same != w {
		t.Error("the interface does not speak German")
	}
}

// What runs beside the interface reads texts too, as when a sheet is printed.
func TestManyReadAtOnceWhileTheLanguageIsSwitched(t *testing.T) {
	w, allowed := load(t, "en"), map[string]bool{}
	for _, l := range words.Languages() {
		allowed[load(t, l.Code).T("common.next")] = true
	}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for n := range 200 {
				if s := w.T("common.next"); !allowed[s] {
					t.Errorf("reading while the language is switched: %q", s)
				}
				w.N("interviews.waiting", n)
				w.Day(time.Unix(int64(n)*86400, 0))
			}
		})
	}
	for n := range 200 {
		w.Use(words.Languages()[n%3].Code)
	}
	readers.Wait()
}
