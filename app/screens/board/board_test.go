package board

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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

func (c counted) Board(context.Context, string, string) (desk.Board, error) {
	b := desk.Board{Study: c.st, Lines: quota.Board(c.st, c.counts, quota.Shown{Day: "2026-11-29"}), Completes: 14}
	b.Today.Day = "2026-11-29"
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

var noon = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

func TestEachSiteHasItsOwnTargetOrOnlyAFigure(t *testing.T) {
	t.Parallel()
	m, err := Read(t.Context(), sample(), "s", noon, Choice{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Line{
		{Key: "w", Whole: Count{Done: 14, Target: 10}, ByPlace: []Count{{Done: 12, Target: 10}, {Done: 2}}},
		{Key: "all", Whole: Count{Done: 14, Target: 30, Missing: 16}, ByPlace: []Count{{Done: 12, Open: true}, {Done: 2, Open: true}}},
	}
	if diff := cmp.Diff(want, m.Lines, cmpopts.IgnoreFields(Line{}, "Constraints")); diff != "" {
		t.Error(diff)
	}
	if m.Done != 14 || m.Target != 30 || m.Over != 2 || m.Sites[0].Outcomes[interview.Partial] != 1 {
		t.Errorf("%+v", m)
	}
	if !m.Lines[0].ByPlace[0].Full() || m.Lines[1].ByPlace[0].Full() {
		t.Error("full is what has reached a target of its own")
	}
}

// Two women too many in the north are among the four whom the study has too many in all.
func TestOverCountsNobodyTwice(t *testing.T) {
	t.Parallel()
	c := sample()
	c.st.Quotas[2].Target = 10
	if m, err := Read(t.Context(), c, "s", noon, Choice{}); err != nil || m.Over != 4 {
		t.Errorf("%d over, %v", m.Over, err)
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
		if got := Wanted(study.Study{Sites: two, Quotas: c.quotas}); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestAStoreThatFailsIsReported(t *testing.T) {
	t.Parallel()
	broken := sample()
	broken.err = errors.New("disk")
	if _, err := Read(t.Context(), broken, "s", noon, Choice{}); !errors.Is(err, broken.err) {
		t.Error(err)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(t.Context(), sample(), "s", noon, Choice{})
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
	p := ViewParams{Model: Model{Places: make([]Place, 7)}, Class: look.Tablet}
	for from, want := range map[int][2]int{0: {0, 3}, 3: {3, 6}, 6: {6, 7}, 99: {6, 7}, -1: {0, 3}} {
		p.From = from
		if first, end := p.shown(); first != want[0] || end != want[1] {
			t.Errorf("from %d: %d to %d, want %v", from, first, end, want)
		}
	}
}

// A target for each day is told apart, and is no part of what the study wants in all.
func TestLinesOfToday(t *testing.T) {
	t.Parallel()
	c := counted{
		st: study.Study{Sites: []study.Site{{Name: "north"}}, Quotas: []study.Quota{
			{Name: "day", Cell: "all", Target: 10, Period: study.EachDay}, {Name: "all", Target: 300},
		}},
		counts: []quota.Count{{Constraint: "day@2026-11-28", Site: "north", N: 9}, {Constraint: "day@2026-11-29", Site: "north", N: 4}, {Constraint: "all", Site: "north", N: 13}},
	}
	m, err := Read(t.Context(), c, "s", noon, Choice{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Line{
		{Key: "all@day", Today: true, Whole: Count{Done: 4, Target: 10, Missing: 6}, ByPlace: []Count{{Done: 4, Open: true}}},
		{Key: "all", Whole: Count{Done: 13, Target: 300, Missing: 287}, ByPlace: []Count{{Done: 13, Open: true}}},
	}
	if diff := cmp.Diff(want, m.Lines, cmpopts.IgnoreFields(Line{}, "Constraints")); diff != "" || m.Target != 300 {
		t.Errorf("target %d, %s", m.Target, diff)
	}
}

// Columns are sites, or regions where there are several; what a day gave is told apart.
func TestRegionsAndTheDay(t *testing.T) {
	t.Parallel()
	c := counted{
		st: study.Study{
			Sites: []study.Site{{Name: "n1", Region: "north"}, {Name: "s1", Region: "south"}, {Name: "n2", Region: "north"}},
			Quotas: []study.Quota{
				{Name: "w1", Cell: "w", Site: "n1", Condition: women, Target: 10}, {Name: "w2", Cell: "w", Site: "n2", Condition: women, Target: 20},
				{Name: "all-north", Cell: "all", Region: "north", Target: 50}, {Name: "all-south", Cell: "all", Region: "south", Target: 40},
			},
		},
		counts: []quota.Count{
			{Constraint: "w1", Site: "n1", N: 3}, {Constraint: "w2", Site: "n2", N: 4}, {Constraint: "all-north", Site: "n1", N: 6}, {Constraint: "all-north", Site: "n2", N: 5},
			{Constraint: "all-south", Site: "s1", N: 8},
		},
	}
	sites, err := Read(t.Context(), c, "s", noon, Choice{})
	if err != nil || !sites.HasRegions || len(sites.Places) != 3 {
		t.Fatalf("%+v, %v", sites.Places, err)
	}
	if got := sites.Lines[1].ByPlace; got[0].Done != 6 || !got[0].Open || got[1].Done != 8 {
		t.Errorf("by site: %+v", got)
	}
	regions, err := Read(t.Context(), c, "s", noon, Choice{Regions: true})
	if err != nil || len(regions.Places) != 2 || regions.Places[0].Label.In("fr", "") != "north" {
		t.Fatalf("%+v, %v", regions.Places, err)
	}
	if got := regions.Lines[0].ByPlace; got[0].Done != 7 || got[0].Target != 30 || got[0].Open || !got[1].Open {
		t.Errorf("cells by region: %+v", got)
	}
	if got := regions.Lines[1].ByPlace; got[0].Done != 11 || got[0].Target != 50 || got[1].Done != 8 || got[1].Target != 40 {
		t.Errorf("all by region: %+v", got)
	}
	c.st.Sites = c.st.Sites[:1]
	if one, err := Read(t.Context(), c, "s", noon, Choice{Regions: true}); err != nil || one.HasRegions || one.Places[0].Name != "n1" {
		t.Errorf("one region is no choice: %+v, %v", one.Places, err)
	}
}

// What became of interviews at each site is exported as it stands there.
func TestTheTableOfSites(t *testing.T) {
	t.Parallel()
	m := Model{Sites: []Site{{Site: study.Site{Label: study.Text{"": "North"}}, Outcomes: map[interview.Disposition]int{interview.Complete: 12, interview.BrokeOff: 3}}}}
	data, err := SitesTable(english(t), m).CSV()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimPrefix(string(data), "\ufeff"); got != "Site,Complete,Partial,Broke off,Screened out\r\nNorth,12,0,3,0\r\n" {
		t.Errorf("%q", got)
	}
}

// Below a bar stands what it cannot show.
func TestWhatStandsBelowABar(t *testing.T) {
	t.Parallel()
	p := ViewParams{Words: english(t)}
	c := Count{Target: 20, Missing: 9, Known: true, Leased: 5, Busy: 1, Left: 4, Provisional: 2, Pending: true}
	if got := p.note(c); got != "5 leased, 4 open, 1 under way, 2 wait for you, not sent yet" {
		t.Errorf("%q", got)
	}
}
