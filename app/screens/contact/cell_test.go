package contact

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// totalled is a sheet with totals beside a hard cell of women and a soft one of men.
func totalled(totals ...study.Quota) *Presenter {
	women, men := study.Rule{XPath: "/data/sex = 'w'"}, study.Rule{XPath: "/data/sex = 'm'"}
	return &Presenter{
		p: Params{Shift: interview.Shift{Site: "north"}, Now: time.Now, Study: study.Study{
			Sites: []study.Site{{Name: "north"}},
			Quotas: append(totals, study.Quota{Name: "women", Target: 400, Kind: study.Hard, Condition: women},
				study.Quota{Name: "men", Target: 9, Kind: study.Soft, Condition: men}),
		}},
		counts: map[string]int{"men": 1},
	}
}

// What others have in a total is all that they have in its cells. A full one leaves nobody of any cell, whatever its kind: then it is said
// instead of them.
func TestATotalNarrowsItsCells(t *testing.T) {
	t.Parallel()
	p := totalled(study.Quota{Name: "all", Site: "north", Target: 20, Kind: study.Hard}, study.Quota{Name: "there", Site: "south", Target: 20, Kind: study.Hard})
	leased := fieldstore.Quota{Cap: 400, Used: 100, Free: 8, Elsewhere: 292}
	for name, c := range map[string]struct {
		rights map[string]fieldstore.Quota
		cells  []Cell
		full   []Total
	}{
		"some left":      {map[string]fieldstore.Quota{"all": {Free: 2, Elsewhere: 3}, "women": leased}, []Cell{{Target: 400, Done: 100, Leased: true, Mine: 2, Elsewhere: 3}, {Target: 3, Done: 1}}, nil},
		"full":           {map[string]fieldstore.Quota{"all": {Cap: 20, Used: 20}, "women": leased}, nil, []Total{{Cell: Cell{Target: 20, Done: 20, Leased: true}}}},
		"open elsewhere": {map[string]fieldstore.Quota{"all": {Cap: 20, Used: 9, Elsewhere: 4}, "women": leased}, nil, []Total{{Cell: Cell{Target: 20, Done: 9, Leased: true, Elsewhere: 4}}}},
		"not told":       {map[string]fieldstore.Quota{"women": leased}, nil, []Total{{Cell: Cell{Target: 20, Untold: true}}}},
	} {
		p.rights = c.rights
		m := p.Model()
		if diff := cmp.Diff(c.cells, m.Cells) + cmp.Diff(c.full, m.Full); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A soft total only warns, so that one still looks for the cells; what is watched is for the board.
func TestASoftTotalThatIsFullLeavesTheCells(t *testing.T) {
	t.Parallel()
	p := totalled(study.Quota{Name: "soft", Target: 20, Kind: study.Soft}, study.Quota{Name: "watched", Target: 5, Kind: study.Watched})
	p.counts["soft"], p.counts["watched"] = 19, 30
	if m := p.Model(); len(m.Full) != 0 || len(m.Cells) != 2 {
		t.Errorf("one is left: %+v, %+v", m.Full, m.Cells)
	}
	p.aims = map[string]delivery.Aim{"soft": {Target: 19}}
	m := p.Model()
	if diff := cmp.Diff([]Total{{Cell: Cell{Done: 19, Target: 19}, Soft: true}}, m.Full); diff != "" || len(m.Cells) != 2 || m.Cells[0].Left() != 400 {
		t.Errorf("%s, %+v", diff, m.Cells)
	}
}
