package centralstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Backed sums up a backup or a restore.
type Backed struct {
	Rows, Files int
	Interviews  int
}

// tables are those a backup holds, each after those it refers to. It is the same list for both engines, so that a backup of one can be
// restored into the other.
func tables() []string {
	return []string{
		"central", "studies", "study_versions", "study_files", "users", "grants", "tokens", "codes", "code_studies", "devices", "epochs", "arrived",
		"device_studies", "records", "quarantine", "audit", "messages", "cards", "named_attachments", "attachments", "upload_chunks", "tallies",
		"leases", "subleases", "quota_used", "quota_come", "quota_uncounted", "quota_aims", "filed", "paces",
		"totp", "sign_ins", "sign_in_codes", "certificates", "decisions", "reviews", "assignments",
	}
}

// The parts of a backup.
const (
	tablesPart = "tables/" // + name/number.jsonl
	mediaPart  = "media/"  // + blobs or attachments/SHA-256
	extraPart  = "extra/"  // + name
	rowsBytes  = 4 << 20   // of rows in one part
)

// Backup writes all that central holds to w, while it serves: one consistent picture of the database, and every file that it names.
// extra are small files that go with it, such as keys. Nothing in it is encrypted; whoever has it can do what central can.
func (s *store) Backup(ctx context.Context, w io.Writer, extra map[string][]byte) (sum Backed, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		sum = Backed{}
		version, err := schemaVersion(ctx, tx)
		if err != nil {
			return err
		}
		a, err := newArchive(w, archiveHead{Format: archiveFormat, Schema: version, Made: s.p.Now().UTC().Truncate(0)})
		if err != nil {
			return err
		}
		for name, data := range extra {
			if err := a.bytes(extraPart+name, data); err != nil {
				return err
			}
		}
		for _, table := range tables() {
			n, err := backTable(ctx, tx, a, table)
			if err != nil {
				return fmt.Errorf("backing up %s: %w", table, err)
			}
			sum.Rows += n
		}
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(interviews), 0) FROM studies`).Scan(&sum.Interviews); err != nil {
			return err
		}
		if sum.Files, err = s.backMedia(ctx, tx, a); err != nil {
			return err
		}
		return a.close()
	})
	if err == nil { // all personal data have left in it
		err = s.note(ctx, "central", "backed up", "", "", "")
	}
	return sum, err
}

func schemaVersion(ctx context.Context, tx *sql.Tx) (version int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&version)
	return version, wrap("reading the schema's version", err)
}

// backTable writes a table as lines of JSON, part by part: the names of its columns, then row after row.
func backTable(ctx context.Context, tx *sql.Tx, a *archiveWriter, table string) (count int, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	var part bytes.Buffer
	lines := json.NewEncoder(&part)
	number := 0
	flush := func() error {
		number++
		err := a.bytes(fmt.Sprintf("%s%s/%06d.jsonl", tablesPart, table, number), part.Bytes())
		part.Reset()
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if part.Len() == 0 {
			if err := lines.Encode(columns); err != nil {
				return count, err
			}
		}
		if err := rows.Scan(into...); err != nil {
			return count, err
		}
		if err := lines.Encode(packed(values)); err != nil {
			return count, err
		}
		count++
		if part.Len() > rowsBytes {
			if err := flush(); err != nil {
				return count, err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return count, err
	}
	if part.Len() == 0 {
		return count, nil
	}
	return count, flush()
}

// packed writes what JSON has no type for as an object: bytes.
func packed(values []any) []any {
	line := make([]any, len(values))
	for i, v := range values {
		if raw, ok := v.([]byte); ok {
			line[i] = map[string]string{"bytes": base64.StdEncoding.EncodeToString(raw)}
			continue
		}
		line[i] = v
	}
	return line
}

func unpacked(line []json.RawMessage) ([]any, error) {
	values := make([]any, len(line))
	for i, raw := range line {
		var err error
		if values[i], err = unpack(raw); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func unpack(raw json.RawMessage) (any, error) {
	switch text := string(raw); {
	case text == "null":
		return nil, nil
	case text == "true" || text == "false":
		return text == "true", nil
	case strings.HasPrefix(text, `"`):
		var s string
		return s, errors.Join(json.Unmarshal(raw, &s), nil)
	case strings.HasPrefix(text, "{"):
		var b struct{ Bytes []byte }
		err := json.Unmarshal(raw, &b)
		if b.Bytes == nil {
			b.Bytes = []byte{}
		}
		return b.Bytes, err
	default:
		return strconv.ParseInt(text, 10, 64)
	}
}

// backMedia writes every file the database names. Files are kept before they are named, and never deleted, so that each is there.
func (s *store) backMedia(ctx context.Context, tx *sql.Tx, a *archiveWriter) (count int, err error) {
	for _, from := range []struct {
		place media
		name  string
		query string
	}{
		{s.blobs, "blobs", `SELECT DISTINCT sha256 FROM study_files ORDER BY sha256`},
		{s.pictures, "attachments", `SELECT DISTINCT sha256 FROM attachments ORDER BY sha256`},
	} {
		sums, err := texts(ctx, tx, from.query)
		if err != nil {
			return count, fmt.Errorf("listing the files: %w", err)
		}
		for _, sum := range sums {
			if err := backFile(ctx, a, from.place, path.Join(mediaPart, from.name, sum), sum); err != nil {
				return count, err
			}
			count++
		}
	}
	return count, nil
}

func backFile(ctx context.Context, a *archiveWriter, place media, name, sum string) error {
	file, err := place.open(ctx, sum)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the file %s is named by a study or an interview and is not there; central doctor tells more", name)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("measuring a file: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading a file: %w", err)
	}
	return a.add(name, size, file)
}

// CheckBackup reads a backup whole and fails with ErrBackup where it is not one, or not whole.
func CheckBackup(r io.Reader) (sum Backed, err error) {
	_, err = readArchive(r, func(_ archiveHead, name string, content io.Reader) error {
		switch {
		case strings.HasPrefix(name, tablesPart):
			n, err := lineCount(content)
			sum.Rows += max(n-1, 0)
			return err
		case strings.HasPrefix(name, mediaPart):
			sum.Files++
		}
		return nil
	})
	return sum, err
}

func lineCount(r io.Reader) (n int, err error) {
	block := make([]byte, 64<<10)
	for {
		read, err := r.Read(block)
		n += bytes.Count(block[:read], []byte{'\n'})
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("%w: it was cut off or damaged", ErrBackup)
		}
	}
}
