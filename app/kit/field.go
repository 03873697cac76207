package kit

import (
	"fyne.io/fyne/v2"

	"parvis/app/look"
)

// Field is a label, an entry and, when something is wrong, what to do.
type Field struct {
	core
	label   *Text
	entry   *Entry
	message *Text
}

// NewField returns an entry with its label above.
func NewField(label string, p EntryParams) *Field {
	if p.Name == "" {
		p.Name = label
	}
	f := &Field{label: NewText(look.Label, label), entry: NewEntry(p), message: NewTextIn(look.Caption, look.Bad, "")}
	f.label.p.bold = true
	f.extend(f)
	return f
}

// Entry is the entry of the field.
func (f *Field) Entry() *Entry { return f.entry }

// SetMessage says what is wrong and what to do; empty for nothing.
func (f *Field) SetMessage(m string) { f.message.SetText(m); f.Refresh() }

func (f *Field) heights(width float32) (label, entry, message float32) {
	label, message = f.label.HeightFor(width), f.message.HeightFor(width)
	entry = f.entry.HeightFor(width)
	return label, entry, message
}

// HeightFor implements Flowing.
func (f *Field) HeightFor(width float32) float32 {
	f.remember(width)
	l, e, m := f.heights(width)
	if m > 0 {
		m += look.Unit
	}
	return l + look.Unit + e + m
}

func (f *Field) leastWidth() float32 { return 120 }
func (f *Field) paint(look.Theme)    {}

func (f *Field) place(size fyne.Size) {
	l, e, m := f.heights(size.Width)
	put(f.label, 0, 0, size.Width, l)
	put(f.entry, 0, l+look.Unit, size.Width, e)
	put(f.message, 0, l+look.Unit+e+look.Unit, size.Width, m)
}

func (f *Field) parts() []fyne.CanvasObject {
	return []fyne.CanvasObject{f.label, f.entry, f.message}
}
