package review

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/interview"
	"parvis/internal/study"
)

func viewed(t *testing.T, lang string, st study.Study) ViewParams {
	t.Helper()
	w, err := words.New(assets.Translations, lang)
	if err != nil {
		t.Fatal(err)
	}
	return ViewParams{Presenter: &Presenter{study: st}, Words: w, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
}

func TestMarksStandWithinTheExactWords(t *testing.T) {
	t.Parallel()
	p := viewed(t, "fr", study.Study{Probes: []study.Phrase{{Name: "else", Label: study.Text{"fr": "Quoi d’autre ?"}}}})
	probe := func(name string, at int) interview.Mark {
		return interview.Mark{Kind: interview.MarkProbe, Label: name, Position: at}
	}
	pause := func(at int) interview.Mark { return interview.Mark{Kind: interview.MarkPause, Position: at} }
	for name, c := range map[string]struct {
		text  string
		marks []interview.Mark
		want  string
	}{
		"none":                  {"trop cher", nil, "trop cher"},
		"at the end":            {"trop cher", []interview.Mark{probe("else", 9)}, "trop cher [Quoi d’autre ?]"},
		"before anything":       {"trop cher", []interview.Mark{pause(0)}, "[Pause] trop cher"},
		"letters, not bytes":    {"été là", []interview.Mark{pause(3)}, "été [Pause] là"},
		"two at one place":      {"oui", []interview.Mark{pause(3), probe("else", 3)}, "oui [Pause] [Quoi d’autre ?]"},
		"beyond what was kept":  {"oui", []interview.Mark{pause(40), pause(41)}, "oui [Pause] [Pause]"},
		"an older study's word": {"oui", []interview.Mark{probe("why", 3)}, "oui [why]"},
	} {
		if got := p.annotated(Answer{Text: c.text, Marks: c.marks}); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatWasPerceivedIsSaidInWords(t *testing.T) {
	t.Parallel()
	p := viewed(t, "en", study.Study{Cues: []study.Phrase{{Name: "tastes", Label: study.Text{"en": "Tastes it"}}}})
	at := interview.MomentOf(time.Date(2026, 11, 22, 10, 4, 5, 0, time.FixedZone("", 3600)))
	figure := func(v int) *int { return &v }
	for want, o := range map[string]interview.Observation{
		"Tastes it":                  {Cue: "tastes"},
		"Laugh":                      {Cue: "laugh"},
		"of an older study":          {Cue: "of an older study"},
		"“her phone rang”":           {Note: "her phone rang"},
		"very unpleasant, energy +2": {Valence: figure(-2), Energy: figure(2)},
		"unpleasant, energy +1":      {Valence: figure(-1), Energy: figure(1)},
		"neutral, energy +0":         {Valence: figure(0), Energy: figure(0)},
		"pleasant, energy -1":        {Valence: figure(1), Energy: figure(-1)},
		"very pleasant, energy -2":   {Valence: figure(2), Energy: figure(-2)},
		"":                           {Valence: figure(1)}, // half a mark says nothing
	} {
		o.At = at
		if got := p.noted(Noted{Observation: o}); got != "10:04:05  "+want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestReasonsAreSaidInWordsOrAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	p := viewed(t, "fr", study.Study{})
	at := interview.MomentOf(time.Date(2026, 11, 22, 10, 4, 0, 0, time.UTC))
	for reason, want := range map[string]string{"mistyped": p.Words.T("ended.why_mistyped"), "the guard said so": "the guard said so"} {
		got := p.correction(interview.Correction{At: at, Kind: interview.CorrectEdit, Reason: reason})
		if !strings.HasPrefix(got, p.Words.DayAndClock(at.Time())) || !strings.HasSuffix(got, want) {
			t.Errorf("%q does not end in %q", got, want)
		}
	}
	for reason, want := range map[string]string{"mistake": "Commencé par erreur", "a test": "a test"} {
		r := Reading{}
		r.Void = reason
		if got := p.warnings(r); len(got) != 1 || !strings.HasSuffix(got[0], want) {
			t.Errorf("%q does not end in %q", got, want)
		}
	}
}

func TestAnAnswerStandsUnderItsQuestionWithItsTimes(t *testing.T) {
	test.NewTempApp(t)
	p := viewed(t, "en", study.Study{})
	sealed := Reading{}
	sealed.Sealed = "x"
	before := Reading{}
	before.SealedBefore = []string{"x"}
	for name, c := range map[string]struct {
		r    Reading
		a    Answer
		want [3]string
	}{
		"given":                 {Reading{}, Answer{Label: "Why?", Text: "so"}, [3]string{"Why?", "so", ""}},
		"times":                 {Reading{}, Answer{Label: "Why?", Text: "so", DwellMS: 1500, Edits: 2}, [3]string{"Why?", "so", "2 s, changed 2 times"}},
		"times of a moment":     {Reading{}, Answer{Label: "Why?", Text: "so", DwellMS: 499}, [3]string{"Why?", "so", "0 s"}},
		"changed once":          {Reading{}, Answer{Label: "Why?", Text: "so", Edits: 1}, [3]string{"Why?", "so", "changed once"}},
		"none":                  {sealed, Answer{Label: "Why?"}, [3]string{"Why?", "no answer", ""}},
		"exact words":           {Reading{}, Answer{Label: "Why?", Text: "so", Verbatim: true}, [3]string{"Why?", "“so”", ""}},
		"sealed":                {sealed, Answer{Label: "Name?", Sealed: true}, [3]string{"Name?", "Sealed if given: only the research team can open it", ""}},
		"sealed before":         {before, Answer{Label: "Name?", Sealed: true}, [3]string{"Name?", "Sealed if given: only the research team can open it", ""}},
		"personal, not sealed":  {Reading{}, Answer{Label: "Name?", Sealed: true}, [3]string{"Name?", "no answer", ""}},
		"a verbatim left empty": {Reading{}, Answer{Label: "Why?", Verbatim: true}, [3]string{"Why?", "no answer", ""}},
	} {
		var got [3]string
		for i, o := range p.answer(c.r, c.a).(*fyne.Container).Objects {
			got[i] = o.(*kit.Text).Text()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
