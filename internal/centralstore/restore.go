package centralstore

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Restore makes a new central out of a backup, in an empty place: SQLite or PostgreSQL, whichever the backup came from. open opens the
// backup from its beginning; it is read twice, first to verify it whole. The schema is brought up to date afterwards. The small files
// that went with the backup are returned.
//
// The restored central is another one for its readers, so that they begin anew; devices see what it lacks and send it again. What
// happened after the backup was made did not happen: who was shut out since then must be shut out again. Enrolment codes that were
// open are ended, since some may have been used.
func Restore(ctx context.Context, p Params, open func() (io.ReadCloser, error)) (sum Backed, extra map[string][]byte, err error) {
	head, err := verify(open)
	if err != nil {
		return sum, nil, err
	}
	p.upTo = head.Schema
	s, err := openStore(ctx, p)
	if err != nil {
		return sum, nil, err
	}
	l := &loading{s: s, sum: &sum, extra: map[string][]byte{}}
	err = errors.Join(l.load(ctx, open), s.Close())
	if err != nil {
		return sum, nil, err
	}
	// Once more, for the migrations since then.
	p.upTo = 0
	again, err := openStore(ctx, p)
	if err != nil {
		return sum, nil, err
	}
	return sum, l.extra, errors.Join(again.noteRestored(ctx, sum), again.Close())
}

// noteRestored writes the audit log, once its table is as this program knows it.
func (s *store) noteRestored(ctx context.Context, sum Backed) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return s.audit(ctx, tx, "central", "restored from a backup", "", "", fmt.Sprintf("%d rows, %d files", sum.Rows, sum.Files))
	})
}

// verify reads the backup whole and refuses one of a newer schema.
func verify(open func() (io.ReadCloser, error)) (archiveHead, error) {
	file, err := open()
	if err != nil {
		return archiveHead{}, err
	}
	defer file.Close()
	head, err := readArchive(file, func(archiveHead, string, io.Reader) error { return nil })
	if err != nil {
		return head, err
	}
	newest, err := newestSchema()
	if err == nil && head.Schema > newest {
		err = fmt.Errorf("%w (the backup's schema is %d, this program knows %d)", ErrNewer, head.Schema, newest)
	}
	return head, err
}

// loading puts a backup into a store.
type loading struct {
	s     *store
	sum   *Backed
	extra map[string][]byte
}

func (l *loading) load(ctx context.Context, open func() (io.ReadCloser, error)) error {
	return l.s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		*l.sum = Backed{}
		if err := empty(ctx, tx); err != nil {
			return err
		}
		file, err := open()
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = readArchive(file, func(_ archiveHead, name string, content io.Reader) error { return l.take(ctx, tx, name, content) })
		if err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(interviews), 0) FROM studies`).Scan(&l.sum.Interviews); err != nil {
			return err
		}
		return l.settle(ctx, tx)
	})
}

// empty refuses a place where there is something, and takes away what opening it has put there.
func empty(ctx context.Context, tx *sql.Tx) error {
	var used bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM studies) OR EXISTS (SELECT 1 FROM users) OR EXISTS (SELECT 1 FROM devices) OR EXISTS (SELECT 1 FROM audit)`).Scan(&used)
	if err != nil {
		return fmt.Errorf("looking whether the place is empty: %w", err)
	}
	if used {
		return errors.New("there is a central with data here already; a backup is restored into an empty folder or database")
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM central`)
	return wrap("preparing the place", err)
}

func (l *loading) take(ctx context.Context, tx *sql.Tx, name string, content io.Reader) error {
	switch {
	case strings.HasPrefix(name, tablesPart):
		table := path.Dir(strings.TrimPrefix(name, tablesPart))
		if !slices.Contains(tables(), table) {
			return fmt.Errorf("%w: it holds an unknown table", ErrBackup)
		}
		n, err := loadRows(ctx, tx, table, content)
		l.sum.Rows += n
		return err
	case strings.HasPrefix(name, mediaPart):
		l.sum.Files++
		return l.file(ctx, strings.TrimPrefix(name, mediaPart), content)
	case strings.HasPrefix(name, extraPart):
		data, err := io.ReadAll(io.LimitReader(content, 1<<20))
		l.extra[strings.TrimPrefix(name, extraPart)] = data
		return err
	}
	return fmt.Errorf("%w: it holds a file of no known kind", ErrBackup)
}

func (l *loading) file(ctx context.Context, name string, content io.Reader) error {
	place := map[string]media{"blobs": l.s.blobs, "attachments": l.s.pictures}[path.Dir(name)]
	if place == nil {
		return fmt.Errorf("%w: it holds a file of no known kind", ErrBackup)
	}
	data, err := io.ReadAll(content)
	if err != nil {
		return fmt.Errorf("%w: it was cut off or damaged", ErrBackup)
	}
	sum, err := place.put(ctx, data)
	if err == nil && sum != path.Base(name) {
		err = fmt.Errorf("%w: a file's sum is wrong", ErrBackup)
	}
	return err
}

// loadRows puts the rows of one part into their table.
func loadRows(ctx context.Context, tx *sql.Tx, table string, content io.Reader) (count int, err error) {
	lines := json.NewDecoder(bufio.NewReaderSize(content, 1<<16))
	var columns []string
	if err := lines.Decode(&columns); err != nil {
		return 0, fmt.Errorf("%w: the table %s cannot be read", ErrBackup, table)
	}
	insert, err := inserting(ctx, tx, table, columns)
	if err != nil {
		return 0, err
	}
	for {
		var line []json.RawMessage
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			return count, nil
		}
		if err != nil || len(line) != len(columns) {
			return count, fmt.Errorf("%w: the table %s cannot be read", ErrBackup, table)
		}
		values, err := unpacked(line)
		if err != nil {
			return count, fmt.Errorf("%w: the table %s cannot be read", ErrBackup, table)
		}
		if _, err := tx.ExecContext(ctx, insert, values...); err != nil {
			return count, fmt.Errorf("loading the table %s: %w", table, err)
		}
		count++
	}
}

// inserting is the statement for a table's rows. The names of columns come from the backup, so each must be one that the table has.
// What only one engine has is left out by both.
func inserting(ctx context.Context, tx *sql.Tx, table string, columns []string) (string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		return "", fmt.Errorf("reading the columns of %s: %w", table, err)
	}
	known, err := rows.Columns()
	if err := errors.Join(err, rows.Close()); err != nil {
		return "", fmt.Errorf("reading the columns of %s: %w", table, err)
	}
	marks := make([]string, len(columns))
	for i, name := range columns {
		if !slices.Contains(known, name) {
			return "", fmt.Errorf("%w: the table %s has no column %q here", ErrBackup, table, name)
		}
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES (` + strings.Join(marks, ", ") + `)`, nil
}

// settle makes the loaded database another one than that it was copied from.
func (l *loading) settle(ctx context.Context, tx *sql.Tx) error {
	incarnation, err := uuid.NewRandomFromReader(l.s.p.Rand)
	if err != nil {
		return fmt.Errorf("reading randomness: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE central SET incarnation = $1`, incarnation.String()); err != nil {
		return fmt.Errorf("naming the new central: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE codes SET expires_at = $1 WHERE used_at IS NULL AND expires_at > $1`, l.s.now()); err != nil {
		return fmt.Errorf("ending the open codes: %w", err)
	}
	return l.s.engine.loaded(ctx, tx)
}
