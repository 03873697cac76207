package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// ApplyItems keeps pulled items and the cursor in one transaction. Studies are the shelf's; every other kind goes to other, which
// may be nil. After them after runs in the same transaction, if given.
func (s *Shelf) ApplyItems(ctx context.Context, items []delivery.Item, cursor string,
	other func(ctx context.Context, tx *sql.Tx, item delivery.Item) error, after func(ctx context.Context, tx *sql.Tx) error,
) error {
	return s.Write(ctx, "keep what was pulled", func(ctx context.Context, tx *sql.Tx) error {
		for _, item := range items {
			if err := s.applyItem(ctx, tx, item, other); err != nil {
				return fmt.Errorf("%s %s: %w", item.Kind, item.ID, err)
			}
		}
		if err := markReady(ctx, tx); err != nil {
			return err
		}
		if after != nil {
			if err := after(ctx, tx); err != nil {
				return err
			}
		}
		return s.writeNote(ctx, tx, noteCursor, cursor)
	})
}

func (s *Shelf) applyItem(ctx context.Context, tx *sql.Tx, item delivery.Item, other func(context.Context, *sql.Tx, delivery.Item) error) error {
	switch item.Kind {
	case delivery.ItemStudy:
		return saveStudy(ctx, tx, item.Body)
	case delivery.ItemWithdrawn:
		_, err := tx.ExecContext(ctx, `UPDATE study SET withdrawn = 1 WHERE id = ?`, item.ID)
		return err
	case delivery.ItemRevocation:
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		c.Revoked = true
		return s.writeNote(ctx, tx, noteCredentials, c)
	}
	if other != nil {
		return other(ctx, tx, item)
	}
	return nil
}

// saveStudy keeps a new version beside the older ones; the same again changes nothing.
func saveStudy(ctx context.Context, tx *sql.Tx, body json.RawMessage) error {
	var st study.Study
	if err := json.Unmarshal(body, &st); err != nil {
		return err
	}
	if st.ID == "" || st.Form.SHA256 == "" {
		return errors.New("the study names no questionnaire")
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO study (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET withdrawn = 0`, st.ID); err != nil {
		return err
	}
	sum := delivery.Sum(body)
	newest, err := noneAsEmpty(tx.QueryRowContext(ctx, `SELECT sha256 FROM study_version WHERE study = ? ORDER BY number DESC LIMIT 1`, st.ID))
	if err != nil || newest == sum {
		return err
	}
	added, err := tx.ExecContext(ctx, `INSERT INTO study_version (study, sha256, body, form_sha256) VALUES (?, ?, ?, ?)`,
		st.ID, sum, string(body), st.Form.SHA256)
	if err != nil {
		return err
	}
	version, err := added.LastInsertId()
	if err != nil {
		return err
	}
	if err := wantBlob(ctx, tx, version, 0, study.Media{SHA256: st.Form.SHA256, Size: st.Form.Size}); err != nil {
		return err
	}
	for i, m := range st.Media {
		if err := wantBlob(ctx, tx, version, i+1, m); err != nil {
			return err
		}
	}
	return nil
}

func wantBlob(ctx context.Context, tx *sql.Tx, version int64, rank int, m study.Media) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO blob (sha256, size) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING`, m.SHA256, m.Size); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO version_blob (version, rank, name, sha256) VALUES (?, ?, ?, ?)`, version, rank, m.Name, m.SHA256)
	return err
}

// markReady lets versions be used whose files are all here.
func markReady(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE study_version SET ready = 1 WHERE NOT ready AND NOT EXISTS (
		SELECT 1 FROM version_blob n JOIN blob b ON b.sha256 = n.sha256 WHERE n.version = study_version.number AND NOT b.complete)`)
	return err
}

// prune forgets versions of studies that a newer ready one has replaced, except those that kept selects, and then the files no
// version needs.
func prune(ctx context.Context, tx *sql.Tx, kept string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM study_version WHERE number NOT IN (`+kept+`)
		AND EXISTS (SELECT 1 FROM study_version n WHERE n.study = study_version.study AND n.ready AND n.number > study_version.number)`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM blob WHERE NOT EXISTS (SELECT 1 FROM version_blob n WHERE n.sha256 = blob.sha256)`)
	return err
}
