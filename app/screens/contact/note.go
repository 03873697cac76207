package contact

import (
	"context"

	"parvis/internal/interview"
)

// Note is the page for weather and events. It keeps each tap and each word at once.
type Note struct {
	store Store
	shift string
	note  interview.ShiftNote
	// Before are the notes of the shift until now, the latest first.
	Before []interview.ShiftNote
}

// Note begins a new note.
func (c *Presenter) Note() *Note {
	n := &Note{store: c.p.Store, shift: c.p.Shift.ID}
	for i := len(c.p.Shift.Notes) - 1; i >= 0; i-- {
		n.Before = append(n.Before, c.p.Shift.Notes[i])
	}
	return n
}

// Note is what is noted so far.
func (n *Note) Note() interview.ShiftNote { return n.note }

// Weather notes the weather; the one that is noted already is taken off again.
func (n *Note) Weather(ctx context.Context, weather string) error {
	next := n.note
	if next.Weather = weather; weather == n.note.Weather {
		next.Weather = ""
	}
	return n.keep(ctx, next)
}

// Write notes an event in the interviewer's words.
func (n *Note) Write(ctx context.Context, words string) error {
	next := n.note
	next.Words = words
	return n.keep(ctx, next)
}

func (n *Note) keep(ctx context.Context, next interview.ShiftNote) error {
	kept, err := n.store.SaveShiftNote(ctx, n.shift, next)
	if err == nil {
		n.note = kept
	}
	return err
}
