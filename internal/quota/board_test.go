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
	})
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
