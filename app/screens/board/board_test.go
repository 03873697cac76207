package board

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/app/look"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// counted is a store whose counts are already made.
type counted struct {
	st     study.Study
	counts []quota.Count
	err    error
}

func (c counted) Board(context.Context, string) (desk.Board, error) {
	b := desk.Board{Study: c.st, Lines: quota.Board(c.st, c.counts), Completes: 14}
	b.Outcomes = map[string]map[interview.Disposition]int{"north": {interview.Complete: 12, interview.Partial: 1}}
	return b, c.err
}

var women = study.Rule{XPath: "/data/sex = 'w'"}

func sample() counted {
	return counted{
		st: study.Study{
			Sites: []study.Site{{Name: "north"}, {Name: "south"}},
			Quotas: []study.Quota{
				{Name: "wn", Cell: "w", Site: "north", Condition: women, Target: 10, Kind: study.Hard},
				{Name: "ws", Cell: "w", Site: "south", Condition: women, Target: 0, Kind: study.Watched},
				{Name: "all", Target: 30, Kind: study.Hard},
			},
		},
		counts: []quota.Count{{Constraint: "wn", Site: "north", N: 12}, {Constraint: "ws", Site: "south", N: 2}, {Constraint: "all", Site: "north", N: 12}, {Constraint: "all", Site: "south", N: 2}},
	}
}

func TestEachSiteHasItsOwnTargetOrOnlyAFigure(t *testing.T) {
	t.Parallel()
	m, err := Read(t.Context(), sample(), "s")
	if err != nil {
		t.Fatal(err)
	}
	want := []Line{
		{Whole: Count{Done: 14, Target: 10}, BySite: []Count{{Done: 12, Target: 10}, {Done: 2}}},
		{Whole: Count{Done: 14, Target: 30}, BySite: []Count{{Done: 12, Open: true}, {Done: 2, Open: true}}},
	}
	if diff := cmp.Diff(want, m.Lines); diff != "" {
		t.Error(diff)
	}
	if m.Done != 14 || m.Target != 30 || m.Over != 2 || m.Sites[0].Outcomes[interview.Partial] != 1 {
		t.Errorf("%+v", m)
	}
	if !m.Lines[0].BySite[0].Full() || m.Lines[1].BySite[0].Full() {
		t.Error("full is what has reached a target of its own")
	}
}

func TestTheStudysTargetIsNeverASumOfCellsThatMayOverlap(t *testing.T) {
	t.Parallel()
	two := []study.Site{{Name: "north"}, {Name: "south"}}
	for name, c := range map[string]struct {
		quotas []study.Quota
		want   int
	}{
		"cells only":       {[]study.Quota{{Name: "w", Condition: women, Target: 10}, {Name: "m", Condition: women, Target: 10}}, 0},
		"every site":       {[]study.Quota{{Name: "n", Site: "north", Target: 10}, {Name: "s", Site: "south", Target: 5}}, 15},
		"one site of two":  {[]study.Quota{{Name: "n", Site: "north", Target: 10}}, 0},
		"one for everyone": {[]study.Quota{{Name: "n", Site: "north", Target: 10}, {Name: "all", Target: 40}}, 40},
	} {
		if got := wanted(study.Study{Sites: two, Quotas: c.quotas}); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestAStoreThatFailsIsReported(t *testing.T) {
	t.Parallel()
	broken := sample()
	broken.err = errors.New("disk")
	if _, err := Read(t.Context(), broken, "s"); !errors.Is(err, broken.err) {
		t.Error(err)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(t.Context(), sample(), "s")
	if err != nil {
		t.Fatal(err)
	}
	if got := Summary(w, m); got != "14 of 30 interviews, 2 over quota" {
		t.Error(got)
	}
	if got := Summary(w, Model{Done: 1}); got != "1 interview" {
		t.Error(got)
	}
}

func TestSitesThatDoNotFitStandInWindows(t *testing.T) {
	t.Parallel()
	p := ViewParams{Model: Model{Sites: make([]Site, 7)}, Class: look.Tablet}
	for from, want := range map[int][2]int{0: {0, 3}, 3: {3, 6}, 6: {6, 7}, 99: {6, 7}, -1: {0, 3}} {
		p.From = from
		if first, end := p.shown(); first != want[0] || end != want[1] {
			t.Errorf("from %d: %d to %d, want %v", from, first, end, want)
		}
	}
}
