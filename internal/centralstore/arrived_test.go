package centralstore

import (
	"context"
	"database/sql"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parvis/internal/delivery"
)

func execute(statement string, args ...any) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	}
}

// Whatever numbers arrive in whatever order, what is told to be missing is what is missing.
func TestMissingIsExactlyWhatDidNotArrive(t *testing.T) {
	c := newCentral(t)
	s := c.insides()
	ctx := context.Background()
	if err := s.write(ctx, execute(`INSERT INTO devices (id, interviewer, platform, app_version, created_at, last_seen, recovery) VALUES ('d', '', '', '', 0, 0, '')`)); err != nil {
		t.Fatal(err)
	}
	epoch := 0
	rapid.Check(t, func(t *rapid.T) {
		epoch++
		name := string(rune('a'+epoch%26)) + string(rune(0x4e00+epoch))
		if err := s.write(ctx, execute(`INSERT INTO epochs (id, device, interviewer, started_at) VALUES ($1, 'd', '', 0)`, name)); err != nil {
			t.Fatal(err)
		}
		high := rapid.Int64Range(0, 60).Draw(t, "high")
		came := map[int64]bool{}
		for range rapid.IntRange(0, 6).Draw(t, "batches") {
			batch := rapid.SliceOfN(rapid.Int64Range(1, 60), 1, 12).Draw(t, "numbers")
			for _, n := range batch {
				came[n] = true
			}
			if err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return arrive(ctx, tx, name, ranges(batch)) }); err != nil {
				t.Fatal(err)
			}
		}
		var got []delivery.Range
		err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			got, err = missing(ctx, tx, name, high)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(model(came, high), got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// model counts what is missing the plain way.
func model(came map[int64]bool, high int64) []delivery.Range {
	for n := range came {
		high = max(high, n)
	}
	var gaps []delivery.Range
	for n := int64(1); n <= high; n++ {
		switch {
		case came[n]:
		case len(gaps) > 0 && gaps[len(gaps)-1].Last == n-1:
			gaps[len(gaps)-1].Last = n
		default:
			gaps = append(gaps, delivery.Range{First: n, Last: n})
		}
	}
	return gaps
}

func TestPushTellsWhatIsMissing(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	var records []delivery.Record
	for range 6 {
		records = append(records, d.record(t, delivery.KindContact, "mall", "north"))
	}
	apart := d.record(t, "dance", "mall", "north") // 7: quarantined, yet here
	got := c.push(t, d, records[1], records[4], apart)
	if diff := cmp.Diff([]delivery.Range{{First: 1, Last: 1}, {First: 3, Last: 4}, {First: 6, Last: 6}}, got.Gaps[0].Missing); diff != "" {
		t.Error(diff)
	}
	states, err := c.ListDevices(context.Background())
	if err != nil || len(states) != 1 || len(states[0].Missing) != 3 || states[0].HighSeq != 7 {
		t.Errorf("%+v, %v", states, err)
	}
	if got := c.push(t, d, records...); got.Gaps[0].Missing != nil {
		t.Errorf("still missing: %v", got.Gaps[0].Missing)
	}
}
