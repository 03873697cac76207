package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// AttachmentPart is a chunk of a file from a device.
type AttachmentPart struct {
	Who    Principal
	Study  string
	SHA256 string
	Size   int64 // of the whole file
	Offset int64 // where Chunk begins; it must be how much central has
	Chunk  []byte
}

// AttachmentState is how much of a file central has.
type AttachmentState struct {
	Have int64
	// Complete tells that the file is whole, its sum verified, and belongs to the study.
	Complete bool
}

// MissingAttachments are files that records name and that have not arrived.
type MissingAttachments struct {
	Study, Interviewer string
	Files              int
	Oldest             int64 // when the oldest of their records was received, milliseconds UTC
}

// OffsetError: the chunk does not begin where the file ends so far.
type OffsetError struct{ Have int64 }

func (e *OffsetError) Error() string {
	return fmt.Sprintf("Central has %d bytes of this file; send what comes after them.", e.Have)
}

func (s *store) HaveAttachment(ctx context.Context, who Principal, study, sha256 string) (AttachmentState, error) {
	if err := mayAttach(who, study); err != nil {
		return AttachmentState{}, err
	}
	return s.attachmentState(ctx, who, study, sha256)
}

func mayAttach(who Principal, study string) error {
	switch {
	case !who.IsDevice():
		return fail(Forbidden, "Only a device delivers files.")
	case !slices.Contains(who.Studies, study):
		return fail(Forbidden, "This device is not assigned to the study.")
	}
	return nil
}

func (s *store) attachmentState(ctx context.Context, who Principal, study, sha256 string) (state AttachmentState, err error) {
	if !isSum(sha256) {
		return state, fail(Invalid, "A file is asked for by its SHA-256 in lower-case hex.")
	}
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		state, err = arrivedOf(ctx, tx, who.Device, study, sha256)
		return err
	})
	return state, err
}

// arrivedOf is how much of a file has arrived from a device, which is the whole where any device of the study brought it.
func arrivedOf(ctx context.Context, tx *sql.Tx, device, study, sha256 string) (state AttachmentState, err error) {
	err = tx.QueryRowContext(ctx, `SELECT size FROM attachments WHERE study = $1 AND sha256 = $2`, study, sha256).Scan(&state.Have)
	if err == nil {
		state.Complete = true
		return state, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return state, fmt.Errorf("looking for the file: %w", err)
	}
	state.Have, err = uploaded(ctx, tx, device, sha256)
	return state, err
}

// PutAttachment adds a chunk, and where it is the last one verifies the whole. Each device has bytes of its own until then, so that
// two devices with the same file do not disturb each other; whole, it is kept once.
func (s *store) PutAttachment(ctx context.Context, p AttachmentPart) (state AttachmentState, err error) {
	if err := mayAttach(p.Who, p.Study); err != nil {
		return state, err
	}
	named := interview.Attachment{Name: "a.jpg", SHA256: p.SHA256, Size: p.Size}
	if end := p.Offset + int64(len(p.Chunk)); !named.Valid() || p.Offset < 0 || end > p.Size || len(p.Chunk) == 0 && p.Offset != p.Size {
		return state, fail(Invalid, "These are no bytes of a file that central takes: it takes files of up to %d MB.", interview.MostAttachment>>20)
	}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		state, err = s.addChunk(ctx, tx, p)
		return err
	})
	if err != nil || state.Complete || state.Have < p.Size {
		return state, err
	}
	state.Complete = true
	return state, s.completeAttachment(ctx, p)
}

func (s *store) addChunk(ctx context.Context, tx *sql.Tx, p AttachmentPart) (AttachmentState, error) {
	state, err := arrivedOf(ctx, tx, p.Who.Device, p.Study, p.SHA256)
	if err != nil || state.Complete {
		return state, err
	}
	if state.Have != p.Offset {
		return state, &OffsetError{Have: state.Have}
	}
	if len(p.Chunk) == 0 {
		return state, nil
	}
	state.Have += int64(len(p.Chunk))
	return state, s.upload(ctx, tx, p)
}

