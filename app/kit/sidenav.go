package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"parvis/app/look"
)

// NavItem is one place a navigation leads to.
type NavItem struct {
	Key   string
	Label string
	Badge string // "3"; empty for none
}

// SideNavParams says what a navigation shows.
type SideNavParams struct {
	Name   string // of the program
	Items  []NavItem
	Chosen string // key
	Foot   string // how old the data is
	OnGo   func(key string)
}

// SideNav is the navigation at the left of a laptop's window; where the window
// is narrower than 1100 dp put it on a page of its own.
type SideNav struct {
	core
	box, rule *canvas.Rectangle
	name      paragraph
	foot      paragraph
	scroll    *container.Scroll // of the items, where they are higher than there is room
	items     []*navRow
}

// NavWidth is the width in dp that a navigation likes.
const NavWidth float32 = 208

// NewSideNav returns a navigation.
func NewSideNav(p SideNavParams) *SideNav {
	n := &SideNav{box: &canvas.Rectangle{}, rule: &canvas.Rectangle{}}
	n.name = paragraph{text: p.Name, role: look.Question}
	n.foot = paragraph{text: p.Foot, role: look.Caption}
	rows := make([]fyne.CanvasObject, 0, len(p.Items))
	for _, item := range p.Items {
		r := newNavRow(item)
		r.chosen = item.Key == p.Chosen
		r.onTap = func() {
			n.SetChosen(item.Key)
			if p.OnGo != nil {
				p.OnGo(item.Key)
			}
		}
		n.items = append(n.items, r)
		rows = append(rows, r)
	}
	n.scroll = container.NewVScroll(ColumnGap(look.Tight, rows...))
	n.extend(n)
	return n
}

// SetChosen shows where one is.
func (n *SideNav) SetChosen(key string) {
	for _, r := range n.items {
		if on := r.item.Key == key; r.chosen != on {
			r.chosen = on
			r.Refresh()
		}
	}
}

// SetFoot changes the words at the foot.
func (n *SideNav) SetFoot(text string) {
	if n.foot.text == text {
		return
	}
	n.foot.text = text
	n.Refresh()
}

// HeightFor implements Flowing.
func (n *SideNav) HeightFor(width float32) float32 {
	n.remember(width)
	t, w := n.themeOf(), width-2*look.Padding
	h := 2*look.Padding + n.name.heightFor(t, w) + look.Padding
	for _, r := range n.items {
		h += r.HeightFor(width-2*look.Gap) + look.Tight
	}
	return h + look.Padding + n.foot.heightFor(t, w)
}

func (n *SideNav) leastWidth() float32 {
	least, t := NavWidth, n.themeOf()
	for _, r := range n.items {
		w := r.label.natural(t) + 2*look.Padding + 2*look.Gap
		if r.badge.text != "" {
			w += r.badge.natural(t) + look.Tight
		}
		least = max(least, w)
	}
	return least
}

func (n *SideNav) paint(t look.Theme) {
	shape(n.box, t, look.Surface, look.Surface, 0, 0)
	shape(n.rule, t, look.Line, look.Line, 0, 0)
}

func (n *SideNav) place(size fyne.Size) {
	t, pad := n.themeOf(), look.Padding
	put(n.box, 0, 0, size.Width, size.Height)
	put(n.rule, size.Width-t.LineWidth(), 0, t.LineWidth(), size.Height)
	y := pad + n.name.place(t, pad+look.Unit, pad, size.Width-2*pad) + pad
	w := size.Width - 2*pad - look.Unit
	foot := size.Height - pad - n.foot.heightFor(t, w)
	n.foot.place(t, pad+look.Unit, foot, w)
	put(n.scroll, look.Gap, y, size.Width-2*look.Gap, max(foot-look.Tight-y, 0))
}

func (n *SideNav) parts() []fyne.CanvasObject {
	return n.foot.objects(n.name.objects([]fyne.CanvasObject{n.box, n.rule, n.scroll}))
}
