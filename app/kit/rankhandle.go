package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// rankHandle is drawn up or down to move its tile. Only the handle can be drawn, so that a finger on the words still scrolls.
type rankHandle struct {
	press
	of    *RankTile
	lines [3]*canvas.Line
	drawn float32 // how far the finger is from where the tile stands
	moved bool
}

var _ fyne.Draggable = (*rankHandle)(nil)

func newRankHandle(of *RankTile) *rankHandle {
	h := &rankHandle{of: of}
	for i := range h.lines {
		h.lines[i] = &canvas.Line{StrokeWidth: 2.5}
	}
	h.extend(h)
	return h
}

// AccessibleName implements Named.
func (h *rankHandle) AccessibleName() string { return h.of.p.Handle }

// Tapped is Fyne's hook: a handle is drawn, not tapped.
func (h *rankHandle) Tapped(*fyne.PointEvent) {}

// Dragged moves the tile by a place each time the finger has gone further than half a tile.
func (h *rankHandle) Dragged(e *fyne.DragEvent) {
	h.moved = true
	h.drawn += e.Dragged.DY
	step := h.of.Size().Height + look.Gap
	for h.drawn > step/2 {
		h.drawn -= step
		h.of.p.OnMove(1)
	}
	for h.drawn < -step/2 {
		h.drawn += step
		h.of.p.OnMove(-1)
	}
}

// DragEnd is Fyne's hook.
func (h *rankHandle) DragEnd() {
	h.drawn = 0
	if h.moved {
		h.moved = false
		h.of.p.OnDone()
	}
}

// TypedKey moves by a place with the arrows.
func (h *rankHandle) TypedKey(e *fyne.KeyEvent) {
	by := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1}[e.Name]
	if by == 0 {
		h.press.TypedKey(e)
		return
	}
	h.of.p.OnMove(by)
	h.of.p.OnDone()
}

// HeightFor implements Flowing.
func (h *rankHandle) HeightFor(width float32) float32 {
	h.remember(width)
	return look.TileHeight
}

func (h *rankHandle) leastWidth() float32 { return look.Target }

func (h *rankHandle) paint(t look.Theme) {
	for _, l := range h.lines {
		l.StrokeColor = t.Ink(look.Muted)
	}
}

func (h *rankHandle) place(size fyne.Size) {
	for i, l := range h.lines {
		y := size.Height/2 + float32(i-1)*6
		l.Position1, l.Position2 = fyne.NewPos(size.Width/2-10, y), fyne.NewPos(size.Width/2+10, y)
	}
	h.placeRing(size, look.RadiusButton)
}

func (h *rankHandle) parts() []fyne.CanvasObject {
	return h.ringed([]fyne.CanvasObject{h.lines[0], h.lines[1], h.lines[2]})
}
