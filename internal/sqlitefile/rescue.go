package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Rescued is what became of a damaged file.
type Rescued struct {
	// Aside is where the damaged file lies now, whole, with its log beside it.
	Aside string
	// Rows counts what was read out of it into the new file, by table.
	Rows map[string]int
	// Whole tells that every table could be read to its end.
	Whole bool
}

// marker stands beside a file that was found damaged while it was open.
func marker(path string) string { return path + ".damaged" }

// Check looks for damage, page by page, without looking into indexes; it reads the whole file and holds up no writer. Where it finds
// any it fails with ErrDamaged, and NeedsRescue is true from then on.
func (f *File) Check(ctx context.Context) error {
	err := quickCheck(ctx, f.reader)
	if errors.Is(err, ErrDamaged) {
		return errors.Join(err, os.WriteFile(marker(f.path), nil, 0o600))
	}
	return err
}

func quickCheck(ctx context.Context, db *sql.DB) error {
	var said string
	err := translate(db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said))
	if err == nil && said != "ok" {
		err = fmt.Errorf("%w (%s)", ErrDamaged, said)
	}
	return err
}

// IsDamaged looks for damage in a file that could not be opened, for a reason that need not say so.
func IsDamaged(ctx context.Context, path string) bool {
	db, err := sql.Open("sqlite", dsn(path, []string{"busy_timeout(5000)", "query_only(1)"}, ""))
	if err != nil {
		return false
	}
	defer func() { _ = db.Close() }() // it was only read
	return errors.Is(quickCheck(ctx, db), ErrDamaged)
}

// NeedsRescue tells whether the file was found damaged when it was last open.
func NeedsRescue(path string) bool {
	_, err := os.Stat(marker(path))
	return err == nil
}

// Rescue sets a damaged file aside, whole, makes a new one in its place, and reads into it every row that can still be read. Nobody
// may have the file open.
func Rescue(ctx context.Context, p Params, now time.Time) (r Rescued, err error) {
	held, err := acquire(p.Path + ".lock")
	if err != nil {
		return r, err
	}
	if r.Aside, err = setAside(p.Path, now); err == nil {
		err = os.Remove(marker(p.Path))
	}
	if err = errors.Join(ignoreMissing(err), held.release()); err != nil {
		return r, fmt.Errorf("set the damaged file aside: %w", err)
	}
	fresh, err := Open(ctx, p)
	if err != nil {
		return r, err
	}
	if err := fresh.Close(); err != nil {
		return r, err
	}
	copied, err := copyAside(r.Aside)
	if err != nil {
		return r, fmt.Errorf("copy the damaged file: %w", err)
	}
	defer func() { _ = os.RemoveAll(filepath.Dir(copied)) }() // what lies aside is the original
	r.Rows, r.Whole, err = salvage(ctx, copied, p.Path)
	return r, err
}

// setAside renames the file and what belongs to it.
func setAside(path string, now time.Time) (string, error) {
	aside := strings.TrimSuffix(path, filepath.Ext(path)) + "-damaged-" + now.UTC().Format("20060102-150405") + filepath.Ext(path)
	if _, err := os.Stat(aside); err == nil {
		return "", fmt.Errorf("%s: %w", aside, fs.ErrExist)
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := ignoreMissing(os.Rename(path+suffix, aside+suffix)); err != nil {
			return "", err
		}
	}
	return aside, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// copyAside makes a copy to read from, since even reading may change a file that has a log.
func copyAside(aside string) (string, error) {
	dir, err := os.MkdirTemp(filepath.Dir(aside), "rescue-*")
	if err != nil {
		return "", err
	}
	copied := filepath.Join(dir, "copy.db")
	for _, suffix := range []string{"", "-wal"} {
		if err := ignoreMissing(copyFile(aside+suffix, copied+suffix)); err != nil {
			return "", err
		}
	}
	return copied, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// salvage copies what can be read, table by table, in one transaction of the new file. Foreign keys are off, since a row may have
// lost the one it belongs to.
func salvage(ctx context.Context, from, to string) (rows map[string]int, whole bool, err error) {
	damaged, err := sql.Open("sqlite", dsn(from, []string{"busy_timeout(5000)", "writable_schema(0)"}, ""))
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = damaged.Close() }() // it is a copy
	fresh, err := sql.Open("sqlite", dsn(to, []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)"}, "immediate"))
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, fresh.Close()) }()
	fresh.SetMaxOpenConns(1)
	tables, err := tablesOf(ctx, fresh)
	if err != nil {
		return nil, false, err
	}
	tx, err := fresh.BeginTx(ctx, nil)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	rows, whole = map[string]int{}, true
	for _, t := range tables {
		n, all, err := t.salvage(ctx, damaged, tx)
		if err != nil {
			return nil, false, fmt.Errorf("table %s: %w", t.name, err)
		}
		rows[t.name], whole = n, whole && all
	}
	return rows, whole, tx.Commit()
}

// table is one to be filled again.
type table struct {
	name    string
	columns []string // rowid first where it has one, since it tells the order in which rows were written
}

func tablesOf(ctx context.Context, db *sql.DB) (tables []table, err error) {
	rows, err := db.QueryContext(ctx, `SELECT m.name, c.name, l.wr FROM sqlite_master m JOIN pragma_table_info(m.name) c
		JOIN pragma_table_list l ON l.schema = 'main' AND l.name = m.name
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY m.rowid, c.pk = 0, c.pk, c.cid`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // its error is that of Err
	for rows.Next() {
		var name, column string
		var withoutRowid bool
		if err := rows.Scan(&name, &column, &withoutRowid); err != nil {
			return nil, err
		}
		if n := len(tables); n == 0 || tables[n-1].name != name {
			tables = append(tables, table{name: name})
			if !withoutRowid {
				tables[n].columns = []string{"rowid"}
			}
		}
		t := &tables[len(tables)-1]
		t.columns = append(t.columns, column)
	}
	return tables, rows.Err()
}

// salvage reads the table from its beginning until it breaks, and then from its end.
func (t table) salvage(ctx context.Context, from *sql.DB, to *sql.Tx) (n int, whole bool, err error) {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ")
	insert, err := to.PrepareContext(ctx, `INSERT OR IGNORE INTO "`+t.name+`" (`+strings.Join(t.columns, ", ")+`) VALUES (`+marks+`)`)
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = insert.Close() }() // it ends with the transaction
	query := `SELECT ` + strings.Join(t.columns, ", ") + ` FROM "` + t.name + `" NOT INDEXED ORDER BY ` + t.columns[0]
	n, broken, err := t.pour(ctx, from, insert, query)
	if err != nil || !broken {
		return n, true, err
	}
	more, _, err := t.pour(ctx, from, insert, query+" DESC")
	return n + more, false, err
}

// pour inserts rows until the damaged file refuses the next.
func (t table) pour(ctx context.Context, from *sql.DB, insert *sql.Stmt, query string) (n int, broken bool, err error) {
	rows, err := from.QueryContext(ctx, query)
	if err != nil {
		return 0, true, nil // a table of which nothing can be read
	}
	defer func() { _ = rows.Close() }() // its error is that of Err
	values := make([]any, len(t.columns))
	into := make([]any, len(t.columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return n, true, nil
		}
		done, err := insert.ExecContext(ctx, values...)
		if err != nil {
			continue // a row that the damage made no row of this table
		}
		if added, err := done.RowsAffected(); err == nil {
			n += int(added)
		}
	}
	return n, rows.Err() != nil, ctx.Err()
}
