package agent

import (
	"context"
	"errors"
	"time"

	"parvis/internal/delivery"
)

// The times of the schedule.
const (
	idle         = 5 * time.Minute  // after a synchronisation that ended well
	firstBackoff = 15 * time.Second // after the first failure; doubles with each
	mostBackoff  = 15 * time.Minute
)

// Kick makes Run synchronise at once: on resume, on demand, when an interview ended and a network is there.
func (a *Agent) Kick() {
	select {
	case a.kick <- struct{}{}:
	default:
	}
}

// Run synchronises whenever the kept schedule says so, and when kicked, until ctx ends. It returns nil then.
func (a *Agent) Run(ctx context.Context) error {
	var tried delivery.Schedule // what the last attempt followed
	var failed error            // how it ended
	for {
		plan, err := a.p.Store.Schedule(ctx)
		if err != nil || failed != nil && plan == tried {
			// A store that cannot be read now, or could not keep the next time, as a full one, is asked again later, not at once for ever.
			plan = delivery.Schedule{NextAttempt: a.p.Now().Add(firstBackoff).UnixMilli()}
		} else {
			tried = plan
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.kick:
		case <-a.p.After(a.until(plan)):
		}
		if _, failed = a.Sync(ctx); failed != nil && ctx.Err() != nil {
			return nil
		}
	}
}

// until is how long to wait, never longer than the longest pause: a clock that was set back must not stop the device.
func (a *Agent) until(plan delivery.Schedule) time.Duration {
	wait := time.UnixMilli(plan.NextAttempt).Sub(a.p.Now())
	return min(max(wait, 0), time.Hour+mostBackoff)
}

// next is the schedule after a synchronisation that ended with err.
func (a *Agent) next(plan delivery.Schedule, err error) delivery.Schedule {
	now := a.p.Now()
	reason := ReasonOf(err)
	if err == nil {
		return delivery.Schedule{
			NextAttempt: now.Add(a.spread(idle)).UnixMilli(), Batch: plan.Batch, Broke: plan.Broke, LastSuccess: now.UnixMilli(), App: plan.App,
		}
	}
	plan.LastError = Explain(err).Key
	if reason == Cancelled || reason == Locked {
		// A person stopped it, or is not there: that is no sign of a bad network.
		plan.NextAttempt = now.Add(a.spread(idle)).UnixMilli()
		return plan
	}
	plan.Failures = min(plan.Failures+1, 1<<20)
	wait := a.spread(backoff(plan.Failures))
	if !reason.Retryable() {
		wait = mostBackoff
	}
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > wait {
		wait = e.RetryAfter
	}
	plan.NextAttempt = now.Add(wait).UnixMilli()
	return plan
}

// soon has a device that found its supervisor's laptop go there again as often as it would go to central.
func (a *Agent) soon(plan delivery.Schedule, relayed bool) delivery.Schedule {
	if relayed {
		plan.NextAttempt = min(plan.NextAttempt, a.p.Now().Add(a.spread(idle)).UnixMilli())
	}
	return plan
}

// backoff is the longest pause after that many failures in a row.
func backoff(failures int) time.Duration {
	pause := firstBackoff
	for range min(failures-1, 10) {
		pause *= 2
	}
	return min(pause, mostBackoff)
}

// spread takes a random part off, up to half, so that devices that lost the network together do not come back together.
func (a *Agent) spread(d time.Duration) time.Duration {
	return d - time.Duration(a.p.Rand()*float64(d)/2)
}
