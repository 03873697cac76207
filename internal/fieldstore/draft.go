package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"

	"parvis/internal/interview"
	"parvis/internal/study"
)

// Drafts lists the interviews that were begun and have not ended, the latest first, without their snapshots and steps.
func (s *Store) Drafts(ctx context.Context) (drafts []interview.Draft, err error) {
	err = s.Read(ctx, "list the interviews to finish", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var d interview.Draft
			var who []byte
			if err := rows.Scan(draftFields(&d, &who)...); err != nil {
				return err
			}
			err := s.vault.openInto(&d.Interviewer, "draft.interviewer", d.ID, who)
			drafts = append(drafts, d)
			return err
		}, `SELECT `+draftColumns+` FROM draft ORDER BY started_utc DESC, id DESC`)
	})
	return drafts, err
}

// Draft returns a draft whole, to resume from.
func (s *Store) Draft(ctx context.Context, id string) (d interview.Draft, err error) {
	err = s.Read(ctx, "read the interview", func(ctx context.Context, tx *sql.Tx) error {
		var who, closed []byte
		if err := tx.QueryRowContext(ctx, `SELECT `+draftColumns+`, snapshot FROM draft WHERE id = ?`, id).
			Scan(append(draftFields(&d, &who), &closed)...); err != nil {
			return err
		}
		if err := s.vault.openInto(&d.Interviewer, "draft.interviewer", id, who); err != nil {
			return err
		}
		if d.Snapshot, err = s.vault.unpack("draft.snapshot", id, closed); err != nil {
			return err
		}
		if d.Approach, err = s.readContact(ctx, tx, d.Contact); err != nil {
			return err
		}
		if d.Again, err = s.readAgain(ctx, tx, id); err != nil {
			return err
		}
		if d.Held, err = readHeld(ctx, tx, id); err != nil {
			return err
		}
		return Each(ctx, tx, func(rows *sql.Rows) error {
			step, err := s.scanStep(rows, id)
			d.Steps = append(d.Steps, step)
			return err
		}, `SELECT number, kind, question, at_utc, at_offset, open_ms, changed, position, detail FROM step WHERE draft = ? ORDER BY number`, id)
	})
	return d, err
}

// DraftStudy returns the study as it was when the draft was begun; its files are found with Blob.
func (s *Store) DraftStudy(ctx context.Context, id string) (st study.Study, err error) {
	err = s.Read(ctx, "read the interview's study", func(ctx context.Context, tx *sql.Tx) error {
		var body []byte
		if err := tx.QueryRowContext(ctx, `SELECT v.body FROM draft d JOIN study_version v ON v.number = d.version WHERE d.id = ?`, id).Scan(&body); err != nil {
			return err
		}
		return json.Unmarshal(body, &st)
	})
	return st, err
}

const draftColumns = `id, study, form, form_version, form_sha256, shift, contact, site, entrance, interviewer, practice,
	started_utc, started_offset, open_ms, position, language`

func draftFields(d *interview.Draft, who *[]byte) []any {
	return []any{
		&d.ID, &d.Study, &d.Form, &d.FormVersion, &d.FormSHA256, &d.Shift, &d.Contact, &d.Site, &d.Entrance, who, &d.Practice,
		&d.Started.UTC, &d.Started.Offset, &d.OpenMS, &d.Position, &d.Language,
	}
}

func (s *Store) scanStep(rows *sql.Rows, draft string) (step interview.Step, err error) {
	var closed []byte
	if err := rows.Scan(&step.Number, &step.Kind, &step.Question, &step.At.UTC, &step.At.Offset, &step.OpenMS, &step.Changed,
		&step.Position, &closed); err != nil || len(closed) == 0 {
		return step, err
	}
	more, err := s.vault.open("step", stepRow(draft, step.Number), closed)
	if err != nil {
		return step, err
	}
	var d detail
	if err := json.Unmarshal(more, &d); err != nil {
		return step, err
	}
	step.Observation, step.Mark, step.Undoes, step.File, step.Traces = d.Observation, d.Mark, d.Undoes, d.File, d.Traces
	return step, nil
}
