package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// AnswerTableParams says what a table asks: for every row one column, or any.
type AnswerTableParams struct {
	Rows, Columns []string
	Many          bool
	OnTap         func(row, column int)
	OnEnter       func(row int) // what Enter does on a cell; nil for choosing it
}

// AnswerTable asks the same of several things: things down the side, answers along the top. Where the words of the answers do not
// fit over their columns, each row is stacked: its words, and below them the answers written out.
type AnswerTable struct {
	core
	heads   []paragraph
	rows    []*answerRow
	stacked bool
}

type answerRow struct {
	label   paragraph
	problem paragraph
	cells   []*answerCell
	words   []*Option
	rule    *canvas.Rectangle
}

// NewAnswerTable returns a table with nothing chosen.
func NewAnswerTable(p AnswerTableParams) *AnswerTable {
	a := &AnswerTable{}
	for _, c := range p.Columns {
		a.heads = append(a.heads, paragraph{text: c, role: look.Caption, ink: look.Text, align: fyne.TextAlignCenter})
	}
	for i, label := range p.Rows {
		r := &answerRow{rule: &canvas.Rectangle{}}
		r.label = paragraph{text: label, role: look.Body}
		r.problem = paragraph{role: look.Strong, ink: look.Bad}
		for j, c := range p.Columns {
			name := label + ": " + c
			cell := newAnswerCell(name, p.Many, func() { p.OnTap(i, j) })
			r.cells = append(r.cells, cell)
			o := NewOption(c, c, false, func() { p.OnTap(i, j) })
			o.name, o.high = name, look.Target
			r.words = append(r.words, o)
			if p.OnEnter != nil {
				cell.OnEnter(func() { p.OnEnter(i) })
				o.OnEnter(func() { p.OnEnter(i) })
			}
		}
		a.rows = append(a.rows, r)
	}
	a.extend(a)
	return a
}

// Set shows which columns of a row are chosen and what is wrong with it; no words where nothing is.
func (a *AnswerTable) Set(row int, chosen []bool, problem string) {
	r := a.rows[row]
	for i, on := range chosen {
		r.cells[i].setChosen(on)
		r.words[i].SetChosen(on)
	}
	if r.problem.text != problem {
		r.problem.text = problem
		a.Refresh()
	}
}

// Stops are the cells of a row, for the arrow keys.
func (a *AnswerTable) Stops(row int) (all []fyne.Focusable) {
	for i, c := range a.rows[row].cells {
		if a.stacked {
			all = append(all, a.rows[row].words[i])
		} else {
			all = append(all, c)
		}
	}
	return all
}

const (
	cellGap float32 = 4
	rowPad  float32 = 8
)

// split tells the width of the words at the side and of a column, and whether both suffice.
func (a *AnswerTable) split(width float32) (side, column float32, fits bool) {
	t, n := a.themeOf(), float32(max(len(a.heads), 1))
	column = look.Target
	for i := range a.heads {
		column = max(column, a.heads[i].longest(t)+cellGap)
	}
	var word float32
	for _, r := range a.rows {
		word = max(word, r.label.longest(t))
	}
	side = max(width-n*(column+cellGap), 0)
	if side < max(word, width*0.28)+look.Gap {
		return 0, 0, false
	}
	// columns take what the words at the side leave: at most half of the table is words
	if side > width/2 {
		side = width / 2
		column = (width-side)/n - cellGap
	}
	return side, column, true
}

func (a *AnswerTable) headHeight(column float32) (h float32) {
	for i := range a.heads {
		h = max(h, a.heads[i].heightFor(a.themeOf(), column))
	}
	return h
}

// HeightFor implements Flowing.
func (a *AnswerTable) HeightFor(width float32) float32 {
	a.remember(width)
	t := a.themeOf()
	side, column, fits := a.split(width)
	if !fits {
		return a.stack(width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
	}
	y := a.headHeight(column) + rowPad
	for _, r := range a.rows {
		y += r.high(t, side) + 2*rowPad
	}
	return y
}

func (r *answerRow) high(t look.Theme, side float32) float32 {
	return max(r.label.heightFor(t, side-look.Gap)+r.problem.heightFor(t, side-look.Gap), look.TileHeight)
}

// stack lays the rows out one below the other, the answers as words.
func (a *AnswerTable) stack(width float32, do func(o fyne.CanvasObject, x, y, w, h float32)) (y float32) {
	t := a.themeOf()
	for i, r := range a.rows {
		if i > 0 {
			y += look.Padding
		}
		y += r.label.heightFor(t, width) + r.problem.heightFor(t, width) + look.Tight
		grid := &grid{columns: min(len(r.words), 5), gap: look.Tight}
		objects := make([]fyne.CanvasObject, len(r.words))
		for j, o := range r.words {
			objects[j] = o
		}
		y += grid.each(objects, width, func(o fyne.CanvasObject, x, dy, w, h float32) { do(o, x, y+dy, w, h) })
	}
	return y
}

func (a *AnswerTable) leastWidth() float32 { return 240 }

func (a *AnswerTable) paint(t look.Theme) {
	for _, r := range a.rows {
		shape(r.rule, t, look.Line, look.Line, 0, 0)
	}
}

func (a *AnswerTable) place(size fyne.Size) {
	t := a.themeOf()
	side, column, fits := a.split(size.Width)
	a.stacked = !fits
	if !fits {
		a.placeStack(size.Width)
		return
	}
	head := a.headHeight(column)
	for i := range a.heads {
		h := a.heads[i].heightFor(t, column)
		a.heads[i].place(t, side+float32(i)*(column+cellGap), head-h, column)
	}
	y := head + rowPad
	for _, r := range a.rows {
		put(r.rule, 0, y, size.Width, t.LineWidth())
		h := r.high(t, side)
		words := r.label.heightFor(t, side-look.Gap) + r.problem.heightFor(t, side-look.Gap)
		at := y + rowPad + (h-words)/2
		at += r.label.place(t, 0, at, side-look.Gap)
		r.problem.place(t, 0, at, side-look.Gap)
		for j, c := range r.cells {
			put(c, side+float32(j)*(column+cellGap), y+rowPad, column, h)
		}
		y += h + 2*rowPad
	}
}

func (a *AnswerTable) placeStack(width float32) {
	t := a.themeOf()
	a.stack(width, put)
	for _, r := range a.rows {
		if len(r.words) == 0 {
			continue
		}
		top := r.words[0].Position().Y - look.Tight - r.label.heightFor(t, width) - r.problem.heightFor(t, width)
		top += r.label.place(t, 0, top, width)
		r.problem.place(t, 0, top, width)
	}
}

func (a *AnswerTable) parts() (o []fyne.CanvasObject) {
	for i := range a.heads {
		if !a.stacked {
			o = a.heads[i].objects(o)
		}
	}
	for _, r := range a.rows {
		o = r.problem.objects(r.label.objects(o))
		if a.stacked {
			for _, w := range r.words {
				o = append(o, w)
			}
			continue
		}
		o = append(o, r.rule)
		for _, c := range r.cells {
			o = append(o, c)
		}
	}
	return o
}
