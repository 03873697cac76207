package quota

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/study"
)

func TestBoardGathersCellsAndSites(t *testing.T) {
	st := study.Study{Quotas: []study.Quota{
		{Name: "w_north", Cell: "women", Label: study.Text{"": "Women"}, Site: "north", Target: 10, Tolerance: 1},
		{Name: "all", Label: study.Text{"": "Everyone"}, Target: 30},
		{Name: "w_south", Cell: "women", Site: "south", Target: 5},
	}}
	lines := Board(st, []Count{
		{"w_north", "north", 8}, {"w_north", "north", 4}, {"all", "north", 12}, {"all", "south", 3}, {"gone", "north", 99},
	}, Shown{Day: "2026-11-29"})
	if len(lines) != 2 || lines[0].Cell != "women" || lines[0].Label[""] != "Women" || lines[1].Cell != "all" {
		t.Fatalf("%+v", lines)
	}
	women, all := lines[0], lines[1]
	if women.Target != 15 || women.Done != 12 || len(women.Constraints) != 2 || all.Target != 30 || all.Done != 15 {
		t.Errorf("%+v", lines)
	}
	if c := women.Constraints[0]; c.Done != 12 || c.Left() != 0 || c.Over() != 1 {
		t.Errorf("%+v", c)
	}
	if c := women.Constraints[1]; c.Done != 0 || c.Left() != 5 || c.Over() != 0 {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff(map[string]int{"north": 12, "south": 3}, all.Constraints[0].BySite); diff != "" {
		t.Error(diff)
	}
}

// A target for each day stands apart from one for the whole study, and shows the one day.
func TestBoardOfADay(t *testing.T) {
	st := study.Study{Quotas: []study.Quota{
		{Name: "women", Cell: "women", Target: 100}, {Name: "w", Cell: "women", Target: 10, Period: study.EachDay},
	}}
	counts := []Count{{"women", "north", 14}, {"w@2026-11-28", "north", 9}, {"w@2026-11-29", "north", 3}, {"w@2026-11-29", "south", 2}, {"w", "north", 50}}
	for day, want := range map[string]int{"2026-11-28": 9, "2026-11-29": 5, "2026-11-30": 0} {
		lines := Board(st, counts, Shown{Day: day})
		if len(lines) != 2 || lines[0].Done != 14 || lines[0].Target != 100 || lines[1].Done != want || lines[1].Target != 10 || lines[1].Period != study.EachDay {
			t.Errorf("%s: %+v", day, lines)
		}
	}
}
