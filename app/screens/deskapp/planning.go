package deskapp

import (
	"context"
	"encoding/json"
	"errors"

	"fyne.io/fyne/v2"

	"parvis/app/screens/plan"
	"parvis/app/shell"
	"parvis/internal/delivery"
	"parvis/internal/export/table"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// planning is who works where: the week in sight, and the day that is open beside it.
type planning struct {
	choice plan.Choice
	open   plan.Key
	draft  plan.Draft
}

// planned is the page of assignments.
func (a *App) planned(env shell.Env, st study.Study, p part) fyne.CanvasObject {
	w := a.p.Words
	m, err := plan.Read(a.ctx, a.p.Store, st, a.p.Now(), a.plan.choice)
	if err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	p.subtitle = plan.Span(w, m)
	p.body = plan.NewView(plan.ViewParams{
		Model: m, Words: w, Class: env.Class, Narrow: a.plan.open != (plan.Key{}), Open: a.plan.open,
		OnChoose: func(c plan.Choice) {
			a.plan = planning{choice: c}
			a.shell.Rebuild()
		},
		OnOpen:     a.openDay,
		OnLastWeek: func() { a.assign(st, m.LastWeek()) },
	})
	p.body = append(p.body, a.exporting(func() table.Table { return plan.Table(w, m) }))
	if a.plan.open != (plan.Key{}) {
		p.sheet = plan.NewDetail(plan.DetailParams{
			Model: m, Words: w, Key: a.plan.open, Now: a.p.Now(), Draft: &a.plan.draft,
			OnDraft: a.shell.Rebuild, OnClose: func() { a.openDay(plan.Key{}) },
			OnSave: func(days []delivery.PlannedDay) { a.assign(st, days) },
			OnUndo: func(id string) { a.unassign([]string{id}) },
		})
	}
	return a.page(env, p)
}

// openDay opens an interviewer's day beside the plan; the one that is open, or none, closes it.
func (a *App) openDay(k plan.Key) {
	if k == a.plan.open {
		k = plan.Key{}
	}
	a.plan.open, a.plan.draft = k, plan.Draft{}
	if k.Date != "" {
		a.plan.choice.Day = k.Date
	}
	a.shell.Rebuild()
}

// assign keeps a change of the plan. It counts at once, and is sent when it can no longer be taken back with a tap. All of it can be
// taken back together.
func (a *App) assign(st study.Study, days []delivery.PlannedDay) {
	var made []string
	for _, said := range delivery.Plannings(days) {
		body, err := json.Marshal(said)
		var d delivery.Decision
		if err == nil {
			d, err = a.p.Store.Decide(context.WithoutCancel(a.ctx), delivery.Decision{
				Study: st.ID, Kind: delivery.Assignments, Subject: delivery.PlanSubject, Body: body,
			})
		}
		if err != nil {
			a.trouble(err)
			break
		}
		made = append(made, d.ID)
	}
	if len(made) == 0 {
		return
	}
	a.sendSoon()
	a.plan.open, a.plan.draft = plan.Key{}, plan.Draft{}
	a.shell.Rebuild()
	a.shell.Undo(a.p.Words.N("plan.saved", len(days)), func() { a.unassign(made) })
}

// unassign takes changes of the plan back that have not left this laptop.
func (a *App) unassign(ids []string) {
	said := a.p.Words.T("steer.undone")
	for _, id := range ids {
		err := a.p.Store.Undo(context.WithoutCancel(a.ctx), id)
		if errors.Is(err, desk.ErrSent) {
			said = a.p.Words.T("review.sent_already")
		} else if err != nil {
			a.trouble(err)
			return
		}
	}
	a.plan.draft = plan.Draft{}
	a.shell.Rebuild()
	a.shell.Notice(said)
}

// nextAssignment says where an interviewer is to be next; empty where nothing is planned for the next weeks.
func (a *App) nextAssignment(st study.Study, code string) string {
	now, w := a.p.Now(), a.p.Words
	p, err := a.p.Store.Plan(a.ctx, st.ID, study.DayOf(now), study.DayOf(now.AddDate(0, 0, delivery.DaysPlannedBack)))
	if err != nil {
		a.p.Logger.Error("the plan cannot be read", "error", err)
		return ""
	}
	day, next, found := plan.NextOf(p, code, study.DayOf(now), w.Clock(now))
	if !found {
		return ""
	}
	site := plan.Model{Study: st}.Site(next.Site, w.Lang())
	return w.T("plan.next_line", "day", w.Day(plan.DayAt(day.Date)), "from", next.From, "to", next.To, "place", site)
}
