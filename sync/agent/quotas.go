package agent

import (
	"context"
	"net/url"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Quotas is what a supervisor's laptop keeps of how quotas stand at central.
type Quotas interface {
	// Steered are the studies to ask about.
	Steered(ctx context.Context) ([]string, error)
	KeepQuotaStates(ctx context.Context, study string, states delivery.QuotaStates) error
}

// oversee fetches how quotas stand, after what was decided here has reached central. An older central does not say, nor does one to
// somebody who may only look; what was known stays.
func (r *run) oversee(ctx context.Context) error {
	const doing = "asking how quotas stand"
	board := r.a.p.Quotas
	if board == nil {
		return nil
	}
	studies, err := board.Steered(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	for _, study := range studies {
		var states delivery.QuotaStates
		err := r.client.get(ctx, doing, protocol.PathQuotas(url.PathEscape(study)), nil, &states)
		if reason := ReasonOf(err); reason == Refused || reason == Forbidden {
			continue
		}
		if err != nil {
			return err
		}
		if err := board.KeepQuotaStates(ctx, study, states); err != nil {
			return stored(ctx, doing, err)
		}
	}
	return nil
}
