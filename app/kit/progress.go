package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Progress shows how far long work is, and stops it.
type Progress struct {
	core
	fraction    float64
	label       paragraph
	track, done *canvas.Rectangle
	cancel      *Button
}

// NewProgress returns a bar at nothing. Without words for cancel it cannot be
// stopped.
func NewProgress(text, cancel string, onCancel func()) *Progress {
	p := &Progress{track: &canvas.Rectangle{}, done: &canvas.Rectangle{}}
	p.label = paragraph{text: text, role: look.Hint, ink: look.Text}
	p.cancel = NewButton(cancel, Quiet, onCancel)
	p.cancel.Hidden = cancel == ""
	p.extend(p)
	return p
}

// Set shows how far the work is, 0 to 1, and in words.
func (p *Progress) Set(fraction float64, text string) {
	p.fraction, p.label.text = min(max(fraction, 0), 1), text
	p.Refresh()
}

// Fraction is how far the work is, 0 to 1.
func (p *Progress) Fraction() float64 { return p.fraction }

// Cancel is the button that stops the work.
func (p *Progress) Cancel() *Button { return p.cancel }

func (p *Progress) left(width float32) float32 {
	if p.cancel.Visible() {
		return width - p.cancel.naturalWidth() - look.Gap
	}
	return width
}

// HeightFor implements Flowing.
func (p *Progress) HeightFor(width float32) float32 {
	p.remember(width)
	h := p.label.heightFor(p.themeOf(), p.left(width)) + look.Unit + look.Tight
	if p.cancel.Visible() {
		h = max(h, p.cancel.HeightFor(p.cancel.naturalWidth()))
	}
	return h
}

func (p *Progress) leastWidth() float32 { return 240 }

func (p *Progress) paint(t look.Theme) {
	width := float32(0)
	if t.Variant() == look.Sunlight {
		width = 1.5
	}
	shape(p.track, t, look.Track, look.Line, width, look.Unit)
	shape(p.done, t, look.Primary, look.Primary, 0, look.Unit)
}

func (p *Progress) place(size fyne.Size) {
	t, w := p.themeOf(), p.left(size.Width)
	h := p.label.heightFor(t, w)
	y := (size.Height - h - look.Unit - look.Tight) / 2
	y += p.label.place(t, 0, y, w) + look.Unit
	put(p.track, 0, y, w, look.Tight)
	put(p.done, 0, y, max(w*float32(p.fraction), look.Tight), look.Tight)
	p.done.Hidden = p.fraction == 0
	if p.cancel.Visible() {
		bw := p.cancel.naturalWidth()
		bh := p.cancel.HeightFor(bw)
		put(p.cancel, size.Width-bw, (size.Height-bh)/2, bw, bh)
	}
}

func (p *Progress) parts() []fyne.CanvasObject {
	return append(p.label.objects([]fyne.CanvasObject{p.track, p.done}), p.cancel)
}
