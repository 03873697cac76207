package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// ButtonKind is the weight of a button. A screen has one primary action.
type ButtonKind uint8

const (
	// Quiet is every action but the one.
	Quiet ButtonKind = iota
	// Primary is the one action of a screen.
	Primary
	// Danger ends or throws away something.
	Danger
	// Link is words alone, in the primary colour.
	Link
	// OnFilled is the button on a card that is itself primary.
	OnFilled
)

// Button is words on a rounded rectangle.
type Button struct {
	press
	kind  ButtonKind
	high  float32
	pad   float32
	box   *canvas.Rectangle
	label paragraph
	name  string
}

// NewButton returns a button of 48 dp height.
func NewButton(text string, kind ButtonKind, onTap func()) *Button {
	b := &Button{kind: kind, high: look.Target, pad: look.Padding, box: &canvas.Rectangle{}}
	b.label = paragraph{text: text, role: look.Action, align: fyne.TextAlignCenter}
	if kind == Link {
		b.pad = look.Unit
	}
	b.onTap = onTap
	b.extend(b)
	return b
}

// Tall sets the least height in dp (48 to 96) and returns the button; from 64
// on its words are larger.
func (b *Button) Tall(height float32) *Button {
	b.high = min(max(height, look.Target), look.ButtonHuge)
	b.label.role = look.Action
	switch {
	case b.high >= look.ButtonHuge:
		b.label.role = look.ActionLarge
	case b.high >= look.ButtonLarge:
		b.label.role = look.Heading
	}
	return b
}

// Called gives the button another accessible name than its words, for words
// that say too little ("FR"), and returns it.
func (b *Button) Called(name string) *Button { b.name = name; return b }

// Text is the words on it.
func (b *Button) Text() string { return b.label.text }

// SetText changes the words.
func (b *Button) SetText(text string) {
	if b.label.text == text {
		return
	}
	b.label.text = text
	b.Refresh()
}

// SetKind changes the weight.
func (b *Button) SetKind(k ButtonKind) {
	if b.kind == k {
		return
	}
	b.kind = k
	b.Refresh()
}

// SetOnTapped changes what a tap calls.
func (b *Button) SetOnTapped(f func()) { b.onTap = f }

// AccessibleName implements Named.
func (b *Button) AccessibleName() string {
	if b.name != "" {
		return b.name
	}
	return b.label.text
}

// HeightFor implements Flowing.
func (b *Button) HeightFor(width float32) float32 {
	b.remember(width)
	return max(b.high, b.label.heightFor(b.themeOf(), width-2*b.pad)+look.Padding)
}

func (b *Button) leastWidth() float32 {
	return max(look.Target, b.label.longest(b.themeOf())+2*b.pad)
}

func (b *Button) naturalWidth() float32 {
	return max(look.Target, b.label.natural(b.themeOf())+2*b.pad)
}

func (b *Button) colours() (fill, ink look.ColorName) {
	switch b.kind {
	case Primary:
		return look.Primary, look.OnPrimary
	case Danger:
		return b.quiet(), look.Bad
	case OnFilled:
		return look.OnPrimary, look.Primary
	case Link:
		return look.Surface, look.Primary
	}
	return b.quiet(), look.Text
}

func (b *Button) paint(t look.Theme) {
	fill, ink := b.colours()
	stroke, width := ink, float32(0)
	switch {
	case b.kind == Danger:
		stroke, width = look.Bad, t.LineWidth()
	case b.kind == Quiet && t.Variant() == look.Sunlight:
		stroke, width = look.Line, t.LineWidth()
	}
	if b.disabled {
		fill, ink = look.Control, look.Muted
		stroke, width = look.Line, 1
	}
	shape(b.box, t, fill, stroke, width, min(look.RadiusButton+b.high/24, look.RadiusCard))
	if b.kind == Link && !b.active() {
		b.box.FillColor = nil
	}
	b.label.ink, b.label.thin = ink, b.disabled
	if (b.kind == Primary || b.kind == OnFilled) && b.active() {
		b.box.StrokeColor, b.box.StrokeWidth = t.Ink(look.Text), 2
	}
}

func (b *Button) place(size fyne.Size) {
	t := b.themeOf()
	b.box.Move(fyne.NewPos(0, 0))
	b.box.Resize(size)
	h := b.label.heightFor(t, size.Width-2*b.pad)
	b.label.place(t, b.pad, (size.Height-h)/2, size.Width-2*b.pad)
	b.placeRing(size, b.box.CornerRadius)
}

func (b *Button) parts() []fyne.CanvasObject {
	return b.ringed(b.label.objects([]fyne.CanvasObject{b.box}))
}
