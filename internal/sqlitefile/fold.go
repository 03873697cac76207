package sqlitefile

import "context"

// Fold copies the write-ahead log into the file on the writer's own connection, between two of its transactions. A log that is
// folded then, with no reader in it, starts over at the next write, which the checkpoints beside a writer that never pauses do not
// bring about. It waits for nobody.
func (f *File) Fold(ctx context.Context) error {
	var busy, log, folded int
	return translate(f.writer.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &log, &folded))
}
