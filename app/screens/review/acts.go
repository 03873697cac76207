package review

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

// acts is what can be done with the interview that is read; it stays at the bottom. A phone has room for the two that are wanted most.
func (p ViewParams) acts(r Reading) fyne.CanvasObject {
	verdict := []fyne.CanvasObject{p.begin("review.accept", kit.Primary, delivery.ReviewAccept), p.begin("review.reject", kit.Quiet, delivery.ReviewReject)}
	if p.Class == look.Phone {
		return kit.NewStrip(append(verdict, kit.NewButton(p.Words.T("review.more_acts"), kit.Quiet, p.Do.More))...)
	}
	return kit.Inset(look.Gap, kit.Flow(append(verdict, p.others(r)...)...))
}

func (p ViewParams) begin(key string, kind kit.ButtonKind, what delivery.DecisionKind) fyne.CanvasObject {
	return kit.NewButton(p.Words.T(key), kind, func() { p.Do.Begin(what) })
}

func (p ViewParams) others(r Reading) []fyne.CanvasObject {
	buttons := []fyne.CanvasObject{p.begin("review.return", kit.Quiet, delivery.ReviewReturn), p.begin("review.comment", kit.Quiet, delivery.ReviewComment)}
	if r.ToCall {
		buttons = append(buttons, p.begin("review.call", kit.Quiet, delivery.BackCheck))
	}
	return buttons
}

// moreActs is what a phone has no room for.
func (p ViewParams) moreActs(r Reading) *kit.Sheet {
	return kit.NewSheet(kit.SheetParams{Title: p.Words.T("review.more_acts"), Content: p.others(r), Close: p.Words.T("common.close"), OnClose: p.Do.More})
}

// draft is the decision that is being made; nil for none.
func (p ViewParams) draft(r Reading) fyne.CanvasObject {
	w, d := p.Words, &p.Presenter.Draft
	switch d.Kind {
	case delivery.ReviewReject:
		return p.card(w.T("review.why_title"), "", p.reasons(), p.entry("review.why_words", ""), p.end("review.reject", kit.Danger))
	case delivery.ReviewReturn:
		return p.card(w.T("review.return_title", "name", r.Interviewer), w.T("review.return_note"), nil, p.entry("review.message", "review.message_hint"), p.end("review.return", kit.Primary))
	case delivery.ReviewComment:
		return p.card(w.T("review.comment_title"), w.T("review.comment_note"), nil, p.entry("review.comment", ""), p.end("review.save", kit.Primary))
	case delivery.BackCheck:
		return p.card(w.T("review.call_title"), p.sealed(), p.results(), p.entry("review.call_note", ""), p.end("", kit.Quiet))
	}
	return nil
}

func (p ViewParams) card(title, note string, choices, entry, end fyne.CanvasObject) fyne.CanvasObject {
	body := []fyne.CanvasObject{kit.NewText(look.Heading, title)}
	if note != "" {
		body = append(body, kit.NewText(look.Hint, note))
	}
	for _, o := range []fyne.CanvasObject{choices, entry, end} {
		if o != nil {
			body = append(body, o)
		}
	}
	return kit.NewCard(body...)
}

// reasons are the usual ones: a tap rejects, since it can be undone.
func (p ViewParams) reasons() fyne.CanvasObject {
	var chips []fyne.CanvasObject
	for n, reason := range RejectReasons() {
		chips = append(chips, kit.NewChip(p.numbered(n, p.Words.T("review.why_"+reason)), kit.Plain, func() { p.Do.Pick(n) }))
	}
	return kit.Flow(chips...)
}

// results are what can come of a call: a tap records it.
func (p ViewParams) results() fyne.CanvasObject {
	var chips []fyne.CanvasObject
	for n, result := range delivery.BackCheckResults() {
		chips = append(chips, kit.NewChip(p.numbered(n, p.Words.T("review.result_"+string(result))), kit.Plain, func() { p.Do.Pick(n) }))
	}
	return kit.Flow(chips...)
}

// numbered puts the key before the words, where there are keys.
func (p ViewParams) numbered(n int, words string) string {
	if fyne.CurrentDevice().IsMobile() {
		return words
	}
	return fmt.Sprintf("%d  %s", n+1, words)
}

