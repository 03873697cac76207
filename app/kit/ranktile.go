package kit

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// RankTileParams says what a tile of a ranking is.
type RankTileParams struct {
	Text string
	// Handle is what the handle is called: "Move Text".
	Handle string
	// OnTap gives it the next place or takes it out.
	OnTap func()
	// OnMove moves it by a number of places; OnDone is called when a finger lets go, or after a key.
	OnMove func(by int)
	OnDone func()
}

// RankTile is one choice of a ranking: its place in a filled circle, the words, and where it has a place a handle to draw it up or
// down by. Arrow keys on the handle move it too.
type RankTile struct {
	press
	p      RankTileParams
	rank   int // from 1; 0 for none
	label  paragraph
	number paragraph
	box    *canvas.Rectangle
	disc   *canvas.Circle
	handle *rankHandle
}

// NewRankTile returns a tile without a place.
func NewRankTile(p RankTileParams) *RankTile {
	r := &RankTile{p: p, box: &canvas.Rectangle{}, disc: &canvas.Circle{}}
	r.label = paragraph{text: p.Text, role: look.Body}
	r.number = paragraph{role: look.Action, align: fyne.TextAlignCenter}
	r.handle = newRankHandle(r)
	r.onTap = p.OnTap
	r.extend(r)
	return r
}

// SetRank gives it a place from 1, or none for 0.
func (r *RankTile) SetRank(rank int) {
	if r.rank == rank {
		return
	}
	r.rank = rank
	r.Refresh()
}

// AccessibleName implements Named.
func (r *RankTile) AccessibleName() string { return r.p.Text }

const rankDisc float32 = 30

func (r *RankTile) textAt() float32 { return look.Gap + rankDisc + look.Gap }

func (r *RankTile) textWidth(width float32) float32 { return width - r.textAt() - look.TileHeight }

// HeightFor implements Flowing.
func (r *RankTile) HeightFor(width float32) float32 {
	r.remember(width)
	return max(look.TileHeight, r.label.heightFor(r.themeOf(), r.textWidth(width))+2*look.Gap)
}

func (r *RankTile) leastWidth() float32 {
	return r.textAt() + look.TileHeight + min(r.label.longest(r.themeOf()), leastText)
}

func (r *RankTile) paint(t look.Theme) {
	switch {
	case r.rank > 0:
		shape(r.box, t, look.Tint, look.Primary, t.ChosenWidth(), look.RadiusTile)
		r.disc.FillColor, r.disc.StrokeWidth = t.Ink(look.Primary), 0
	default:
		fill := look.Surface
		if r.active() {
			fill = look.Pressed
		}
		shape(r.box, t, fill, look.Line, t.LineWidth(), look.RadiusTile)
		r.disc.FillColor, r.disc.StrokeColor, r.disc.StrokeWidth = t.Ink(look.Surface), t.Ink(look.Muted), 2
	}
	r.number.text, r.number.ink = "", look.OnPrimary
	if r.rank > 0 {
		r.number.text = strconv.Itoa(r.rank)
	}
	r.handle.Hidden = r.rank == 0
}

func (r *RankTile) place(size fyne.Size) {
	t := r.themeOf()
	put(r.box, 0, 0, size.Width, size.Height)
	put(r.disc, look.Gap, (size.Height-rankDisc)/2, rankDisc, rankDisc)
	r.number.place(t, look.Gap, (size.Height-r.number.heightFor(t, rankDisc))/2, rankDisc)
	wide := r.textWidth(size.Width)
	r.label.place(t, r.textAt(), (size.Height-r.label.heightFor(t, wide))/2, wide)
	put(r.handle, size.Width-look.TileHeight, 0, look.TileHeight, size.Height)
	r.placeRing(size, look.RadiusTile)
}

func (r *RankTile) parts() []fyne.CanvasObject {
	o := r.number.objects(r.label.objects([]fyne.CanvasObject{r.box, r.disc}))
	return r.ringed(append(o, r.handle))
}
