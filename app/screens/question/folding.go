package question

import (
	"slices"

	"parvis/internal/xform"
)

// On a phone a table does not fit: its rows are asked one a page. The page of the questionnaire stays one; steps divide it.

// Fold divides tables, as on phones, or shows them whole.
func (p *Presenter) Fold(on bool) { p.folds = on }

// stepsOf divides a page with a table: each item that asks something is a step, under the notes that stand above it. Notes before the
// first are the table's own words and stand above every step. A page without a table is not divided.
func stepsOf(items []Item) (steps [][]Item) {
	if !slices.ContainsFunc(items, func(it Item) bool { return it.Kind == TableRow }) {
		return nil
	}
	var lead, above []Item
	for _, it := range items {
		switch {
		case it.Kind == TableHead:
		case it.Kind == Reading && len(steps) == 0:
			lead = append(lead, it)
		case it.Kind == Reading:
			above = append(above, it)
		default:
			if it.Kind == TableRow {
				it.Kind = map[bool]Kind{true: Several, false: Single}[it.Control == xform.Select]
			}
			steps = append(steps, append(slices.Concat(lead, above), it))
			above = nil
		}
	}
	return steps
}

// fold shows the present step of a divided page. A page that comes up for the first time in a run of the program begins at its first
// row without an answer, so that one who opens the app again stands where they were.
func (p *Presenter) fold(m *Model, at xform.Position) {
	fresh := p.folded != at
	p.folded = at
	var steps [][]Item
	if p.folds {
		steps = stepsOf(m.Items)
	}
	if len(steps) == 0 {
		p.step, p.steps = 0, nil
		return
	}
	if fresh && p.step != lastStep {
		p.step = max(slices.IndexFunc(steps, func(s []Item) bool { return s[len(s)-1].Value == "" }), 0)
	}
	p.step = min(p.step, len(steps)-1)
	p.steps = steps
	m.At -= len(steps) - 1 - p.step
	m.Items = steps[p.step]
}

// lastStep is the step of one who comes back to a divided page from behind.
const lastStep = 1 << 20

// within checks the present step and goes on to the next one of the page. On the last step it is for the whole page to be checked.
func (p *Presenter) within() (moved, done bool) {
	if p.step >= len(p.steps)-1 {
		return false, false
	}
	for _, it := range p.steps[p.step] {
		if v := p.p.Interview.Check(it.Ref); v != nil {
			p.violations[it.Ref] = *v
		}
		p.short[it.Ref] = tooFew(it)
	}
	if p.wrong() {
		return false, true
	}
	p.step++
	return true, true
}

// toTrouble shows the first step of the page with something wrong.
func (p *Presenter) toTrouble() {
	at := slices.IndexFunc(p.steps, func(s []Item) bool {
		return slices.ContainsFunc(s, func(it Item) bool { _, wrong := p.violations[it.Ref]; return wrong || p.short[it.Ref] })
	})
	if at >= 0 {
		p.step = at
	}
}
