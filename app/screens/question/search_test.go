package question

import (
	"fmt"
	"slices"
	"testing"

	"parvis/internal/xform"
)

func TestSearchFindsWhateverCaseAndAccents(t *testing.T) {
	t.Parallel()
	var choices []xform.Choice
	for _, label := range []string{"Éghezée", "Liège", "Sint-Niklaas", "Saint-Nicolas (Liège)", "Villers-le-Temple"} {
		choices = append(choices, xform.Choice{Value: label, Label: label})
	}
	x := newIndex(choices)
	for typed, want := range map[string][]int{
		"eghe": {0}, "LIE": {1, 3}, "liège": {1, 3}, "nic sai": {3}, "": {0, 1, 2, 3, 4}, "xyz": nil, "temple": {4},
	} {
		if got := x.find(typed); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", typed, got, want)
		}
	}
}

func BenchmarkSearchAmongAHundredThousand(b *testing.B) {
	choices := make([]xform.Choice, 100_000)
	for i := range choices {
		choices[i] = xform.Choice{Label: fmt.Sprintf("Rue de l’Église %d, Liège", i)}
	}
	x := newIndex(choices)
	for b.Loop() {
		x.find("eglise 99")
	}
}
