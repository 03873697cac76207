package fieldstore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// attachmentChunk is how many bytes are closed together: what is sent at once, so that no more than that is ever opened for it.
const attachmentChunk = 256 << 10

// chunkRow is the key of a chunk's row.
func chunkRow(interview, name string, at int64) string {
	return interview + "/" + name + "/" + strconv.FormatInt(at, 10)
}

// SaveAttachment keeps a file of an interview that goes on. It is to be called before the answer that names it, so that no answer
// ever names what is not there. The same file may be saved again.
func (s *Store) SaveAttachment(ctx context.Context, id string, a interview.Attachment, body []byte) error {
	if !a.Valid() || int64(len(body)) != a.Size || delivery.Sum(body) != a.SHA256 {
		return fmt.Errorf("save the picture: %q is not what its answer says", a.Name)
	}
	return s.write(ctx, "save the picture", func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO attachment (interview, name, study, practice, sha256, size, made)
			SELECT id, ?2, study, practice, ?3, ?4, ?5 FROM draft WHERE id = ?1 ON CONFLICT DO NOTHING`,
			id, a.Name, a.SHA256, a.Size, s.now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, s.sameAttachment(ctx, tx, id, a))
		}
		at := int64(0)
		for chunk := range slices.Chunk(body, attachmentChunk) {
			closed, err := s.vault.close("attachment", chunkRow(id, a.Name, at), chunk)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO attachment_chunk (interview, name, at, body) VALUES (?, ?, ?, ?)`, id, a.Name, at, closed); err != nil {
				return err
			}
			at += int64(len(chunk))
		}
		return nil
	})
}

// sameAttachment fails unless the file is there already, with these bytes.
func (s *Store) sameAttachment(ctx context.Context, tx *sql.Tx, id string, a interview.Attachment) error {
	var sum string
	if err := tx.QueryRowContext(ctx, `SELECT sha256 FROM attachment WHERE interview = ? AND name = ?`, id, a.Name).Scan(&sum); err != nil {
		return err
	}
	return errorIf(sum != a.SHA256, fmt.Errorf("another picture is called %s", a.Name))
}

// Attachment returns the bytes of a file of an interview; ErrNotFound where it is not here, or no more.
func (s *Store) Attachment(ctx context.Context, id, name string) (body []byte, err error) {
	err = s.Read(ctx, "read the picture", func(ctx context.Context, tx *sql.Tx) error {
		var size int64
		if err := tx.QueryRowContext(ctx, `SELECT size FROM attachment WHERE interview = ? AND name = ?`, id, name).Scan(&size); err != nil {
			return err
		}
		var whole bytes.Buffer
		for int64(whole.Len()) < size {
			chunk, err := s.chunk(ctx, tx, id, name, int64(whole.Len()))
			if err != nil {
				return err
			}
			whole.Write(chunk)
		}
		body = whole.Bytes()
		return nil
	})
	return body, err
}

// chunk opens what a chunk holds from an offset on.
func (s *Store) chunk(ctx context.Context, tx *sql.Tx, id, name string, offset int64) ([]byte, error) {
	var closed []byte
	at := offset - offset%attachmentChunk
	if err := tx.QueryRowContext(ctx, `SELECT body FROM attachment_chunk WHERE interview = ? AND name = ? AND at = ?`, id, name, at).Scan(&closed); err != nil {
		return nil, err
	}
	chunk, err := s.vault.open("attachment", chunkRow(id, name, at), closed)
	if err != nil {
		return nil, err
	}
	if offset-at >= int64(len(chunk)) {
		return nil, fmt.Errorf("%s ends before byte %d", name, offset)
	}
	return chunk[offset-at:], nil
}

// settleAttachments decides, when an interview ends, which of its files stand. Those that no answer names are marked replaced and
// their bytes go, as the draft's answers do; of practice nothing stays.
func (s *Store) settleAttachments(ctx context.Context, tx *sql.Tx, i interview.Interview, before []interview.Attachment) error {
	stand := append(slices.Clone(before), i.Attachments...)
	var names []string
	if err := Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	}, `SELECT name FROM attachment WHERE interview = ?`, i.ID); err != nil {
		return err
	}
	for _, name := range names {
		if !i.Practice && slices.ContainsFunc(stand, func(a interview.Attachment) bool { return a.Name == name }) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE attachment SET state = 'replaced' WHERE interview = ? AND name = ?`, i.ID, name); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM attachment_chunk WHERE interview = ? AND name = ?`, i.ID, name); err != nil {
			return err
		}
	}
	return nil
}

// toSend selects the files that wait, of this central's epochs; the cross join has SQLite begin with the few that wait.
const toSend = ` FROM attachment a CROSS JOIN outbox o ON o.id = a.interview AND o.revision = 1 AND o.kind = 'interview'
	WHERE a.state = 'waiting' AND a.practice = 0 AND o.epoch IN ` + here

// WaitingAttachments lists the files to be sent whose interview central has, the oldest first.
func (s *Store) WaitingAttachments(ctx context.Context) ([]delivery.Attachment, error) {
	return s.attachments(ctx, ` AND o.state = 'sent'`)
}

func (s *Store) attachments(ctx context.Context, which string) (list []delivery.Attachment, err error) {
	err = s.Read(ctx, "list the pictures that wait", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var a delivery.Attachment
			err := rows.Scan(&a.Interview, &a.Name, &a.Study, &a.SHA256, &a.Size)
			list = append(list, a)
			return err
		}, `SELECT a.interview, a.name, a.study, a.sha256, a.size`+toSend+which+` ORDER BY a.made, a.interview, a.name`)
	})
	return list, err
}

// UnsentAttachments lists all files that central does not have, whether it has their interviews or not.
func (s *Store) UnsentAttachments(ctx context.Context) ([]delivery.Attachment, error) {
	return s.attachments(ctx, "")
}

// AttachmentPart returns some bytes of a file from an offset within it.
func (s *Store) AttachmentPart(ctx context.Context, a delivery.Attachment, offset int64) (part []byte, err error) {
	err = s.Read(ctx, "read a part of the picture", func(ctx context.Context, tx *sql.Tx) error {
		part, err = s.chunk(ctx, tx, a.Interview, a.Name, offset)
		return err
	})
	return part, err
}

// MarkAttachmentSent notes that central has the whole file and has verified its sum.
func (s *Store) MarkAttachmentSent(ctx context.Context, a delivery.Attachment) error {
	return s.write(ctx, "keep that the picture arrived", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE attachment SET state = 'sent', answered = ? WHERE interview = ? AND name = ? AND sha256 = ? AND state = 'waiting'`,
			s.now().UnixMilli(), a.Interview, a.Name, a.SHA256)
		return err
	})
}

// requeueAttachments makes the files of interviews wait again that central has lost; it may have lost them too, and says so where not.
func requeueAttachments(ctx context.Context, tx *sql.Tx, epoch string, lost delivery.Range) error {
	_, err := tx.ExecContext(ctx, `UPDATE attachment SET state = 'waiting' WHERE state = 'sent' AND interview IN
		(SELECT id FROM outbox WHERE epoch = ? AND seq BETWEEN ? AND ? AND kind = 'interview' AND state = 'sent')`, epoch, lost.First, lost.Last)
	return err
}
