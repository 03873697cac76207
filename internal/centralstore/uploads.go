package centralstore

import (
	"context"
	"database/sql"
	"fmt"
)

// What has arrived of a file that is not whole yet lies in the database, chunk by chunk and by device, so that the next chunk may
// reach another central.

// mostUploads is how many files of one device may be under way: it sends one after the other. The oldest gives way, so that no
// device fills the disk with beginnings.
const mostUploads = 16

// uploaded is how many bytes there are.
func uploaded(ctx context.Context, tx *sql.Tx, device, sha256 string) (have int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(beyond), 0) FROM upload_chunks WHERE device = $1 AND sha256 = $2`, device, sha256).Scan(&have)
	return have, wrap("looking for a file's beginning", err)
}

// upload keeps a chunk that follows on what is there.
func (s *store) upload(ctx context.Context, tx *sql.Tx, p AttachmentPart) error {
	if p.Offset == 0 {
		if err := makeRoom(ctx, tx, p.Who.Device); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO upload_chunks (device, sha256, first, beyond, received_at, bytes) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.Who.Device, p.SHA256, p.Offset, p.Offset+int64(len(p.Chunk)), s.now(), p.Chunk)
	return wrap("keeping a part of a file", err)
}

// makeRoom drops the oldest beginnings of a device's files.
func makeRoom(ctx context.Context, tx *sql.Tx, device string) error {
	begun, err := texts(ctx, tx, `SELECT sha256 FROM upload_chunks WHERE device = $1 GROUP BY sha256 ORDER BY MAX(received_at), sha256`, device)
	if err != nil {
		return fmt.Errorf("counting the files under way: %w", err)
	}
	for _, old := range begun[:max(len(begun)-mostUploads+1, 0)] {
		if err := dropUpload(ctx, tx, device, old); err != nil {
			return err
		}
	}
	return nil
}

func uploadedBytes(ctx context.Context, tx *sql.Tx, device, sha256 string) ([]byte, error) {
	rows, err := tx.QueryContext(ctx, `SELECT bytes FROM upload_chunks WHERE device = $1 AND sha256 = $2 ORDER BY first`, device, sha256)
	if err != nil {
		return nil, fmt.Errorf("reading a file that arrived: %w", err)
	}
	defer rows.Close()
	var data []byte
	for rows.Next() {
		var chunk sql.RawBytes
		if err := rows.Scan(&chunk); err != nil {
			return nil, fmt.Errorf("reading a file that arrived: %w", err)
		}
		data = append(data, chunk...)
	}
	return data, wrap("reading a file that arrived", rows.Err())
}

func dropUpload(ctx context.Context, tx *sql.Tx, device, sha256 string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM upload_chunks WHERE device = $1 AND sha256 = $2`, device, sha256)
	return wrap("dropping a file's bytes", err)
}
