package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/mobile"

	"parvis/app/look"
)

// press is the base of what can be tapped: pointer, touch, keyboard, focus.
type press struct {
	core
	onTap                  func()
	onEnter                func() // what Enter does instead of a tap; nil for a tap
	disabled               bool
	focused, hovered, held bool
	ring                   *canvas.Rectangle
}

var (
	_ fyne.Focusable    = (*press)(nil)
	_ fyne.Disableable  = (*press)(nil)
	_ desktop.Hoverable = (*press)(nil)
	_ desktop.Mouseable = (*press)(nil)
	_ mobile.Touchable  = (*press)(nil)
)

// Tapped is Fyne's hook; it calls back unless the widget is disabled.
func (p *press) Tapped(*fyne.PointEvent) {
	if p.disabled || p.onTap == nil {
		return
	}
	p.onTap()
}

// Disable makes the widget ignore taps and look so.
func (p *press) Disable() { p.setDisabled(true) }

// Enable undoes Disable.
func (p *press) Enable() { p.setDisabled(false) }

// Disabled tells whether taps are ignored.
func (p *press) Disabled() bool { return p.disabled }

func (p *press) setDisabled(d bool) {
	if p.disabled == d {
		return
	}
	p.disabled = d
	p.self.Refresh()
}

// FocusGained is Fyne's hook.
func (p *press) FocusGained() { p.setFocused(true) }

// FocusLost is Fyne's hook.
func (p *press) FocusLost() { p.setFocused(false) }

func (p *press) setFocused(f bool) {
	p.focused = f
	p.self.Refresh()
}

// TypedRune is Fyne's hook; letters mean nothing to what is tapped, but may to
// the window.
func (p *press) TypedRune(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.self); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// TypedKey is Fyne's hook: Enter and Space are a tap.
func (p *press) TypedKey(e *fyne.KeyEvent) {
	if p.onEnter != nil && (e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter) {
		p.onEnter()
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if tap, ok := p.self.(fyne.Tappable); ok {
			tap.Tapped(nil)
		}
	case fyne.KeyEscape, mobile.KeyBack:
		passOn(p.self, e)
	default:
		offer(p.self, e)
	}
}

// OnEnter has Enter do something else than a tap: where one goes on with Enter, only Space chooses.
func (p *press) OnEnter(f func()) { p.onEnter = f }

// offer lets the window look at a key that means nothing to the focused widget; the focus stays.
func offer(o fyne.CanvasObject, e *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

// passOn gives a key that the focused widget does not want to the window: Fyne
// asks the window only while nothing has the focus.
func passOn(o fyne.CanvasObject, e *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return
	}
	c.Unfocus()
	if f := c.OnTypedKey(); f != nil {
		f(e)
	}
}

// MouseIn is Fyne's hook.
func (p *press) MouseIn(*desktop.MouseEvent) { p.hovered = true; p.self.Refresh() }

// MouseMoved is Fyne's hook.
func (p *press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is Fyne's hook.
func (p *press) MouseOut() { p.hovered, p.held = false, false; p.self.Refresh() }

// MouseDown is Fyne's hook.
func (p *press) MouseDown(*desktop.MouseEvent) { p.setHeld(true) }

// MouseUp is Fyne's hook.
func (p *press) MouseUp(*desktop.MouseEvent) { p.setHeld(false) }

// TouchDown is Fyne's hook.
func (p *press) TouchDown(*mobile.TouchEvent) { p.setHeld(true) }

// TouchUp is Fyne's hook.
func (p *press) TouchUp(*mobile.TouchEvent) { p.setHeld(false) }

// TouchCancel is Fyne's hook.
func (p *press) TouchCancel(*mobile.TouchEvent) { p.setHeld(false) }

func (p *press) setHeld(h bool) {
	p.held = h && !p.disabled
	p.self.Refresh()
}

// active tells whether finger or pointer is on it.
func (p *press) active() bool { return !p.disabled && (p.held || p.hovered) }

// quiet is the fill of a quiet control in its present state.
func (p *press) quiet() look.ColorName {
	if p.active() {
		return look.Pressed
	}
	return look.Control
}

// ringed appends the focus ring to what a widget draws. Phones have no focus
// that one could follow, so they show none.
func (p *press) ringed(objects []fyne.CanvasObject) []fyne.CanvasObject {
	if !p.focused || p.ring == nil || fyne.CurrentDevice().IsMobile() {
		return objects
	}
	return append(objects, p.ring)
}

// placeRing lays the ring 3 dp outside a shape of the given corner radius.
func (p *press) placeRing(size fyne.Size, radius float32) {
	if !p.focused {
		return
	}
	if p.ring == nil {
		p.ring = canvas.NewRectangle(color.Transparent)
	}
	p.ring.StrokeColor = p.themeOf().Ink(look.Text)
	p.ring.StrokeWidth = 2
	p.ring.CornerRadius = radius + 3
	put(p.ring, -3, -3, size.Width+6, size.Height+6)
}
