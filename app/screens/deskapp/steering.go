package deskapp

import (
	"context"
	"encoding/json"
	"errors"

	"parvis/app/kit"
	"parvis/app/screens/board"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// openCell opens a line of the board; the one that is open, or none, closes it.
func (a *App) openCell(cell string) {
	if cell == a.cell {
		cell = ""
	}
	a.cell, a.aim = cell, board.Draft{}
	a.shell.Rebuild()
}

// steering is the pane of the line that is open; nil where the study has no such line any more.
func (a *App) steering(st study.Study, m board.Model) *kit.Sheet {
	return board.NewDetail(board.DetailParams{
		Model: m, Words: a.p.Words, Line: a.cell, Draft: &a.aim,
		OnDraft: a.shell.Rebuild, OnClose: func() { a.openCell("") }, OnUndo: a.unsteer,
		OnSave: func(list []board.Change) { a.steer(st, list) },
	})
}

// steer keeps a change of targets. It counts at once, and is sent when it can no longer be taken back with a tap.
func (a *App) steer(st study.Study, list []board.Change) {
	body, err := json.Marshal(board.Steering(list))
	var made delivery.Decision
	if err == nil {
		made, err = a.p.Store.Decide(context.WithoutCancel(a.ctx), delivery.Decision{
			Study: st.ID, Kind: delivery.QuotaTargets, Subject: delivery.SteeringSubject, Body: body, Reason: a.aim.Reason,
		})
	}
	if err != nil {
		a.trouble(err)
		return
	}
	a.sendSoon()
	a.aim = board.Draft{}
	a.shell.Rebuild()
	a.shell.Undo(a.p.Words.T("steer.saved"), func() { a.unsteer(made.ID) })
}

// unsteer takes a change of targets back that has not left this laptop.
func (a *App) unsteer(id string) {
	err := a.p.Store.Undo(context.WithoutCancel(a.ctx), id)
	switch {
	case errors.Is(err, desk.ErrSent):
		a.shell.Notice(a.p.Words.T("review.sent_already"))
	case err != nil:
		a.trouble(err)
	default:
		a.shell.Notice(a.p.Words.T("steer.undone"))
	}
	a.shell.Rebuild()
}
