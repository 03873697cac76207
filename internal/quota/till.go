package quota

// Till is what a supervisor's laptop has of one constraint, to pass it on to tablets that meet nobody else. Each number is a total over the
// till's epoch and only grows.
type Till struct {
	Granted  int `json:"granted"`  // as central said last
	Returned int `json:"returned"` // given back to central
	Lent     int `json:"lent"`     // passed on to tablets, as it is written down here
	// Moved is what central has heard of that from the tablets. It is more than Lent where this till was set back to a copy of itself.
	Moved int `json:"moved"`
}

// Free is how many rights may still be passed on.
func (t Till) Free() int { return t.Granted - t.Returned - max(t.Lent, t.Moved) }

// Told takes up what central says of the till.
func (t *Till) Told(granted, moved int) {
	t.Granted, t.Moved = max(t.Granted, granted), max(t.Moved, moved)
}

// Keep gives free rights back to central until at most keep are free; it returns how many.
func (t *Till) Keep(keep int) int {
	n := max(t.Free()-max(keep, 0), 0)
	t.Returned += n
	return n
}

// Pass answers a tablet that wants so many rights more, beside others that come for rights too. passed is how many it was passed on in
// all, as it is written down here, had how many it says it has. Where it has fewer an answer was lost: it hears the same again, and no
// more. Where it has more this till was set back to a copy, and learns of it. What it is to have in all is to be written down before it
// hears it.
func (t *Till) Pass(passed, had, want, tablets int) (total int) {
	if had = min(had, t.Granted); had > passed {
		t.Lent += had - passed
		passed = had
	}
	if had < passed {
		return passed
	}
	n := max(min(want, t.Free(), max(t.Free()/max(tablets, 1), 1)), 0)
	t.Lent += n
	return passed + n
}

// Loan is what a tablet was passed on by one till: totals.
type Loan struct {
	Total int `json:"total"` // as the laptop said
	Heard int `json:"heard"` // of them, what central has heard of and counts among what it granted
}

// Lent is what central does not count yet.
func (l Loan) Lent() int { return l.Total - l.Heard }

// Pass takes up what the laptop said.
func (l *Loan) Pass(total int) { l.Total = max(l.Total, total) }

// Told takes up what central has heard of it, which must be from the same moment as what it says it granted: that has this in it. A device
// that was set back to a copy learns so of what it was passed on since.
func (l *Loan) Told(heard int) {
	l.Heard = max(l.Heard, heard)
	l.Total = max(l.Total, l.Heard)
}
