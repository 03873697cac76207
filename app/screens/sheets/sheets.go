// Package sheets draws the tables of the supervisor's pages: what internal/export/table holds, sortable, or as a list where a window is
// narrow. What is drawn is what is exported.
package sheets

import (
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/export/table"
)

// Params says how a table is drawn.
type Params struct {
	Table table.Table // in the order in which its rows stand
	// Sort is the key of the column it is sorted by, Descending the other way round; OnSort asks for another order; nil for none.
	Sort       string
	Descending bool
	OnSort     func(key string, descending bool)
	// OnOpen opens what a row is about; nil where there is nothing.
	OnOpen func(id string)
	// Ink gives a cell its colour, which never says more than its words; nil for the usual one.
	Ink func(c table.Column, cell table.Cell) look.ColorName
}

// New draws a table.
func New(p Params) *kit.Table {
	var heads []kit.TableColumn
	for _, c := range p.Table.Columns {
		head := kit.TableColumn{Title: c.Title, Number: c.Kind != table.Words}
		if p.Sort == c.Key && p.OnSort != nil {
			head.Order = kit.Ascending
			if p.Descending {
				head.Order = kit.Descending
			}
		}
		if p.OnSort != nil {
			head.OnTap = func() { p.OnSort(c.Key, p.next(c)) }
		}
		heads = append(heads, head)
	}
	drawn := kit.NewTable(heads...)
	var rows []kit.TableRow
	for _, r := range p.Table.Rows {
		row := kit.TableRow{Name: r.Cells[0].Text}
		if p.OnOpen != nil && r.ID != "" {
			row.OnTap = func() { p.OnOpen(r.ID) }
		}
		for i, cell := range r.Cells {
			made := kit.TableCell{Text: cell.Text, Strong: i == 0}
			if p.Ink != nil {
				made.Ink = p.Ink(p.Table.Columns[i], cell)
				made.Strong = made.Strong || made.Ink != ""
			}
			row.Cells = append(row.Cells, made)
		}
		rows = append(rows, row)
	}
	drawn.SetRows(rows...)
	return drawn
}

// next is the order a tap on a head asks for: figures from the top first, words by the alphabet, and the other way round the second time.
func (p Params) next(c table.Column) (descending bool) {
	if p.Sort == c.Key {
		return !p.Descending
	}
	return c.Kind != table.Words
}

// List draws the same as a list: the first cell as its title, the others in words below, each with its column's name.
func List(p Params) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, r := range p.Table.Rows {
		var said []string
		for i, cell := range r.Cells[1:] {
			if c := p.Table.Columns[i+1]; c.Title != "" && cell.Text != "" {
				said = append(said, c.Title+" "+cell.Text)
			}
		}
		row := kit.RowParams{Title: r.Cells[0].Text, Subtitle: strings.Join(said, " · ")}
		if p.OnOpen != nil && r.ID != "" {
			row.OnTap = func() { p.OnOpen(r.ID) }
		}
		rows = append(rows, kit.NewListRow(row))
	}
	return kit.ColumnGap(0, rows...)
}
