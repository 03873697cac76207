package sqlitefile

import (
	"context"
	"database/sql"
	"sync"
)

// checkpointEvery is how many transactions are written between two checkpoints. The log grows by a few pages a transaction, so it
// stays within some megabytes.
const checkpointEvery = 200

// tidier folds the write-ahead log into the file on a connection of its own, so that no call that saves something waits for the
// bulk of it; the little that was written meanwhile is folded between two transactions of the writer, so that the log starts over.
type tidier struct {
	db    *sql.DB
	fold  func(context.Context) error
	every int
	mu    sync.Mutex
	n     int
	wake  chan struct{}
	quit  context.CancelFunc
	done  chan struct{}
}

func startTidier(ctx context.Context, p Params, fold func(context.Context) error) (*tidier, error) {
	db, err := sql.Open("sqlite", dsn(p.Path, []string{"busy_timeout(5000)", "synchronous(FULL)", "wal_autocheckpoint(0)"}, ""))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	// It outlives the call that opens the file and ends with Close.
	running, quit := context.WithCancel(context.WithoutCancel(ctx))
	every := p.CheckpointEvery
	if every <= 0 {
		every = checkpointEvery
	}
	t := &tidier{db: db, fold: fold, every: every, wake: make(chan struct{}, 1), quit: quit, done: make(chan struct{})}
	go t.run(running)
	return t, nil
}

// wrote notes one transaction.
func (t *tidier) wrote() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n++; t.n < t.every {
		return
	}
	t.n = 0
	select {
	case t.wake <- struct{}{}:
	default: // one is due already
	}
}

func (t *tidier) run(ctx context.Context) {
	defer close(t.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.wake:
			// A checkpoint that fails loses nothing: the log stays, and the next one finds it.
			_, _ = t.db.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
			_ = t.fold(ctx)
		}
	}
}

func (t *tidier) stop() error {
	t.quit()
	<-t.done
	return t.db.Close()
}

// Scrub folds the write-ahead log into the file and empties it, so that what was deleted is not found in the log either. It waits
// for running reads, at most some seconds; where they last longer the log is emptied at a later call.
func (f *File) Scrub(ctx context.Context) error {
	var busy, log, folded int
	err := f.writer.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &folded)
	return translate(err)
}
