package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// Begin keeps a new draft with its first step and its contact.
func (s *Store) Begin(ctx context.Context, o interview.Opening) error {
	return s.write(ctx, "begin the interview", func(ctx context.Context, tx *sql.Tx) error {
		c, err := s.credentials(ctx, tx)
		if err != nil || c.Epoch == "" {
			return errors.Join(err, errorIf(err == nil, ErrNotEnrolled))
		}
		if err := s.putContact(ctx, tx, o.Contact); err != nil {
			return err
		}
		d := o.Draft
		who, err := s.vault.close("draft.interviewer", d.ID, []byte(d.Interviewer))
		if err != nil {
			return err
		}
		snapshot, err := s.vault.pack("draft.snapshot", d.ID, d.Snapshot)
		if err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO draft (id, study, version, form, form_version, form_sha256, shift, contact, site, entrance,
			interviewer, practice, started_utc, started_offset, open_ms, position, language, snapshot)
			SELECT ?1, ?2, number, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17
			FROM study_version WHERE study = ?2 AND form_sha256 = ?5 ORDER BY number DESC LIMIT 1`,
			d.ID, d.Study, d.Form, d.FormVersion, d.FormSHA256, d.Shift, d.Contact, d.Site, d.Entrance, who, d.Practice,
			d.Started.UTC, d.Started.Offset, d.OpenMS, d.Position, d.Language, snapshot)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, fmt.Errorf("the questionnaire of the study %s: %w", d.Study, ErrNotFound))
		}
		if err := s.putAgain(ctx, tx, d); err != nil {
			return err
		}
		return s.putStep(ctx, tx, d.ID, o.Step)
	})
}

// Save keeps one change of a draft.
func (s *Store) Save(ctx context.Context, c interview.Saving) error {
	return s.write(ctx, "save the answer", func(ctx context.Context, tx *sql.Tx) error { return s.save(ctx, tx, c) })
}

func (s *Store) save(ctx context.Context, tx *sql.Tx, c interview.Saving) error {
	var done sql.Result
	var err error
	if c.Snapshot == nil {
		done, err = tx.StmtContext(ctx, s.hot.saveProgress).ExecContext(ctx, c.OpenMS, c.Position, c.Language, c.Draft)
	} else {
		snapshot, closing := s.vault.pack("draft.snapshot", c.Draft, c.Snapshot)
		if closing != nil {
			return closing
		}
		done, err = tx.StmtContext(ctx, s.hot.saveDraft).ExecContext(ctx, c.OpenMS, c.Position, c.Language, snapshot, c.Draft)
	}
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("the interview %s: %w", c.Draft, ErrNotFound))
	}
	if c.Step == nil {
		return nil
	}
	return s.putStep(ctx, tx, c.Draft, *c.Step)
}

// detail is what a step has beside its columns.
type detail struct {
	Observation *interview.Observation `json:"observation,omitempty"`
	Mark        *interview.Mark        `json:"mark,omitempty"`
	Undoes      string                 `json:"undoes,omitempty"`
	File        *interview.Attachment  `json:"file,omitempty"`
	interview.Traces
}

// stepRow is the key of a step's row.
func stepRow(draft string, number int) string { return draft + "/" + strconv.Itoa(number) }

func (s *Store) putStep(ctx context.Context, tx *sql.Tx, draft string, step interview.Step) error {
	var more []byte
	if step.Observation != nil || step.Mark != nil || step.Undoes != "" || step.File != nil || !step.Traces.Empty() {
		var err error
		if more, err = json.Marshal(detail{step.Observation, step.Mark, step.Undoes, step.File, step.Traces}); err != nil {
			return err
		}
		if more, err = s.vault.close("step", stepRow(draft, step.Number), more); err != nil {
			return err
		}
	}
	_, err := tx.StmtContext(ctx, s.hot.insertStep).ExecContext(ctx, draft, step.Number, step.Kind, step.Question, step.At.UTC, step.At.Offset,
		step.OpenMS, step.Changed, step.Position, append([]byte{}, more...))
	return err
}

// End turns a draft into an interview. Afterwards the answers stand in the outbox's record alone, without personal values but
// sealed; the draft's pages are overwritten, in the file and in the write-ahead log.
func (s *Store) End(ctx context.Context, e interview.Ending) error {
	if err := s.write(ctx, "end the interview", func(ctx context.Context, tx *sql.Tx) error {
		return s.end(ctx, tx, e)
	}); err != nil {
		return err
	}
	s.scrub(ctx)
	return nil
}

// scrub empties the write-ahead log. What it follows is saved; a log that cannot be emptied now is emptied the next time.
func (s *Store) scrub(ctx context.Context) {
	if err := s.File.Scrub(ctx); err != nil {
		s.logger.WarnContext(ctx, "the write-ahead log was not emptied", "error", err)
	}
}

func (s *Store) end(ctx context.Context, tx *sql.Tx, e interview.Ending) error {
	i := e.Interview
	if err := settleRights(ctx, tx, i); err != nil {
		return err
	}
	body, err := s.revise(ctx, tx, i, e.Contact)
	if err != nil {
		return err
	}
	if err := s.keepEnded(ctx, tx, i, e.Kept, body); err != nil {
		return err
	}
	if err := s.forgetEnded(ctx, tx); err != nil {
		return err
	}
	return dropDraft(ctx, tx, i.ID)
}

// revise keeps an interview that has ended, or its further revision, and announces it unless it is practice.
func (s *Store) revise(ctx context.Context, tx *sql.Tx, i interview.Interview, c interview.Contact) (body []byte, err error) {
	if err := s.putContact(ctx, tx, c); err != nil {
		return nil, err
	}
	state := Waiting
	if i.Practice {
		state = Practised
	}
	if err := rightsOf(ctx, tx, &i); err != nil {
		return nil, err
	}
	var revision int
	if err := tx.QueryRowContext(ctx, `INSERT INTO interview (id, study, shift, contact, practice, site, entrance, language, disposition, void, provisional,
		started_utc, started_offset, ended_utc, ended_offset, duration_ms, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET language = excluded.language, disposition = excluded.disposition, void = excluded.void,
			provisional = excluded.provisional,
			ended_utc = excluded.ended_utc, ended_offset = excluded.ended_offset, duration_ms = excluded.duration_ms,
			state = excluded.state, reason = '', revision = revision + 1 RETURNING revision`,
		i.ID, i.Study, i.Shift, i.Contact, i.Practice, i.Site, i.Entrance, i.Language, i.Disposition, i.Void != "", i.Provisional,
		i.Started.UTC, i.Started.Offset, i.Ended.UTC, i.Ended.Offset, i.DurationMS, state).Scan(&revision); err != nil {
		return nil, err
	}
	if body, err = json.Marshal(i); err != nil {
		return nil, err
	}
	if i.Practice {
		return body, s.settleAttachments(ctx, tx, i, nil)
	}
	var before interview.Interview
	if revision > 1 {
		if before, err = s.readInterview(ctx, tx, i.ID); err != nil {
			return nil, err
		}
		if err := countCells(ctx, tx, before, -1); err != nil {
			return nil, err
		}
	}
	if err := s.settleAttachments(ctx, tx, i, before.Attachments); err != nil {
		return nil, err
	}
	if err := s.announce(ctx, tx, delivery.KindInterview, i.ID, revision, i.Study, body); err != nil {
		return nil, err
	}
	return body, countCells(ctx, tx, i, 1)
}

// countCells lets the interview count in the cells it falls in, or count no more where step is -1.
func countCells(ctx context.Context, tx *sql.Tx, i interview.Interview, step int) error {
	if i.Disposition != interview.Complete || i.Void != "" {
		return nil
	}
	for _, cell := range i.Cells {
		if _, err := tx.ExecContext(ctx, `INSERT INTO quota_count (study, cell, n) VALUES (?1, ?2, max(?3, 0))
			ON CONFLICT (study, cell) DO UPDATE SET n = n + ?3`, i.Study, cell, step); err != nil {
			return err
		}
	}
	return nil
}

func dropDraft(ctx context.Context, tx *sql.Tx, id string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM step WHERE draft = ?`, id); err != nil {
		return err
	}
	gone, err := tx.ExecContext(ctx, `DELETE FROM draft WHERE id = ?`, id)
	if err != nil {
		return err
	}
	if n, err := gone.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("the interview %s: %w", id, ErrNotFound))
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM reopened WHERE draft = ?`, id)
	return err
}
