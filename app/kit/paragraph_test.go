package kit

import (
	"slices"
	"testing"
)

func TestMarksSetApartStayWithTheirWord(t *testing.T) {
	for text, want := range map[string][]string{
		"Vraiment ?":             {"Vraiment ?"},
		"Il a dit : « oui » ! ":  {"Il", "a", "dit :", "« oui » !"},
		"37 % de 20 €":           {"37 %", "de", "20 €"},
		"? seul, et – un tiret":  {"?", "seul,", "et", "–", "un", "tiret"},
		"nothing\tspecial\nhere": {"nothing", "special", "here"},
	} {
		if got := wordsOf(text); !slices.Equal(got, want) {
			t.Errorf("%q splits into %q, want %q", text, got, want)
		}
	}
}
