package kit

import (
	"fyne.io/fyne/v2"

	"parvis/app/look"
)

// Text is wrapped text in a role. It is never cut: it grows downwards.
type Text struct {
	core
	p    paragraph
	held bool
}

// NewText returns text in a role.
func NewText(role look.Role, text string) *Text {
	t := &Text{p: paragraph{role: role, text: text}}
	t.extend(t)
	return t
}

// NewTextIn returns text in a role with another colour than the role's own.
func NewTextIn(role look.Role, ink look.ColorName, text string) *Text {
	t := NewText(role, text)
	t.p.ink = ink
	return t
}

// Centered sets the text in the middle and returns it.
func (t *Text) Centered() *Text { t.p.align = fyne.TextAlignCenter; return t }

// Trailing sets the text at the right and returns it.
func (t *Text) Trailing() *Text { t.p.align = fyne.TextAlignTrailing; return t }

// Held keeps the height of a line while there is nothing to say, so that what it says later moves nothing; it returns the text.
func (t *Text) Held() *Text { t.held = true; return t }

// Text is what it says.
func (t *Text) Text() string { return t.p.text }

// SetText changes what it says; nothing happens when it says so already.
func (t *Text) SetText(text string) {
	if t.p.text == text {
		return
	}
	t.p.text = text
	t.Refresh()
}

// SetInk changes the colour; empty is the role's own.
func (t *Text) SetInk(ink look.ColorName) {
	if t.p.ink == ink {
		return
	}
	t.p.ink = ink
	t.Refresh()
}

// HeightFor implements Flowing.
func (t *Text) HeightFor(width float32) float32 {
	t.remember(width)
	height := t.p.heightFor(t.themeOf(), width)
	if t.held && height == 0 {
		return t.p.height
	}
	return height
}

func (t *Text) naturalWidth() float32      { return t.p.natural(t.themeOf()) }
func (t *Text) leastWidth() float32        { return min(t.p.longest(t.themeOf()), leastText) }
func (t *Text) paint(look.Theme)           {}
func (t *Text) place(size fyne.Size)       { t.p.place(t.themeOf(), 0, 0, size.Width) }
func (t *Text) parts() []fyne.CanvasObject { return t.p.objects(nil) }

// leastText bounds what one endless word may demand of a page; past it the
// word is broken.
const leastText float32 = 240
