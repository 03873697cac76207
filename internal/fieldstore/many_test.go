package fieldstore_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"parvis/internal/fieldstore"
)

// many puts n interviews of a past season into the file, all but the last few acknowledged.
func (d *device) many(t testing.TB, n int) {
	t.Helper()
	d.shift(t, false)
	if err := d.File.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for _, query := range []string{
			`WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1)
			INSERT INTO contact (id, study, shift, practice, disposition, class, void, at_utc, revision, sha256, body)
			SELECT 'c' || n, 'visit', shift.id, 0, '1.0', 'I', 0, n, 2, '', x'' FROM c, shift`,
			`WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1)
			INSERT INTO interview (id, study, shift, contact, practice, site, entrance, language, disposition, void,
				started_utc, started_offset, ended_utc, ended_offset, duration_ms, state)
			SELECT 'i' || n, 'visit', shift.id, 'c' || n, 0, 'north', 'main', '', '1.0', 0, n, 0, n, 0, 1,
				CASE WHEN n > ?1 - 20 THEN 'waiting' ELSE 'sent' END FROM c, shift`,
			`WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1)
			INSERT INTO outbox (id, revision, kind, study, epoch, seq, sha256, body, state, made, answered)
			SELECT 'i' || n, 1, 'interview', 'visit', 'e1', n + 10, '', randomblob(1200),
				CASE WHEN n > ?1 - 20 THEN 'waiting' ELSE 'sent' END, n, n FROM c`,
		} {
			if _, err := tx.ExecContext(ctx, query, n); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// What the first screen and the lists read must not grow with what is stored.
func BenchmarkFirstScreenWith10000Interviews(b *testing.B) {
	ctx, d := context.Background(), newDevice(b)
	d.many(b, 10_000)
	var open, rest time.Duration
	n := 0
	for b.Loop() {
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		d.open(b)
		open += time.Since(start)
		start = time.Now()
		for _, state := range []fieldstore.State{fieldstore.ToFinish, fieldstore.Waiting, fieldstore.Sent, fieldstore.Quarantined, fieldstore.Practised} {
			if _, err := d.Interviews(ctx, fieldstore.Filter{State: state, Limit: 50}); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := d.Outlook(ctx); err != nil {
			b.Fatal(err)
		}
		if _, err := d.Studies(ctx); err != nil {
			b.Fatal(err)
		}
		rest += time.Since(start)
		n++
	}
	b.ReportMetric(float64(open.Milliseconds())/float64(n), "open-ms")
	b.ReportMetric(float64(rest.Milliseconds())/float64(n), "lists-ms")
}
