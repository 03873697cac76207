package contact

import (
	"context"
	"strconv"
	"strings"

	"parvis/internal/interview"
)

// Count is the page that puts the count of passers-by right. Nothing changes before Save.
type Count struct {
	store Store
	shift string
	// Counted is the count until now.
	Counted int
	// Number, Reason and Words are what was typed and chosen.
	Number, Reason, Words string
}

// Count begins to put the count right.
func (c *Presenter) Count() *Count {
	return &Count{store: c.p.Store, shift: c.p.Shift.ID, Counted: c.figures.Passed}
}

// CountFault says what is missing, by the field, as keys of the interface's texts; all empty where nothing is.
type CountFault struct{ Number, Reason, Words string }

// mostPassers is more than passes one entrance in a shift; a number above it is a slip of the finger.
const mostPassers = 99_999

// Check looks at what was typed.
func (c *Count) Check() (to int, f CountFault) {
	to, err := strconv.Atoi(strings.TrimSpace(c.Number))
	switch {
	case err != nil || to < 0:
		f.Number = "count.number_missing"
	case to > mostPassers:
		f.Number = "count.too_many"
	case to == c.Counted:
		f.Number = "count.same"
	}
	if c.Reason == "" {
		f.Reason = "count.reason_missing"
	}
	if c.Reason == interview.Other && strings.TrimSpace(c.Words) == "" {
		f.Words = "count.words_missing"
	}
	return to, f
}

// Save keeps the correction; where something is missing it keeps nothing and says what.
func (c *Count) Save(ctx context.Context) (to int, f CountFault, err error) {
	if to, f = c.Check(); f != (CountFault{}) {
		return to, f, nil
	}
	_, err = c.store.CorrectPassers(ctx, c.shift, to, c.Reason, strings.TrimSpace(c.Words))
	return to, f, err
}
