package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// List is a list of any length that builds only the rows in sight. It scrolls
// by itself: make it the object of a page that grows, or a screen's content.
type List struct {
	core
	list *widget.List
	row  func(i int) RowParams
	n    func() int
	tall float32
	wide float32
}

// NewList returns a list of n() rows, each described by row(i). All rows are as
// high as the highest of the first forty.
func NewList(n func() int, row func(i int) RowParams) *List {
	l := &List{row: row, n: n}
	l.list = widget.NewList(n,
		func() fyne.CanvasObject { return newSizedRow(l) },
		func(id widget.ListItemID, o fyne.CanvasObject) { o.(*sizedRow).Set(row(id)) })
	l.list.HideSeparators = true
	l.extend(l)
	return l
}

// Reload shows the rows anew after they changed.
func (l *List) Reload() {
	l.tall = 0
	l.measure(l.Size().Width)
	l.list.Refresh()
}

func (l *List) measure(width float32) {
	if l.tall > 0 && l.wide == width {
		return
	}
	probe := NewListRow(RowParams{})
	l.wide, l.tall = width, 56
	for i := range min(l.n(), 40) {
		probe.set(l.row(i))
		l.tall = max(l.tall, probe.HeightFor(max(width, 200)))
	}
}

// sizedRow is a row that is as high as its list says.
type sizedRow struct {
	ListRow
	of *List
}

func newSizedRow(l *List) *sizedRow {
	r := &sizedRow{of: l}
	r.begin()
	r.extend(r)
	r.set(RowParams{})
	return r
}

// MinSize is Fyne's hook.
func (r *sizedRow) MinSize() fyne.Size { return fyne.NewSize(160, max(r.of.tall, 56)) }