// completeAttachment keeps the file where its sum is right and drops its bytes where it is not. After a kill on the way the device
// asks again and sends an empty last chunk.
func (s *store) completeAttachment(ctx context.Context, p AttachmentPart) error {
	var data []byte
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		data, err = uploadedBytes(ctx, tx, p.Who.Device, p.SHA256)
		return err
	})
	if err != nil {
		return err
	}
	if delivery.Sum(data) != p.SHA256 {
		err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return dropUpload(ctx, tx, p.Who.Device, p.SHA256) })
		if err != nil {
			return err
		}
		return fail(DamagedFile, "The file arrived damaged, and its bytes were dropped. It is to be sent again from its beginning.")
	}
	if _, err := s.pictures.put(ctx, data); err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO attachments (study, sha256, size, device, received_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			p.Study, p.SHA256, p.Size, p.Who.Device, s.now())
		if err != nil {
			return fmt.Errorf("keeping a file: %w", err)
		}
		return dropUpload(ctx, tx, p.Who.Device, p.SHA256)
	})
}

func (s *store) OpenAttachment(ctx context.Context, who Principal, sha256 string) (io.ReadSeekCloser, error) {
	absent := fail(NotFound, "There is no such file, or it has not arrived yet.")
	allowed, of := false, ""
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		studies, err := texts(ctx, tx, `SELECT study FROM attachments WHERE sha256 = $1`, sha256)
		if err != nil {
			return fmt.Errorf("looking for the file: %w", err)
		}
		for _, of = range studies {
			if allowed, err = mayLook(ctx, tx, who, of, sha256); allowed || err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !allowed {
		return nil, absent
	}
	file, err := s.pictures.open(ctx, sha256)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, absent
	}
	if err != nil {
		return nil, fmt.Errorf("opening the file: %w", err)
	}
	if err := s.looked(ctx, who, "picture read", of, "attachment:"+sha256); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// mayLook tells whether a person may read a record of the study that names the file.
func mayLook(ctx context.Context, tx *sql.Tx, who Principal, study, sha256 string) (bool, error) {
	r := who.reaches(study, Supervisor)
	if who.IsDevice() || !r.records {
		return false, nil
	}
	within, err := r.filter(ctx, tx, study)
	if err != nil {
		return false, err
	}
	args := []any{study, sha256}
	named, err := texts(ctx, tx, `SELECT record FROM named_attachments WHERE study = $1 AND sha256 = $2`+within.where(&args)+` LIMIT 1`, args...)
	return len(named) > 0, wrap("looking for who names the file", err)
}

// nameAttachments notes the files that a record names. Those whose names could not be files' are passed over: the record itself is
// kept whole all the same.
func nameAttachments(ctx context.Context, tx *sql.Tx, r checked) error {
	for _, a := range r.attachments {
		if !a.Valid() {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO named_attachments (study, record, revision, question, name, sha256, size, site)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`, r.Study, r.ID, r.Revision, a.Question, a.Name, a.SHA256, a.Size, r.site)
		if err != nil {
			return fmt.Errorf("noting a file: %w", err)
		}
	}
	return nil
}

// missingAttachments counts, by study and interviewer, the files that the newest revisions of records name and that have not arrived.
func missingAttachments(ctx context.Context, tx *sql.Tx) (list []MissingAttachments, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT n.study, r.interviewer, COUNT(DISTINCT n.sha256), MIN(r.received_at)
		FROM named_attachments n JOIN records r ON r.study = n.study AND r.id = n.record AND r.revision = n.revision
		WHERE NOT EXISTS (SELECT 1 FROM attachments a WHERE a.study = n.study AND a.sha256 = n.sha256)
		  AND NOT EXISTS (SELECT 1 FROM records newer WHERE newer.study = n.study AND newer.id = n.record AND newer.revision > n.revision)
		GROUP BY n.study, r.interviewer ORDER BY n.study, r.interviewer`)
	if err != nil {
		return nil, fmt.Errorf("counting missing files: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var m MissingAttachments
		if err := rows.Scan(&m.Study, &m.Interviewer, &m.Files, &m.Oldest); err != nil {
			return nil, fmt.Errorf("counting missing files: %w", err)
		}
		list = append(list, m)
	}
	return list, wrap("counting missing files", rows.Err())
}
