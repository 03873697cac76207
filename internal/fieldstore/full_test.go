package fieldstore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// A storage that fills up in the middle of an interview: the call says so, what was saved is there, and with space the interview
// goes on where it was.
func TestAFullStorageLosesNothing(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	s := d.begin(t, shift)
	for _, v := range [][2]string{{"/data/consent", "yes"}, {"/data/age", "30"}, {"/data/trade", "no"}} {
		if err := s.Answer(ctx, s.Page().Questions[0].Ref, v[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.openCapped(t, 60) // less than the file has: SQLite takes the present size
	s = d.resume(t, s.ID())
	kept := ""
	var err error
	random := rand.New(rand.NewPCG(7, 7)) // packing cannot shorten it
	for range 100 {
		text := kept
		for range 200 {
			text += fmt.Sprintf("%x ", random.Uint64())
		}
		if err = s.Draft(ctx, "/data/why", text); err != nil {
			break
		}
		kept = text
	}
	if !errors.Is(err, fieldstore.ErrFull) || !strings.Contains(err.Error(), "storage full") {
		t.Fatalf("after %d characters: %v", len(kept), err)
	}
	if got := s.Value("/data/why"); got != strings.TrimSpace(kept) && got != kept {
		t.Errorf("the session has %d characters, %d were saved", len(got), len(kept))
	}
	before := identities(d.batch(t))
	long := "" // nor this: the end must not fit into a page that is still free
	for range 6000 {
		long += fmt.Sprintf("%x ", random.Uint64())
	}
	if _, err := s.Void(ctx, long); !errors.Is(err, fieldstore.ErrFull) {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(before, identities(d.batch(t))); diff != "" {
		t.Errorf("half an end was kept: %s", diff)
	}
	d.reopen(t) // with space again
	s = d.resume(t, s.ID())
	if got := s.Value("/data/why"); got != kept && got != strings.TrimSpace(kept) || s.Position().Ref != "/data/why" {
		t.Errorf("%d characters of %d at %s", len(got), len(kept), s.Position())
	}
	if i, err := s.BreakOff(ctx, ""); err != nil || i.Disposition != interview.BrokeOff {
		t.Errorf("%v", err)
	}
}

func (d *device) openCapped(t *testing.T, pages int) {
	t.Helper()
	s, err := fieldstore.Open(context.Background(), fieldstore.Params{Path: d.path, MaxPages: pages, Now: func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	d.Store = s
	if err := s.Unlock(context.Background(), devicePIN); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // the test closes it before
}
