package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parvis/app/look"
)

// EntryKind tells what is typed.
type EntryKind uint8

const (
	// Line is a few words on one line.
	Line EntryKind = iota
	// Verbatim is exact words on many lines.
	Verbatim
	// Integer is a whole number, minus allowed.
	Integer
	// Decimal is a number with a point or a comma.
	Decimal
	// Phone is a telephone number.
	Phone
	// Email is an e-mail address.
	Email
	// Code is an enrolment code: capitals, digits, dashes.
	Code
	// Secret is hidden while it is typed.
	Secret
	// PIN is hidden while it is typed, on the keyboard of figures.
	PIN
	// Moment is a date or a time of day in figures.
	Moment
)

// EntryParams says what an entry is for.
type EntryParams struct {
	Name        string // accessible name: the question or the field's label
	Kind        EntryKind
	Text        string
	Placeholder string
	Rows        int // of a Verbatim at least; 4 if zero
	OnChange    func(text string)
	OnSubmit    func(text string) // Enter, in a Verbatim Ctrl+Enter
	OnFocus     func(focused bool)
}

// Entry is where one types: Fyne's entry with our border, keyboard and filter.
type Entry struct {
	widget.Entry
	name    string
	kind    EntryKind
	onFocus func(bool)
}

// NewEntry returns an entry.
func NewEntry(p EntryParams) *Entry {
	e := &Entry{name: p.Name, kind: p.Kind, onFocus: p.OnFocus}
	e.ExtendBaseWidget(e)
	e.Text = p.Text
	e.PlaceHolder = p.Placeholder
	e.OnChanged = p.OnChange
	e.OnSubmitted = p.OnSubmit
	e.Password = p.Kind == Secret || p.Kind == PIN
	if p.Kind == Verbatim {
		e.MultiLine = true
		e.Wrapping = fyne.TextWrapWord
		e.SetMinRowsVisible(max(p.Rows, 1))
		if p.Rows == 0 {
			e.SetMinRowsVisible(4)
		}
	}
	return e
}

// AccessibleName implements Named.
func (e *Entry) AccessibleName() string { return e.name }

// Kind is what is typed in it.
func (e *Entry) Kind() EntryKind { return e.kind }

// Insert puts text at the cursor with one space on each side where needed, as
// a probe or a mark in a verbatim, and calls OnChange once. It can be undone
// like typing.
func (e *Entry) Insert(text string) {
	runes := []rune(e.Text)
	at := min(e.CursorTextOffset(), len(runes))
	if at > 0 && runes[at-1] != ' ' && runes[at-1] != '\n' {
		text = " " + text
	}
	if at == len(runes) || runes[at] != ' ' {
		text += " "
	}
	e.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: insertion(text)})
}

// insertion is a clipboard that holds what is inserted, since pasting is the
// one way into an entry that keeps cursor and undo right.
type insertion string

// Content implements fyne.Clipboard.
func (i insertion) Content() string { return string(i) }

// SetContent implements fyne.Clipboard; an insertion never changes.
func (i insertion) SetContent(string) {}

// FocusGained is Fyne's hook. One goes on writing after what is there; a tap
// into the text moves the cursor afterwards.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	if e.CursorRow == 0 && e.CursorColumn == 0 && e.Text != "" {
		// who comes back to what was written goes on at its end; a tap elsewhere moves the cursor there afterwards
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	}
	if e.Text != "" && e.CursorRow == 0 && e.CursorColumn == 0 {
		e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	}
	if e.onFocus != nil {
		e.onFocus(true)
	}
}

// FocusLost is Fyne's hook.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	if e.onFocus != nil {
		e.onFocus(false)
	}
}

// Keyboard is Fyne's hook: which soft keyboard opens.
func (e *Entry) Keyboard() mobile.KeyboardType {
	switch e.kind {
	case Verbatim:
		return mobile.DefaultKeyboard
	case Integer, Decimal, Phone, Moment, PIN:
		return mobile.NumberKeyboard
	case Secret:
		return mobile.PasswordKeyboard
	}
	return mobile.SingleLineKeyboard
}

// TypedKey is Fyne's hook. Escape only leaves the entry; the phone's back key,
// which has closed the keyboard before, goes back.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		if c := fyne.CurrentApp().Driver().CanvasForObject(e); c != nil {
			c.Unfocus()
		}
	case mobile.KeyBack:
		passOn(e, k)
	default:
		e.Entry.TypedKey(k)
	}
}

// TypedShortcut is Fyne's hook: Ctrl+Enter submits exact words, in which Enter begins a line.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && (c.KeyName == fyne.KeyReturn || c.KeyName == fyne.KeyEnter) && c.Modifier == fyne.KeyModifierShortcutDefault {
		if e.OnSubmitted != nil {
			e.OnSubmitted(e.Text)
		}
		return
	}
	e.Entry.TypedShortcut(s)
}

// HeightFor implements Flowing: a verbatim grows with what is written, up to
// twelve lines, and scrolls within itself past them.
func (e *Entry) HeightFor(width float32) float32 {
	least := e.MinSize().Height
	if e.kind != Verbatim {
		return max(least, look.Target)
	}
	t := look.Of(e)
	p := paragraph{text: e.Text, role: look.Body}
	pad := 2 * (t.Size(theme.SizeNameInnerPadding) + t.Size(theme.SizeNameInputBorder))
	line := measure("Ég", t.Type(look.Body)).Height
	return max(least, min(p.heightFor(t, width-pad)+line, 12*line)+pad)
}

// TypedRune is Fyne's hook: what cannot be meant is not taken.
func (e *Entry) TypedRune(r rune) {
	switch e.kind {
	case Integer:
		if !strings.ContainsRune("0123456789-", r) {
			return
		}
	case Decimal:
		if !strings.ContainsRune("0123456789-.,", r) {
			return
		}
	case Phone:
		if !strings.ContainsRune("0123456789+ ()/-.", r) {
			return
		}
	case Moment:
		if !strings.ContainsRune("0123456789-/.: h", r) {
			return
		}
	case Code:
		r = []rune(strings.ToUpper(string(r)))[0]
	}
	e.Entry.TypedRune(r)
}
