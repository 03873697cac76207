package agent_test

import (
	"context"
	"encoding/json"
	"testing"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

func (l *reviewer) steer(t *testing.T, aims map[string]delivery.Aim) {
	t.Helper()
	body, err := json.Marshal(delivery.Steering{Aims: aims})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Decide(context.Background(), delivery.Decision{
		Study: "visit", Kind: delivery.QuotaTargets, Subject: delivery.SteeringSubject, Body: body, Reason: "more are wanted",
	}); err != nil {
		t.Fatal(err)
	}
}

func (l *reviewer) board(t *testing.T) desk.Board {
	t.Helper()
	b, err := l.Board(context.Background(), "visit", "")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A target that is changed on a laptop without a connection is what tablets may fill once both have synchronised, and the board says
// meanwhile what is wanted, what counts and what is out.
func TestASupervisorSteersAQuota(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	c.limited(t, d, 2)
	d.sync(t)
	boss := newReviewer(t, c, "ines", centralstore.Grant{Study: "visit"})
	meet := func(want bool) {
		t.Helper()
		if d.meet(t) != want {
			t.Errorf("an interview was completed: %v", !want)
		}
	}
	meet(true)
	meet(true)
	meet(false)
	d.sync(t)
	d.sync(t) // the rights of what went up are settled with the next statement
	boss.sync(t)
	if b := boss.board(t); b.Lines[0].Done != 2 || b.States["young"].Used != 2 || b.States["young"].Leased != 0 || b.Aims["young"].Target != 2 {
		t.Errorf("%+v", b)
	}
	boss.steer(t, map[string]delivery.Aim{"young": {Target: 4}})
	if b := boss.board(t); b.Lines[0].Target != 4 || len(b.Open) != 1 {
		t.Errorf("before it is sent: %+v", b)
	}
	boss.sync(t)
	if b := boss.board(t); b.Lines[0].Target != 4 || len(b.Open) != 0 || b.States["young"].Target != 4 {
		t.Errorf("sent: %+v", b)
	}
	d.sync(t)
	meet(true)
	boss.steer(t, map[string]delivery.Aim{"young": {Target: 4, Closed: true}})
	boss.sync(t)
	meet(true) // its right is out
	meet(false)
	d.sync(t)
	d.sync(t)
	boss.sync(t)
	if b := boss.board(t); b.Lines[0].Done != 4 || b.States["young"].Used != 4 || !b.Aims["young"].Closed {
		t.Errorf("closed: %+v", b)
	}
}
