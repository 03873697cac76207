package agent

import (
	"context"
	"net/url"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Plans is what a supervisor's laptop keeps of who is assigned where at central.
type Plans interface {
	// Planned are the studies to ask about.
	Planned(ctx context.Context) ([]string, error)
	KeepPlan(ctx context.Context, study string, plan delivery.Plan) error
	// PlanUnknown is called where central does not know of plans.
	PlanUnknown(ctx context.Context, study string) error
}

// plans fetches who is assigned where, after what was decided here has reached central. An older central knows of no plans, and none
// is told to somebody who may only look; what was known stays.
func (r *run) plans(ctx context.Context) error {
	const doing = "asking for the plan"
	desk := r.a.p.Plans
	if desk == nil {
		return nil
	}
	studies, err := desk.Planned(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	for _, study := range studies {
		var plan delivery.Plan
		err := r.client.get(ctx, doing, protocol.PathPlan(url.PathEscape(study)), nil, &plan)
		switch ReasonOf(err) {
		case "":
			err = stored(ctx, doing, desk.KeepPlan(ctx, study, plan))
		case Refused:
			err = stored(ctx, doing, desk.PlanUnknown(ctx, study))
		case Forbidden:
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
