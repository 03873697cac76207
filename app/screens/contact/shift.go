package contact

import (
	"context"

	"parvis/internal/interview"
)

// Pause begins a pause at once; why is asked while it lasts.
func (c *Presenter) Pause(ctx context.Context) error {
	return c.change(c.p.Store.PauseShift(ctx, c.p.Shift.ID, ""))
}

// Explain keeps why the shift is paused, while the words are being written.
func (c *Presenter) Explain(ctx context.Context, reason, words string) error {
	if err := c.p.Store.ExplainPause(ctx, c.p.Shift.ID, reason, words); err != nil {
		return err
	}
	if n := len(c.p.Shift.Pauses); n > 0 {
		c.p.Shift.Pauses[n-1].Reason, c.p.Shift.Pauses[n-1].Words = reason, words
	}
	return nil
}

// Resume goes on after a pause.
func (c *Presenter) Resume(ctx context.Context) error {
	return c.change(c.p.Store.ResumeShift(ctx, c.p.Shift.ID))
}

// End closes the shift.
func (c *Presenter) End(ctx context.Context) error {
	return c.change(c.p.Store.EndShift(ctx, c.p.Shift.ID))
}

func (c *Presenter) change(s interview.Shift, err error) error {
	if err == nil {
		c.p.Shift = s
	}
	return err
}
