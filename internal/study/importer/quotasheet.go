package importer

import (
	"cmp"
	"fmt"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xlsform"
)

const (
	mostQuotas    = 2_000               // constraints of a study: what central takes in one statement of a device
	mostQuotaText = 4 << 20             // bytes of all their conditions
	accountDays   = study.DaysAhead + 2 // days of which a device speaks at once: yesterday, the present one and those to come
)

// quotaColumns are the columns of the sheet quotas beside those headed by a question.
func quotaColumns() []string {
	return []string{"name", "cell", "label", "site", "region", "condition", "target", "kind", "tolerance", "period"}
}

// quotaSheet is the sheet quotas while it is read.
type quotaSheet struct {
	*importer
	study  *study.Study
	sheet  string // its name in the workbook
	grid   []*gridColumn
	spoilt bool // a column is headed by a question that cannot divide respondents
	lines  []quotaLine
	first  map[string]int // row of each quota's name
	count  int            // of constraints
	size   int            // bytes of all their conditions
}

// quotaLine is a row that made quotas.
type quotaLine struct {
	number int
	picks  []pick        // one for each column of the grid
	by     []string      // names of the questions of which it wants particular choices
	rule   study.Rule    // of the column condition
	made   []study.Quota // one for each place
}

// readQuotas reads the sheet quotas: a row is one constraint, or one for each site or region.
func (in *importer) readQuotas(s *study.Study) {
	sheet := in.book.Sheet("quotas")
	if sheet == nil {
		return
	}
	grid, claimed := in.gridColumns(sheet, quotaColumns())
	in.unknownColumns(sheet, quotaColumns(), claimed, in.screenerChoices())
	required := []string{"name", "target"}
	if len(claimed) > 0 { // names are made of the choices
		required = required[1:]
	}
	if !in.hasColumns(sheet, required) {
		return
	}
	q := &quotaSheet{importer: in, study: s, sheet: sheet.Name, grid: grid, spoilt: len(grid) < len(claimed), first: map[string]int{}}
	for _, row := range sheet.Rows {
		if !q.readRow(row) {
			break
		}
	}
	for _, l := range q.lines {
		s.Quotas = append(s.Quotas, l.made...)
	}
	s.Dimensions = dimensions(grid, s.Quotas)
	q.quotasRead()
	if !q.spoilt { // else rows look alike that are not
		q.warn()
	}
}

func (q *quotaSheet) at(row xlsform.Row, column string) place {
	return place{q.sheet, row.Number, column}
}

// readRow reads one row; false when the sheet holds more than a study may have.
func (q *quotaSheet) readRow(row xlsform.Row) bool {
	picks, chosen := q.picks(row, q.sheet, q.grid)
	made, sound := q.quota(row, picks)
	line := quotaLine{number: row.Number, picks: picks, by: asked(picks), rule: made.Condition}
	if made.Picks = picked(picks); len(made.Picks) > 0 {
		made.Further = made.Condition.Source
	}
	made.Condition = q.gridRule(q.at(row, "condition"), picks, made.Condition)
	places, found := q.placesOf(row)
	q.count += q.accounts(made) * len(places)
	q.size += len(places) * (len(made.Condition.Source) + len(made.Condition.XPath))
	if q.count > mostQuotas || q.size > mostQuotaText {
		q.tooMany(row)
		return false
	}
	name := gridName(picks)
	if name != "" && made.Period != study.WholeStudy { // beside the same choices for the whole study
		name += "-" + string(made.Period)
	}
	if made.Name == "" && name == "" && sound && chosen && !q.spoilt {
		sound = q.name(q.at(row, "name"), "", "quota")
	}
	list := q.named(row, made, name, places)
	if chosen && sound && found && len(list) > 0 {
		line.made = list
		q.lines = append(q.lines, line)
	}
	return true
}

// accounts is of how many accounts of a quota a device speaks at once: one for each day and wave that it works with.
func (q *quotaSheet) accounts(made study.Quota) int {
	switch {
	case made.Kind != study.Hard:
		return 1
	case made.Period == study.EachDay:
		return accountDays
	case made.Period == study.EachWave:
		return max(wavesAtOnce(q.study.Waves), 1)
	}
	return 1
}

func (q *quotaSheet) tooMany(row xlsform.Row) {
	message := fmt.Sprintf("With this row the sheet makes more than %d quotas, each site and region counted, a hard one for each day as %d, and one for each wave as many as lie within so many days.", mostQuotas, accountDays)
	if q.count <= mostQuotas {
		message = fmt.Sprintf("With this row the conditions of all quotas are longer than %d MB, each site and region counted.", mostQuotaText>>20)
	}
	q.problem(q.at(row, ""), "too-many-quotas", message, "Take choices together in one row, or leave site and region empty where places need no target of their own. Rows from here on are not checked yet.")
}

