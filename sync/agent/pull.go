package agent

import (
	"context"
	"errors"

	"parvis/internal/delivery"
)

// pull gets every page of what changed and keeps each with its cursor.
func (r *run) pull(ctx context.Context) error {
	const doing = "pulling"
	store := r.a.p.Store
	cursor, err := store.Cursor(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	if r.a.p.Outbox != nil && r.plan.App != r.a.p.AppVersion {
		cursor = "" // this version may know what an earlier one had to skip
	}
	for {
		r.a.p.Progress(Progress{Stage: StagePull, Done: int64(r.report.Pulled)})
		page, err := r.client.Pull(ctx, cursor)
		if err != nil {
			return err
		}
		r.incarnation = page.Incarnation
		if page.More && page.Cursor == cursor {
			return failed(doing, BadAnswer, errors.New("the cursor stands still"))
		}
		if err := r.checkItems(page.Items); err != nil {
			return err
		}
		if len(page.Items) > 0 || page.Cursor != cursor {
			if err := store.ApplyPull(ctx, page.Items, page.Cursor); err != nil {
				return stored(ctx, doing, err)
			}
		}
		r.report.Pulled += len(page.Items)
		cursor = page.Cursor
		if err := r.requeue(ctx, page.Missing); err != nil {
			return err
		}
		if !page.More {
			r.plan.App = r.a.p.AppVersion
			return r.recheck(ctx, page.Incarnation)
		}
	}
}

// requeue sends again what central says it misses although it has acknowledged it, as after central was restored from a backup.
func (r *run) requeue(ctx context.Context, missing []delivery.Range) error {
	if len(missing) == 0 || r.a.p.Outbox == nil {
		return nil
	}
	n, err := r.a.p.Outbox.Requeue(ctx, r.c.Epoch, missing)
	r.report.Requeued += n
	return stored(ctx, "sending again what central misses", err)
}
