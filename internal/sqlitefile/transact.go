package sqlitefile

import (
	"context"
	"database/sql"
	"fmt"
)

// Write runs do in a transaction of the writer and commits it; when Write returns nil, everything do wrote is on the disk. Where
// do fails nothing is written. A context that ends while do runs does not tear the transaction: it is looked at before it begins.
func (f *File) Write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	whole := context.WithoutCancel(ctx)
	tx, err := f.writer.BeginTx(whole, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", translate(err))
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := do(whole, tx); err != nil {
		return translate(err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", translate(err))
	}
	f.tidy.wrote()
	return nil
}

// Read runs do on one consistent picture of the file.
func (f *File) Read(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	tx, err := f.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin reading: %w", translate(err))
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return translate(do(ctx, tx))
}

// Prepare makes a statement for use in Write through tx.StmtContext; it lives until Close.
func (f *File) Prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt, err := f.writer.PrepareContext(ctx, query)
	return stmt, translate(err)
}
