package fieldstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parvis/internal/delivery"
)

// isMedia tells by its name that the questionnaire could begin without a file: what is not known to be a picture, a sound or a film
// may be a list of choices.
const isMedia = `(lower(n.name) GLOB '*.jpg' OR lower(n.name) GLOB '*.jpeg' OR lower(n.name) GLOB '*.png' OR lower(n.name) GLOB '*.gif'
	OR lower(n.name) GLOB '*.webp' OR lower(n.name) GLOB '*.svg' OR lower(n.name) GLOB '*.mp3' OR lower(n.name) GLOB '*.m4a'
	OR lower(n.name) GLOB '*.ogg' OR lower(n.name) GLOB '*.wav' OR lower(n.name) GLOB '*.mp4' OR lower(n.name) GLOB '*.3gp' OR lower(n.name) GLOB '*.webm')`

// WantedBlobs are the files the studies speak of that are not complete here, questionnaires before pictures.
func (s *Shelf) WantedBlobs(ctx context.Context) (wanted []delivery.Blob, err error) {
	err = s.Read(ctx, "list the files still wanted", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var b delivery.Blob
			if err := rows.Scan(&b.SHA256, &b.Size, &b.Media); err != nil {
				return err
			}
			wanted = append(wanted, b)
			return nil
		}, `SELECT b.sha256, b.size, min(n.rank) <> 0 AND min(`+isMedia+`) FROM blob b JOIN version_blob n ON n.sha256 = b.sha256
			JOIN study_version v ON v.number = n.version JOIN study ON study.id = v.study
			WHERE NOT b.complete AND NOT study.withdrawn GROUP BY b.sha256 ORDER BY min(n.rank) <> 0, b.size, b.sha256`)
	})
	return wanted, err
}

// BlobPart returns the bytes kept so far of an incomplete file; empty for none.
func (s *Shelf) BlobPart(ctx context.Context, sha256 string) (part []byte, err error) {
	err = s.Read(ctx, "read a file's part", func(ctx context.Context, tx *sql.Tx) error {
		part, err = readChunks(ctx, tx, sha256)
		return err
	})
	return part, err
}

// AppendBlob keeps a chunk that starts at offset, which must be the number of bytes kept so far.
func (s *Shelf) AppendBlob(ctx context.Context, sha256 string, offset int64, chunk []byte) error {
	return s.Write(ctx, "keep a file's part", func(ctx context.Context, tx *sql.Tx) error {
		var size, have int64
		if err := tx.QueryRowContext(ctx, `SELECT size, have FROM blob WHERE sha256 = ? AND NOT complete`, sha256).Scan(&size, &have); err != nil {
			return err
		}
		if offset != have || have+int64(len(chunk)) > size {
			return fmt.Errorf("%d bytes at %d do not continue a file of %d of which %d are here", len(chunk), offset, size, have)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO blob_chunk (sha256, at, bytes) VALUES (?, ?, ?)`, sha256, offset, chunk); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE blob SET have = have + ? WHERE sha256 = ?`, len(chunk), sha256)
		return err
	})
}

// FinishBlob marks a file complete whose size and sum were verified, and makes the studies ready that waited for it.
func (s *Shelf) FinishBlob(ctx context.Context, sha256 string) error {
	return s.Write(ctx, "complete a file", func(ctx context.Context, tx *sql.Tx) error {
		var size, have int64
		if err := tx.QueryRowContext(ctx, `SELECT size, have FROM blob WHERE sha256 = ?`, sha256).Scan(&size, &have); err != nil {
			return err
		}
		if size != have {
			return errors.New("the file is shorter than announced")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE blob SET complete = 1 WHERE sha256 = ?`, sha256); err != nil {
			return err
		}
		return markReady(ctx, tx)
	})
}

// DropBlob forgets the kept bytes of an incomplete file.
func (s *Shelf) DropBlob(ctx context.Context, sha256 string) error {
	return s.Write(ctx, "drop a file's part", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM blob_chunk WHERE sha256 = ?
			AND EXISTS (SELECT 1 FROM blob WHERE blob.sha256 = blob_chunk.sha256 AND NOT complete)`, sha256); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE blob SET have = 0 WHERE sha256 = ? AND NOT complete`, sha256)
		return err
	})
}
