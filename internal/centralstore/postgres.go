package centralstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// postgres is the engine for more than one central, or more than one machine holds. Through database/sql, so that both engines share
// every statement; pgx keeps each prepared on its connections.
type postgres struct {
	db     *sql.DB
	closed atomic.Bool
}

// The connections of one central. PostgreSQL allows 100 in all unless told otherwise.
const (
	mostConnections = 16
	connectionLife  = 30 * time.Minute // so that centrals find their way back to a server that was away
)

// openPostgres takes, among several hosts in the address, the one that can be written to, so that a promoted standby is found by
// itself.
func openPostgres(ctx context.Context, p Params) (engine, error) {
	e, err := connect(p.Database, pgconn.ValidateConnectTargetSessionAttrsReadWrite)
	if err != nil {
		return nil, err
	}
	if err := e.start(ctx, p.Logger, p.upTo); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

// openReplica opens a server that only reads. That it is away is found out when it is asked.
func openReplica(p Params) (engine, error) { return connect(p.Replica, nil) }

func connect(address string, valid pgconn.ValidateConnectFunc) (*postgres, error) {
	config, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	if config.ValidateConnect == nil {
		config.ValidateConnect = valid
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(mostConnections)
	db.SetMaxIdleConns(mostConnections)
	db.SetConnMaxLifetime(connectionLife)
	return &postgres{db: db}, nil
}

// postgresConfig reads the address and adds what central relies on.
func postgresConfig(address string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// The library's words may repeat the password.
		return nil, errors.New("the address of the database cannot be read; it looks like postgres://USER@HOST/DATABASE")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	for name, value := range map[string]string{
		"application_name": "parvis-central",
		// A central that vanished must not hold a study's row for long.
		"idle_in_transaction_session_timeout": "30s", "tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
		"default_transaction_isolation": "read committed",
	} {
		if _, given := config.RuntimeParams[name]; !given {
			config.RuntimeParams[name] = value
		}
	}
	return config, nil
}

func (e *postgres) start(ctx context.Context, logger *slog.Logger, upTo int64) error {
	var durable string
	if err := e.db.QueryRowContext(ctx, `SHOW synchronous_commit`).Scan(&durable); err != nil {
		return translatePostgres(err)
	}
	if durable == "off" || durable == "local" {
		return fmt.Errorf("the database acknowledges before it has written (synchronous_commit is %s): set it to on, or what central acknowledged can be lost", durable)
	}
	schema, err := schemaOf("postgres", upTo)
	if err != nil {
		return err
	}
	return migratePostgres(ctx, e.db, schema, logger)
}

// migratePostgres applies what is pending, one central at a time.
func migratePostgres(ctx context.Context, db *sql.DB, schema fs.FS, logger *slog.Logger) error {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
	if err != nil {
		return fmt.Errorf("preparing the migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, schema, goose.WithDisableGlobalRegistry(true), goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", translatePostgres(err))
	}
	if have > want {
		return fmt.Errorf("%w (its schema is %d, this program knows %d)", ErrNewer, have, want)
	}
	done, err := provider.Up(ctx)
	for _, m := range done {
		logger.InfoContext(ctx, "schema migrated", "version", m.Source.Version, "took", m.Duration)
	}
	if err != nil {
		return fmt.Errorf("migrate the schema from %d to %d: %w", have, want, translatePostgres(err))
	}
	return nil
}

// mostTries is how often a transaction that met another one is run again.
const mostTries = 8

func (e *postgres) write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	if e.closed.Load() {
		return errClosed
	}
	for try := 1; ; try++ {
		err := e.once(ctx, do)
		if err == nil || try == mostTries || !collided(err) {
			return translatePostgres(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(rand.Int64N(int64(try) * int64(10*time.Millisecond)))):
		}
	}
}

// once runs do in a transaction. A context that ends while do runs does not tear it; it ends only the waiting for a connection.
func (e *postgres) once(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }() // it goes back to the others
	whole := context.WithoutCancel(ctx)
	tx, err := conn.BeginTx(whole, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := do(whole, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func (e *postgres) read(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	tx, err := e.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return translatePostgres(fmt.Errorf("begin reading: %w", err))
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return translatePostgres(do(ctx, tx))
}

func (e *postgres) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt, err := e.db.PrepareContext(ctx, query)
	return stmt, translatePostgres(err)
}

// loaded makes the audit log go on after its highest number, and the server look at what is there now: until it does by itself, a
// minute later or more, it plans as if the tables were empty, and reads a whole study for one page.
func (e *postgres) loaded(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence('audit', 'n'), (SELECT COALESCE(MAX(n), 0) + 1 FROM audit), false)`)
	if err != nil {
		return fmt.Errorf("going on with the audit log: %w", err)
	}
	_, err = tx.ExecContext(ctx, `ANALYZE`)
	return wrap("counting what was loaded", err)
}

func (e *postgres) pool() sql.DBStats { return e.db.Stats() }

// room is not for central to see: it is the server's disk.
func (e *postgres) room(context.Context) error { return nil }

// examine asks the server how it is set up. Its own files are its own tools' matter (pg_amcheck, pg_checksums).
func (e *postgres) examine(ctx context.Context, say func(Grade, string, ...any)) error {
	return e.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		set := map[string]string{}
		for _, name := range []string{"server_version", "fsync", "full_page_writes", "synchronous_commit", "synchronous_standby_names", "data_checksums"} {
			var value string
			if err := tx.QueryRowContext(ctx, `SELECT current_setting($1)`, name).Scan(&value); err != nil {
				return fmt.Errorf("reading the setting %s: %w", name, err)
			}
			set[name] = value
		}
		say(Well, "PostgreSQL %s", set["server_version"])
		for _, name := range []string{"fsync", "full_page_writes"} {
			if set[name] != "on" {
				say(Ill, "%s is %s: a power cut can lose or tear what central acknowledged; set it to on", name, set[name])
			}
		}
		if set["data_checksums"] != "on" {
			say(Watch, "data_checksums is off: damage by the disk goes unnoticed; pg_checksums --enable switches it on while the server stands")
		}
		return examineStandby(ctx, tx, set["synchronous_standby_names"], say)
	})
}

func examineStandby(ctx context.Context, tx *sql.Tx, named string, say func(Grade, string, ...any)) error {
	if named == "" {
		say(Watch, "no synchronous standby is named: what central acknowledged is on this one server; see DEPLOYMENT")
		return nil
	}
	var following, hidden int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')),
		COUNT(*) FILTER (WHERE state IS NULL) FROM pg_stat_replication`).Scan(&following, &hidden)
	if err != nil {
		return fmt.Errorf("asking for the standby: %w", err)
	}
	if following == 0 && hidden > 0 {
		say(Watch, "whether the synchronous standby follows is not shown to central's user: GRANT pg_read_all_stats to it")
		return nil
	}
	if following == 0 {
		say(Ill, "no synchronous standby follows: central waits with every acknowledgement until one does")
		return nil
	}
	say(Well, "%d synchronous standby follows", following)
	return nil
}

