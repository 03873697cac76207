package outcome

import (
	"testing"

	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/interview"
)

func TestEveryOutcomeHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "fr", "nl"} {
		w, err := words.New(assets.Translations, lang)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]interview.Disposition{}
		for _, d := range All() {
			if !w.Has(Key(d)) {
				t.Errorf("%s: no word for %s", lang, d)
				continue
			}
			name := w.T(Key(d))
			if other, twice := names[name]; twice {
				t.Errorf("%s: %s and %s are both called %q", lang, d, other, name)
			}
			names[name] = d
		}
		if other := w.T(Key("of a later version")); names[other] != "" {
			t.Errorf("%s: what is not known is called %q, as is %s", lang, other, names[other])
		}
	}
}

func TestEveryOutcomeIsListedOnce(t *testing.T) {
	t.Parallel()
	seen := map[interview.Disposition]bool{}
	for _, d := range All() {
		if seen[d] {
			t.Errorf("%s is listed twice", d)
		}
		seen[d] = true
	}
	for _, d := range interview.AtIntroduction() {
		if !seen[d] {
			t.Errorf("%s can be tapped and is listed nowhere", d)
		}
	}
}
