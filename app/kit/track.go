package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// TrackParams says what a track measures.
type TrackParams struct {
	Name   string // what is being answered
	Points int    // how many points there are, 2 or more
	At     int    // the chosen point from 0; negative for none
	// OnMove is called while a finger draws the knob along, OnChoose when it is let go or a point is tapped.
	OnMove, OnChoose func(at int)
}

// Track is a long range as a line to tap or draw along. Until there is an answer nothing stands on it, so that no answer suggests
// itself.
type Track struct {
	press
	p            TrackParams
	line, filled *canvas.Rectangle
	knob         *canvas.Circle
}

var _ fyne.Draggable = (*Track)(nil)

const (
	trackKnob = float32(28)
	trackLine = float32(8)
)

// NewTrack returns a track of 56 dp height.
func NewTrack(p TrackParams) *Track {
	t := &Track{p: p, line: &canvas.Rectangle{}, filled: &canvas.Rectangle{}, knob: &canvas.Circle{}}
	t.extend(t)
	return t
}

// AccessibleName implements Named.
func (t *Track) AccessibleName() string { return t.p.Name }

// At is the chosen point from 0; negative for none.
func (t *Track) At() int { return t.p.At }

// SetAt shows a point as chosen, or none where it is negative.
func (t *Track) SetAt(at int) {
	if t.p.At == at {
		return
	}
	t.p.At = at
	t.Refresh()
	t.place(t.Size())
}

// Tapped chooses the point under the finger.
func (t *Track) Tapped(e *fyne.PointEvent) {
	if t.disabled || e == nil { // nil: Enter, which means nothing on a line
		return
	}
	t.SetAt(t.under(e.Position.X))
	t.p.OnChoose(t.p.At)
}

// Dragged moves the knob along.
func (t *Track) Dragged(e *fyne.DragEvent) {
	if t.disabled {
		return
	}
	t.SetAt(t.under(e.Position.X))
	if t.p.OnMove != nil {
		t.p.OnMove(t.p.At)
	}
}

// DragEnd chooses the point at which the knob was let go.
func (t *Track) DragEnd() {
	if !t.disabled && t.p.At >= 0 {
		t.p.OnChoose(t.p.At)
	}
}

// TypedKey steps with the arrows; from nothing it begins in the middle.
func (t *Track) TypedKey(e *fyne.KeyEvent) {
	by := map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyDown: -1, fyne.KeyRight: 1, fyne.KeyUp: 1}[e.Name]
	if by == 0 || t.disabled {
		t.press.TypedKey(e)
		return
	}
	t.SetAt(Step(t.p.At, by, t.p.Points))
	t.p.OnChoose(t.p.At)
}

// Step moves from one of n points by some; from none (negative) it begins in the middle.
func Step(at, by, n int) int {
	if at < 0 {
		return n / 2
	}
	return min(max(at+by, 0), n-1)
}

// under is the point at a place of the line.
func (t *Track) under(x float32) int {
	share := (x - trackKnob/2) / max(t.Size().Width-trackKnob, 1)
	return int(min(max(share, 0), 1)*float32(t.p.Points-1) + 0.5)
}

// HeightFor implements Flowing.
func (t *Track) HeightFor(width float32) float32 {
	t.remember(width)
	return look.TileHeight
}

func (t *Track) leastWidth() float32 { return 4 * look.Target }

func (t *Track) paint(th look.Theme) {
	shape(t.line, th, look.Control, look.Line, th.LineWidth(), trackLine/2)
	shape(t.filled, th, look.Primary, look.Primary, 0, trackLine/2)
	t.knob.FillColor = th.Ink(look.Primary)
	t.knob.StrokeColor, t.knob.StrokeWidth = th.Ink(look.Surface), 3
}

func (t *Track) place(size fyne.Size) {
	middle := size.Height / 2
	put(t.line, 0, middle-trackLine/2, size.Width, trackLine)
	x := float32(max(t.p.At, 0)) / float32(max(t.p.Points-1, 1)) * (size.Width - trackKnob)
	put(t.filled, 0, middle-trackLine/2, x+trackKnob/2, trackLine)
	put(t.knob, x, middle-trackKnob/2, trackKnob, trackKnob)
	t.placeRing(size, trackLine)
}

func (t *Track) parts() []fyne.CanvasObject {
	if t.p.At < 0 {
		return t.ringed([]fyne.CanvasObject{t.line})
	}
	return t.ringed([]fyne.CanvasObject{t.line, t.filled, t.knob})
}