// close waits for the connections that are in use.
func (e *postgres) close() error {
	if e.closed.Swap(true) {
		return nil
	}
	return e.db.Close()
}

// collided tells the errors after which the same transaction, run again, meets what the other one left: two that waited for each
// other, and two that brought the same row.
func collided(err error) bool {
	var p *pgconn.PgError
	if !errors.As(err, &p) {
		return false
	}
	switch p.Code {
	case "40001", "40P01", "23505": // serialization_failure, deadlock_detected, unique_violation
		return true
	}
	return false
}

// translatePostgres puts the words of this package to what a caller can act on and leaves every other error alone.
func translatePostgres(err error) error {
	if err == nil || CodeOf(err) != "" {
		return err
	}
	var p *pgconn.PgError
	if errors.As(err, &p) {
		switch p.Code[:2] {
		case "53": // insufficient_resources
			if p.Code == "53100" {
				return fmt.Errorf("%w (%w)", ErrFull, err)
			}
			return fmt.Errorf("%w (%w)", ErrUnavailable, err)
		case "57", "08", "25": // operator_intervention, connection_exception, a server that became read-only
			return fmt.Errorf("%w (%w)", ErrUnavailable, err)
		}
		if p.Code == "22021" { // character_not_in_repertoire
			return fail(Invalid, "There is a character in this text that cannot be kept.")
		}
		return err
	}
	var network net.Error
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return fmt.Errorf("%w (%w)", ErrUnavailable, errors.New("no connection"))
	}
	if errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err) || lostConnection(err) {
		return fmt.Errorf("%w (%w)", ErrUnavailable, err)
	}
	return err
}

// lostConnection: the connection ended in the middle, as when the server was killed.
func lostConnection(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
