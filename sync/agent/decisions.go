package agent

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Decisions is what a supervisor's laptop has to deliver. A decision is waiting, then on its way until central has answered; central
// knows each by its id, so that one whose answer was lost is sent again as it is.
type Decisions interface {
	// TakeDecisions marks what the person signed in decided as on its way and hands it out in its order, behind the number after: at
	// most limit, all of one study. Those whose answer never came are among them. last is the number of the last one; none means no more.
	TakeDecisions(ctx context.Context, after int64, limit int) (list []delivery.PackedDecision, last int64, err error)
	// ReturnDecisions makes decisions waiting again that central certainly did not take.
	ReturnDecisions(ctx context.Context, list []delivery.PackedDecision) error
	// KeepDecisionReceipts keeps central's answers; those for decisions that are not here change nothing.
	KeepDecisionReceipts(ctx context.Context, receipts []delivery.DecisionReceipt) error
	// HeardCentral is told which incarnation of central answers; another one than before has to be sent everything again.
	HeardCentral(ctx context.Context, incarnation string) error
}

// decide delivers what a supervisor decided. What central refuses of one study holds up no other.
func (r *run) decide(ctx context.Context) error {
	const doing = "sending decisions"
	box := r.a.p.Decisions
	if box == nil {
		return nil
	}
	if err := box.HeardCentral(ctx, r.incarnation); err != nil {
		return stored(ctx, doing, err)
	}
	var refused error
	for after := int64(0); ; {
		list, last, err := box.TakeDecisions(ctx, after, protocol.MaxDecisions)
		if err != nil {
			return stored(ctx, doing, err)
		}
		if len(list) == 0 {
			return refused
		}
		err = r.sendDecisions(ctx, list)
		switch reason := ReasonOf(err); {
		case reason == Refused || reason == Forbidden:
			refused = err
		case err != nil:
			return err
		}
		after = last
	}
}

// sendDecisions delivers some of one study. What central refused before it looked at any can be undone again; of what got no answer
// nobody knows.
func (r *run) sendDecisions(ctx context.Context, list []delivery.PackedDecision) error {
	const doing = "sending decisions"
	box := r.a.p.Decisions
	got, err := r.client.Decide(ctx, list[0].Study, list)
	if err != nil {
		var e *Error
		if errors.As(err, &e) && e.Problem != nil && e.Problem.Status/100 == 4 {
			kept := context.WithoutCancel(ctx)
			if err := box.ReturnDecisions(kept, list); err != nil {
				return stored(kept, doing, err)
			}
		}
		return err
	}
	if len(got.Receipts) != len(list) {
		return failed(doing, BadAnswer, fmt.Errorf("%d receipts for %d decisions", len(got.Receipts), len(list)))
	}
	for i, receipt := range got.Receipts {
		if receipt.ID != list[i].ID {
			return failed(doing, BadAnswer, fmt.Errorf("receipt %d is for another decision", i))
		}
		switch receipt.Status {
		case delivery.DecisionApplied, delivery.DecisionDuplicate:
			r.report.Decided++
		case delivery.DecisionRefused:
			r.report.DecisionsRefused++
		default:
			return failed(doing, BadAnswer, fmt.Errorf("central answered %q", receipt.Status))
		}
	}
	kept := context.WithoutCancel(ctx)
	return stored(kept, doing, box.KeepDecisionReceipts(kept, got.Receipts))
}

// Decide hands central decisions of one study.
func (c *Client) Decide(ctx context.Context, study string, list []delivery.PackedDecision) (protocol.DecisionsAnswer, error) {
	var a protocol.DecisionsAnswer
	request := protocol.DecisionsRequest{}
	for _, d := range list {
		request.Decisions = append(request.Decisions, d.Body)
	}
	err := c.post(ctx, "sending decisions", protocol.PathDecisions(url.PathEscape(study)), request, &a)
	return a, err
}
