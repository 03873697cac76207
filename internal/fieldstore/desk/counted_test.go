package desk_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
)

// marked is a record as central sends it once it knows whether the interview counts.
func marked(t testing.TB, i delivery.Item, provisional bool) delivery.Item {
	t.Helper()
	var r delivery.StoredRecord
	if err := json.Unmarshal(i.Body, &r); err != nil {
		t.Fatal(err)
	}
	r.Provisional = provisional
	return item(t, i.Kind, i.ID, r)
}

// agrees tells that days, interviewers and ticks have the complete interviews that the board has: in all, and at each site.
func agrees(t testing.TB, s *desk.Store) {
	t.Helper()
	ctx := context.Background()
	b, err := s.Board(ctx, "mall", "")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"": b.Completes}
	for _, site := range mall.Sites {
		want[site.Name] = b.Outcomes[site.Name][interview.Complete]
	}
	byDay, byPerson, byTick := map[string]int{}, map[string]int{}, map[string]int{}
	for site := range want {
		days, err := s.Daily(ctx, "mall", site)
		if err != nil {
			t.Fatal(err)
		}
		crew, err := s.Crew(ctx, "mall", "", site)
		if err != nil {
			t.Fatal(err)
		}
		byDay[site], byPerson[site], byTick[site] = 0, 0, 0
		for _, i := range crew {
			byPerson[site] += i.Completes
		}
		for _, d := range days {
			byDay[site] += d.Completes
			ticks, err := s.Ticks(ctx, "mall", d.Day, site)
			if err != nil {
				t.Fatal(err)
			}
			for _, tick := range ticks {
				if tick.Counts {
					byTick[site]++
				}
			}
		}
	}
	for name, got := range map[string]map[string]int{"days": byDay, "interviewers": byPerson, "ticks": byTick} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: %s", name, diff)
		}
	}
}

// A laptop on which an earlier version counted every complete interview, and some not at all yet, counts anew when it is opened.
func TestAnEarlierVersionsCountsAreMadeAnew(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	for n, id := range []string{"a", "b", "c", "d", "e"} {
		i := taken([]string{"north", "south"}[n%2], 20+n/2, interview.Complete, "all")
		apply(t, s, marked(t, record(t, delivery.KindInterview, id, 1, i), id == "d"))
	}
	apply(t, s, record(t, delivery.KindShift, "s", 1, interview.Shift{Site: "north", Interviewer: "i7", Started: at(20), Ended: at(21), Passed: 40}))
	decide(t, s, delivery.ReviewReject, "a", `{"revision":1}`)
	agrees(t, s)
	if err := s.Write(ctx, "count as before", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE output SET completes = 7 WHERE site = 'north'; DELETE FROM output WHERE site = 'south';
			INSERT INTO unwatched VALUES ('b'); DELETE FROM goose_db_version WHERE version_id = 180`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	path := s.File.Path()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := desk.Open(ctx, desk.Params{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	agrees(t, s)
	if err := s.Digest(ctx); err != nil {
		t.Fatal(err)
	}
	agrees(t, s)
	if days, err := s.Daily(ctx, "mall", "north"); err != nil || days[0].WorkedMS != 24*3_600_000 {
		t.Errorf("%+v, %v", days, err)
	}
}
