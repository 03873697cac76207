package robot

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// Named is a widget that can say what it is, as a screen reader would.
type Named interface{ AccessibleName() string }

// seen is one object of the screen as laid out.
type seen struct {
	object  fyne.CanvasObject
	at      fyne.Position // on the canvas
	clip    box           // what of the canvas is visible there
	within  box           // the innermost widget around it
	scrolls []scrolled    // the scrolling areas around it, the outermost first
}

type scrolled struct {
	scroll *container.Scroll
	at     fyne.Position
}

type box struct{ x1, y1, x2, y2 float32 }

func boxOf(at fyne.Position, size fyne.Size) box {
	return box{at.X, at.Y, at.X + size.Width, at.Y + size.Height}
}

func (b box) cut(o box) box {
	return box{max(b.x1, o.x1), max(b.y1, o.y1), min(b.x2, o.x2), min(b.y2, o.y2)}
}

func (b box) has(p fyne.Position) bool { return p.X >= b.x1 && p.X < b.x2 && p.Y >= b.y1 && p.Y < b.y2 }

// scan lists every visible object in painting order: what comes later lies on top.
func scan(c fyne.Canvas) []seen {
	var found []seen
	whole := boxOf(fyne.Position{}, c.Size())
	if content := c.Content(); content != nil {
		walk(content, fyne.Position{}, frame{whole, whole}, nil, &found)
	}
	for _, overlay := range c.Overlays().List() {
		walk(overlay, fyne.Position{}, frame{whole, whole}, nil, &found)
	}
	return found
}

// frame is what an object lies in.
type frame struct{ clip, within box }

func walk(o fyne.CanvasObject, parent fyne.Position, in frame, scrolls []scrolled, found *[]seen) {
	if o == nil || !o.Visible() {
		return
	}
	at := parent.Add(o.Position())
	*found = append(*found, seen{object: o, at: at, clip: in.clip, within: in.within, scrolls: scrolls})
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, at, in, scrolls, found)
		}
	case *container.Scroll:
		inner := frame{in.clip.cut(boxOf(at, o.Size())), in.within}
		around := append(append([]scrolled(nil), scrolls...), scrolled{o, at})
		walk(o.Content, at, inner, around, found)
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, at, frame{in.clip, boxOf(at, o.Size())}, scrolls, found)
		}
	}
}

// text is what the object shows to a reader, or what it calls itself.
func text(o fyne.CanvasObject) string {
	if named, ok := o.(Named); ok {
		return named.AccessibleName()
	}
	if t, ok := o.(*canvas.Text); ok {
		return t.Text
	}
	return ""
}
