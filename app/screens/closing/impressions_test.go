package closing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"parvis/internal/interview"
)

// noted keeps observations in memory; the session's own keeping is tested where it is.
type noted struct {
	list []interview.Observation
	made int
	full error
}

func (n *noted) Observe(_ context.Context, o interview.Observation) (string, error) {
	if n.full != nil {
		return "", n.full
	}
	n.made++
	o.ID = fmt.Sprint(n.made)
	n.list = append(n.list, o)
	return o.ID, nil
}

func (n *noted) UndoObservation(_ context.Context, id string) error {
	if n.full != nil {
		return n.full
	}
	n.list = slices.DeleteFunc(n.list, func(o interview.Observation) bool { return o.ID == id })
	return nil
}

func (n *noted) Observations() []interview.Observation { return n.list }

func TestAnImpressionHasOneRatingAtMost(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	n := &noted{list: []interview.Observation{{ID: "a tap", Cue: "laugh"}}}
	p := Impressions{Recorder: n}
	items := interview.Impressions()
	for _, step := range []struct {
		item   string
		rating int
		want   [3]int
	}{
		{items[0], 2, [3]int{2, 0, 0}}, {items[2], 5, [3]int{2, 0, 5}}, {items[0], 4, [3]int{4, 0, 5}}, {items[0], 4, [3]int{0, 0, 5}}, {items[1], 1, [3]int{0, 1, 5}},
	} {
		if err := p.Rate(ctx, step.item, step.rating); err != nil {
			t.Fatal(err)
		}
		if got := [3]int{p.Chosen(items[0]), p.Chosen(items[1]), p.Chosen(items[2])}; got != step.want {
			t.Errorf("after %s %d: %v, want %v", step.item, step.rating, got, step.want)
		}
	}
	if len(n.list) != 3 || n.list[0].ID != "a tap" {
		t.Errorf("%+v", n.list)
	}
	n.full = errors.New("storage full")
	if err := p.Rate(ctx, items[0], 3); !errors.Is(err, n.full) {
		t.Errorf("a rating that could not be kept: %v", err)
	}
	if err := p.Rate(ctx, items[1], 3); !errors.Is(err, n.full) {
		t.Errorf("a rating that could not be taken back: %v", err)
	}
}
