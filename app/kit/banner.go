package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// BannerKind is what a banner is about.
type BannerKind uint8

const (
	// Notice says that something happened.
	Notice BannerKind = iota
	// UndoBar says what was done and offers to undo it.
	UndoBar
	// Problem says what happened, what is safe and what to do.
	Problem
)

// BannerParams says what a banner shows.
type BannerParams struct {
	Kind     BannerKind
	Text     string // what happened
	Safe     string // what is safe (Problem)
	Do       string // what to do (Problem)
	Action   string // words of its button: "Undo", "Try again"; empty for none
	OnAction func()
	Close    string // words of the button that closes it; empty for none
	OnClose  func()
}

// Banner is a bar over the lower part of a screen; it never blocks the screen.
type Banner struct {
	core
	kind          BannerKind
	box           *canvas.Rectangle
	edge          *canvas.Rectangle
	text, safe, a paragraph
	action, close *Button
}

// NewBanner returns a banner.
func NewBanner(p BannerParams) *Banner {
	b := &Banner{kind: p.Kind, box: &canvas.Rectangle{}, edge: &canvas.Rectangle{}}
	b.text = paragraph{text: p.Text, role: look.Hint, ink: look.Text}
	if p.Kind == Problem {
		b.text = paragraph{text: p.Text, role: look.Action, ink: look.Bad}
	}
	b.safe = paragraph{text: p.Safe, role: look.Hint, ink: look.Text}
	b.a = paragraph{text: p.Do, role: look.Hint, ink: look.Text}
	b.action = NewButton(p.Action, Quiet, p.OnAction)
	b.action.Hidden = p.Action == ""
	b.close = NewButton(p.Close, Link, p.OnClose)
	b.close.pad = look.Gap
	b.close.Hidden = p.Close == ""
	b.extend(b)
	return b
}

// Text is what happened, as shown.
func (b *Banner) Text() string { return b.text.text }

// Action is its button.
func (b *Banner) Action() *Button { return b.action }

const bannerEdge float32 = 6

func (b *Banner) buttonsWidth() float32 {
	var w float32
	for _, btn := range []*Button{b.action, b.close} {
		if btn.Visible() {
			w += btn.naturalWidth() + look.Tight
		}
	}
	return w
}

// beside tells whether the buttons share the line of the text.
func (b *Banner) beside(width float32) (text float32, ok bool) {
	inner := width - 2*look.Padding - bannerEdge
	text = inner - b.buttonsWidth()
	if b.kind == Problem || text < min(b.text.natural(b.themeOf()), inner*0.5) {
		return inner, b.buttonsWidth() == 0
	}
	return text, true
}

func (b *Banner) textHeight(width float32) float32 {
	t := b.themeOf()
	return b.text.heightFor(t, width) + b.safe.heightFor(t, width) + b.a.heightFor(t, width)
}

// HeightFor implements Flowing.
func (b *Banner) HeightFor(width float32) float32 {
	b.remember(width)
	text, ok := b.beside(width)
	h := b.textHeight(text) + 2*look.Gap
	if ok {
		if b.buttonsWidth() > 0 {
			h = max(h, look.Target+look.Tight*2)
		}
		return max(h, look.Target)
	}
	return h + b.action.HeightFor(text) + look.Tight
}

func (b *Banner) leastWidth() float32 { return 240 }

func (b *Banner) paint(t look.Theme) {
	edge := look.Primary
	if b.kind == Problem {
		edge = look.Bad
	}
	width := t.LineWidth()
	shape(b.box, t, look.Surface, edge, max(width, 1.5), look.RadiusButton)
	shape(b.edge, t, edge, edge, 0, 0)
	b.edge.TopLeftCornerRadius, b.edge.BottomLeftCornerRadius = look.RadiusButton, look.RadiusButton
}

func (b *Banner) place(size fyne.Size) {
	t := b.themeOf()
	put(b.box, 0, 0, size.Width, size.Height)
	put(b.edge, 0, 0, bannerEdge, size.Height)
	w, ok := b.beside(size.Width)
	x, y := look.Padding+bannerEdge, look.Gap
	if ok {
		y = (size.Height - b.textHeight(w)) / 2
	}
	y += b.text.place(t, x, y, w)
	y += b.safe.place(t, x, y, w)
	y += b.a.place(t, x, y, w)
	by := (size.Height - look.Target) / 2
	if !ok {
		by = y + look.Tight
	}
	right := size.Width - look.Padding
	for _, btn := range []*Button{b.close, b.action} {
		if btn.Visible() {
			bw := min(btn.naturalWidth(), right-x)
			bh := btn.HeightFor(bw)
			put(btn, right-bw, by, bw, bh)
			right -= bw + look.Tight
		}
	}
}

func (b *Banner) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{b.box, b.edge}
	o = b.a.objects(b.safe.objects(b.text.objects(o)))
	return append(o, b.action, b.close)
}