func (p ViewParams) entry(name, hint string) fyne.CanvasObject {
	params := kit.EntryParams{
		Name: p.Words.T(name), Kind: kit.Verbatim, Rows: 2, Text: p.Presenter.Draft.Text,
		OnChange: func(text string) {
			p.Presenter.Draft.Text = text
			p.able()
		},
		OnSubmit: func(string) { p.Do.Decide() },
	}
	if hint != "" {
		params.Placeholder = p.Words.T(hint)
	}
	e := kit.NewEntry(params)
	if p.Typing != nil && p.Presenter.Draft.Kind != delivery.ReviewReject && p.Presenter.Draft.Kind != delivery.BackCheck {
		p.Typing(e)
	}
	return kit.ColumnGap(look.Unit, kit.NewText(look.Label, p.Words.T(name)), e)
}

// end closes a draft; without a key only leaving it.
func (p ViewParams) end(key string, kind kit.ButtonKind) fyne.CanvasObject {
	leave := kit.NewButton(p.Words.T("common.cancel"), kit.Quiet, p.Do.Leave)
	if key == "" {
		return kit.Flow(leave)
	}
	p.open.done = kit.NewButton(p.Words.T(key), kind, p.Do.Decide)
	p.able()
	return kit.Grid(2, p.open.done, leave)
}

// able lets a draft be closed once it says enough.
func (p ViewParams) able() {
	done := p.open.done
	if done == nil || done.Disabled() != p.Presenter.Draft.Ready() {
		return
	}
	if done.Disabled() {
		done.Enable()
	} else {
		done.Disable()
	}
}

// sealed says who can open the name and phone of a respondent.
func (p ViewParams) sealed() string {
	var keys []string
	for _, k := range p.Presenter.Study().Recipients {
		keys = append(keys, k[:min(len(k), 12)]+"…")
	}
	if len(keys) == 0 {
		return p.Words.T("review.call_nobody")
	}
	return p.Words.T("review.call_who", "keys", strings.Join(keys, ", "))
}

// history is what was decided, the latest first.
func (p ViewParams) history(r Reading) []fyne.CanvasObject {
	w := p.Words
	out := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("review.decisions"))}
	if len(r.Decided) == 0 {
		return append(out, kit.NewText(look.Hint, w.T("review.nothing_decided")))
	}
	for i := len(r.Decided) - 1; i >= 0; i-- {
		d := r.Decided[i]
		when := w.Moment(time.UnixMilli(d.MadeAt).In(p.Now.Location()), p.Now)
		head := fyne.CanvasObject(kit.NewText(look.Strong, p.what(d)))
		switch d.State {
		case desk.Waiting, desk.InFlight:
			head = kit.Between(head, kit.NewBadge(w.T("review.pending"), kit.Warn))
		case desk.Refused:
			head = kit.Between(head, kit.NewBadge(w.T("review.refused"), kit.Alarm))
		}
		lines := []fyne.CanvasObject{head}
		if said := p.said(d); said != "" {
			lines = append(lines, kit.NewText(look.Body, said))
		}
		lines = append(lines, kit.NewText(look.Caption, w.T("review.by", "name", d.MadeBy, "when", when)))
		if d.Refusal != "" {
			lines = append(lines, kit.NewTextIn(look.Hint, look.Bad, w.T("review.refused_why", "why", d.Refusal)))
		}
		out = append(out, kit.ColumnGap(0, lines...))
	}
	return out
}

// what is a decision in a word or two.
func (p ViewParams) what(d desk.Decided) string {
	if key := "review.did_" + string(d.Kind); p.Words.Has(key) {
		if result := p.resultOf(d); result != "" {
			return p.Words.T(key) + ": " + result
		}
		return p.Words.T(key)
	}
	return string(d.Kind)
}

func (p ViewParams) resultOf(d desk.Decided) string {
	if d.Kind != delivery.BackCheck {
		return ""
	}
	body, err := d.Read()
	called, ok := body.(*delivery.BackChecked)
	if err != nil || !ok {
		return ""
	}
	return p.Words.T("review.result_" + string(called.Result))
}

// said is what was written with a decision: the reason, the comment or the message.
func (p ViewParams) said(d desk.Decided) string {
	if body, err := d.Read(); err == nil {
		if back, ok := body.(*delivery.Return); ok {
			return "“" + back.Message + "”"
		}
	}
	if d.Kind == delivery.ReviewReject {
		return p.reason("review.why_", d.Reason)
	}
	return d.Reason
}
