package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// BadgeKind is what a badge says beside its words.
type BadgeKind uint8

const (
	// Calm is for what waits or is under way.
	Calm BadgeKind = iota
	// Fine is for what is done.
	Fine
	// Warn is for what needs a look.
	Warn
	// Alarm is for what needs a deed.
	Alarm
)

// Badge is a few words on a small pill: "12 waiting". It cannot be tapped.
type Badge struct {
	core
	kind  BadgeKind
	label paragraph
	box   *canvas.Rectangle
}

// NewBadge returns a badge.
func NewBadge(text string, kind BadgeKind) *Badge {
	b := &Badge{kind: kind, box: &canvas.Rectangle{}}
	b.label = paragraph{text: text, role: look.Caption, bold: true, align: fyne.TextAlignCenter}
	b.extend(b)
	return b
}

// Set changes words and kind.
func (b *Badge) Set(text string, kind BadgeKind) {
	if b.label.text == text && b.kind == kind {
		return
	}
	b.label.text, b.kind = text, kind
	b.Refresh()
}

// Text is what it says.
func (b *Badge) Text() string { return b.label.text }

const badgePad float32 = 12

// HeightFor implements Flowing.
func (b *Badge) HeightFor(width float32) float32 {
	b.remember(width)
	return max(32, b.label.heightFor(b.themeOf(), width-2*badgePad)+look.Tight)
}

func (b *Badge) leastWidth() float32   { return b.label.longest(b.themeOf()) + 2*badgePad }
func (b *Badge) naturalWidth() float32 { return b.label.natural(b.themeOf()) + 2*badgePad }

func (b *Badge) paint(t look.Theme) {
	fill, ink, width := look.Tint, look.Primary, float32(0)
	switch b.kind {
	case Fine:
		fill, ink, width = look.Surface, look.Good, t.LineWidth()
	case Warn:
		fill, ink, width = look.Surface, look.Caution, t.LineWidth()
	case Alarm:
		fill, ink = look.Bad, look.OnBad
	}
	if t.Variant() == look.Sunlight {
		width = t.LineWidth()
	}
	shape(b.box, t, fill, ink, width, 16)
	b.label.ink = ink
}

func (b *Badge) place(size fyne.Size) {
	t := b.themeOf()
	b.box.CornerRadius = min(size.Height/2, 20)
	put(b.box, 0, 0, size.Width, size.Height)
	w := size.Width - 2*badgePad
	b.label.place(t, badgePad, (size.Height-b.label.heightFor(t, w))/2, w)
}

func (b *Badge) parts() []fyne.CanvasObject {
	return b.label.objects([]fyne.CanvasObject{b.box})
}
