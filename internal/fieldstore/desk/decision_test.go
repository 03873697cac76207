package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// signedIn is a laptop of a person, with the study.
func signedIn(t testing.TB, user string) *desk.Store {
	t.Helper()
	s := newDesk(t)
	signIn(t, s, user)
	apply(t, s, item(t, delivery.ItemStudy, "mall", mall))
	return s
}

func signIn(t testing.TB, s *desk.Store, user string) {
	t.Helper()
	if err := s.SaveCredentials(context.Background(), delivery.Credentials{Central: "https://c", User: user, Token: "t"}); err != nil {
		t.Fatal(err)
	}
}

func decide(t testing.TB, s *desk.Store, kind delivery.DecisionKind, id, body string) delivery.Decision {
	t.Helper()
	d, err := s.Decide(context.Background(), delivery.Decision{Study: "mall", Kind: kind, Subject: id, Body: json.RawMessage(body), Reason: "seen"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// pulled is a decision of another laptop.
func pulled(t testing.TB, id string, kind delivery.DecisionKind, subject string, at int64, body string) delivery.Item {
	return item(t, delivery.ItemDecision, id, delivery.StoredDecision{
		Decision: delivery.Decision{ID: id, Study: "mall", Kind: kind, Subject: subject, Body: json.RawMessage(body), Reason: "x", MadeAt: at, MadeBy: "otto"}, ReceivedAt: at + 5,
	})
}

// row is how an interview stands in the list.
func row(t testing.TB, s *desk.Store, id string) desk.Row {
	t.Helper()
	list, err := s.Interviews(context.Background(), desk.Filter{Study: "mall"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("%s is not listed", id)
	return desk.Row{}
}

func done(t testing.TB, s *desk.Store) (all int, young int) {
	t.Helper()
	b, err := s.Board(context.Background(), "mall", "")
	if err != nil {
		t.Fatal(err)
	}
	return b.Completes, b.Lines[0].Done
}

func take(t testing.TB, s *desk.Store) []delivery.PackedDecision {
	t.Helper()
	list, _, err := s.TakeDecisions(context.Background(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func receive(t testing.TB, s *desk.Store, receipts ...delivery.DecisionReceipt) {
	t.Helper()
	if err := s.KeepDecisionReceipts(context.Background(), receipts); err != nil {
		t.Fatal(err)
	}
}

func TestADecisionCountsAtOnceAndCanBeUndoneUntilItIsSent(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	apply(t, s, record(t, delivery.KindInterview, "a", 1, taken("north", 22, interview.Complete, "young", "all")))
	if got := row(t, s, "a"); got.Review != delivery.ReviewOpen || got.Pending {
		t.Fatalf("%+v", got)
	}
	d := decide(t, s, delivery.ReviewReject, "a", `{"revision":1}`)
	if d.MadeBy != "ines" || d.MadeAt == 0 {
		t.Errorf("%+v", d)
	}
	if got := row(t, s, "a"); got.Review != delivery.ReviewRejected || !got.Pending {
		t.Errorf("%+v", got)
	}
	if all, young := done(t, s); all != 0 || young != 0 {
		t.Errorf("a rejected interview counts: %d, %d", all, young)
	}
	if err := s.Undo(ctx, d.ID); err != nil {
		t.Fatal(err)
	}
	if got := row(t, s, "a"); got.Review != delivery.ReviewOpen || got.Pending {
		t.Errorf("undone: %+v", got)
	}
	if all, young := done(t, s); all != 1 || young != 1 {
		t.Errorf("undone: %d, %d", all, young)
	}
	if list, err := s.Decisions(ctx, "mall", "a"); err != nil || len(list) != 0 {
		t.Errorf("undone: %+v %v", list, err)
	}
	if err := s.Undo(ctx, d.ID); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("undone twice: %v", err)
	}
	d = decide(t, s, delivery.ReviewAccept, "a", `{"revision":1}`)
	sent := take(t, s)
	if len(sent) != 1 || sent[0].ID != d.ID || sent[0].Study != "mall" {
		t.Fatalf("%+v", sent)
	}
	if err := s.Undo(ctx, d.ID); !errors.Is(err, desk.ErrSent) {
		t.Errorf("on its way: %v", err)
	}
	// the answer was lost: the same bytes go out again
	if again := take(t, s); cmp.Diff(sent, again) != "" {
		t.Errorf("%s", cmp.Diff(sent, again))
	}
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionDuplicate}, delivery.DecisionReceipt{ID: "not here", Status: delivery.DecisionApplied})
	if got := row(t, s, "a"); got.Review != delivery.ReviewAccepted || got.Pending || len(take(t, s)) != 0 {
		t.Errorf("%+v", got)
	}
	if err := s.Undo(ctx, d.ID); !errors.Is(err, desk.ErrSent) {
		t.Errorf("at central: %v", err)
	}
	// it comes back with the next pull and changes nothing
	apply(t, s, item(t, delivery.ItemDecision, d.ID, delivery.StoredDecision{Decision: d, ReceivedAt: d.MadeAt + 9}))
	list, err := s.Decisions(ctx, "mall", "a")
	if err != nil || len(list) != 1 || list[0].State != desk.Sent || list[0].At != d.MadeAt || cmp.Diff(d, list[0].Decision) != "" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestWhatCentralDoesNotTakeCountsForNothing(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	apply(t, s, record(t, delivery.KindInterview, "a", 1, taken("north", 22, interview.Complete, "all")))
	d := decide(t, s, delivery.ReviewReject, "a", `{"revision":1}`)
	take(t, s)
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionRefused, Code: delivery.DecisionNoSubject, Reason: "Not yet.", Retryable: true})
	if got := row(t, s, "a"); got.Review != delivery.ReviewRejected || !got.Pending {
		t.Errorf("it may be taken later: %+v", got)
	}
	if again := take(t, s); len(again) != 1 {
		t.Fatalf("%+v", again)
	}
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionRefused, Code: delivery.DecisionForbidden, Reason: "No."})
	if got := row(t, s, "a"); got.Review != delivery.ReviewOpen || got.Pending {
		t.Errorf("%+v", got)
	}
	if all, _ := done(t, s); all != 1 {
		t.Errorf("%d", all)
	}
	list, err := s.Decisions(ctx, "mall", "a")
	if err != nil || len(list) != 1 || list[0].State != desk.Refused || list[0].Refusal != "No." {
		t.Errorf("%+v %v", list, err)
	}
	if u, err := s.Unsent(ctx); err != nil || u != (desk.Unsent{Refused: 1}) {
		t.Errorf("%+v %v", u, err)
	}
}

func TestOnlyWhoDecidedSendsIt(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	apply(t, s, record(t, delivery.KindInterview, "a", 1, taken("north", 22, interview.Complete)))
	decide(t, s, delivery.ReviewComment, "a", `{"revision":1}`)
	signIn(t, s, "otto")
	mine := decide(t, s, delivery.ReviewComment, "a", `{"revision":1}`)
	if got := take(t, s); len(got) != 1 || got[0].ID != mine.ID {
		t.Errorf("%+v", got)
	}
	if u, err := s.Unsent(ctx); err != nil || u != (desk.Unsent{Mine: 1, Others: 1}) {
		t.Errorf("%+v %v", u, err)
	}
	if err := s.SaveCredentials(ctx, delivery.Credentials{}); err != nil {
		t.Fatal(err)
	}
	if got := take(t, s); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if _, err := s.Decide(ctx, delivery.Decision{Study: "mall", Kind: delivery.ReviewAccept, Subject: "a", Body: []byte(`{"revision":1}`)}); !errors.Is(err, desk.ErrNobody) {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNotValidIsNotKept(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	var words delivery.InvalidDecision
	if _, err := s.Decide(ctx, delivery.Decision{Study: "mall", Kind: delivery.ReviewReject, Subject: "a", Body: []byte(`{"revision":1}`)}); !errors.As(err, &words) {
		t.Errorf("%v", err)
	}
	if got := take(t, s); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// Taking for sending and undoing at the same instant: each decision is either sent or gone, never both.
func TestUndoDoesNotRaceWithSending(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	apply(t, s, record(t, delivery.KindInterview, "a", 1, taken("north", 22, interview.Complete)))
	for range 30 {
		d := decide(t, s, delivery.ReviewComment, "a", `{"revision":1}`)
		var sent []delivery.PackedDecision
		var undone error
		var both sync.WaitGroup
		both.Go(func() { sent = take(t, s) })
		both.Go(func() { undone = s.Undo(ctx, d.ID) })
		both.Wait()
		if (len(sent) == 1) == (undone == nil) {
			t.Fatalf("%d sent, undone: %v", len(sent), undone)
		}
		for _, p := range sent {
			receive(t, s, delivery.DecisionReceipt{ID: p.ID, Status: delivery.DecisionApplied})
		}
	}
}

func TestDecisionsOfSeveralStudiesGoOutInTheirOrder(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	var want []string
	for _, in := range []string{"mall", "mall", "fair", "mall", "fair", "fair", "mall"} {
		d, err := s.Decide(ctx, delivery.Decision{Study: in, Kind: delivery.ReviewComment, Subject: "x", Body: []byte(`{"revision":1}`), Reason: "r"})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, d.ID)
	}
	var got []string
	for after := int64(0); ; {
		list, last, err := s.TakeDecisions(ctx, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, d := range list {
			got = append(got, d.ID)
			if d.Study != list[0].Study || len(list) > 2 {
				t.Errorf("%+v", list)
			}
		}
		after = last
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestACentralThatWasRestoredGetsEverythingAgain(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	heard := func(incarnation string) {
		if err := s.HeardCentral(ctx, incarnation); err != nil {
			t.Fatal(err)
		}
	}
	heard("one")
	d := decide(t, s, delivery.ReviewComment, "a", `{"revision":1}`)
	refused := decide(t, s, delivery.ReviewComment, "a", `{"revision":1}`)
	apply(t, s, pulled(t, "p", delivery.ReviewComment, "a", 5, `{"revision":1}`))
	take(t, s)
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionApplied}, delivery.DecisionReceipt{ID: refused.ID, Status: delivery.DecisionRefused})
	heard("one")
	heard("")
	if got := take(t, s); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	heard("two")
	if err := s.Undo(ctx, d.ID); !errors.Is(err, desk.ErrSent) {
		t.Errorf("what central had once can be undone: %v", err)
	}
	if got := take(t, s); len(got) != 1 || got[0].ID != d.ID {
		t.Errorf("%+v", got)
	}
}

func TestAKilledLaptopHasEveryDecision(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "desk.db")
	open := func() *desk.Store {
		s, err := desk.Open(ctx, desk.Params{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	signIn(t, s, "ines")
	waiting, flying := decide(t, s, delivery.ReviewComment, "a", `{"revision":1}`), decide(t, s, delivery.ReviewComment, "b", `{"revision":1}`)
	if _, _, err := s.TakeDecisions(ctx, 1, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open()
	defer s.Close()
	if err := s.Undo(ctx, flying.ID); !errors.Is(err, desk.ErrSent) {
		t.Errorf("%v", err)
	}
	if got := take(t, s); len(got) != 2 || got[0].ID != waiting.ID || got[1].ID != flying.ID {
		t.Errorf("%+v", got)
	}
}

// Whatever comes in whatever order, the list and the board are those of counting anew.
func TestReviewsAndCountsAreThoseOfCountingAnew(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	ctx, s := context.Background(), signedIn(t, "ines")
	kinds := []delivery.DecisionKind{delivery.ReviewAccept, delivery.ReviewReject, delivery.ReviewReturn, delivery.ReviewComment, delivery.BackCheck}
	outcomes := []interview.Disposition{interview.Complete, interview.Complete, interview.Partial, interview.ScreenedOut}
	revisions, bodies, provisional := map[string]int{}, map[string]interview.Interview{}, map[string]bool{}
	for step := range 400 {
		id := fmt.Sprint("i", r.IntN(6))
		body := fmt.Sprintf(`{"revision":%d,"message":"m","result":%q}`, max(revisions[id], 1), delivery.BackCheckResults()[r.IntN(4)])
		switch r.IntN(6) {
		case 0, 1:
			i := taken([]string{"north", "south"}[r.IntN(2)], 22, outcomes[r.IntN(4)], "young", "all")
			if r.IntN(6) == 0 {
				i.Void = "mistake"
			}
			if first, here := bodies[id]; here {
				i.Site = first.Site
			}
			revisions[id]++
			bodies[id], provisional[id] = i, r.IntN(4) == 0
			apply(t, s, marked(t, record(t, delivery.KindInterview, id, revisions[id], i), provisional[id]))
		case 2:
			decide(t, s, kinds[r.IntN(5)], id, body)
		case 3: // of another laptop, its clock anywhere
			apply(t, s, pulled(t, fmt.Sprint("p", step), kinds[r.IntN(5)], id, time.Now().UnixMilli()+r.Int64N(2000)-1000, body))
			provisional[id] = false // central has what was decided, and says so
		case 4:
			list, err := s.Decisions(ctx, "mall", id)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range list {
				if d.State == desk.Waiting {
					if err := s.Undo(ctx, d.ID); err != nil {
						t.Fatal(err)
					}
					break
				}
			}
		case 5:
			for _, d := range take(t, s) {
				got := delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionApplied}
				if r.IntN(3) == 0 {
					got.Status, got.Retryable = delivery.DecisionRefused, r.IntN(2) == 0
				}
				receive(t, s, got)
			}
		}
		compare(t, s, revisions, bodies, provisional)
		agrees(t, s)
	}
}

// compare counts anew from the records and the decisions.
func compare(t *testing.T, s *desk.Store, revisions map[string]int, bodies map[string]interview.Interview, provisional map[string]bool) {
	t.Helper()
	completes, young := 0, 0
	want := map[delivery.ReviewState]int{}
	for id, i := range bodies {
		list, err := s.Decisions(context.Background(), "mall", id)
		if err != nil {
			t.Fatal(err)
		}
		state, pending, called := delivery.ReviewState(""), false, delivery.BackCheckResult("")
		if i.Void == "" && i.Disposition != interview.ScreenedOut {
			state = delivery.ReviewOpen
		}
		open := state
		for _, d := range list {
			pending = pending || d.State == desk.Waiting || d.State == desk.InFlight
			if d.State == desk.Refused {
				continue
			}
			var said delivery.BackChecked
			if err := json.Unmarshal(d.Body, &said); err != nil {
				t.Fatal(err)
			}
			switch d.Kind {
			case delivery.BackCheck:
				called = said.Result
			case delivery.ReviewAccept:
				state = delivery.ReviewAccepted
			case delivery.ReviewReject:
				state = delivery.ReviewRejected
			case delivery.ReviewReturn:
				if state = delivery.ReviewReturned; said.Revision < revisions[id] {
					state = open
				}
			}
		}
		if got := row(t, s, id); got.Review != state || got.Pending != pending || got.BackCheck != called {
			t.Fatalf("%s: %+v, want %q, %v, %q; %+v", id, got, state, pending, called, list)
		}
		if state != "" {
			want[state]++
		}
		if i.Disposition == interview.Complete && i.Void == "" && state != delivery.ReviewRejected && !provisional[id] {
			completes, young = completes+1, young+1
		}
	}
	if all, y := done(t, s); all != completes || y != young {
		t.Fatalf("%d and %d on the board, want %d and %d", all, y, completes, young)
	}
	got, err := s.Reviewed(context.Background(), "mall", "i7")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatalf("%v %s", err, diff)
	}
}

func TestBackChecksAreDrawnWithinEachInterviewer(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	half := 50
	st := mall
	st.BackCheckShare = &half
	drawn := map[string][]string{}
	for n := range 60 {
		i := taken("north", 22, interview.Complete)
		i.Interviewer = []string{"i7", "i8"}[n%2]
		id := fmt.Sprint("r", n)
		if study.Draw("mall", i.Interviewer, id) < st.DrawBelow() {
			drawn[i.Interviewer] = append(drawn[i.Interviewer], id)
		}
		apply(t, s, record(t, delivery.KindInterview, id, 1, i))
	}
	apply(t, s, record(t, delivery.KindInterview, "partial", 1, taken("north", 22, interview.Partial)))
	if len(drawn["i7"]) < 3 || len(drawn["i8"]) < 3 {
		t.Fatalf("%v", drawn)
	}
	list := func(f desk.Filter) (n int) {
		f.Study, f.Limit = "mall", 1000
		rows, err := s.Interviews(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	decide(t, s, delivery.BackCheck, drawn["i7"][0], `{"revision":1,"result":"confirmed"}`)
	decide(t, s, delivery.BackCheck, drawn["i7"][1], `{"revision":1,"result":"not_reached"}`)
	all := len(drawn["i7"]) + len(drawn["i8"])
	if got := list(desk.Filter{DrawnBelow: st.DrawBelow()}); got != all {
		t.Errorf("%d drawn, want %d", got, all)
	}
	if got := list(desk.Filter{DrawnBelow: st.DrawBelow(), ToCall: true}); got != all-1 {
		t.Errorf("%d to call, want %d", got, all-1)
	}
	if got := list(desk.Filter{DrawnBelow: st.DrawBelow(), Interviewer: "i8"}); got != len(drawn["i8"]) {
		t.Errorf("%d of i8", got)
	}
	checks, err := s.BackChecks(ctx, st)
	want := []desk.BackChecks{
		{Interviewer: "i7", Completes: 30, Drawn: len(drawn["i7"]), Results: map[delivery.BackCheckResult]int{delivery.Confirmed: 1, delivery.NotReached: 1}},
		{Interviewer: "i8", Completes: 30, Drawn: len(drawn["i8"]), Results: map[delivery.BackCheckResult]int{}},
	}
	if diff := cmp.Diff(want, checks); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if checks[0].Reached() != 1 {
		t.Errorf("%d reached", checks[0].Reached())
	}
}
