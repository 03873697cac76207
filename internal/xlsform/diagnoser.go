package xlsform

import "sort"

// diagnoser gathers what there is to tell the author.
type diagnoser struct {
	list Diagnostics
	more bool
	seen map[Diagnostic]bool
}

func (d *diagnoser) add(x Diagnostic) {
	if d.seen == nil {
		d.seen = map[Diagnostic]bool{}
	}
	if d.seen[x] {
		return
	}
	if len(d.list) >= maxDiagnostics && (x.Severity == Warning || d.failed()) {
		if !d.more {
			d.more = true
			d.list = append(d.list, Diagnostic{Severity: x.Severity, Rule: "too-many", Message: "There is more to put right than is listed here.", Remedy: "Put right what is listed, then check again."})
		}
		return
	}
	d.seen[x] = true
	d.list = append(d.list, x)
}

// maxDiagnostics is as much as an author can use in one run.
const maxDiagnostics = 1000

func (d *diagnoser) problem(sheet string, row int, column, rule, message, remedy string) {
	d.add(Diagnostic{Problem, sheet, row, column, message, remedy, rule})
}

func (d *diagnoser) warn(sheet string, row int, column, rule, message, remedy string) {
	d.add(Diagnostic{Warning, sheet, row, column, message, remedy, rule})
}

func (d *diagnoser) failed() bool { return d.list.Failed() }

// sorted puts the diagnostics in the order in which an author works through a
// workbook: sheet by sheet, row by row.
func (d *diagnoser) sorted() Diagnostics {
	rank := func(sheet string) int {
		for i, s := range []string{"", "survey", "choices", "external_choices", "entities", "settings"} {
			if s == sheet {
				return i
			}
		}
		return 9
	}
	sort.SliceStable(d.list, func(i, j int) bool {
		a, b := d.list[i], d.list[j]
		if ra, rb := rank(a.Sheet), rank(b.Sheet); ra != rb {
			return ra < rb
		}
		return a.Row < b.Row
	})
	return d.list
}
