package desk_test

import (
	"context"
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
	"parvis/internal/study"
)

func newDesk(t testing.TB) *desk.Store {
	t.Helper()
	s, err := desk.Open(context.Background(), desk.Params{Path: filepath.Join(t.TempDir(), "desk.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test may have closed it before
	return s
}

func item(t testing.TB, kind delivery.ItemKind, id string, v any) delivery.Item {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return delivery.Item{Kind: kind, ID: id, Body: body}
}

func record(t testing.TB, kind delivery.Kind, id string, revision int, v any) delivery.Item {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return item(t, delivery.ItemRecord, id, delivery.StoredRecord{
		Record: delivery.Record{ID: id, Kind: kind, Revision: revision, Study: "mall", Epoch: "e", Seq: 1, SHA256: delivery.Sum(body), Body: body},
		Device: "d1", Interviewer: "i7", ReceivedAt: int64(1000 + revision),
	})
}

var mall = study.Study{
	ID: "mall", Sites: []study.Site{{Name: "north"}, {Name: "south"}}, Form: study.FormRef{SHA256: "f0", Size: 1},
	Quotas: []study.Quota{{Name: "young", Target: 10}, {Name: "all", Target: 50}},
}

func at(day int) interview.Moment {
	return interview.MomentOf(time.Date(2026, 11, day, 0, 30, 0, 0, time.FixedZone("", 3600))) // the day before in UTC
}

func taken(site string, day int, d interview.Disposition, cells ...string) interview.Interview {
	return interview.Interview{Site: site, Started: at(day), Interviewer: "i7", Disposition: d, Cells: cells, Language: "fr", Answers: "<data/>", DurationMS: 9000}
}

func apply(t testing.TB, s *desk.Store, items ...delivery.Item) {
	t.Helper()
	if err := s.ApplyPull(context.Background(), items, "c"); err != nil {
		t.Fatal(err)
	}
}

func TestBoardCountsWhatComesInAndComesAgain(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newDesk(t)
	items := []delivery.Item{
		item(t, delivery.ItemStudy, "mall", mall),
		record(t, delivery.KindInterview, "a", 1, taken("north", 22, interview.Complete, "young", "all")),
		record(t, delivery.KindInterview, "b", 1, taken("south", 22, interview.Complete, "all")),
		record(t, delivery.KindInterview, "c", 1, taken("south", 23, interview.ScreenedOut)),
		record(t, delivery.KindInterview, "d", 1, interview.Interview{Site: "south", Started: at(23), Disposition: interview.BrokeOff, Void: "mistake", Cells: []string{"all"}}),
		item(t, delivery.ItemRecord, "e", "not a record"),
		record(t, delivery.KindInterview, "f", 1, []int{1}),
		record(t, "of a later version", "g", 1, "?"),
	}
	apply(t, s, items...)
	apply(t, s, items...)
	b, err := s.Board(ctx, "mall", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Lines) != 2 || b.Lines[0].Done != 1 || b.Lines[1].Done != 2 || b.Completes != 2 || b.ReceivedAt != 1001 {
		t.Errorf("%+v", b)
	}
	if diff := cmp.Diff(map[string]int{"north": 1, "south": 1}, b.Lines[1].Constraints[0].BySite); diff != "" {
		t.Error(diff)
	}
	want := map[string]map[interview.Disposition]int{"north": {interview.Complete: 1}, "south": {interview.Complete: 1, interview.ScreenedOut: 1}}
	if diff := cmp.Diff(want, b.Outcomes); diff != "" {
		t.Error(diff)
	}
	if n, err := s.Unreadable(ctx); err != nil || n != 2 {
		t.Errorf("%d unreadable, %v", n, err)
	}
	days, err := s.Days(ctx, "mall")
	if diff := cmp.Diff([]string{"2026-11-23", "2026-11-22"}, days); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestARevisionMovesTheCounts(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newDesk(t)
	contact := func(revision int, d interview.Disposition, void bool) delivery.Item {
		made, known := interview.FactsOf(d)
		return record(t, delivery.KindContact, "k", revision, interview.Contact{Interviewer: "i7", At: at(22), Disposition: d, ContactMade: made, EligibilityKnown: known, Void: void})
	}
	look := func() (map[interview.Disposition]int, interview.Tally) {
		list, err := s.Interviewers(ctx, "mall", "2026-11-22")
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			return nil, interview.Tally{}
		}
		return list[0].Contacts, list[0].Tally
	}
	for _, c := range []struct {
		item delivery.Item
		want map[interview.Disposition]int
	}{
		{contact(1, interview.InProgress, false), map[interview.Disposition]int{interview.InProgress: 1}},
		{contact(2, interview.Complete, false), map[interview.Disposition]int{interview.Complete: 1}},
		{contact(1, interview.InProgress, false), map[interview.Disposition]int{interview.Complete: 1}}, // an old one comes late
		{contact(3, interview.Complete, true), nil},
	} {
		apply(t, s, c.item)
		if got, _ := look(); cmp.Diff(c.want, got) != "" {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}

func TestInterviewersAndTheirDevices(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newDesk(t)
	missing := []delivery.Range{{First: 3, Last: 4}}
	apply(t, s,
		record(t, delivery.KindShift, "s", 1, interview.Shift{Interviewer: "i7", Started: at(22), Passed: 10}),
		record(t, delivery.KindShift, "s", 2, interview.Shift{Interviewer: "i7", Started: at(22), Ended: at(22), Passed: 40}),
		record(t, delivery.KindContact, "k", 1, interview.Contact{Interviewer: "i7", At: at(22), Disposition: interview.RefusedUnknown, ContactMade: true}),
		record(t, delivery.KindInterview, "a", 1, taken("north", 22, interview.Complete)),
		record(t, delivery.KindInterview, "b", 1, taken("north", 23, interview.Complete)),
		item(t, delivery.ItemDevice, "d1", delivery.DeviceState{Device: "d1", Interviewer: "i7", LastSeen: 5}),
		item(t, delivery.ItemDevice, "d1", delivery.DeviceState{Device: "d1", Interviewer: "i7", LastSeen: 9, Missing: missing}),
		item(t, delivery.ItemDevice, "d2", delivery.DeviceState{Device: "d2", Interviewer: "i8"}),
	)
	list, err := s.Interviewers(ctx, "mall", "2026-11-22")
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	i := list[0]
	if i.Interviewer != "i7" || i.Passed != 40 || i.Completes != 1 || i.OpenShifts != 0 || i.LastSeen != 9 || i.Tally.UO != 1 ||
		cmp.Diff(missing, i.Missing) != "" || len(i.Devices) != 1 || list[1].Interviewer != "i8" || list[1].Completes != 0 {
		t.Errorf("%+v", list)
	}
	if all, err := s.Interviewers(ctx, "mall", ""); err != nil || all[0].Completes != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	if devices, err := s.Devices(ctx); err != nil || len(devices) != 2 {
		t.Errorf("%+v, %v", devices, err)
	}
}

func TestReadingInterviews(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newDesk(t)
	apply(t, s,
		record(t, delivery.KindInterview, "a", 1, taken("north", 22, interview.Complete)),
		record(t, delivery.KindInterview, "b", 1, taken("south", 23, interview.Partial)),
		record(t, delivery.KindContact, "k", 1, interview.Contact{}),
	)
	for _, c := range []struct {
		f    desk.Filter
		want string
	}{
		{desk.Filter{Study: "mall"}, "[b a]"},
		{desk.Filter{Study: "mall", Limit: 1}, "[b]"},
		{desk.Filter{Study: "mall", Skip: 1}, "[a]"},
		{desk.Filter{Study: "mall", Site: "north"}, "[a]"},
		{desk.Filter{Study: "mall", Day: "2026-11-23", Interviewer: "i7"}, "[b]"},
		{desk.Filter{Study: "mall", Disposition: interview.Partial}, "[b]"},
		{desk.Filter{Study: "mall", Interviewer: "i8"}, "[]"},
		{desk.Filter{Study: "fair"}, "[]"},
	} {
		list, err := s.Interviews(ctx, c.f)
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{}
		for _, r := range list {
			ids = append(ids, r.ID)
		}
		if got := fmt.Sprint(ids); got != c.want {
			t.Errorf("%+v: %s, want %s", c.f, got, c.want)
		}
	}
	r, err := s.Interview(ctx, "a")
	if err != nil || r.Answers != "<data/>" || r.Record.Device != "d1" || r.Record.ReceivedAt != 1001 || r.Site != "north" {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := s.Interview(ctx, "k"); err == nil {
		t.Error("a contact was read as an interview")
	}
}

// Counts kept as things come in are the counts one would make afterwards, in whatever order and however often they come.
func TestCountsAreThoseOfCountingAnew(t *testing.T) {
	t.Parallel()
	const seed = 7
	t.Logf("seed %d", seed)
	random, ctx, s := rand.New(rand.NewPCG(seed, seed)), context.Background(), newDesk(t)
	apply(t, s, item(t, delivery.ItemStudy, "mall", mall))
	latest := map[string]int{}
	final := map[string]interview.Interview{}
	for range 600 {
		id, revision := fmt.Sprint("i", random.IntN(80)), 1+random.IntN(4)
		i := taken([]string{"north", "south"}[random.IntN(2)], 20+random.IntN(3), []interview.Disposition{interview.Complete, interview.Partial}[random.IntN(2)], "all")
		if random.IntN(3) == 0 {
			i.Cells = append(i.Cells, "young")
		}
		if random.IntN(6) == 0 {
			i.Void = "x"
		}
		if revision > latest[id] {
			latest[id], final[id] = revision, i
		}
		apply(t, s, record(t, delivery.KindInterview, id, revision, i))
	}
	want := map[string]map[string]int{"young": {}, "all": {}}
	for _, i := range final {
		if i.Void == "" && i.Disposition == interview.Complete {
			for _, cell := range i.Cells {
				want[cell][i.Site]++
			}
		}
	}
	b, err := s.Board(ctx, "mall", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range b.Lines {
		if diff := cmp.Diff(want[l.Cell], l.Constraints[0].BySite); diff != "" {
			t.Errorf("%s: %s", l.Cell, diff)
		}
	}
}
