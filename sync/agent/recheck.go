package agent

import (
	"context"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Recheck is how a device finds out what a central that was restored from a backup has lost. The gaps that central tells of are those
// of the present epoch alone, as far as the backup knows of them; the device knows all that was ever acknowledged.
type Recheck interface {
	// Confirmed is the incarnation of central that was last asked; "" for none.
	Confirmed(ctx context.Context) (incarnation string, err error)
	// SaveConfirmed keeps the incarnation and makes all files that were sent wait again, since central is asked about each anyway.
	SaveConfirmed(ctx context.Context, incarnation string) error
	// Acknowledged lists what has a receipt, at most limit behind the number after; last is the number of the last one.
	Acknowledged(ctx context.Context, after int64, limit int) (ids []delivery.Identity, last int64, err error)
	// SendAgain makes acknowledged records waiting again.
	SendAgain(ctx context.Context, ids []delivery.Identity) error
}

// recheck asks a central that is another incarnation than before about everything it ever acknowledged, and sends again what it does
// not have. A central that does not say which it is, as older ones do not, is believed.
func (r *run) recheck(ctx context.Context, incarnation string) error {
	const doing = "asking what central still has"
	out := r.a.p.Outbox
	if out == nil || incarnation == "" {
		return nil
	}
	before, err := out.Confirmed(ctx)
	if err != nil || before == incarnation {
		return stored(ctx, doing, err)
	}
	for after := int64(0); ; {
		ids, last, err := out.Acknowledged(ctx, after, protocol.MaxHave)
		if err != nil {
			return stored(ctx, doing, err)
		}
		if len(ids) == 0 {
			break
		}
		got, err := r.client.Have(ctx, ids)
		if err != nil {
			return err
		}
		if lost := without(ids, got.Receipts); len(lost) > 0 {
			if err := out.SendAgain(ctx, lost); err != nil {
				return stored(ctx, doing, err)
			}
			r.report.Requeued += len(lost)
		}
		after = last
	}
	return stored(ctx, doing, out.SaveConfirmed(ctx, incarnation))
}

// without are the identities no receipt is for.
func without(ids []delivery.Identity, receipts []delivery.Receipt) (rest []delivery.Identity) {
	held := make(map[delivery.Identity]bool, len(receipts))
	for _, r := range receipts {
		held[r.Identity()] = true
	}
	for _, id := range ids {
		if !held[id] {
			rest = append(rest, id)
		}
	}
	return rest
}