// quota reads the cells of a row that do not depend on where it counts; its condition is the column condition's.
func (q *quotaSheet) quota(row xlsform.Row, picks []pick) (study.Quota, bool) {
	made := study.Quota{Name: row.Get("name"), Cell: row.Get("cell"), Label: q.text(q.sheet, row, "label"), Kind: study.Hard}
	ok := made.Name == "" || q.name(q.at(row, "name"), made.Name, "quota")
	if len(made.Label) == 0 {
		made.Label = q.gridLabel(picks)
	}
	if len(made.Label) == 0 {
		made.Label = study.Text{q.standard: made.Name}
	}
	made.Condition = q.rule(q.at(row, "condition"), row.Get("condition"), screenerAnswer)
	wanted := false
	if cell := row.Get("target"); cell == "" {
		q.problem(q.at(row, "target"), "no-value", "The quota has no target.", "Write how many completed interviews are wanted, 0 or more.")
	} else {
		made.Target, wanted = q.whole(q.at(row, "target"), cell, 0, 10_000_000)
	}
	if cell := row.Get("tolerance"); cell != "" {
		made.Tolerance, _ = q.whole(q.at(row, "tolerance"), cell, 0, 10_000_000)
	}
	if cell := row.Get("kind"); cell != "" {
		made.Kind = study.Kind(strings.ToLower(cell))
	}
	if made.Kind != study.Hard && made.Kind != study.Soft && made.Kind != study.Watched {
		q.problem(q.at(row, "kind"), "kind", fmt.Sprintf("%q is no kind of quota.", shorten(row.Get("kind"))), "Write hard (nobody more), soft (the interviewer is warned) or watched (counted only).")
	}
	made.Period = q.period(q.at(row, "period"), row.Get("period"))
	return made, ok && wanted
}

// period reads for what time the target is.
func (q *quotaSheet) period(at place, cell string) study.Period {
	switch {
	case cell == "":
		return study.WholeStudy
	case strings.EqualFold(cell, string(study.EachDay)):
		return study.EachDay
	case strings.EqualFold(cell, string(study.EachWave)):
		if q.book.Sheet("waves") == nil {
			q.problem(at, "period", "The target is for each wave, but there are no waves.", "Add a sheet waves with the columns name, label, first_day and last_day, a row for each wave.")
		}
		return study.EachWave
	}
	q.problem(at, "period", fmt.Sprintf("%q is no period of a quota.", shorten(cell)), "Write day or wave for the same target on each day of fieldwork or in each wave, or leave the cell empty for one target in all.")
	return study.WholeStudy
}

// named makes the quotas of a row, one for each place and each with a name of its own; none where a name is taken or too long.
func (q *quotaSheet) named(row xlsform.Row, like study.Quota, choices string, places []quotaPlace) (list []study.Quota) {
	given := like.Name != ""
	base := cmp.Or(like.Name, choices)
	like.Cell = cmp.Or(like.Cell, base)
	for _, p := range places {
		made := like
		made.Name, made.Site, made.Region = base, p.site, p.region
		if base != "" && (p.each != "" || !given) {
			made.Name = strings.TrimSuffix(base+"-"+cmp.Or(p.each, p.site, p.region), "-")
		}
		if made.Name != "" && !q.free(row, made.Name, made.Name != like.Name) {
			return nil
		}
		list = append(list, made)
	}
	return list
}

// free takes a name that no other quota has; ours tells that it was made here and not written in the row.
func (q *quotaSheet) free(row xlsform.Row, name string, ours bool) bool {
	at, n := q.at(row, "name"), q.first[name]
	switch {
	case n > 0 && ours:
		q.problem(at, "twice", fmt.Sprintf("This row makes a quota %q, and so does row %d.", name, n), "Delete one of the rows if they mean the same; otherwise write another name in the column name.")
		return false
	case n > 0:
		q.problem(at, "twice", fmt.Sprintf("There is a quota %q in row %d already.", name, n), "Give each quota its own name; rows of one line of the board share a cell instead.")
		return false
	case ours && len(name) > longestName && len(row.Get("name")) <= longestName:
		q.problem(at, "bad-name", fmt.Sprintf("The name made for this row, %s, is longer than %d characters.", shorten(name), longestName), "Write a short name in the column name, such as "+exampleName("quota")+".")
		return false
	}
	q.first[name] = row.Number
	return true
}
