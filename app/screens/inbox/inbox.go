// Package inbox shows an interviewer what the supervisor wrote, and notes what has been read.
package inbox

import (
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/fieldstore"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	Moment(t, now time.Time) string
}

// Params is what the page needs.
type Params struct {
	Words    Words
	Messages []fieldstore.Message // the latest first
	Now      time.Time
	OnBack   func()
	// OnRead notes that a message was read; the supervisor learns of it.
	OnRead func(id string)
	// OnOpen shows the interview that a message sends back for correction.
	OnOpen func(interview string)
}

// New makes the page.
func New(p Params) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("nav.messages")})
	if len(p.Messages) == 0 {
		return kit.NewPage(kit.PageParams{Top: top, Body: []fyne.CanvasObject{kit.NewEmptyState(w.T("inbox.none"), w.T("inbox.none_do"), "", nil)}})
	}
	var body []fyne.CanvasObject
	for _, m := range p.Messages {
		body = append(body, p.card(m))
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}

func (p Params) card(m fieldstore.Message) fyne.CanvasObject {
	w := p.Words
	sent := time.UnixMilli(m.At).In(p.Now.Location())
	head := kit.NewText(look.Caption, w.T("inbox.from", "name", m.From, "when", w.Moment(sent, p.Now)))
	card := []fyne.CanvasObject{head, kit.NewText(look.Body, m.Text)}
	var buttons []fyne.CanvasObject
	if m.Interview != "" {
		buttons = append(buttons, kit.NewButton(w.T("inbox.open"), kit.Primary, func() { p.OnOpen(m.Interview) }))
	}
	if m.Read == 0 {
		card[0] = kit.Between(head, kit.NewBadge(w.T("inbox.new"), kit.Warn))
		buttons = append(buttons, kit.NewButton(w.T("inbox.read"), kit.Quiet, func() { p.OnRead(m.ID) }))
	}
	return kit.NewCard(append(card, buttons...)...)
}
