package sqlitefile

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

// keptStatements is how many compiled statements a connection keeps; past it they are all let go and gathered anew, which suits
// a store that has some hundred fixed statements and makes few by the length of a list.
const keptStatements = 256

// openKeeping opens a pool whose connections compile each text of SQL once and keep it: compiling costs more than running most of
// what the stores ask. SQLite compiles a kept statement again by itself where the schema changed.
func openKeeping(dsn string) (*sql.DB, error) {
	base, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeper{base}), nil
}

type keeper struct{ driver.Connector }

// driverConn is what database/sql asks of the driver's connections and the keeper passes on.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// driverStmt is a compiled statement as the driver makes it.
type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func (k keeper) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := made.(driverConn)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver's connections are not as expected"), made.Close())
	}
	return &keepingConn{driverConn: conn, idle: map[string]driverStmt{}}, nil
}

// keepingConn is one connection with its compiled statements. database/sql uses a connection from one goroutine at a time.
type keepingConn struct {
	driverConn
	idle map[string]driverStmt
}

// take gives a compiled statement nobody else uses; put gives it back.
func (c *keepingConn) take(ctx context.Context, query string) (driverStmt, error) {
	if kept, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return kept, nil
	}
	made, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := made.(driverStmt)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver's statements are not as expected"), made.Close())
	}
	return stmt, nil
}

func (c *keepingConn) put(query string, stmt driverStmt) error {
	if _, double := c.idle[query]; double {
		return stmt.Close()
	}
	if len(c.idle) >= keptStatements {
		if err := c.letGo(); err != nil {
			return errors.Join(err, stmt.Close())
		}
	}
	c.idle[query] = stmt
	return nil
}

func (c *keepingConn) letGo() error {
	var errs []error
	for query, stmt := range c.idle {
		errs = append(errs, stmt.Close())
		delete(c.idle, query)
	}
	return errors.Join(errs...)
}

func (c *keepingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	done, err := stmt.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, stmt.Close())
	}
	return done, c.put(query, stmt)
}

func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, stmt.Close())
	}
	return &keptRows{Rows: rows, conn: c, query: query, stmt: stmt}, nil
}

func (c *keepingConn) Close() error { return errors.Join(c.letGo(), c.driverConn.Close()) }

// keptRows gives its statement back when it is closed.
type keptRows struct {
	driver.Rows
	conn  *keepingConn
	query string
	stmt  driverStmt
}

func (r *keptRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		return errors.Join(err, r.stmt.Close())
	}
	return r.conn.put(r.query, r.stmt)
}
