package xform

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The shape of a page is what showing it shows, and looking at it changes nothing.
func TestShapeIsThatOfThePage(t *testing.T) {
	t.Parallel()
	form := parseForm(t, household)
	groups := map[Ref]bool{}
	for seed := range uint64(20) {
		in, err := form.New(World{})
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(seed, 1))
		for range 60 {
			step(in, r)
		}
		before, err := in.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		for _, pos := range in.Pages() {
			group, refs := in.Shape(pos)
			if (group != "") != (pos.Kind == KindFieldList) {
				t.Errorf("seed %d: %s has the group %q", seed, pos, group)
			}
			groups[group.Generic()] = true
			if again, err := in.Snapshot(); err != nil || string(again) != string(before) {
				t.Fatalf("seed %d: looking at %s changed something: %v", seed, pos, err)
			}
			var shown []Ref
			for _, q := range in.Page(pos).Questions {
				shown = append(shown, q.Ref)
			}
			if !slices.Equal(refs, shown) {
				t.Errorf("seed %d: %s has %v, shows %v", seed, pos, refs, shown)
			}
			if before, err = in.Snapshot(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !groups["/data/list"] || !groups["/data/person/toy"] {
		t.Errorf("lists not met: %v", groups)
	}
}
