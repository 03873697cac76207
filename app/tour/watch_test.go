package tour

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ledongthuc/pdf"
	"github.com/xuri/excelize/v2"
)

// watch looks at the interviewers from all sides, at flags and at progress, and saves what is shown; it ends where it began.
func (l *laptop) watch(wide bool) {
	ctx := l.t.Context()
	l.tap(l.word("interviewers.side_rates"))
	if wide {
		l.tap("COOP1")
	}
	l.picture("05-interviewers-rates")
	l.tap(l.word("interviewers.side_pace"))
	l.picture("05-interviewers-pace")
	l.tap(l.word("interviewers.side_devices"))
	l.picture("05-interviewers-devices")
	l.tap(l.word("export.xlsx"))
	l.savedTable(12)
	l.row(copier)
	must(l.t, l.robot.See(ctx, l.word("quality.same_patterns")))
	l.picture("05-interviewer-flagged")
	if close := l.word("common.close"); slices.Contains(l.robot.Names(), close) { // it lies over the page on a phone
		l.tap(close)
	}

	l.to(wide, "nav.flags")
	must(l.t, l.robot.See(ctx, l.word("quality.overlap")))
	l.picture("05-flags")
	l.tap(l.word("export.csv"))
	l.to(wide, "nav.progress")
	must(l.t, l.robot.See(ctx, l.word("progress.days")))
	l.picture("05-progress")
	l.tap(l.word("progress.report"))
	l.savedPaper()
	l.to(wide, "nav.interviewers")
	l.tap(l.word("interviewers.side_contacts"))
}

// row taps what is about an interviewer: a row of a table by its name, one of a list by what its name begins with.
func (l *laptop) row(code string) {
	l.t.Helper()
	for _, name := range l.robot.Names() {
		if name == code || strings.HasPrefix(name, code+", ") {
			l.tap(name)
			return
		}
	}
	l.t.Fatalf("no row of %s", code)
}

// savedTable reads the workbook that was saved last: a heading and a row for each of n.
func (l *laptop) savedTable(n int) {
	l.t.Helper()
	last := l.saved[len(l.saved)-1]
	f, err := excelize.OpenReader(bytes.NewReader(last.data))
	must(l.t, err)
	rows, err := f.GetRows(f.GetSheetName(0))
	must(l.t, err)
	must(l.t, f.Close())
	if len(rows) != n+1 || !strings.HasSuffix(last.name, ".xlsx") || len(rows[0]) < 20 {
		l.t.Errorf("%s has %d rows of %d columns", last.name, len(rows), len(rows[0]))
	}
}

// savedPaper reads the report that was saved last.
func (l *laptop) savedPaper() {
	l.t.Helper()
	last := l.saved[len(l.saved)-1]
	r, err := pdf.NewReader(bytes.NewReader(last.data), int64(len(last.data)))
	must(l.t, err)
	if r.NumPage() < 1 || !strings.HasSuffix(last.name, ".pdf") {
		l.t.Errorf("%s has %d pages", last.name, r.NumPage())
	}
}
