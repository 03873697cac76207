package desk_test

import (
	"context"
	"encoding/json"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
)

func board(t testing.TB, s *desk.Store) desk.Board {
	t.Helper()
	b, err := s.Board(context.Background(), "mall", "2026-08-11")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keepStates(t testing.TB, s *desk.Store, at int64, list ...delivery.QuotaState) {
	t.Helper()
	if err := s.KeepQuotaStates(context.Background(), "mall", delivery.QuotaStates{At: at, Quotas: list}); err != nil {
		t.Fatal(err)
	}
}

func steering(t testing.TB, aims map[string]delivery.Aim) string {
	t.Helper()
	body, err := json.Marshal(delivery.Steering{Aims: aims})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// The targets on the board are the workbook's, then what central said, then what was decided here and what came since.
func TestTargetsInForce(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	name := mall.Quotas[0].Name
	was := mall.Quotas[0].Target
	target := func() int { return board(t, s).Aims[name].Target }
	if target() != was {
		t.Fatalf("at first %d", target())
	}
	keepStates(t, s, 1_000, delivery.QuotaState{Name: name, Aim: delivery.Aim{Target: 50}, Leased: 3})
	keepStates(t, s, 900, delivery.QuotaState{Name: name, Aim: delivery.Aim{Target: 49}})
	b := board(t, s)
	if target() != 50 || b.States[name].Leased != 3 || b.StatesAt != 1_000 || b.Study.Quotas[0].Target != 50 || b.Lines[0].Constraints[0].Target != 50 {
		t.Errorf("central said 50: %+v", b)
	}
	d := decide(t, s, delivery.QuotaTargets, delivery.SteeringSubject, steering(t, map[string]delivery.Aim{name: {Target: 60, Closed: true}}))
	if b := board(t, s); target() != 60 || !b.Aims[name].Closed || len(b.Open) != 1 || !b.Open[0].Undoable {
		t.Errorf("decided 60: %+v", b)
	}
	if err := s.Undo(ctx, d.ID); err != nil || target() != 50 {
		t.Errorf("undone: %d, %v", target(), err)
	}
	d = decide(t, s, delivery.QuotaTargets, delivery.SteeringSubject, steering(t, map[string]delivery.Aim{name: {Target: 61}}))
	take(t, s)
	if b := board(t, s); target() != 61 || b.Open[0].Undoable {
		t.Errorf("on its way: %+v", b.Open)
	}
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionApplied})
	if b := board(t, s); target() != 61 || len(b.Open) != 0 {
		t.Errorf("at central: %d, %+v", target(), b.Open)
	}
	// Another laptop's decision, older than central's word: that has it already.
	keepStates(t, s, d.MadeAt+10, delivery.QuotaState{Name: name, Aim: delivery.Aim{Target: 70}})
	apply(t, s, pulled(t, "0197f3a2-9c10-7d01-8f00-00000000d0aa", delivery.QuotaTargets, delivery.SteeringSubject, d.MadeAt+5, steering(t, map[string]delivery.Aim{name: {Target: 65}})))
	if target() != 70 {
		t.Errorf("central's word is newer: %d", target())
	}
	apply(t, s, pulled(t, "0197f3a2-9c10-7d01-8f00-00000000d0ab", delivery.QuotaTargets, delivery.SteeringSubject, d.MadeAt+20, steering(t, map[string]delivery.Aim{name: {Target: 66}})))
	if target() != 66 {
		t.Errorf("another laptop decided since: %d", target())
	}
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionRefused, Code: delivery.DecisionForbidden})
	if target() != 66 {
		t.Errorf("a refused decision counts: %d", target())
	}
}

func TestFiguresOfTheDay(t *testing.T) {
	t.Parallel()
	s := signedIn(t, "ines")
	first := taken("north", 22, interview.Complete, "young", "all")
	apply(t, s, record(t, delivery.KindInterview, "a", 1, first))
	day := first.Started.Time().Format("2006-01-02")
	b, err := s.Board(context.Background(), "mall", day)
	if err != nil || b.Today.Counts["young"] != 1 || b.Lines[0].Done != 1 {
		t.Errorf("%+v, %v", b.Today, err)
	}
	if b, err = s.Board(context.Background(), "mall", "2020-01-01"); err != nil || len(b.Today.Counts) != 0 || b.Lines[0].Done != 1 {
		t.Errorf("another day: %+v, %v", b.Today, err)
	}
	decide(t, s, delivery.ReviewReject, "a", `{"revision":1}`)
	if b, err = s.Board(context.Background(), "mall", day); err != nil || b.Today.Counts["young"] != 0 || b.Lines[0].Done != 0 {
		t.Errorf("rejected: %+v, %v", b.Today, err)
	}
}
