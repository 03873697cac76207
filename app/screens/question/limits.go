package question

import (
	"context"
	"slices"
	"strconv"

	"parvis/internal/xform"
)

// limits are how many choices a multiple answer or a ranking may have and needs, from bind::parvis:max and bind::parvis:min; 0 for no
// limit. A constraint could say the same, but only once the respondent has said too much.
func limits(q xform.Question) (least, most int) {
	if q.Control != xform.Select && q.Control != xform.Rank {
		return 0, 0
	}
	least, _ = strconv.Atoi(attribute(q, "min"))
	most, _ = strconv.Atoi(attribute(q, "max"))
	return max(least, 0), max(most, 0)
}

// full tells that no choice can be added; one that excludes the others always can.
func full(it Item, value string) bool {
	return it.Most > 0 && len(it.Chosen) >= it.Most && !slices.Contains(it.Chosen, value) && !slices.Contains(exclusive(it.Question), value)
}

// tooFew tells that an answer has fewer choices than asked for. No answer at all is for required to judge.
func tooFew(it Item) bool {
	if len(it.Chosen) == 0 || len(it.Chosen) >= it.Least {
		return false
	}
	return !slices.ContainsFunc(it.Chosen, func(v string) bool { return slices.Contains(exclusive(it.Question), v) })
}

// Replaces lists what a tap would take out because the choices exclude each other, for an undo.
func Replaces(it Item, value string) []string {
	after := toggled(it, value)
	return slices.DeleteFunc(slices.Clone(it.Chosen), func(v string) bool { return v == value || slices.Contains(after, v) })
}

// Restore gives a multiple answer back its choices, after an undo.
func (p *Presenter) Restore(ctx context.Context, ref xform.Ref, value string) error {
	p.settle(ref)
	return p.p.Interview.Answer(ctx, ref, value)
}
