package importer

import (
	"fmt"

	"parvis/internal/study"
)

// readAlerts reads the sheet alerts.
func (in *importer) readAlerts(s *study.Study) {
	rows, _ := in.rows("alerts", []string{"name", "condition"}, []string{"name", "label", "condition", "to"})
	first := map[string]int{}
	for _, row := range rows {
		sheet := in.book.Sheet("alerts").Name
		at := func(column string) place { return place{sheet, row.Number, column} }
		a := study.Alert{Name: row.Get("name"), Label: in.text(sheet, row, "label"), To: row.Get("to")}
		if !in.name(at("name"), a.Name, "alert") {
			continue
		}
		if n := first[a.Name]; n > 0 {
			in.problem(at("name"), "twice", fmt.Sprintf("There is an alert %q in row %d already.", a.Name, n), "Give each alert its own name.")
			continue
		}
		first[a.Name] = row.Number
		if len(a.Label) == 0 {
			a.Label = study.Text{in.standard: a.Name}
		}
		if row.Get("condition") == "" {
			in.problem(at("condition"), "no-value", "The alert has no condition, so every interview would raise it.", "Write when it is raised, such as ${nps} <= 3.")
			continue
		}
		a.Condition = in.rule(at("condition"), row.Get("condition"), anyAnswer)
		s.Alerts = append(s.Alerts, a)
	}
}
