// Package letters is where a supervisor writes to those in the field and sees who has read it. The Letter keeps what is being
// written; the view draws.
package letters

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/sync/protocol"
)

// Letter is the message being written.
type Letter struct {
	To      string // an interviewer's code; empty for everybody
	Text    string
	Sending bool
}

// Request is what central is asked to send; ok is false where there is nothing to send, or too much.
func (l Letter) Request(study string) (r protocol.MessageRequest, ok bool) {
	text := strings.TrimSpace(l.Text)
	n := utf8.RuneCountInString(text)
	return protocol.MessageRequest{Study: study, Interviewer: l.To, Text: text}, n > 0 && n <= delivery.MostMessage
}

// Recipients are the codes one can write to: those who have a device that is not shut out, in their order.
func Recipients(list []desk.Interviewer) (codes []string) {
	for _, i := range list {
		if i.Interviewer != "" && slices.ContainsFunc(i.Devices, func(d delivery.DeviceState) bool { return !d.Revoked }) {
			codes = append(codes, i.Interviewer)
		}
	}
	return codes
}

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Moment(t, now time.Time) string
}

// ViewParams is what the view needs.
type ViewParams struct {
	Words      Words
	Letter     *Letter
	Recipients []string
	Messages   []desk.Message // the latest first
	Now        time.Time
	OnTo       func() // the recipient was changed
	OnSend     func()
}

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	w := p.Words
	send := kit.NewButton(w.T("letters.send"), kit.Primary, p.OnSend)
	able := func() {
		if _, ok := p.Letter.Request(""); ok && !p.Letter.Sending {
			send.Enable()
			return
		}
		send.Disable()
	}
	entry := kit.NewEntry(kit.EntryParams{
		Name: w.T("letters.text"), Kind: kit.Verbatim, Rows: 3, Text: p.Letter.Text, Placeholder: w.T("letters.text_hint"),
		OnChange: func(text string) {
			p.Letter.Text = text
			able()
		},
	})
	able()
	if p.Letter.Sending {
		send.SetText(w.T("letters.sending"))
	}
	out := []fyne.CanvasObject{kit.NewCard(kit.NewText(look.Heading, w.T("letters.to")), p.recipients(), entry, send)}
	if len(p.Messages) == 0 {
		return append(out, kit.NewText(look.Hint, w.T("letters.none")))
	}
	for _, m := range p.Messages {
		out = append(out, p.card(m))
	}
	return out
}

func (p ViewParams) recipients() fyne.CanvasObject {
	chip := func(label, code string) fyne.CanvasObject {
		c := kit.NewChip(label, kit.Plain, func() {
			p.Letter.To = code
			p.OnTo()
		})
		c.SetChosen(p.Letter.To == code)
		return c
	}
	chips := []fyne.CanvasObject{chip(p.Words.T("letters.everybody"), "")}
	for _, code := range p.Recipients {
		chips = append(chips, chip(code, code))
	}
	return kit.Flow(chips...)
}

func (p ViewParams) card(m desk.Message) fyne.CanvasObject {
	w := p.Words
	to := w.T("letters.everybody")
	switch {
	case m.Interviewer != "":
		to = w.T("today.interviewer", "name", m.Interviewer)
	case m.Device != "":
		to = w.T("letters.one_device")
	}
	sent := w.Moment(time.UnixMilli(m.At).In(p.Now.Location()), p.Now)
	read, kind := w.T("letters.unread"), kit.Calm
	if len(m.ReadBy) > 0 {
		read, kind = w.T("letters.read_by", "names", strings.Join(m.ReadBy, ", ")), kit.Fine
	}
	return kit.NewCard(kit.NewText(look.Caption, w.T("letters.line", "from", m.From, "to", to, "when", sent)),
		kit.NewText(look.Body, m.Text), kit.Flow(kit.NewBadge(read, kind)))
}
