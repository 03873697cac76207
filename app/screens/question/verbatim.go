package question

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
)

// verbatim is the exact words: probes above, a large entry, the count of words and "saved" below.
type verbatim struct {
	troubled
	v       *View
	it      Item
	entry   *kit.Entry
	count   *kit.Text
	probes  fyne.CanvasObject
	reading *kit.Button
	dirty   bool
}

func newVerbatim(v *View, it Item) *verbatim {
	b := &verbatim{v: v, it: it, count: kit.NewText(look.Caption, ""), troubled: newTroubled()}
	b.entry = kit.NewEntry(kit.EntryParams{Name: it.Label, Kind: kit.Verbatim, Text: it.Value, OnChange: b.changed, OnFocus: v.focused, OnSubmit: func(string) { v.onward(it.Ref) }})
	b.probes = b.chips()
	b.reading = kit.NewButton(v.w.T("verbatim.read_back"), kit.Link, b.readBack)
	b.show(it)
	return b
}

func (b *verbatim) chips() fyne.CanvasObject {
	p, w := b.v.p.Presenter, b.v.w
	var chips []fyne.CanvasObject
	for _, probe := range b.it.Probes {
		label := probe.Label.In(p.p.Interview.Language(), "")
		chips = append(chips, kit.NewChip(label, kit.Plain, func() {
			b.mark(label, func(ctx context.Context) error { return p.Probe(ctx, b.it.Ref, probe.Name, b.entry.Text) })
		}))
	}
	chips = append(chips, kit.NewChip(w.T("verbatim.pause"), kit.Plain, func() {
		b.mark("…", func(ctx context.Context) error { return p.Pause(ctx, b.it.Ref, b.entry.Text) })
	}))
	if b.v.p.Class == look.Phone {
		return kit.Rail(chips...)
	}
	return kit.Flow(chips...)
}

// mark records that something was said or left unsaid where the text now ends, and shows it in the text's margin; the words
// themselves stay the respondent's own.
func (b *verbatim) mark(label string, record func(context.Context) error) {
	if _, err := b.settle(context.Background()); err != nil {
		b.v.p.OnError(err)
		return
	}
	b.v.do(record)
}

func (b *verbatim) changed(text string) {
	b.dirty = true
	b.v.touched()
	b.v.touched()
	if err := b.v.p.Presenter.Draft(context.Background(), b.it.Ref, strings.TrimSpace(text)); err != nil {
		b.v.p.OnError(err)
		return
	}
	b.tell(true)
}

func (b *verbatim) tell(saved bool) {
	n := len(strings.Fields(b.entry.Text))
	words := b.v.w.N("verbatim.words_saving", n)
	if saved && n > 0 {
		words = b.v.w.N("verbatim.words_saved", n)
	}
	if marks := len(b.it.Marks); marks > 0 {
		words += " · " + b.v.w.N("verbatim.marks", marks)
	}
	b.count.SetText(words)
}

func (b *verbatim) settle(ctx context.Context) (bool, error) {
	if !b.dirty {
		return true, nil
	}
	if err := b.v.p.Presenter.Write(ctx, b.it.Ref, b.entry.Text); err != nil {
		return true, err
	}
	b.dirty = false
	return true, nil
}

func (b *verbatim) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{b.probes, b.problem, b.entry, kit.Between(b.count, b.reading)}
}

func (b *verbatim) grows() fyne.CanvasObject { return b.entry }

func (b *verbatim) show(it Item) {
	b.it = it
	b.tell(!b.dirty || it.Value != "")
	b.say(b.v.problem(it))
}

// readBack shows the words large, with the probes and pauses where they fell, so that the respondent can hear them again.
func (b *verbatim) readBack() {
	if _, err := b.settle(context.Background()); err != nil {
		b.v.p.OnError(err)
		return
	}
	text := kit.NewText(look.Question, "« "+b.annotated()+" »")
	b.v.sheet = b.v.p.Class == look.Phone // the back key takes it away
	page := b.v.page
	page.SetSheet(kit.NewSheet(kit.SheetParams{
		Title: b.v.w.T("verbatim.read_back"), Content: []fyne.CanvasObject{text},
		Close: b.v.w.T("common.close"), OnClose: func() { b.v.moved(false) },
	}))
}

// annotated is the text with its marks in square brackets where they were set.
func (b *verbatim) annotated() string {
	runes := []rune(strings.TrimSpace(b.entry.Text))
	var out strings.Builder
	at := 0
	for _, m := range b.it.Marks {
		end := min(max(m.Position, at), len(runes))
		out.WriteString(string(runes[at:end]))
		out.WriteString(" [" + b.labelOf(m.Kind, m.Label) + "] ")
		at = end
	}
	out.WriteString(string(runes[at:]))
	return strings.Join(strings.Fields(out.String()), " ")
}

func (b *verbatim) labelOf(kind, name string) string {
	for _, p := range b.it.Probes {
		if kind == interview.MarkProbe && p.Name == name {
			return p.Label.In(b.v.p.Presenter.p.Interview.Language(), "")
		}
	}
	return b.v.w.T("verbatim.pause")
}
