package fieldstore_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// Whatever code may come, the file itself refuses to lose or alter what central has not acknowledged.
func TestTheFileRefusesToLoseWhatIsUnsent(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.tapped(t, 2)
	d.count(t, shift, 1)
	d.complete(t, d.begin(t, shift), "30", "Anna Peeters")
	d.begin(t, shift)
	d.correct(t, shift, 7, "missed", "")
	d.note(t, shift, "rain", "")
	records := d.batch(t)
	if err := d.MarkInFlight(ctx, identities(records[1:2])); err != nil {
		t.Fatal(err)
	}
	if err := d.ApplyReceipts(ctx, receipts(records[2:3], delivery.Quarantined, "why")); err != nil {
		t.Fatal(err)
	}
	before := d.census(t)
	for _, query := range []string{
		`DELETE FROM outbox`,
		`DELETE FROM outbox WHERE state = 'waiting'`,
		`DELETE FROM outbox WHERE state = 'in_flight'`,
		`DELETE FROM outbox WHERE state = 'quarantined'`,
		`UPDATE outbox SET body = x'00'`,
		`UPDATE outbox SET sha256 = ''`,
		`UPDATE outbox SET seq = seq + 1000`,
		`UPDATE outbox SET epoch = 'e2'`,
		`UPDATE outbox SET revision = 9`,
		`UPDATE outbox SET state = 'forgotten'`,
		`REPLACE INTO outbox (id, revision, kind, study, epoch, seq, sha256, body, made) SELECT id, revision, kind, study, epoch, seq, '', x'00', 0 FROM outbox`,
		`DELETE FROM draft`,
		`DELETE FROM step`,
		`UPDATE draft SET practice = 1`,
		`UPDATE shift SET practice = 1`,
		`DELETE FROM contact`,
		`DELETE FROM interview`,
		`DELETE FROM data_key`,
		`DELETE FROM tap`,
		`UPDATE tap SET step = -1`,
		`DELETE FROM correction`,
		`UPDATE correction SET after = 3`,
		`UPDATE correction SET reason = 'twice'`,
		`DELETE FROM shift_note`,
		`DELETE FROM shift`,
		`DELETE FROM epoch`,
		`UPDATE epoch SET last = 0`,
		`UPDATE epoch SET last = last + 2`,
		`DELETE FROM study_version`,
	} {
		err := d.File.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, query)
			return err
		})
		if err == nil {
			t.Errorf("the file let this happen: %s", query)
		}
	}
	if after := d.census(t); after != before {
		t.Errorf("before %s\nafter %s", before, after)
	}
}

// census is the content of the tables that must not shrink.
func (d *device) census(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	if err := d.File.Read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for _, table := range []string{"outbox", "draft", "step", "contact", "interview", "tap", "correction", "shift_note", "shift", "epoch"} {
			var n int
			var sum string
			if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n); err != nil {
				return err
			}
			if table == "outbox" {
				if err := tx.QueryRowContext(ctx, `SELECT group_concat(id || revision || seq || sha256 || hex(body) || state) FROM outbox`).Scan(&sum); err != nil {
					return err
				}
			}
			all.WriteString(table + " " + string(rune('0'+n)) + " " + sum + "\n")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// What central has acknowledged may go one day, and practice may be cleared away.
func TestTheFileLetsGoOfWhatIsSafe(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.tapped(t, 1)
	if err := d.ApplyReceipts(ctx, receipts(d.batch(t), delivery.Received, "")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.EndShift(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	practice := d.shift(t, true)
	if _, err := d.SaveContact(ctx, interview.Contact{Shift: practice.ID, Disposition: interview.NoTime}); err != nil {
		t.Fatal(err)
	}
	if err := d.File.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO outbox (id, revision, kind, study, epoch, seq, sha256, body, made)
			SELECT id, 1, 'contact', 'visit', 'e1', 999, '', x'00', 0 FROM contact WHERE practice`)
		return err
	}); err == nil || !strings.Contains(err.Error(), "practice is never sent") {
		t.Errorf("the file let practice be sent: %v", err)
	}
	for _, query := range []string{`DELETE FROM outbox WHERE state = 'sent'`, `DELETE FROM contact WHERE practice`} {
		if err := d.File.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, query)
			return err
		}); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
}
