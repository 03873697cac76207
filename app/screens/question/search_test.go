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

func TestALongListIsReadOnceUntilItIsAnother(t *testing.T) {
	t.Parallel()
	var x indexed
	if got := x.of(nil).find("a"); len(got) != 0 {
		t.Errorf("an empty list has %v", got)
	}
	list := []xform.Choice{{Label: "Ans"}, {Label: "Saint-Ans"}, {Label: "Les Ans"}, {Label: "Bois sans Ans"}}
	for range 2 {
		if got := x.of(list).find("ans"); !slices.Equal(got, []int{0, 2, 3, 1}) {
			t.Errorf("%v: those that begin with it come first, then those with a word that does", got)
		}
	}
	if first := x.of(list).labels; &first[0] != &x.of(list).labels[0] {
		t.Error("the same list is read twice")
	}
	if got := x.of(list[:1]).find("ans"); !slices.Equal(got, []int{0}) {
		t.Errorf("a part of the list finds %v", got)
	}
	if got := x.of([]xform.Choice{{Label: "Mons"}}).find("ans"); len(got) != 0 {
		t.Errorf("another list finds %v", got)
	}
	if got := x.of(list).find("ans"); len(got) != 4 {
		t.Errorf("the first list again finds %v", got)
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
