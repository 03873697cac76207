package board

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"parvis/app/look"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// crossed is a store of a study with age by sex at two sites, and a total that its author wrote.
type crossed struct {
	waves  bool
	counts []quota.Count
}

func (c crossed) Board(context.Context, string, string) (desk.Board, error) {
	st := study.Study{
		Sites: []study.Site{{Name: "north", Label: study.Text{"": "North"}}, {Name: "south", Label: study.Text{"": "South"}}},
		Dimensions: []study.Dimension{
			{Question: "age_group", Choices: []study.Phrase{{Name: "a18", Label: study.Text{"": "18-34"}}, {Name: "a35", Label: study.Text{"": "35+"}}, {Name: "u18"}}},
			{Question: "sex", Choices: []study.Phrase{{Name: "woman", Label: study.Text{"": "Women"}}, {Name: "man", Label: study.Text{"": "Men"}}}},
		},
		Waves: []study.Wave{{Name: "one", Label: study.Text{"": "Spring"}, First: "2026-11-01", Last: "2026-11-20"}, {Name: "two", Label: study.Text{"": "Autumn"}, First: "2026-11-29", Last: "2026-11-30"}, {Name: "three", First: "2026-12-29", Last: "2026-12-30"}},
	}
	for _, site := range []string{"north", "south"} {
		for _, cell := range [][2]string{{"a18", "woman"}, {"a18", "man"}, {"a35", "woman"}, {"u18", "man"}} {
			q := study.Quota{Name: cell[0] + cell[1] + site, Cell: cell[0] + cell[1], Label: study.Text{"": cell[0] + " " + cell[1]}, Site: site, Target: 10, Kind: study.Hard, Condition: study.Rule{XPath: cell[0] + cell[1]},
				Picks: []study.Pick{{Question: "age_group", Choices: cell[:1]}, {Question: "sex", Choices: cell[1:]}}}
			if c.waves {
				q.Period = study.EachWave
			}
			st.Quotas = append(st.Quotas, q)
		}
	}
	if !c.waves {
		st.Quotas = append(st.Quotas, study.Quota{Name: "total", Label: study.Text{"": "Everybody"}, Target: 70, Kind: study.Hard})
	}
	b := desk.Board{Study: st, Counts: c.counts, States: map[string]delivery.QuotaState{}, Aims: map[string]delivery.Aim{}, StatesAt: 1}
	b.Today = desk.Day{Day: "2026-11-29", Counts: map[string]int{"a18womannorth": 4, "a18mannorth": 2}, From: noon.Add(-4 * time.Hour).UnixMilli(), To: noon.UnixMilli()}
	b.States["a18womannorth"] = delivery.QuotaState{Used: 6, Leased: 3, Busy: 1, Devices: 2, Provisional: 1}
	b.States["a18womansouth"] = delivery.QuotaState{Used: 12, Leased: 0, Devices: 0}
	b.Lines = quota.Board(st, c.counts, quota.Shown{Day: "2026-11-29"})
	return b, nil
}

func counted18() []quota.Count {
	return []quota.Count{
		{Constraint: "a18womannorth", Site: "north", N: 6}, {Constraint: "a18womansouth", Site: "south", N: 12}, {Constraint: "a18mannorth", Site: "north", N: 8}, {Constraint: "a18mansouth", Site: "south", N: 10},
		{Constraint: "total", Site: "north", N: 20}, {Constraint: "total", Site: "south", N: 25},
	}
}

// Margins add up what is wanted, done, out and open; what one cell has too many makes up for no other, and a margin is full when its last
// cell is. The author's own total stands where it was written.
func TestMarginsOfTheBoard(t *testing.T) {
	t.Parallel()
	m, err := Read(t.Context(), crossed{counts: counted18()}, "s", noon, Choice{})
	if err != nil || len(m.Grids) != 1 {
		t.Fatalf("%+v, %v", m.Grids, err)
	}
	g := m.Grids[0]
	cell := func(values ...int) Sum {
		t.Helper()
		s, there := g.At(values...)
		if !there {
			t.Fatalf("no %v", values)
		}
		return s
	}
	young := cell(0, quota.All)
	// Six and eight of ten each in the north, with two and one an hour: two hours for the women, one for the men; the south has two women too many.
	if diff := cmp.Diff(Count{Done: 36, Target: 40, Missing: 6, Today: 6, Known: true, Leased: 3, Busy: 1, Devices: 2, Left: 1, Provisional: 1, Fills: Forecast{At: noon.Add(4 * time.Hour)}}, young.Whole); diff != "" {
		t.Error(diff)
	}
	if young.Whole.Full() || young.ByPlace[0].Missing != 6 || young.ByPlace[0].Target != 20 || !young.ByPlace[1].Full() || young.ByPlace[1].Done != 22 {
		t.Errorf("%+v", young)
	}
	if women := cell(quota.All, 0); women.Whole.Target != 40 || women.Whole.Missing != 24 || women.Whole.Fills != (Forecast{}) {
		t.Errorf("of the older women nothing can be said yet: %+v", women.Whole)
	}
	all := cell(quota.All, quota.All)
	if all.Opens != "total" || all.Whole.Target != 70 || all.Whole.Done != 45 || all.ByPlace[0].Target != 40 || all.ByPlace[0].Done != 14 {
		t.Errorf("the author's total, and the sum where there is none: %+v", all)
	}
	if one := cell(0, 1); one.Opens != "a18man" || one.Whole.Target != 20 || one.Margin {
		t.Errorf("%+v", one)
	}
	if _, there := g.At(1, 1); there {
		t.Error("a cell of which there is no quota")
	}
	var added []string
	for _, s := range g.Added() {
		added = append(added, s.Label.In("en", ""))
	}
	if diff := cmp.Diff([]string{"18-34", "35+", "u18", "Women", "Men"}, added); diff != "" {
		t.Error(diff)
	}
	if across, two := g.Two(); across != 1 || !two {
		t.Errorf("the fewer values stand across: %d, %v", across, two)
	}
}

