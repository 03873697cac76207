package devices

import (
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/sheets"
	"parvis/internal/delivery"
	"parvis/internal/export/table"
)

// ViewParams is what a View needs.
type ViewParams struct {
	Model Model
	Words Words
	Class look.Class
	Now   time.Time
	// Codes are those central knows; Asked tells that it has said, in this run of the app.
	Codes []delivery.CodeState
	Asked bool
	// Last is the code made last in this run of the app, nil for none; OnShow shows it again.
	Last   *Code
	OnShow func()
	// OnChoose shows other devices or another order; OnOpen shows one device, "" none.
	OnChoose func(Choice)
	OnOpen   func(device string)
	// OnCode makes a code, for an interviewer or for one still to be named.
	OnCode func(interviewer string)
	// OnMessage writes to an interviewer; OnEnd begins to end a device.
	OnMessage func(interviewer string)
	OnEnd     func(d Device, lost bool)
	OnExport  func(xlsx bool)
}

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	w, m := p.Words, p.Model
	code := kit.NewButton(w.T("devices.new_code"), kit.Quiet, func() { p.OnCode("") })
	out := []fyne.CanvasObject{kit.Between(p.states(), code), kit.NewText(look.Hint, m.Age(w, p.Now))}
	if p.Last != nil && p.Last.Open(p.Now) {
		said := kit.ColumnGap(0, kit.NewText(look.Strong, w.T("devices.code_of", "name", p.Last.Interviewer)), kit.NewText(look.Hint, p.Last.Status(w, p.Now)))
		out = append(out, kit.NewCard(kit.Between(said, kit.NewButton(w.T("devices.show_code"), kit.Quiet, p.OnShow))))
	}
	switch {
	case len(m.Devices) == 0 && m.At.IsZero():
		out = append(out, kit.NewEmptyState(w.T("devices.none_fetched"), w.T("devices.none_fetched_do"), "", nil))
	case len(m.Devices) == 0:
		out = append(out, kit.NewEmptyState(w.T("devices.none"), w.T("devices.none_do"), "", nil))
	case len(m.Shown()) == 0:
		out = append(out, kit.NewText(look.Hint, w.T("devices.none_shown")))
	default:
		out = append(out, p.list(), kit.NewText(look.Caption, w.T("devices.about")))
	}
	out = append(out, p.codes()...)
	if len(m.Devices) > 0 && p.OnExport != nil {
		out = append(out, kit.Flow(
			kit.NewButton(w.T("export.csv"), kit.Link, func() { p.OnExport(false) }), kit.NewButton(w.T("export.xlsx"), kit.Link, func() { p.OnExport(true) }),
		))
	}
	return out
}

func chip(label string, chosen bool, tap func()) fyne.CanvasObject {
	c := kit.NewChip(label, kit.Plain, tap)
	c.SetChosen(chosen)
	return c
}

// states are chips with how many devices there are of each.
func (p ViewParams) states() fyne.CanvasObject {
	var chips []fyne.CanvasObject
	for _, s := range States() {
		n := p.Model.Counts[s]
		if n == 0 && s != All && s != p.Model.Show {
			continue
		}
		key := "devices.show_all"
		if s != All {
			key = "devices.show_" + string(s)
		}
		next := p.Model.Choice
		next.Show = s
		chips = append(chips, chip(p.Words.T(key, "n", p.Words.Number(n)), s == p.Model.Show, func() { p.OnChoose(next) }))
	}
	return kit.Flow(chips...)
}

func (p ViewParams) list() fyne.CanvasObject {
	drawn := sheets.Params{
		Table: p.Model.Table(p.Words, p.Now), Sort: p.Model.Sort, Descending: p.Model.Descending, OnOpen: p.OnOpen,
		OnSort: func(key string, descending bool) {
			next := p.Model.Choice
			next.Sort, next.Descending = key, descending
			p.OnChoose(next)
		},
		Ink: func(c table.Column, cell table.Cell) look.ColorName {
			switch {
			case c.Key == "missing" && cell.Number > 0, c.Key == "state" && cell.Number == rank(Lost):
				return look.Bad
			case c.Key == "state" && cell.Number == rank(Revoked):
				return look.Caution
			}
			return ""
		},
	}
	if p.Class == look.Laptop {
		return kit.Either(sheets.New(drawn), sheets.List(drawn))
	}
	return sheets.List(drawn)
}

// codesShown is how many codes stand on the page.
const codesShown = 12

// codes are the latest codes and what became of them, as central said last.
func (p ViewParams) codes() []fyne.CanvasObject {
	w := p.Words
	out := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("devices.codes"))}
	switch {
	case !p.Asked:
		return append(out, kit.NewText(look.Hint, w.T("devices.codes_unknown")))
	case len(p.Codes) == 0:
		return append(out, kit.NewText(look.Hint, w.T("devices.codes_none")))
	}
	var rows []fyne.CanvasObject
	for _, c := range p.Codes[:min(len(p.Codes), codesShown)] {
		rows = append(rows, kit.NewListRow(kit.RowParams{Title: c.Interviewer, Subtitle: CodeLine(w, c, p.Now)}))
	}
	return append(out, kit.ColumnGap(0, rows...))
}
