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
	for visits := 1; ; {
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
		restored, err := r.visited(ctx, delivery.EpochGaps{Missing: page.Missing, Visit: page.Visit, Trail: page.Trail}, page.Earlier)
		if err != nil {
			return err
		}
		if restored && visits < mostVisits { // what central knows now is not the whole of it, and may be of another epoch
			visits++
			if err := r.visit(ctx); err != nil {
				return err
			}
			cursor = ""
			continue
		}
		if len(page.Items) > 0 || page.Cursor != cursor {
			if err := store.ApplyPull(ctx, page.Items, page.Cursor); err != nil {
				return stored(ctx, doing, err)
			}
		}
		r.report.Pulled += len(page.Items)
		cursor = page.Cursor
		if !page.More {
			r.plan.App = r.a.p.AppVersion
			return r.recheck(ctx, page.Incarnation)
		}
	}
}
