package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"parvis/internal/interview"
	"parvis/internal/study"
)

// ErrReopened: the interview is being corrected; that has to end first.
var ErrReopened = errors.New("the interview is being corrected")

// Ended is an interview that has ended with what it can be reopened from; ErrNotFound once the time for that is over.
type Ended struct {
	// Draft holds snapshot, position, contact and Again, whose kind and reason are the caller's to say.
	Draft interview.Draft
	Study study.Study
}

// Ended reads an interview that has ended, for interview.Reopen.
func (s *Store) Ended(ctx context.Context, id string) (e Ended, err error) {
	err = s.Read(ctx, "read the ended interview", func(ctx context.Context, tx *sql.Tx) error {
		again, kept, err := s.readEnded(ctx, tx, id)
		if err != nil {
			return err
		}
		e.Draft = interview.Draft{Snapshot: kept.Snapshot, Position: kept.Position, Again: &again}
		if e.Draft.Approach, err = s.readContact(ctx, tx, again.Base.Contact); err != nil {
			return err
		}
		var body []byte
		if err := tx.QueryRowContext(ctx, `SELECT v.body, v.form_sha256 FROM ended e JOIN study_version v ON v.number = e.version
			WHERE e.interview = ?`, id).Scan(&body, &e.Draft.FormSHA256); err != nil {
			return err
		}
		return json.Unmarshal(body, &e.Study)
	})
	return e, err
}

func (s *Store) readEnded(ctx context.Context, tx *sql.Tx, id string) (again interview.Again, kept interview.Kept, err error) {
	var packed, sealed []byte
	if err := tx.QueryRowContext(ctx, `SELECT snapshot, position, sealed, until FROM ended WHERE interview = ?`, id).
		Scan(&packed, &kept.Position, &sealed, &kept.Until); err != nil {
		return again, kept, err
	}
	if kept.Snapshot, err = s.vault.unpack("ended.snapshot", id, packed); err != nil {
		return again, kept, err
	}
	if err := json.Unmarshal(sealed, &kept.Sealed); err != nil {
		return again, kept, err
	}
	again.Sealed = kept.Sealed
	again.Base, err = s.readInterview(ctx, tx, id)
	return again, kept, err
}

// Interview returns the newest revision of an interview that has ended, as it was or will be sent; ErrNotFound for practice whose
// time for corrections is over.
func (s *Store) Interview(ctx context.Context, id string) (i interview.Interview, err error) {
	err = s.Read(ctx, "read the interview", func(ctx context.Context, tx *sql.Tx) error {
		i, err = s.readInterview(ctx, tx, id)
		return err
	})
	return i, err
}

// readInterview reads the newest revision of an interview that has ended.
func (s *Store) readInterview(ctx context.Context, tx *sql.Tx, id string) (i interview.Interview, err error) {
	body, err := s.readRecord(ctx, tx, id, 0)
	if errors.Is(err, sql.ErrNoRows) {
		body, err = s.readPractice(ctx, tx, id)
	}
	if err != nil {
		return i, err
	}
	return i, json.Unmarshal(body, &i)
}

// readPractice reads the body of a practice interview, as long as it can be corrected.
func (s *Store) readPractice(ctx context.Context, tx *sql.Tx, id string) ([]byte, error) {
	var closed []byte
	if err := tx.QueryRowContext(ctx, `SELECT body FROM ended WHERE interview = ? AND length(body) > 0`, id).Scan(&closed); err != nil {
		return nil, err
	}
	return s.vault.unpack("ended.body", id, closed)
}

