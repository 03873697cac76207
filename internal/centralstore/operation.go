package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Operation is for whoever keeps central running.
type Operation interface {
	// HandInKey returns the public half of the key for handed-in files that the centrals of this database have, "" before the first
	// has served.
	HandInKey(ctx context.Context) (recipient string, err error)
	// RecordHandInKey records the public half where none is recorded, or with replace in any case, and returns what is recorded then.
	RecordHandInKey(ctx context.Context, recipient string, replace bool) (recorded string, err error)
	// Ready fails where the store cannot take in what devices send: it does not answer, its schema is another program's, or there is
	// no room.
	Ready(ctx context.Context) error
	// Gauges counts what somebody should watch. It costs little enough for every few seconds.
	Gauges(ctx context.Context) (Gauges, error)
	// Pools are the connections to a database server; none where the database is a file.
	Pools() []Pool
}

// Gauges are numbers that go up and down, over all studies.
type Gauges struct {
	Quarantined int64 // records that wait for a person's decision
	Devices     int64 // seen within the last hour
	Missing     int64 // records that devices in use have made and that are not here
}

// Pool is the state of the connections to one database server.
type Pool struct {
	Name              string // "primary" or "replica"
	Most, Open, InUse int
	Waits             int64 // how often somebody waited for a connection
	Waited            time.Duration
}

// recentlySeen is within what time a device counts as in the field.
const recentlySeen = time.Hour

func (s *store) HandInKey(ctx context.Context) (recipient string, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT hand_in FROM central`).Scan(&recipient)
	})
	return recipient, wrap("reading which key central has", err)
}

func (s *store) RecordHandInKey(ctx context.Context, recipient string, replace bool) (recorded string, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var before string
		if err := tx.QueryRowContext(ctx, `SELECT hand_in FROM central`).Scan(&before); err != nil {
			return err
		}
		// Another central may record its key at this instant: the row is looked at again under its lock.
		done, err := tx.ExecContext(ctx, `UPDATE central SET hand_in = $1 WHERE hand_in = '' OR hand_in = $2`, recipient, replaced(before, replace))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil {
			return err
		} else if n > 0 && before != "" && before != recipient {
			if err := s.audit(ctx, tx, "central", "key for handed-in files replaced", "", before, recipient); err != nil {
				return err
			}
		}
		return tx.QueryRowContext(ctx, `SELECT hand_in FROM central`).Scan(&recorded)
	})
	return recorded, wrap("recording which key central has", err)
}

// replaced is the key that may give way.
func replaced(before string, replace bool) string {
	if replace {
		return before
	}
	return ""
}

// NotReady is why Ready fails, in words that may be shown to anybody.
type NotReady struct {
	Reason string
	Err    error // for the log; nil where the reason says it all
}

// Error implements error.
func (n *NotReady) Error() string { return n.Reason }

// Unwrap returns what happened underneath.
func (n *NotReady) Unwrap() error { return n.Err }

// leastRoom is the room on the disk below which central takes in no more than a few batches.
const leastRoom = 64 << 20

func (s *store) Ready(ctx context.Context) error {
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	var have int64
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		have, err = schemaVersion(ctx, tx)
		return err
	})
	if err != nil {
		return &NotReady{Reason: "Central's store does not answer.", Err: err}
	}
	if have != newest {
		return &NotReady{Reason: "Central's store has the schema of another version of Parvis.", Err: fmt.Errorf("the schema is %d, this program wants %d", have, newest)}
	}
	free, err := s.engine.free(ctx)
	if err != nil {
		return &NotReady{Reason: "Central's disk cannot be looked at.", Err: err}
	}
	if free >= 0 && free < s.p.leastRoom {
		return &NotReady{Reason: "Central's disk is full.", Err: fmt.Errorf("%d bytes are free", free)}
	}
	return nil
}

// missingInAll counts what the newest epoch of each device that is in use has numbered and central has not.
const missingInAll = `SELECT CAST(COALESCE(SUM(CASE WHEN high > top THEN high - here ELSE top - here END), 0) AS BIGINT) FROM (
	SELECT e.high_seq AS high, COALESCE(MAX(a.last), 0) AS top, COALESCE(SUM(a.last - a.first + 1), 0) AS here
	FROM epochs e JOIN devices d ON d.id = e.device LEFT JOIN arrived a ON a.epoch = e.id
	WHERE d.revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM epochs newer WHERE newer.device = e.device
		AND (newer.started_at > e.started_at OR (newer.started_at = e.started_at AND newer.id > e.id)))
	GROUP BY e.id, e.high_seq) numbered`

func (s *store) Gauges(ctx context.Context) (g Gauges, err error) {
	since := s.now() - recentlySeen.Milliseconds()
	err = s.report(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return errors.Join(
			tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM quarantine WHERE settled_at IS NULL`).Scan(&g.Quarantined),
			tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM devices WHERE last_seen >= $1`, since).Scan(&g.Devices),
			tx.QueryRowContext(ctx, missingInAll).Scan(&g.Missing),
		)
	})
	return g, wrap("counting", err)
}

func (s *store) Pools() []Pool {
	var all []Pool
	for _, one := range []struct {
		name   string
		engine engine
	}{{"primary", s.engine}, {"replica", s.replica}} {
		server, ok := one.engine.(*postgres)
		if !ok || (one.name == "replica" && s.replica == s.engine) {
			continue
		}
		state := server.db.Stats()
		all = append(all, Pool{
			Name: one.name, Most: state.MaxOpenConnections, Open: state.OpenConnections, InUse: state.InUse,
			Waits: state.WaitCount, Waited: state.WaitDuration,
		})
	}
	return all
}
