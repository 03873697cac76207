package fieldstore_test

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/interview"
)

// What a step tells of answers survives the end of the program, and stands in the file as little as the answers do.
func TestTracesOfADraftComeBackAndAreClosed(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	s := d.begin(t, d.shift(t, false))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Answer(ctx, "/data/consent", "yes"))
	_, err := s.Next(ctx)
	must(err)
	s.Touched()
	d.now = d.now.Add(1500 * time.Millisecond)
	must(s.Answer(ctx, "/data/age", "87654"))
	must(s.Answer(ctx, "/data/age", "31"))
	must(s.Leave(ctx))
	d.reopen(t)
	for _, end := range []string{"", "-wal"} {
		if file, err := os.ReadFile(d.path + end); err == nil && bytes.Contains(file, []byte("87654")) {
			t.Errorf("an answer that was replaced stands in the file in clear")
		}
	}
	s = d.resume(t, s.ID())
	must(s.Answer(ctx, "/data/age", "32"))
	i, err := s.BreakOff(ctx, "bus")
	must(err)
	if len(i.Visits) != 2 || i.Visits[1].Edits != 2 {
		t.Fatalf("%+v", i.Visits)
	}
	if diff := cmp.Diff([]interview.Change{{New: "31"}, {Old: "31", New: "32", Resumed: 1}}, i.Visits[1].Changes); diff != "" {
		t.Error(diff)
	}
	if len(i.Events) != 2 || i.Events[0].Kind != interview.EventLeave || i.Events[1].Kind != interview.EventResume || i.Events[1].At.UTC != d.now.UnixMilli() {
		t.Errorf("%+v", i.Events)
	}
}
