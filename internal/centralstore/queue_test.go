package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"parvis/internal/delivery"
)

// Calls that share a commit share nothing else.
func TestOneFailureTakesNothingElseWithIt(t *testing.T) {
	c := newCentral(t)
	s, ctx := c.insides(), context.Background()
	own := errors.New("this one fails")
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
				if err := s.audit(ctx, tx, "test", "write", "", fmt.Sprint(i), ""); err != nil {
					return err
				}
				if i%3 == 0 {
					return own
				}
				return nil
			})
			if (i%3 == 0) != errors.Is(err, own) {
				t.Errorf("call %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	log, err := c.Audit(ctx, 1000)
	if err != nil || len(log) != 40 {
		t.Errorf("%d lines were kept, want 40; %v", len(log), err)
	}
}

func TestWritingEndsWithTheStore(t *testing.T) {
	c := newCentral(t)
	s, ctx := c.insides(), context.Background()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.write(gone, func(context.Context, *sql.Tx) error { t.Error("it was done"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that nobody waits for: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.write(ctx, func(context.Context, *sql.Tx) error { return nil }); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// The command line opens the folder while central serves.
func TestTwoProcessesShareTheFolder(t *testing.T) {
	c := newCentral(t)
	second := c.open(t)
	c.study(t, "mall")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			p := studyPackage(fmt.Sprintf("study-%d", i))
			if _, err := []Store{c.Store, second}[i%2].PutStudy(context.Background(), p); err != nil {
				t.Error(err)
			}
		})
	}
	d := c.device(t, "0417", "mall")
	for range 10 {
		c.push(t, d, d.record(t, "contact", "mall", "north"))
	}
	wg.Wait()
	status, err := second.Status(context.Background())
	if err != nil || len(status.Studies) != 5 || len(status.Devices) != 1 {
		t.Errorf("%+v, %v", status, err)
	}
	cursor := c.insides().self.incarnation
	if got := second.(*store).self.incarnation; got != cursor {
		t.Errorf("two openings of one database differ: %s, %s", got, cursor)
	}
}

// A mistake that panics in one call fails that call alone.
func TestAPanicFailsItsCallAlone(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	err := c.insides().write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE devices SET interviewer = ''`); err != nil {
			return err
		}
		panic("by mistake")
	})
	if err == nil || !strings.Contains(err.Error(), "by mistake") {
		t.Fatal(err)
	}
	c.push(t, d, d.record(t, delivery.KindContact, "mall", "north"))
}
