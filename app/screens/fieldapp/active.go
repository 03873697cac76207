package fieldapp

import (
	"context"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// activeJournal tells of every answer, page and observation that somebody is there.
type activeJournal struct {
	interview.Journal
	active func()
}

// Save keeps one change of a draft.
func (j activeJournal) Save(ctx context.Context, s interview.Saving) error {
	j.active()
	return j.Journal.Save(ctx, s)
}

// SaveReserving keeps one change of a draft and reserves what it takes.
func (j activeJournal) SaveReserving(ctx context.Context, s interview.Saving, cells []string) ([]string, error) {
	j.active()
	return j.Journal.SaveReserving(ctx, s, cells)
}

// activeSheet tells of every tap on the contact sheet that somebody is there.
type activeSheet struct {
	*fieldstore.Store
	active func()
}

// CountPasser counts one person.
func (s activeSheet) CountPasser(ctx context.Context, shift string) (int, error) {
	s.active()
	return s.Store.CountPasser(ctx, shift)
}

// SaveContact keeps an approach.
func (s activeSheet) SaveContact(ctx context.Context, c interview.Contact) (interview.Contact, error) {
	s.active()
	return s.Store.SaveContact(ctx, c)
}
