package tour

import (
	"encoding/json"

	"parvis/app/screens/board"
	"parvis/internal/delivery"
	"parvis/internal/study"
)

// steers looks at the board as central's word on what is out makes it, opens a line, changes its target and takes that back.
func (l *laptop) steers(wide bool) {
	ctx := l.t.Context()
	b, err := l.store.Board(ctx, "mall-exit", "")
	must(l.t, err)
	states := delivery.QuotaStates{At: l.clock.now().UnixMilli()}
	for n, line := range b.Lines {
		for k, c := range line.Constraints {
			if c.Kind != study.Hard {
				continue
			}
			state := delivery.QuotaState{Name: c.Account, Aim: delivery.Aim{Target: c.Target}, Used: c.Done, Leased: min(c.Left(), 2+(n+k)%5), Devices: 2}
			if n == 1 && k == 0 {
				state.Provisional = 2
			}
			state.Busy = min(state.Leased, 1)
			states.Quotas = append(states.Quotas, state)
		}
	}
	must(l.t, l.store.KeepQuotaStates(ctx, "mall-exit", states))
	l.to(wide, "nav.quotas")
	must(l.t, l.robot.See(ctx, l.word("board.legend_leased")))
	l.picture("03-quotas-leased")
	if l.robot.Can(l.word("board.as_grid")) {
		l.grid()
	}
	l.tap(l.word("steer.today"))
	if l.robot.Can(l.word("board.regions")) {
		l.tap(l.word("board.regions"))
	}
	l.picture("03-quotas-today")
	if l.robot.Can(l.word("board.sites")) {
		l.tap(l.word("board.sites"))
	}
	l.tap(l.word("board.so_far"))
	line := b.Lines[0]
	name := line.Label.In(l.app.Shell().Words().Lang(), line.Cell)
	l.tap(name)
	must(l.t, l.robot.See(ctx, l.word("steer.change")))
	must(l.t, l.robot.Type(ctx, l.word("steer.target"), "75"))
	must(l.t, l.robot.See(ctx, l.word("steer.no_reason")))
	must(l.t, l.robot.Type(ctx, l.word("steer.reason"), "Le centre ouvre aussi dimanche"))
	l.picture("03-quota-steered")
	l.tap(l.word("steer.save"))
	must(l.t, l.robot.See(ctx, l.word("board.unsent")))
	l.picture("03-quota-unsent")
	if b, err = l.store.Board(ctx, "mall-exit", ""); err != nil || len(b.Open) != 1 || b.Lines[0].Constraints[0].Target != 75 {
		l.t.Errorf("the target was not changed: %+v, %v", b.Open, err)
	}
	l.tap(l.word("common.undo"))
	if b, err = l.store.Board(ctx, "mall-exit", ""); err != nil || len(b.Open) != 0 || b.Lines[0].Constraints[0].Target == 75 {
		l.t.Errorf("the change was not taken back: %+v, %v", b.Open, err)
	}
	_, err = l.robot.TapAny(ctx, l.word("common.close"), name) // a pane beside the board closes as it opened
	must(l.t, err)
}

// drops looks at a change of a quota that a newer workbook does not have, takes it back, and has the quota again.
func (l *laptop) drops(wide bool) {
	ctx := l.t.Context()
	whole := sample(l.t, "mall-exit").Study
	fewer := whole
	fewer.Quotas = whole.Quotas[1:]
	has := func(st study.Study) {
		body, err := json.Marshal(st)
		must(l.t, err)
		must(l.t, l.store.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemStudy, ID: st.ID, Body: body}}, "2"))
	}
	body, err := json.Marshal(delivery.Steering{Aims: map[string]delivery.Aim{whole.Quotas[0].Name: {Target: 75, Closed: true}}})
	must(l.t, err)
	_, err = l.store.Decide(ctx, delivery.Decision{
		Study: whole.ID, Kind: delivery.QuotaTargets, Subject: delivery.SteeringSubject, Body: body, Reason: "Trop peu de jeunes hommes passent ici le matin",
	})
	must(l.t, err)
	has(fewer)
	l.to(wide, "nav.quotas")
	must(l.t, l.robot.See(ctx, l.word("board.dropped")))
	l.picture("03-quotas-dropped")
	l.tap(l.word("common.undo"))
	must(l.t, l.robot.See(ctx, l.word("steer.undone")))
	if b, err := l.store.Board(ctx, whole.ID, ""); err != nil || len(b.Open) != 0 || l.robot.Sees(l.word("board.dropped")) {
		l.t.Errorf("the change was not taken back: %+v, %v", b.Open, err)
	}
	has(whole)
}

// grid looks at the margins as rows and columns, and at the figures of one.
func (l *laptop) grid() {
	ctx := l.t.Context()
	l.tap(l.word("board.as_grid"))
	l.picture("03-quotas-grid")
	m, err := board.Read(ctx, l.store, "mall-exit", l.clock.now(), board.Choice{})
	must(l.t, err)
	added := m.Grids[0].Added()[0]
	name := added.Name(l.app.Shell().Words())
	l.tap(name)
	l.picture("03-quotas-margin")
	_, err = l.robot.TapAny(ctx, l.word("common.close"), name)
	must(l.t, err)
	l.tap(l.word("board.as_lines"))
}