// keepEnded keeps what the interview can be reopened from. The draft it comes from is still there.
func (s *Store) keepEnded(ctx context.Context, tx *sql.Tx, i interview.Interview, k interview.Kept, body []byte) error {
	sealed, err := json.Marshal(k.Sealed)
	if err != nil {
		return err
	}
	snapshot, err := s.vault.pack("ended.snapshot", i.ID, k.Snapshot)
	if err != nil {
		return err
	}
	practice := []byte{}
	if i.Practice {
		if practice, err = s.vault.pack("ended.body", i.ID, body); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO ended (interview, version, snapshot, position, sealed, body, until)
		SELECT id, version, ?2, ?3, ?4, ?5, ?6 FROM draft WHERE id = ?1
		ON CONFLICT (interview) DO UPDATE SET snapshot = excluded.snapshot, position = excluded.position, sealed = excluded.sealed,
			body = excluded.body, until = excluded.until`,
		i.ID, snapshot, k.Position, string(sealed), practice, k.Until)
	return err
}

// forgetEnded drops what interviews could have been reopened from, once the time for it is over.
func (s *Store) forgetEnded(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM ended WHERE until < ? AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.id = ended.interview)`,
		s.now().UnixMilli())
	return err
}

// putAgain keeps why a draft reopens an interview.
func (s *Store) putAgain(ctx context.Context, tx *sql.Tx, d interview.Draft) error {
	if d.Again == nil {
		return nil
	}
	reason, err := s.vault.close("reopened", d.ID, []byte(d.Again.Reason))
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO reopened (draft, revision, kind, reason, at_utc, at_offset)
		SELECT id, revision, ?2, ?3, ?4, ?5 FROM interview WHERE id = ?1`, d.ID, d.Again.Kind, reason, d.Again.At.UTC, d.Again.At.Offset)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("the interview %s: %w", d.ID, ErrNotFound))
	}
	return nil
}

func (s *Store) readAgain(ctx context.Context, tx *sql.Tx, id string) (*interview.Again, error) {
	var kind interview.CorrectionKind
	var reason []byte
	var at interview.Moment
	err := tx.QueryRowContext(ctx, `SELECT kind, reason, at_utc, at_offset FROM reopened WHERE draft = ?`, id).Scan(&kind, &reason, &at.UTC, &at.Offset)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	again, _, err := s.readEnded(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	again.Kind, again.At = kind, at
	return &again, s.vault.openInto(&again.Reason, "reopened", id, reason)
}

// Withdraw leaves an interview as it was before its correction was begun. Only a correction can be withdrawn.
func (s *Store) Withdraw(ctx context.Context, id string) error {
	if err := s.write(ctx, "leave the interview as it was", func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE reopened SET withdrawn = 1 WHERE draft = ? AND kind = ?`, id, interview.CorrectEdit)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, fmt.Errorf("the correction of %s: %w", id, ErrNotFound))
		}
		return dropDraft(ctx, tx, id)
	}); err != nil {
		return err
	}
	s.scrub(ctx)
	return nil
}

// VoidInterview says of an interview that has ended that it must not count, and why. Nothing is deleted.
func (s *Store) VoidInterview(ctx context.Context, id, reason string) error {
	return s.reviseEnded(ctx, "void the interview", id, func(i interview.Interview, c interview.Contact) (interview.Interview, interview.Contact) {
		return interview.Voided(i, c, reason, s.moment())
	})
}

// UnvoidInterview takes VoidInterview back.
func (s *Store) UnvoidInterview(ctx context.Context, id string) error {
	return s.reviseEnded(ctx, "let the interview count again", id, func(i interview.Interview, c interview.Contact) (interview.Interview, interview.Contact) {
		return interview.Unvoided(i, c, s.moment())
	})
}

func (s *Store) reviseEnded(ctx context.Context, doing, id string,
	change func(interview.Interview, interview.Contact) (interview.Interview, interview.Contact),
) error {
	return s.write(ctx, doing, func(ctx context.Context, tx *sql.Tx) error {
		var open bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM draft WHERE id = ?)`, id).Scan(&open); err != nil || open {
			return errors.Join(err, errorIf(open, ErrReopened))
		}
		before, err := s.readInterview(ctx, tx, id)
		if err != nil {
			return err
		}
		contact, err := s.readContact(ctx, tx, before.Contact)
		if err != nil {
			return err
		}
		i, c := change(before, contact)
		body, err := s.revise(ctx, tx, i, c)
		if err != nil || !i.Practice {
			return err
		}
		closed, err := s.vault.pack("ended.body", id, body)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE ended SET body = ? WHERE interview = ?`, closed, id)
		return err
	})
}
