package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"parvis/internal/delivery"
)

// The agent's notes by name.
const (
	noteCredentials = "credentials"
	noteCursor      = "cursor"
	noteSchedule    = "schedule"
	noteCentral     = "central" // the credentials' address, to be compared with while they are closed
	noteClock       = "clock"
)

// syncLogKept is how many lines of the log of synchronisations are kept.
const syncLogKept = 300

// Credentials returns the zero value where nobody has enrolled or signed in.
func (s *Shelf) Credentials(ctx context.Context) (c delivery.Credentials, err error) {
	err = s.Read(ctx, "read the credentials", func(ctx context.Context, tx *sql.Tx) error {
		c, err = s.credentials(ctx, tx)
		return err
	})
	return c, err
}

// CredentialsIn reads them within a transaction.
func (s *Shelf) CredentialsIn(ctx context.Context, tx *sql.Tx) (delivery.Credentials, error) {
	return s.credentials(ctx, tx)
}

func (s *Shelf) credentials(ctx context.Context, tx *sql.Tx) (c delivery.Credentials, err error) {
	return c, s.readNote(ctx, tx, noteCredentials, &c)
}

// SaveCredentials keeps who this machine is for central. Another central, epoch or person starts pulling from the beginning,
// since what one is entitled to differs.
func (s *Shelf) SaveCredentials(ctx context.Context, c delivery.Credentials) error {
	return s.Write(ctx, "save the credentials", func(ctx context.Context, tx *sql.Tx) error {
		return s.saveCredentials(ctx, tx, c)
	})
}

// SaveCredentialsIn does so within a transaction.
func (s *Shelf) SaveCredentialsIn(ctx context.Context, tx *sql.Tx, c delivery.Credentials) error {
	return s.saveCredentials(ctx, tx, c)
}

func (s *Shelf) saveCredentials(ctx context.Context, tx *sql.Tx, c delivery.Credentials) error {
	before, err := s.credentials(ctx, tx)
	if err != nil {
		return err
	}
	if before.Central != c.Central || before.Epoch != c.Epoch || before.User != c.User {
		if _, err := tx.ExecContext(ctx, `DELETE FROM agent_note WHERE name IN (?, ?)`, noteCursor, noteSchedule); err != nil {
			return err
		}
	}
	if err := s.writeNote(ctx, tx, noteCentral, c.Central); err != nil {
		return err
	}
	return s.writeNote(ctx, tx, noteCredentials, c)
}

// Cursor is where the last pull ended; "" for never.
func (s *Shelf) Cursor(ctx context.Context) (cursor string, err error) {
	err = s.Read(ctx, "read the cursor", func(ctx context.Context, tx *sql.Tx) error {
		return s.readNote(ctx, tx, noteCursor, &cursor)
	})
	return cursor, err
}

// Schedule is when the agent tries next.
func (s *Shelf) Schedule(ctx context.Context) (plan delivery.Schedule, err error) {
	err = s.Read(ctx, "read the schedule", func(ctx context.Context, tx *sql.Tx) error {
		return s.readNote(ctx, tx, noteSchedule, &plan)
	})
	return plan, err
}

// SaveSchedule keeps when the agent tries next.
func (s *Shelf) SaveSchedule(ctx context.Context, plan delivery.Schedule) error {
	return s.Write(ctx, "save the schedule", func(ctx context.Context, tx *sql.Tx) error {
		return s.writeNote(ctx, tx, noteSchedule, plan)
	})
}

// ClockCheck is how far this machine's clock was off when central was last heard; zero where it never was.
func (s *Shelf) ClockCheck(ctx context.Context) (check delivery.ClockCheck, err error) {
	err = s.Read(ctx, "read the check of the clock", func(ctx context.Context, tx *sql.Tx) error {
		return s.readNote(ctx, tx, noteClock, &check)
	})
	return check, err
}

// SaveClockCheck keeps the latest comparison with central's clock.
func (s *Shelf) SaveClockCheck(ctx context.Context, check delivery.ClockCheck) error {
	return s.Write(ctx, "save the check of the clock", func(ctx context.Context, tx *sql.Tx) error {
		return s.writeNote(ctx, tx, noteClock, check)
	})
}

// LogSync appends a line to the log of synchronisations and drops what is older than the last few hundred.
func (s *Shelf) LogSync(ctx context.Context, e delivery.SyncEntry) error {
	return s.Write(ctx, "log the synchronisation", func(ctx context.Context, tx *sql.Tx) error {
		body, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO sync_log (entry) VALUES (?)`, string(body)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM sync_log WHERE number <= (SELECT max(number) FROM sync_log) - ?`, syncLogKept)
		return err
	})
}

// SyncLog returns at most limit lines, the latest first.
func (s *Shelf) SyncLog(ctx context.Context, limit int) (log []delivery.SyncEntry, err error) {
	err = s.Read(ctx, "read the log of synchronisations", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var body string
			var e delivery.SyncEntry
			if err := rows.Scan(&body); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(body), &e); err != nil {
				return err
			}
			log = append(log, e)
			return nil
		}, `SELECT entry FROM sync_log ORDER BY number DESC LIMIT ?`, limit)
	})
	return log, err
}

// secretNote tells the notes that hold a token.
func secretNote(name string) bool { return name == noteCredentials || name == noteRelay }

func (s *Shelf) readNote(ctx context.Context, tx *sql.Tx, name string, into any) error {
	var text []byte
	err := tx.QueryRowContext(ctx, `SELECT value FROM agent_note WHERE name = ?`, name).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if secretNote(name) {
		if text, err = s.vault.open("agent_note", name, text); err != nil {
			return err
		}
	}
	if err := json.Unmarshal(text, into); err != nil {
		// The note may hold the token, so its text stays out of the error.
		return fmt.Errorf("the note %s cannot be read", name)
	}
	return nil
}

func (s *Shelf) writeNote(ctx context.Context, tx *sql.Tx, name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if secretNote(name) {
		if text, err = s.vault.close("agent_note", name, text); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO agent_note (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, text)
	return err
}
