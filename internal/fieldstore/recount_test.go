package fieldstore_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
)

func (d *device) exec(query string) error {
	return d.File.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query)
		return err
	})
}

// Whatever ends, is taken back, corrected, left as it was or voided, in whatever order: the counts on the device and on the desk
// are those of a recount of the newest revisions.
func TestCountsEqualARecount(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			d := newDevice(t)
			d.editable(t, 30)
			w := &weather{device: d, t: t, rand: rand.New(rand.NewPCG(seed, 40)), shift: d.shift(t, false)}
			for range 60 {
				w.step()
				w.compare()
			}
			w.compareDesk()
		})
	}
}

// weather is what may happen to interviews.
type weather struct {
	*device
	t       *testing.T
	rand    *rand.Rand
	shift   interview.Shift
	ended   []string
	records []delivery.Record
}

func (w *weather) step() {
	w.now = w.now.Add(time.Second)
	switch w.rand.IntN(8) {
	case 0, 1:
		w.ended = append(w.ended, w.complete(w.t, w.begin(w.t, w.shift), fmt.Sprint(18+w.rand.IntN(40)), "").ID)
	case 2:
		w.breakOff()
	case 3, 4:
		w.correct()
	case 5:
		w.void()
	case 6:
		w.deliver()
	case 7:
		w.leave()
	}
}

func (w *weather) breakOff() {
	s := w.begin(w.t, w.shift)
	_, err := s.BreakOff(context.Background(), "no_time")
	w.must(err)
	if w.rand.IntN(2) == 0 {
		w.ended = append(w.ended, s.ID())
		return
	}
	s = w.reopenEnded(w.t, s.ID(), interview.CorrectUndo, "undo")
	w.ended = append(w.ended, w.complete(w.t, s, fmt.Sprint(18+w.rand.IntN(40)), "").ID)
}

// pick takes one of those ended.
func (w *weather) pick() (id string, ok bool) {
	if len(w.ended) == 0 {
		return "", false
	}
	return w.ended[w.rand.IntN(len(w.ended))], true
}

func (w *weather) correct() {
	id, ok := w.pick()
	if !ok || w.newest(w.t, id).Void != "" || w.newest(w.t, id).BreakOffAt != "" {
		return
	}
	s := w.reopenEnded(w.t, id, interview.CorrectEdit, "mistyped")
	age := []string{"12", "20", "34", "35", "60"}[w.rand.IntN(5)]
	goTo(w.t, s, "/data/age", age)
	_, err := s.Finish(context.Background())
	w.must(err)
}

func (w *weather) leave() {
	id, ok := w.pick()
	if !ok || w.newest(w.t, id).Void != "" {
		return
	}
	s := w.reopenEnded(w.t, id, interview.CorrectEdit, "other")
	w.must(s.Answer(context.Background(), "/data/age", "19"))
	w.must(w.Withdraw(context.Background(), id))
}

func (w *weather) void() {
	id, ok := w.pick()
	switch {
	case !ok:
	case w.newest(w.t, id).Void == "":
		w.must(w.VoidInterview(context.Background(), id, "duplicate"))
	default:
		w.must(w.UnvoidInterview(context.Background(), id))
	}
}

func (w *weather) deliver() {
	batch := w.batch(w.t)
	w.records = append(w.records, batch...)
	w.must(w.ApplyReceipts(context.Background(), receipts(batch, delivery.Received, "")))
}

func (w *weather) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// recount counts the newest revisions themselves.
func (w *weather) recount() map[string]int {
	counts := map[string]int{}
	for _, id := range w.ended {
		i := w.newest(w.t, id)
		if i.Disposition != interview.Complete || i.Void != "" {
			continue
		}
		for _, cell := range i.Cells {
			counts[cell]++
		}
	}
	return counts
}

func (w *weather) compare() {
	w.t.Helper()
	ctx := context.Background()
	counts, err := w.QuotaCounts(ctx, "visit")
	w.must(err)
	if diff := cmp.Diff(w.recount(), counts); diff != "" {
		w.t.Fatalf("a recount and the counts differ: %s", diff)
	}
	figures, err := w.ShiftFigures(ctx, w.shift.ID)
	w.must(err)
	completes := 0
	for _, id := range w.ended {
		if i := w.newest(w.t, id); i.Disposition == interview.Complete && i.Void == "" {
			completes++
		}
	}
	if figures.Completes != completes {
		w.t.Fatalf("%d completes in the shift's figures, %d in a recount", figures.Completes, completes)
	}
}

// compareDesk has everything arrive at a supervisor's laptop, in an order of its own and some of it twice.
func (w *weather) compareDesk() {
	ctx := context.Background()
	w.deliver()
	s, err := desk.Open(ctx, desk.Params{Path: filepath.Join(w.t.TempDir(), "desk.db")})
	w.must(err)
	defer func() { w.must(s.Close()) }()
	study, err := json.Marshal(w.study)
	w.must(err)
	w.must(s.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemStudy, ID: "visit", Body: study}}, "0"))
	order := append(w.rand.Perm(len(w.records)), w.rand.Perm(len(w.records))[:len(w.records)/2]...)
	for _, i := range order {
		body, err := json.Marshal(delivery.StoredRecord{Record: w.records[i], Device: "d1", Interviewer: "i7", ReceivedAt: 1})
		w.must(err)
		w.must(s.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemRecord, ID: w.records[i].ID, Body: body}}, "1"))
	}
	board, err := s.Board(ctx, "visit", "")
	w.must(err)
	counts := map[string]int{}
	for _, l := range board.Lines {
		if l.Done > 0 {
			counts[l.Cell] = l.Done
		}
	}
	if diff := cmp.Diff(w.recount(), counts); diff != "" {
		w.t.Errorf("a recount and the desk differ: %s", diff)
	}
}
