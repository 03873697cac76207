package contact

import (
	"context"
	"time"

	"parvis/internal/interview"
)

// Asking is what the middle of the sheet asks.
type Asking uint8

const (
	// AskOutcome asks what became of the approach.
	AskOutcome Asking = iota
	// AskGuess asks for an estimate of somebody who gave no interview.
	AskGuess
	// AskWhyNot asks why the selected person is not approached.
	AskWhyNot
)

// guessFor is how long after an approach an estimate is asked for: who comes back later does not remember the face.
const guessFor = 10 * time.Minute

func (c *Presenter) asking() Asking {
	switch {
	case c.whyNot:
		return AskWhyNot
	case c.guessed.ID != "":
		return AskGuess
	}
	return AskOutcome
}

// askGuess asks for an estimate of the latest contact, where one is wanted. The store is asked, not a memory of the tap, so that
// the question outlives a kill and also follows a consent refused within the questionnaire.
func (c *Presenter) askGuess(latest interview.Contact) {
	if latest.Disposition.Estimable() && !latest.Estimated() && c.p.Now().Sub(latest.At.Time()).Abs() < guessFor {
		c.guessed = latest
	}
}

// Outcome records how an approach ended that led to no interview.
func (c *Presenter) Outcome(ctx context.Context, d interview.Disposition) error {
	return c.record(ctx, c.Contact(d))
}

func (c *Presenter) record(ctx context.Context, contact interview.Contact) error {
	saved, err := c.p.Store.SaveContact(ctx, contact)
	if err != nil {
		return err
	}
	c.last, c.lastTime, c.whyNot = saved.ID, c.p.Now(), false
	return c.read(ctx)
}

// Guess keeps the interviewer's estimate; interview.CannotTell for both is an answer too.
func (c *Presenter) Guess(ctx context.Context, sex, age string) error {
	contact := c.guessed
	contact.EstimatedSex, contact.EstimatedAge = sex, age
	if _, err := c.p.Store.ReviseContact(ctx, contact); err != nil {
		return err
	}
	c.last, c.lastTime = contact.ID, c.p.Now()
	return c.read(ctx)
}

// AskWhyNot asks why the selected person is not approached, or asks it no more.
func (c *Presenter) AskWhyNot(on bool) { c.whyNot = on }

// NotApproached records that nobody spoke to the selected person, and why.
func (c *Presenter) NotApproached(ctx context.Context, reason string) error {
	contact := c.Contact(interview.NotApproached)
	contact.NotApproached = reason
	contact.EligibilityKnown = interview.NotEligibleAtSight(reason)
	return c.record(ctx, contact)
}

// UndoOutcome takes the outcome tapped last back: within UndoFor, or as long as its estimate is asked for. Else it does nothing.
func (c *Presenter) UndoOutcome(ctx context.Context) error {
	id := c.last
	if c.guessed.ID != "" {
		id = c.guessed.ID
	}
	if !c.canUndo() {
		return nil
	}
	if err := c.p.Store.UndoContact(ctx, id); err != nil {
		return err
	}
	c.last = ""
	return c.read(ctx)
}

// canUndo: a contact that led to an interview is not taken back here, the interview is made void instead.
func (c *Presenter) canUndo() bool {
	if c.guessed.ID != "" {
		return c.guessed.Interview == ""
	}
	return c.last != "" && c.p.Now().Sub(c.lastTime) <= UndoFor
}
