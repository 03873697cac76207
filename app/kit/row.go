package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// RowParams says what a row of a list shows.
type RowParams struct {
	Title    string
	Subtitle string
	Trailing string // at the right, muted: a time, a figure
	Badge    string
	Kind     BadgeKind
	Chosen   bool
	OnTap    func() // nil: the row only shows
}

// ListRow is one line of a list, at least 56 dp high, with a rule below.
type ListRow struct {
	press
	p        RowParams
	ground   *canvas.Rectangle
	rule     *canvas.Rectangle
	title    paragraph
	sub      paragraph
	trailing paragraph
	badge    *Badge
}

// NewListRow returns a row.
func NewListRow(p RowParams) *ListRow {
	r := &ListRow{}
	r.begin()
	r.extend(r)
	r.set(p)
	return r
}

// begin makes the parts, so that a row can also lie within another widget.
func (r *ListRow) begin() {
	r.ground, r.rule, r.badge = &canvas.Rectangle{}, &canvas.Rectangle{}, NewBadge("", Calm)
	r.title = paragraph{role: look.Strong}
	r.sub = paragraph{role: look.Hint}
	r.trailing = paragraph{role: look.Hint, align: fyne.TextAlignTrailing}
}

// Set shows something else; lists use their rows again and again.
func (r *ListRow) Set(p RowParams) {
	r.set(p)
	r.self.Refresh()
}

func (r *ListRow) set(p RowParams) {
	r.p, r.onTap = p, p.OnTap
	r.disabled = p.OnTap == nil
	r.title.text, r.sub.text, r.trailing.text = p.Title, p.Subtitle, p.Trailing
	r.badge.label.text, r.badge.kind = p.Badge, p.Kind
	r.badge.Hidden = p.Badge == ""
}

// AccessibleName implements Named.
func (r *ListRow) AccessibleName() string {
	name := r.p.Title
	for _, s := range []string{r.p.Subtitle, r.p.Trailing, r.p.Badge} {
		if s != "" {
			name += ", " + s
		}
	}
	return name
}

// sides splits the width between the words at the left and what is at the
// right; below says that the right side goes under the left.
func (r *ListRow) sides(width float32) (left, right float32, below bool) {
	t := r.themeOf()
	width -= 2 * look.Gap
	right = r.trailing.natural(t)
	if r.badge.Visible() {
		right = max(right, r.badge.naturalWidth())
	}
	if right == 0 {
		return width, 0, false
	}
	left = width - right - look.Gap
	if left < r.title.longest(t) || left < min(r.title.natural(t), width*0.4) {
		return width, width, true
	}
	return left, right, false
}

func (r *ListRow) rightHeight(width float32) float32 {
	h := r.trailing.heightFor(r.themeOf(), width)
	if r.badge.Visible() {
		h += look.Unit + r.badge.HeightFor(width)
	}
	return h
}

// HeightFor implements Flowing.
func (r *ListRow) HeightFor(width float32) float32 {
	r.remember(width)
	t := r.themeOf()
	left, right, below := r.sides(width)
	h := r.title.heightFor(t, left) + r.sub.heightFor(t, left)
	if below {
		h += r.rightHeight(right)
	} else {
		h = max(h, r.rightHeight(right))
	}
	return max(look.TileHeight, h+2*look.Tight+4)
}

func (r *ListRow) leastWidth() float32 { return 160 }

func (r *ListRow) paint(t look.Theme) {
	shape(r.ground, t, look.Surface, look.Primary, 0, look.RadiusButton)
	switch {
	case r.p.Chosen:
		shape(r.ground, t, look.Tint, look.Primary, t.ChosenWidth(), look.RadiusButton)
	case r.p.OnTap != nil && r.active():
		r.ground.FillColor = t.Ink(look.Control)
	default:
		r.ground.FillColor = nil
	}
	shape(r.rule, t, look.Line, look.Line, 0, 0)
}

func (r *ListRow) place(size fyne.Size) {
	t := r.themeOf()
	put(r.ground, 0, 0, size.Width, size.Height)
	put(r.rule, look.Gap, size.Height-1, size.Width-2*look.Gap, 1)
	left, right, below := r.sides(size.Width)
	text := r.title.heightFor(t, left) + r.sub.heightFor(t, left)
	rh := r.rightHeight(right)
	y := (size.Height - text) / 2
	rx, ry := size.Width-look.Gap-right, (size.Height-rh)/2
	r.trailing.align = fyne.TextAlignTrailing
	if below {
		y = (size.Height - text - rh) / 2
		rx, ry = look.Gap, y+text
		r.trailing.align = fyne.TextAlignLeading
	}
	y += r.title.place(t, look.Gap, y, left)
	r.sub.place(t, look.Gap, y, left)
	ry += r.trailing.place(t, rx, ry, right)
	if r.badge.Visible() {
		bw := min(r.badge.naturalWidth(), right)
		bx := size.Width - look.Gap - bw
		if below {
			bx = look.Gap
		}
		put(r.badge, bx, ry+look.Unit, bw, r.badge.HeightFor(bw))
	}
	r.placeRing(size, look.RadiusButton)
	if r.ring != nil { // a list cuts off what lies outside of a row
		put(r.ring, 1, 1, size.Width-2, size.Height-2)
	}
}

func (r *ListRow) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.ground, r.rule}
	o = r.trailing.objects(r.sub.objects(r.title.objects(o)))
	if r.badge.Visible() {
		o = append(o, r.badge)
	}
	return r.ringed(o)
}
