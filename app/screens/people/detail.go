package people

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/flags"
	"parvis/app/screens/outcome"
	"parvis/internal/delivery"
)

// NewDetail shows one interviewer: flags, every outcome and rate apart, devices, what is missing. It is nil for one who is not in the list.
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

func (p ViewParams) line(label, figure string) fyne.CanvasObject {
	return kit.Between(kit.NewText(look.Label, label), kit.NewText(look.Strong, figure))
}

func (p ViewParams) detail(i Interviewer) []fyne.CanvasObject {
	w := p.Words
	var out []fyne.CanvasObject
	if len(i.Flags) > 0 {
		out = append(out, kit.NewText(look.Heading, w.N("quality.count", len(i.Flags))))
		out = append(out, flags.Cards(p.Flags, i.Flags)...)
		out = append(out, kit.NewText(look.Caption, w.T("quality.what_it_is")))
	}
	if p.Next != "" {
		out = append(out, kit.ColumnGap(0, kit.NewText(look.Label, w.T("plan.next")), kit.NewText(look.Strong, p.Next)))
	}
	out = append(out, p.work(i)...)
	out = append(out, kit.NewButton(w.T("interviewers.read"), kit.Quiet, func() { p.OnRead(i.Interviewer.Interviewer) }))
	out = append(out, kit.NewText(look.Heading, w.T("interviewers.by_outcome")))
	for _, d := range outcome.All() {
		if n := i.Contacts[d]; n > 0 {
			out = append(out, p.line(w.T(outcome.Key(d)), w.Number(n)))
		}
	}
	out = append(out, p.rates(i)...)
	out = append(out, kit.NewText(look.Heading, w.T("interviewers.devices")))
	for _, d := range i.Devices {
		out = append(out, p.device(i, d)...)
	}
	return append(out, kit.NewText(look.Caption, w.T("interviewers.all_time_note")))
}

func (p ViewParams) work(i Interviewer) []fyne.CanvasObject {
	w := p.Words
	out := []fyne.CanvasObject{p.line(w.T("interviewers.passed"), w.Number(i.Passed))}
	for _, c := range paceOf(w) {
		out = append(out, p.line(c.Title, c.cell(i).Text))
	}
	return out
}

// rates are all of AAPOR's, which the table has no room for.
func (p ViewParams) rates(i Interviewer) []fyne.CanvasObject {
	w := p.Words
	if i.Tally.Selected() == 0 {
		return nil
	}
	out := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("interviewers.rates"))}
	for _, name := range RateNames() {
		out = append(out, p.line(name, w.Percent(RateOf(i.Rates, name))))
	}
	return append(out, kit.NewText(look.Caption, w.T("interviewers.e_is", "e", w.Percent(i.Rates.E))))
}

func (p ViewParams) device(i Interviewer, d delivery.DeviceState) []fyne.CanvasObject {
	w := p.Words
	said := w.T("interviewers.device_line", "platform", d.Platform, "version", d.AppVersion, "when", heard(w, d.LastSeen, p.Now))
	if d.Revoked {
		said += ", " + w.T("interviewers.signed_off")
	}
	out := []fyne.CanvasObject{kit.NewText(look.Hint, said)}
	if v := i.Forms[d.Device]; v != "" {
		key := "interviewers.form_line"
		if p.Model.Form != "" && v != p.Model.Form {
			key = "interviewers.form_old"
		}
		out = append(out, kit.NewText(look.Hint, w.T(key, "version", v, "current", p.Model.Form)))
	}
	if len(d.Missing) > 0 {
		return append(out, kit.NewTextIn(look.Hint, look.Bad, w.T("interviewers.numbers_missing", "ranges", Numbers(d.Missing))))
	}
	return append(out, kit.NewText(look.Hint, w.T("interviewers.nothing_missing")))
}
