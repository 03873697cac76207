package agent

import (
	"context"
	"encoding/json"
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
	for {
		r.a.p.Progress(Progress{Stage: StagePull, Done: int64(r.report.Pulled)})
		page, err := r.client.Pull(ctx, cursor)
		if err != nil {
			return err
		}
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
			return r.recheck(ctx, page.Incarnation)
		}
	}
}

// checkItems verifies the sum of each pulled record, which was made where it was written.
func (r *run) checkItems(items []delivery.Item) error {
	for _, item := range items {
		switch item.Kind {
		case delivery.ItemRevocation:
			return failed("pulling", Revoked, nil)
		case delivery.ItemRecord:
			var s delivery.StoredRecord
			if err := json.Unmarshal(item.Body, &s); err != nil {
				return failed("pulling", BadAnswer, err)
			}
			if delivery.Sum(s.Body) != s.SHA256 {
				return failed("pulling", BadAnswer, errors.New("a record's sum is wrong"))
			}
		}
	}
	return nil
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
