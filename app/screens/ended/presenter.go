// Package ended is the page of an interview that has ended: what came of it, what has been changed since, and what can still be
// done about it. The Model is plain Go; the views draw.
package ended

import (
	"context"
	"errors"
	"time"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// Store is what the page reads.
type Store interface {
	Interview(ctx context.Context, id string) (interview.Interview, error)
	Study(ctx context.Context, id string) (study.Study, error)
}

// Model is everything the page shows.
type Model struct {
	Row   fieldstore.InterviewRow
	Study study.Study
	// Corrections are the changes since it ended, the oldest first; BreakOff and Void the names of the reasons, "" for none.
	Corrections    []interview.Correction
	BreakOff, Void string
	// Until is the last moment at which answers may be corrected; zero where they may not.
	Until time.Time
	// Here tells that the device still has the record, so that something can be done about it.
	Here bool
	// Countable tells that its being void can be taken back.
	Countable bool
}

// Read reads an interview of the list.
func Read(ctx context.Context, s Store, row fieldstore.InterviewRow, now time.Time) (Model, error) {
	m := Model{Row: row}
	var err error
	if m.Study, err = s.Study(ctx, row.Study); err != nil {
		return m, err
	}
	i, err := s.Interview(ctx, row.ID)
	if errors.Is(err, fieldstore.ErrNotFound) { // practice whose time is over
		return m, nil
	}
	if err != nil {
		return m, err
	}
	m.Here, m.Corrections, m.BreakOff, m.Void = true, i.Corrections, i.BreakOffReason, i.Void
	may := interview.Editable(m.Study, i.Ended, now)
	if may && row.Reopenable && i.Void == "" {
		m.Until = i.Ended.Time().Add(time.Duration(m.Study.EditMinutes) * time.Minute)
	}
	if n := len(i.Corrections); n > 0 && i.Void != "" {
		m.Countable = may && i.Corrections[n-1].Kind == interview.CorrectVoid
	}
	return m, nil
}
