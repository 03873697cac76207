package question

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/internal/xform"
)

// table asks the rows that share their choices, side by side.
type table struct {
	v     *View
	rows  []Item
	table *kit.AnswerTable
}

func newTable(v *View, rows []Item) *table {
	t := &table{v: v, rows: rows}
	p := kit.AnswerTableParams{Many: rows[0].Control == xform.Select, OnTap: t.tap, OnEnter: func(row int) { v.onward(t.rows[row].Ref) }}
	for _, c := range rows[0].Choices {
		p.Columns = append(p.Columns, c.Label)
	}
	for _, it := range rows {
		p.Rows = append(p.Rows, it.Label)
	}
	t.table = kit.NewAnswerTable(p)
	for i, it := range rows {
		t.show(i, it)
	}
	return t
}

func (t *table) tap(row, column int) {
	it, p := t.rows[row], t.v.p.Presenter
	value := it.Choices[column].Value
	if it.Control == xform.Select {
		t.v.do(func(ctx context.Context) error { return p.Toggle(ctx, it, value) })
		return
	}
	t.v.do(func(ctx context.Context) error { return p.Choose(ctx, it.Ref, value) })
}

func (t *table) show(row int, it Item) {
	t.rows[row] = it
	chosen := make([]bool, len(it.Choices))
	for i, c := range it.Choices {
		chosen[i] = slices.Contains(it.Chosen, c.Value)
	}
	t.table.Set(row, chosen, t.v.problem(it))
}

// tableRow is the answer of one row.
type tableRow struct {
	settled
	of *table
	at int
}

func (r *tableRow) objects() []fyne.CanvasObject { return nil }

func (r *tableRow) show(it Item) { r.of.show(r.at, it) }

func (r *tableRow) where() fyne.CanvasObject { return r.of.table }
