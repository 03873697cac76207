package people

import (
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/outcome"
	"parvis/internal/delivery"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	Number(n int) string
	Percent(share float64) string
	Moment(t, now time.Time) string
	Day(t time.Time) string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Model Model
	Words Words
	Class look.Class
	Now   time.Time
	// OnDay shows another day, empty for all; OnOpen shows one interviewer.
	OnDay  func(day string)
	OnOpen func(code string)
	// OnRead lists the interviews of one interviewer.
	OnRead func(code string)
	// OnTakeIn brings in a file from a device that cannot sync any more.
	OnTakeIn func()
}

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	w := p.Words
	if len(p.Model.List) == 0 && len(p.Model.Days) == 0 {
		return []fyne.CanvasObject{kit.NewEmptyState(w.T("interviewers.none"), w.T("interviewers.none_do"), "", nil), p.takeIn()}
	}
	return []fyne.CanvasObject{p.days(), p.table(), kit.NewText(look.Caption, w.T("interviewers.rr1_is")), p.takeIn()}
}

func (p ViewParams) takeIn() fyne.CanvasObject {
	return kit.NewButton(p.Words.T("takein.button"), kit.Link, p.OnTakeIn)
}

func (p ViewParams) days() fyne.CanvasObject {
	w := p.Words
	all := kit.NewChip(w.T("interviewers.all_days"), kit.Plain, func() { p.OnDay("") })
	all.SetChosen(p.Model.Day == "")
	chips := []fyne.CanvasObject{all}
	for _, day := range p.Model.Days {
		label := day
		if t, err := time.Parse(time.DateOnly, day); err == nil {
			label = w.Day(t)
		}
		chip := kit.NewChip(label, kit.Plain, func() { p.OnDay(day) })
		chip.SetChosen(day == p.Model.Day)
		chips = append(chips, chip)
	}
	return kit.Flow(chips...)
}

// column is one column of the table; narrow ones stay on phones.
type column struct {
	key    string
	narrow bool
	number bool
	value  func(Interviewer) kit.TableCell
}

func (p ViewParams) columns() []column {
	w := p.Words
	figure := func(n func(Interviewer) int) func(Interviewer) kit.TableCell {
		return func(i Interviewer) kit.TableCell { return kit.TableCell{Text: w.Number(n(i))} }
	}
	all := []column{
		{"interviewers.name", true, false, func(i Interviewer) kit.TableCell { return kit.TableCell{Text: i.Interviewer.Interviewer, Strong: true} }},
		{"interviewers.approached", false, true, figure(func(i Interviewer) int { return i.Approached })},
		{"interviewers.completes", true, true, func(i Interviewer) kit.TableCell { return kit.TableCell{Text: w.Number(i.Completes), Strong: true} }},
		{"interviewers.refused", false, true, figure(func(i Interviewer) int { return i.Refused })},
		{"interviewers.broke_off", false, true, figure(func(i Interviewer) int { return i.BrokeOff })},
		{"interviewers.not_eligible", false, true, figure(func(i Interviewer) int { return i.NotEligible })},
		{"interviewers.other", false, true, figure(func(i Interviewer) int { return i.Other })},
		{"interviewers.rr1", true, true, func(i Interviewer) kit.TableCell { return kit.TableCell{Text: p.rate(i)} }},
		{"interviewers.last_sync", false, true, func(i Interviewer) kit.TableCell { return kit.TableCell{Text: p.heard(i.LastSeen)} }},
		{"interviewers.missing", true, true, p.missing},
	}
	if p.Class == look.Laptop {
		return all
	}
	var few []column
	for _, c := range all {
		if c.narrow || p.Class == look.Tablet && (c.key == "interviewers.approached" || c.key == "interviewers.refused" || c.key == "interviewers.last_sync") {
			few = append(few, c)
		}
	}
	return few
}

func (p ViewParams) rate(i Interviewer) string {
	if i.Approached == 0 {
		return "–"
	}
	return p.Words.Percent(i.RR1)
}

func (p ViewParams) heard(at int64) string {
	if at == 0 {
		return p.Words.T("interviewers.never")
	}
	return p.Words.Moment(time.UnixMilli(at).In(p.Now.Location()), p.Now)
}

func (p ViewParams) missing(i Interviewer) kit.TableCell {
	if i.MissingRecords == 0 {
		return kit.TableCell{Text: "0"}
	}
	return kit.TableCell{Text: p.Words.Number(int(i.MissingRecords)), Strong: true, Ink: look.Bad}
}

func (p ViewParams) table() fyne.CanvasObject {
	columns := p.columns()
	var heads []kit.TableColumn
	for _, c := range columns {
		heads = append(heads, kit.TableColumn{Title: p.Words.T(c.key), Number: c.number})
	}
	table := kit.NewTable(heads...)
	var rows []kit.TableRow
	for _, i := range p.Model.List {
		row := kit.TableRow{Name: i.Interviewer.Interviewer, OnTap: func() { p.OnOpen(i.Interviewer.Interviewer) }}
		for _, c := range columns {
			row.Cells = append(row.Cells, c.value(i))
		}
		rows = append(rows, row)
	}
	table.SetRows(rows...)
	return table
}

// NewDetail shows one interviewer: every outcome apart, devices, what is missing. It is nil for one who is not in the list.
func NewDetail(p ViewParams, code string, onClose func()) *kit.Sheet {
	for _, i := range p.Model.List {
		if i.Interviewer.Interviewer == code {
			w := p.Words
			return kit.NewSheet(kit.SheetParams{
				Title: w.T("today.interviewer", "name", code), Content: p.detail(i), Close: w.T("common.close"), OnClose: onClose,
			})
		}
	}
	return nil
}

func (p ViewParams) detail(i Interviewer) []fyne.CanvasObject {
	w := p.Words
	line := func(key, figure string) fyne.CanvasObject {
		return kit.Between(kit.NewText(look.Label, w.T(key)), kit.NewText(look.Strong, figure))
	}
	out := []fyne.CanvasObject{
		line("interviewers.rr1", p.rate(i)),
		line("interviewers.passed", w.Number(i.Passed)),
		line("interviewers.open_shifts", w.Number(i.OpenShifts)),
		kit.NewText(look.Heading, w.T("interviewers.by_outcome")),
	}
	for _, d := range outcome.All() {
		if n := i.Contacts[d]; n > 0 {
			out = append(out, line(outcome.Key(d), w.Number(n)))
		}
	}
	out = append(out, kit.NewText(look.Heading, w.T("interviewers.devices")))
	for _, d := range i.Devices {
		out = append(out, p.device(d)...)
	}
	out = append(out, kit.NewText(look.Caption, w.T("interviewers.all_time_note")))
	return append(out, kit.NewButton(w.T("interviewers.read"), kit.Quiet, func() { p.OnRead(i.Interviewer.Interviewer) }))
}

func (p ViewParams) device(d delivery.DeviceState) []fyne.CanvasObject {
	w := p.Words
	said := w.T("interviewers.device_line", "platform", d.Platform, "version", d.AppVersion, "when", p.heard(d.LastSeen))
	if d.Revoked {
		said += ", " + w.T("interviewers.signed_off")
	}
	out := []fyne.CanvasObject{kit.NewText(look.Hint, said)}
	if len(d.Missing) > 0 {
		return append(out, kit.NewTextIn(look.Hint, look.Bad, w.T("interviewers.numbers_missing", "ranges", Numbers(d.Missing))))
	}
	return append(out, kit.NewText(look.Hint, w.T("interviewers.nothing_missing")))
}