func english(t *testing.T) *words.Words {
	t.Helper()
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// What is exported has the margins as rows of their own, marked, so that whoever adds up can leave them out.
func TestTheExportMarksMargins(t *testing.T) {
	t.Parallel()
	m, err := Read(t.Context(), crossed{counts: counted18()}, "s", noon, Choice{})
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, r := range Table(english(t), m).Rows {
		rows[r.Cells[0].Text+" at "+r.Cells[2].Text] = fmt.Sprint(r.Cells[1].Text, " ", r.Cells[3].Text, "/", r.Cells[5].Text)
	}
	for row, want := range map[string]string{
		"18-34, in all at Whole study": "margin 36/40", "18-34, in all at South": "margin 22/20", "a18 woman at South": "quota 12/10", "Everybody at Whole study": "quota 45/70", "Women, in all at North": "margin 6/20",
	} {
		if rows[row] != want {
			t.Errorf("%s: %q, want %q", row, rows[row], want)
		}
	}
	if len(rows) != 3*(5+5) {
		t.Errorf("%d rows", len(rows))
	}
}

// Where the window is wide the grid stands as rows and columns; each cell opens its line, and a margin its own figures. On a phone it is
// lines, grouped.
func TestTheGridOpensItsLines(t *testing.T) {
	for _, class := range []look.Class{look.Laptop, look.Phone} {
		m, err := Read(t.Context(), crossed{counts: counted18()}, "s", noon, Choice{Grid: true, Place: "south"})
		if err != nil {
			t.Fatal(err)
		}
		var opened []string
		p := ViewParams{Model: m, Words: english(t), Class: class, OnChoose: func(Choice) {}, OnOpen: func(key string) { opened = append(opened, key) }, OnFrom: func(int) {}}
		if got := p.gridded(); got != (class == look.Laptop) {
			t.Errorf("%v: %v", class, got)
			continue
		}
		if class == look.Phone {
			if body := p.margins(); len(body) != 3 {
				t.Errorf("a heading and two groups, not %d", len(body))
			}
			continue
		}
		for _, values := range [][]int{{0, 1}, {0, quota.All}, {quota.All, quota.All}} {
			cell, tappable := p.gridCell(m.Grids[0], values).Object.(fyne.Tappable)
			if !tappable {
				t.Fatalf("%v cannot be tapped", values)
			}
			cell.Tapped(nil)
		}
		if !slices.Equal(opened, []string{"a18man", "grid 0 [0 -1]", "total"}) {
			t.Errorf("%q", opened)
		}
		if c := p.gridCell(m.Grids[0], []int{1, 1}); c.Text != "–" || c.Object != nil {
			t.Errorf("%+v", c)
		}
		for key, opens := range map[string]bool{"grid 0 [0 -1]": true, "a18man": true, "grid 1 [0 -1]": false} {
			if s := NewDetail(DetailParams{Model: m, Words: p.Words, Line: key, Draft: &Draft{}, OnDraft: func() {}}); (s != nil) != opens {
				t.Errorf("%s opens %v", key, s)
			}
		}
	}
}

// Targets for each wave show the present wave, or the one that was chosen of those so far; the wave's last day bounds what is expected.
func TestWavesOfTheBoard(t *testing.T) {
	t.Parallel()
	counts := []quota.Count{{Constraint: "a18womannorth@one", Site: "north", N: 9}, {Constraint: "a18womannorth@two", Site: "north", N: 2}, {Constraint: "a18womannorth@-", Site: "north", N: 5}}
	for chosen, want := range map[string]struct {
		wave, name string
		done       int
	}{"": {"two", "a18 woman, Autumn", 2}, "one": {"one", "a18 woman, Spring", 9}, "three": {"two", "a18 woman, Autumn", 2}} {
		m, err := Read(t.Context(), crossed{waves: true, counts: counts}, "s", noon, Choice{Wave: chosen})
		if err != nil {
			t.Fatal(err)
		}
		if m.Wave != want.wave || len(m.Waves) != 2 || m.Lines[0].Whole.Done != want.done || m.Lines[0].Name(english(t)) != want.name || m.Target != 0 {
			t.Errorf("%q: %s of %d, %q with %d", chosen, m.Wave, len(m.Waves), m.Lines[0].Name(english(t)), m.Lines[0].Whole.Done)
		}
		if s, _ := m.Grids[0].At(0, 0); s.Whole.Done != want.done {
			t.Errorf("%q: %+v", chosen, s.Whole)
		}
	}
}

func TestTheLastOfSeveralForecasts(t *testing.T) {
	t.Parallel()
	soon, late, days, weeks := Forecast{At: noon}, Forecast{At: noon.Add(time.Hour)}, Forecast{Days: 2}, Forecast{Days: 9}
	for name, c := range map[string]struct {
		fills []Forecast
		want  Forecast
	}{"none": {nil, Forecast{}}, "hours": {[]Forecast{soon, late, soon}, late}, "days": {[]Forecast{weeks, soon, days}, weeks}, "unknown": {[]Forecast{soon, {}, days}, Forecast{}}} {
		if got := latest(c.fills); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A row for the whole study and one for each site of the same people count each interview once; a site that is called like its region has its
// own column, and regions their labels.
func TestPlacesWithinPlacesCountOnce(t *testing.T) {
	t.Parallel()
	women := study.Rule{XPath: "/data/sex = 'w'"}
	st := study.Study{
		ID: "mall", Sites: []study.Site{
			{Name: "namur", Region: "namur", RegionLabel: study.Text{"fr": "Namur (province)"}}, {Name: "dinant", Region: "namur", RegionLabel: study.Text{"fr": "Namur (province)"}}, {Name: "liege", Region: "liege"},
		},
		Quotas: []study.Quota{
			{Name: "women", Cell: "women", Target: 40, Kind: study.Hard, Condition: women},
			{Name: "women-region", Cell: "women", Target: 30, Kind: study.Hard, Condition: women, Region: "namur"},
			{Name: "women-dinant", Cell: "women", Target: 20, Kind: study.Hard, Condition: women, Site: "dinant"},
		},
	}
	var counts []quota.Count
	for _, n := range []struct {
		site string
		n    int
	}{{"namur", 3}, {"dinant", 9}, {"liege", 2}} {
		counts = append(counts, quota.Count{Constraint: "women", Site: n.site, N: n.n})
		if n.site != "liege" {
			counts = append(counts, quota.Count{Constraint: "women-region", Site: n.site, N: n.n})
		}
	}
	counts = append(counts, quota.Count{Constraint: "women-dinant", Site: "dinant", N: 9})
	b := desk.Board{Study: st, Counts: counts, Lines: quota.Board(st, counts, quota.Shown{Day: "2026-11-29"})}
	if l := b.Lines[0]; l.Done != 14 || l.Target != 40 || len(l.Constraints) != 3 {
		t.Errorf("%d of %d over %d constraints", l.Done, l.Target, len(l.Constraints))
	}
	sites := reading{&b, time.Now(), []Place{{Name: "namur", Sites: []string{"namur"}}, {Name: "dinant", Sites: []string{"dinant"}}}}
	if l := sites.line(b.Lines[0]); l.Whole.Done != 14 || l.Whole.Target != 40 || l.ByPlace[0].Done != 3 || !l.ByPlace[0].Open || l.ByPlace[1].Done != 9 || l.ByPlace[1].Target != 20 {
		t.Errorf("%+v", l)
	}
	places := regionsOf(st)
	if l := (reading{&b, time.Now(), places}).line(b.Lines[0]); l.ByPlace[0].Done != 12 || l.ByPlace[0].Target != 30 || l.ByPlace[1].Done != 2 || !l.ByPlace[1].Open {
		t.Errorf("%+v", l)
	}
	if places[0].Label.In("fr", "") != "Namur (province)" || places[1].Label.In("fr", "") != "liege" {
		t.Errorf("%+v", places)
	}
	if day, sunday := keyOf(quota.Line{Cell: "Sun", Period: study.EachDay}), keyOf(quota.Line{Cell: "Sunday"}); day == sunday {
		t.Errorf("two lines are %q", day)
	}
}
