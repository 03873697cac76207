package deskapp

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"parvis/app/screens/flags"
	"parvis/app/screens/shiftpaper"
	"parvis/internal/export/table"
	"parvis/internal/study"
)

// exporting are the buttons that save a table as it is when one is tapped.
func (a *App) exporting(of func() table.Table) fyne.CanvasObject {
	return flags.Exporting(a.p.Words, func(xlsx bool) { a.export(of(), xlsx) })
}

// export lets a person save a table.
func (a *App) export(t table.Table, xlsx bool) {
	write, ending := t.CSV, ".csv"
	if xlsx {
		write, ending = t.XLSX, ".xlsx"
	}
	data, err := write()
	if err != nil {
		a.trouble(err)
		return
	}
	a.save(fileName(a.study, t.Title)+ending, data)
}

// printShift lets a person save a day at a site as PDF.
func (a *App) printShift(st study.Study, day, site string) {
	r, err := shiftpaper.Make(a.ctx, a.p.Store, shiftpaper.Params{
		Study: st, Day: day, Site: site, Words: a.p.Words, Now: a.p.Now(), Picture: a.foot(),
		Question: func(ref string) string { return a.question(st, ref) },
		Regular:  theme.DefaultTextFont().Content(), Bold: theme.DefaultTextBoldFont().Content(),
	})
	var data []byte
	if err == nil {
		data, err = r.PDF()
	}
	if err != nil {
		a.trouble(err)
		return
	}
	a.save(fileName(a.study, site, day)+".pdf", data)
}

func (a *App) save(name string, data []byte) {
	save := a.p.SaveFile
	if save == nil {
		save = a.shell.SaveFile
	}
	save(name, data, func(saved bool, err error) {
		switch {
		case err != nil:
			a.trouble(err)
		case saved:
			a.shell.Notice(a.p.Words.T("export.saved", "name", name))
		}
	})
}

// fileName makes a name of parts that every system takes.
func fileName(parts ...string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' {
			return unicode.ToLower(r)
		}
		return '-'
	}, strings.Join(parts, "-"))
}
