package agent

import (
	"context"
	"errors"
	"net/http"
	"time"

	"parvis/internal/delivery"
)

// Carrier is what a supervisor's laptop holds of devices for central; see package relay. Each call commits before it returns.
type Carrier interface {
	// NextParcel is the oldest batch behind the number after that central does not have and that is due; ok is false where there is none.
	NextParcel(ctx context.Context, after, now int64) (number int64, p delivery.Parcel, ok bool, err error)
	// ParcelForwarded keeps central's answer.
	ParcelForwarded(ctx context.Context, number int64, reply []byte) error
	// ParcelRefused notes why central did not take a batch, and when to try again. It never removes it.
	ParcelRefused(ctx context.Context, number int64, trouble string, next int64) error
}

// mostParcelPause is how long a batch that central refuses waits at most between two attempts. It is never given up: the person who is
// signed in may be another one tomorrow.
const mostParcelPause = 6 * time.Hour

// forward brings central what this laptop carries. A batch that central refuses holds up no other.
func (r *run) forward(ctx context.Context) error {
	const doing = "forwarding what tablets gave"
	carrier := r.a.p.Carrier
	if carrier == nil {
		return nil
	}
	for after := int64(0); ; {
		number, parcel, ok, err := carrier.NextParcel(ctx, after, r.a.p.Now().UnixMilli())
		if err != nil {
			return stored(ctx, doing, err)
		}
		if !ok {
			return nil
		}
		after = number
		answer, err := r.client.TakeIn(ctx, parcel.Body)
		switch {
		case err == nil:
			// An answer that came is kept even when whoever asked has gone.
			kept := context.WithoutCancel(ctx)
			if err := carrier.ParcelForwarded(kept, number, answer.Reply); err != nil {
				return stored(kept, doing, err)
			}
			r.report.Forwarded++
		case setApart(err):
			next := r.a.p.Now().Add(min(firstBackoff<<min(parcel.Tries, 12), mostParcelPause)).UnixMilli()
			if err := carrier.ParcelRefused(ctx, number, codeOf(err), next); err != nil {
				return stored(ctx, doing, err)
			}
			r.report.NotForwarded++
		default:
			return err
		}
	}
}

// setApart tells what central holds against one batch from what would keep any from it.
func setApart(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Problem == nil {
		return false
	}
	switch e.Problem.Status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity,
		http.StatusInternalServerError:
		return true
	}
	return false
}
