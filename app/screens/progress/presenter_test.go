package progress

import (
	"testing"

	"parvis/app/kit"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/fieldstore/desk"
)

// What was rejected or waits to be accepted stands among the others, in the table as on the picture.
func TestOnlyWhatCountsIsComplete(t *testing.T) {
	t.Parallel()
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	m := Model{
		Shifts: []desk.Shift{{Interviewer: "0417", Started: 1_000, Ended: 9_000_000}},
		Ticks:  []desk.Tick{{Interviewer: "0417", Counts: true, Started: 2_000}, {Interviewer: "0417", Counts: true, Started: 3_000}, {Interviewer: "0417", Started: 4_000}},
	}
	figures := map[string]string{}
	table := m.ShiftsTable(w)
	for n, c := range table.Columns {
		figures[c.Key] = table.Rows[0].Cells[n].Text
	}
	if figures["completes"] != "2" || figures["others"] != "1" {
		t.Errorf("%v", figures)
	}
	high, short := 0, 0
	for _, mark := range m.Timeline(w).Marks {
		switch mark.Shape {
		case kit.ChartTick:
			high++
		case kit.ChartShort:
			short++
		}
	}
	if high != 2 || short != 1 {
		t.Errorf("%d high ticks and %d short ones", high, short)
	}
}
