package fieldstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"parvis/internal/study"
)

// StudyState is a study with how much of it is here.
type StudyState struct {
	study.Study
	// Ready tells that the questionnaire and all its files are here, so that interviews can begin.
	Ready bool
	// MissingBytes is what is still to be fetched of this version, Update that a newer version is being fetched.
	MissingBytes int64
	Update       bool
}

// current picks the newest version that is ready, or else the newest.
const current = `(SELECT number FROM study_version WHERE study = study.id ORDER BY ready DESC, number DESC LIMIT 1)`

// Studies lists the studies this machine is assigned to, by name.
func (s *Shelf) Studies(ctx context.Context) (found []StudyState, err error) {
	err = s.Read(ctx, "list the studies", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var st StudyState
			var body string
			if err := rows.Scan(&body, &st.Ready, &st.MissingBytes, &st.Update); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(body), &st.Study); err != nil {
				return err
			}
			found = append(found, st)
			return nil
		}, `SELECT v.body, v.ready,
			(SELECT coalesce(sum(b.size - b.have), 0) FROM (SELECT DISTINCT sha256 FROM version_blob WHERE version = v.number) n
				JOIN blob b ON b.sha256 = n.sha256 WHERE NOT b.complete),
			EXISTS (SELECT 1 FROM study_version u WHERE u.study = study.id AND u.number > v.number)
			FROM study JOIN study_version v ON v.number = `+current+` WHERE NOT study.withdrawn ORDER BY study.id`)
	})
	return found, err
}

// Study returns the version of a study to use now; also of one that is no longer assigned, for what was begun in it.
func (s *Shelf) Study(ctx context.Context, id string) (st study.Study, err error) {
	err = s.Read(ctx, "read the study "+id, func(ctx context.Context, tx *sql.Tx) error {
		st, err = readStudy(ctx, tx, id)
		return err
	})
	return st, err
}

func readStudy(ctx context.Context, tx *sql.Tx, id string) (st study.Study, err error) {
	var body string
	err = tx.QueryRowContext(ctx, `SELECT v.body FROM study JOIN study_version v ON v.number = `+current+` WHERE study.id = ?`, id).Scan(&body)
	if err != nil {
		return st, err
	}
	return st, json.Unmarshal([]byte(body), &st)
}

// Form returns the XForm of the version of a study to use now; ErrIncomplete where it has not been fetched yet.
func (s *Shelf) Form(ctx context.Context, study string) ([]byte, error) {
	st, err := s.Study(ctx, study)
	if err != nil {
		return nil, err
	}
	return s.Blob(ctx, st.Form.SHA256)
}

// Media returns a file the questionnaire shows, by the name the questionnaire gives it.
func (s *Shelf) Media(ctx context.Context, study, name string) ([]byte, error) {
	st, err := s.Study(ctx, study)
	if err != nil {
		return nil, err
	}
	for _, m := range st.Media {
		if m.Name == name {
			return s.Blob(ctx, m.SHA256)
		}
	}
	return nil, fmt.Errorf("read the file %s of the study %s: %w", name, study, ErrNotFound)
}

// Blob returns a whole file by its SHA-256 in lower-case hex.
func (s *Shelf) Blob(ctx context.Context, sha256 string) (whole []byte, err error) {
	err = s.Read(ctx, "read a file", func(ctx context.Context, tx *sql.Tx) error {
		var complete bool
		if err := tx.QueryRowContext(ctx, `SELECT complete FROM blob WHERE sha256 = ?`, sha256).Scan(&complete); err != nil {
			return err
		}
		if !complete {
			return ErrIncomplete
		}
		whole, err = readChunks(ctx, tx, sha256)
		return err
	})
	return whole, err
}

func readChunks(ctx context.Context, tx *sql.Tx, sha256 string) ([]byte, error) {
	var all bytes.Buffer
	err := Each(ctx, tx, func(rows *sql.Rows) error {
		var chunk sql.RawBytes
		if err := rows.Scan(&chunk); err != nil {
			return err
		}
		all.Write(chunk)
		return nil
	}, `SELECT bytes FROM blob_chunk WHERE sha256 = ? ORDER BY at`, sha256)
	return all.Bytes(), err
}
