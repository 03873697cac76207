package devices

import (
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/people"
)

// NewDetail shows one device and what can be done about it; nil for one that is not in the list.
func NewDetail(p ViewParams, device string) *kit.Sheet {
	d, known := p.Model.Device(device)
	if !known {
		return nil
	}
	w := p.Words
	return kit.NewSheet(kit.SheetParams{
		Title: p.title(d), Content: append(p.facts(d), p.deeds(d)...), Close: w.T("common.close"), OnClose: func() { p.OnOpen("") },
	})
}

func (p ViewParams) title(d Device) string {
	if d.Account != "" {
		return d.Of(p.Words)
	}
	return p.Words.T("devices.of", "name", d.Interviewer)
}

// badge says a device's state in words and colour.
func (p ViewParams) badge(s State) fyne.CanvasObject {
	kind := map[State]kit.BadgeKind{Active: kit.Fine, Revoked: kit.Warn, Lost: kit.Alarm}[s]
	return kit.Flow(kit.NewBadge(p.Words.T("devices.state_"+string(s)), kind))
}

func (p ViewParams) facts(d Device) []fyne.CanvasObject {
	w := p.Words
	line := func(label, said string) fyne.CanvasObject {
		return kit.Between(kit.NewText(look.Label, label), kit.NewText(look.Strong, said))
	}
	out := []fyne.CanvasObject{p.badge(d.State), line(w.T("devices.device"), d.Name()), line(w.T("interviewers.app"), d.AppVersion), line(w.T("devices.seen"), Heard(w, d.LastSeen, p.Now))}
	if d.Form != "" {
		key := "interviewers.form_line"
		if p.Model.Form != "" && d.Form != p.Model.Form {
			key = "interviewers.form_old"
		}
		out = append(out, kit.NewText(look.Hint, w.T(key, "version", d.Form, "current", p.Model.Form)))
	}
	if gaps := d.Gaps(); len(gaps) > 0 {
		return append(out, kit.NewTextIn(look.Hint, look.Bad, w.T("interviewers.numbers_missing", "ranges", people.Numbers(gaps))))
	}
	return append(out, kit.NewText(look.Hint, w.T("interviewers.nothing_missing")))
}

// deeds are what can be done about a device. One that is only revoked may turn out to be lost.
func (p ViewParams) deeds(d Device) (out []fyne.CanvasObject) {
	w := p.Words
	add := func(key string, kind kit.ButtonKind, tap func()) {
		out = append(out, kit.NewButton(w.T(key), kind, tap))
	}
	if d.State == Active && d.Interviewer != "" {
		add("devices.message", kit.Quiet, func() { p.OnMessage(d.Interviewer) })
	}
	if d.Account == "" {
		add("devices.code_for", kit.Quiet, func() { p.OnCode(d.Interviewer) })
	}
	if d.State == Active {
		add("devices.revoke", kit.Quiet, func() { p.OnEnd(d, false) })
	}
	if d.State != Lost {
		add("devices.lose", kit.Danger, func() { p.OnEnd(d, true) })
	}
	return append(out, kit.NewText(look.Caption, w.T("devices.id", "id", d.Device)))
}

// EndingParams is what the pane of an ending needs.
type EndingParams struct {
	Ending *Ending
	Words  Words
	Now    time.Time
	// OnDo orders it, OnAsk asks central again, OnCancel leaves it.
	OnDo, OnAsk, OnCancel func()
}

// NewEnding says what ending a device means before it is done.
func NewEnding(p EndingParams) *kit.Sheet {
	w, e := p.Words, p.Ending
	out := []fyne.CanvasObject{kit.NewText(look.Hint, w.T("devices.ending_of", "name", e.Device.Of(w), "device", e.Device.Name()))}
	switch {
	case e.Fault.What != "":
		for _, l := range e.Fault.Lines(w) {
			out = append(out, kit.NewTextIn(look.Body, look.Bad, l))
		}
		out = append(out, kit.NewButton(w.T("common.retry"), kit.Quiet, p.OnAsk))
	case e.Known == nil:
		out = append(out, kit.NewText(look.Body, w.T("devices.asking")))
	}
	for _, l := range e.Lines(w, p.Now) {
		out = append(out, kit.NewText(look.Body, l))
	}
	if e.Known != nil {
		out = append(out, p.reason()...)
	}
	out = append(out, kit.NewButton(w.T("common.cancel"), kit.Quiet, p.OnCancel))
	return kit.NewSheet(kit.SheetParams{Title: w.T(e.key("title")), Content: out, Close: w.T("common.close"), OnClose: p.OnCancel})
}

// reason is the field and the button, which waits for it.
func (p EndingParams) reason() []fyne.CanvasObject {
	w, e := p.Words, p.Ending
	do := kit.NewButton(w.T(e.key("do")), kit.Danger, p.OnDo)
	if e.Doing {
		do.SetText(w.T("devices.doing"))
	}
	able := func() {
		if e.Ready() {
			do.Enable()
			return
		}
		do.Disable()
	}
	field := kit.NewField(w.T("devices.reason"), kit.EntryParams{
		Text: e.Reason, Placeholder: w.T("devices.reason_hint"),
		OnChange: func(text string) {
			e.Reason = text
			able()
		},
	})
	able()
	return []fyne.CanvasObject{field, kit.NewText(look.Caption, w.T("devices.reason_why")), do}
}
