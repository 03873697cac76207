package kit

import (
	"fyne.io/fyne/v2"

	"parvis/app/look"
)

// Outcome is one way a contact can end.
type Outcome struct {
	Value string // what choosing it records
	Label string // what is read on it
	Rare  bool   // shown only after a tap on More
}

// OutcomeParams says what an outcome grid offers.
type OutcomeParams struct {
	Outcomes []Outcome
	More     string // "More", shown while rare outcomes are hidden
	OnChoose func(value string)
}

// OutcomeGrid sets outcomes in three columns, two where words are long, with
// the rare ones behind one tap.
type OutcomeGrid struct {
	core
	grid    *fyne.Container
	more    *Button
	options []*Option
	open    bool
}

// NewOutcomeGrid returns a grid of outcomes.
func NewOutcomeGrid(p OutcomeParams) *OutcomeGrid {
	g := &OutcomeGrid{grid: Grid(3)}
	rare := false
	for _, out := range p.Outcomes {
		o := NewOption(out.Value, out.Label, false, nil)
		o.onTap = func() {
			g.SetChosen(o.value)
			if p.OnChoose != nil {
				p.OnChoose(o.value)
			}
		}
		o.Hidden = out.Rare
		rare = rare || out.Rare
		g.options = append(g.options, o)
		g.grid.Objects = append(g.grid.Objects, o)
	}
	g.more = NewButton(p.More, Quiet, g.Open)
	g.more.Hidden = !rare || p.More == ""
	g.extend(g)
	return g
}

// Open shows the rare outcomes too.
func (g *OutcomeGrid) Open() {
	for _, o := range g.options {
		o.Show()
	}
	g.open = true
	g.more.Hide()
	g.Refresh()
}

// Opened tells whether the rare outcomes are shown.
func (g *OutcomeGrid) Opened() bool { return g.open }

// SetChosen shows the outcome with that value as chosen, or none.
func (g *OutcomeGrid) SetChosen(value string) {
	for _, o := range g.options {
		o.SetChosen(o.value == value && value != "")
	}
}

// HeightFor implements Flowing.
func (g *OutcomeGrid) HeightFor(width float32) float32 {
	g.remember(width)
	h := HeightFor(g.grid, width)
	if g.more.Visible() {
		h += gridGap + g.more.HeightFor(width)
	}
	return h
}

func (g *OutcomeGrid) leastWidth() float32 { return g.grid.MinSize().Width }

func (g *OutcomeGrid) paint(look.Theme) {}

func (g *OutcomeGrid) place(size fyne.Size) {
	h := HeightFor(g.grid, size.Width)
	put(g.grid, 0, 0, size.Width, h)
	if g.more.Visible() {
		put(g.more, 0, h+gridGap, size.Width, g.more.HeightFor(size.Width))
	}
}

func (g *OutcomeGrid) parts() []fyne.CanvasObject { return []fyne.CanvasObject{g.grid, g.more} }
