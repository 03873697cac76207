package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"parvis/internal/sqlitefile"
)

// mostTogether is how many calls share a commit. Past that the write-ahead log and the wait of the first caller grow for nothing.
const mostTogether = 64

// foldEvery is how many commits pass between two foldings of the write-ahead log, on the writer's own connection, so that the log
// starts over even while writing never pauses.
const foldEvery = 50

var errClosed = errors.New("central's store is closed")

// queue gives the single writer of SQLite its work. A commit waits for the disk, so what waits meanwhile is committed together: each
// call in a savepoint of its own, so that one that fails takes nothing else with it.
type queue struct {
	file *sqlitefile.File
	jobs chan *job
	quit chan struct{}
	done chan struct{}
	once sync.Once
}

type job struct {
	ctx  context.Context
	do   func(ctx context.Context, tx *sql.Tx) error
	err  error
	done chan struct{}
}

func startQueue(file *sqlitefile.File) *queue {
	q := &queue{file: file, jobs: make(chan *job, mostTogether), quit: make(chan struct{}), done: make(chan struct{})}
	go q.run()
	return q
}

// write returns when do is on the disk, or has failed and left nothing. A ctx that ends stops the waiting for the turn only.
func (q *queue) write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	j := &job{ctx: ctx, do: do, done: make(chan struct{})}
	select {
	case q.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-q.quit:
		return errClosed
	}
	select {
	case <-j.done:
		return j.err
	case <-q.done:
	}
	// The queue ended; the job was done in its last round or not at all.
	select {
	case <-j.done:
		return j.err
	default:
		return errClosed
	}
}

func (q *queue) stop() {
	q.once.Do(func() { close(q.quit) })
	<-q.done
}

func (q *queue) run() {
	defer close(q.done)
	commits := 0
	for {
		var group []*job
		select {
		case j := <-q.jobs:
			group = q.gather(j)
		case <-q.quit:
			if group = q.gather(nil); len(group) == 0 {
				return
			}
		}
		q.commit(group)
		if commits++; commits%foldEvery == 0 {
			// A folding that fails loses nothing: the log stays, and the next one finds it.
			_ = q.file.Fold(context.Background())
		}
	}
}

// gather takes what is waiting already; it waits for nothing.
func (q *queue) gather(first *job) []*job {
	var group []*job
	if first != nil {
		group = append(group, first)
	}
	for len(group) < mostTogether {
		select {
		case j := <-q.jobs:
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commit answers every job of the group.
func (q *queue) commit(group []*job) {
	err := q.file.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for _, j := range group {
			if err := j.run(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, j := range group {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
}

// run does one job; it fails only where the transaction itself is beyond use.
func (j *job) run(ctx context.Context, tx *sql.Tx) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `SAVEPOINT job`); err != nil {
		return err
	}
	if j.err = j.do(ctx, tx); j.err != nil {
		_, err := tx.ExecContext(ctx, `ROLLBACK TO SAVEPOINT job`)
		if err != nil {
			return errors.Join(j.err, err)
		}
	}
	_, err := tx.ExecContext(ctx, `RELEASE SAVEPOINT job`)
	return err
}
