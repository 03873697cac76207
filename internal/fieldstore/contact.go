package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// SaveContact keeps an approach and its outcome, within an open shift. What the shift knows (study, site, entrance, interviewer,
// practice, persons passed), the identifier, the moment and the facts its outcome implies are filled in where they are missing.
func (s *Store) SaveContact(ctx context.Context, c interview.Contact) (saved interview.Contact, err error) {
	if c.ID == "" {
		c.ID = s.newID()
	}
	err = s.write(ctx, "save the contact", func(ctx context.Context, tx *sql.Tx) error {
		shift, err := s.readShift(ctx, tx, c.Shift)
		if err != nil {
			return err
		}
		if !shift.Ended.IsZero() {
			return ErrNoShift
		}
		saved = s.complete(c, shift)
		return s.putContact(ctx, tx, saved)
	})
	return saved, err
}

// ReviseContact replaces an approach's outcome, or what was estimated, by a further revision.
func (s *Store) ReviseContact(ctx context.Context, c interview.Contact) (saved interview.Contact, err error) {
	err = s.write(ctx, "revise the contact", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := s.readContact(ctx, tx, c.ID); err != nil {
			return err
		}
		shift, err := s.readShift(ctx, tx, c.Shift)
		if err != nil {
			return err
		}
		saved = s.complete(c, shift)
		return s.putContact(ctx, tx, saved)
	})
	return saved, err
}

// UndoContact takes a tap back: a further revision says that it counts for nothing. Nothing is deleted.
func (s *Store) UndoContact(ctx context.Context, id string) error {
	return s.write(ctx, "take back the contact", func(ctx context.Context, tx *sql.Tx) error {
		c, err := s.readContact(ctx, tx, id)
		if err != nil {
			return err
		}
		c.Void = true
		return s.putContact(ctx, tx, c)
	})
}

// Contact returns an approach, taken back or not.
func (s *Store) Contact(ctx context.Context, id string) (c interview.Contact, err error) {
	err = s.Read(ctx, "read the contact", func(ctx context.Context, tx *sql.Tx) error {
		c, err = s.readContact(ctx, tx, id)
		return err
	})
	return c, err
}

// Contacts returns a shift's approaches, the latest first, without those taken back.
func (s *Store) Contacts(ctx context.Context, shift string) (contacts []interview.Contact, err error) {
	err = s.Read(ctx, "list the contacts", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var id string
			var closed []byte
			var c interview.Contact
			if err := rows.Scan(&id, &closed); err != nil {
				return err
			}
			if err := s.openContact(&c, id, closed); err != nil {
				return err
			}
			contacts = append(contacts, c)
			return nil
		}, `SELECT id, body FROM contact WHERE shift = ? AND NOT void ORDER BY at_utc DESC, id DESC`, shift)
	})
	return contacts, err
}

func (s *Store) complete(c interview.Contact, shift interview.Shift) interview.Contact {
	c.Study, c.Site, c.Entrance, c.Interviewer, c.Practice = shift.Study, shift.Site, shift.Entrance, shift.Interviewer, shift.Practice
	if c.At.IsZero() {
		c.At, c.Passed = s.moment(), shift.Passed
	}
	made, known := interview.FactsOf(c.Disposition)
	c.ContactMade, c.EligibilityKnown = c.ContactMade || made, c.EligibilityKnown || known
	return c
}

func (s *Store) readContact(ctx context.Context, tx *sql.Tx, id string) (c interview.Contact, err error) {
	var closed []byte
	if err := tx.QueryRowContext(ctx, `SELECT body FROM contact WHERE id = ?`, id).Scan(&closed); err != nil {
		return c, err
	}
	return c, s.openContact(&c, id, closed)
}

func (s *Store) openContact(c *interview.Contact, id string, closed []byte) error {
	body, err := s.vault.open("contact", id, closed)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, c)
}

// putContact keeps the contact and announces the revision where its content is new.
func (s *Store) putContact(ctx context.Context, tx *sql.Tx, c interview.Contact) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	closed, err := s.vault.close("contact", c.ID, body)
	if err != nil {
		return err
	}
	var revision int
	err = tx.QueryRowContext(ctx, `INSERT INTO contact (id, study, shift, practice, disposition, class, void, at_utc, revision, sha256, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
		ON CONFLICT (id) DO UPDATE SET disposition = excluded.disposition, class = excluded.class, void = excluded.void,
			revision = revision + 1, sha256 = excluded.sha256, body = excluded.body WHERE sha256 <> excluded.sha256 RETURNING revision`,
		c.ID, c.Study, c.Shift, c.Practice, c.Disposition, c.Class(), c.Void, c.At.UTC, delivery.Sum(body), closed).Scan(&revision)
	switch {
	case errors.Is(err, sql.ErrNoRows) || (err == nil && c.Practice):
		return nil
	case err != nil:
		return err
	}
	return s.announce(ctx, tx, delivery.KindContact, c.ID, revision, c.Study, body)
}
