package agent

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// deliver asks first what became of the batch whose answer never came, then sends until nothing waits.
func (r *run) deliver(ctx context.Context) error {
	const doing = "sending"
	out := r.a.p.Outbox
	if out == nil {
		return nil
	}
	if !r.told {
		if err := r.tell(ctx); err != nil {
			return err
		}
	}
	if err := r.recall(ctx); err != nil {
		return err
	}
	waiting, err := out.Waiting(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	if r.plan.Batch <= 0 {
		r.plan.Batch = firstBatch
	}
	total, done := int64(waiting.Records), int64(0)
	for {
		r.a.p.Progress(Progress{Stage: StageDeliver, Done: done, Total: max(total, done)})
		records, err := out.WaitingBatch(ctx, r.plan.Batch, min(r.plan.Batch*bytesPerRecord, mostBatchBytes))
		if err != nil {
			return stored(ctx, doing, err)
		}
		if len(records) == 0 {
			return nil
		}
		settled, err := r.send(ctx, records)
		if err != nil {
			return err
		}
		done += int64(settled)
	}
}

// send delivers one batch; it returns how many records were settled, which is 0 where the batch is to be tried in halves.
func (r *run) send(ctx context.Context, records []delivery.Record) (int, error) {
	const doing = "sending"
	records, oversize := split(records)
	if len(oversize) > 0 {
		if err := r.settle(ctx, nil, oversize); err != nil {
			return 0, err
		}
	}
	if len(records) == 0 {
		return len(oversize), nil
	}
	if err := r.a.p.Outbox.MarkInFlight(ctx, identities(records)); err != nil {
		return 0, stored(ctx, doing, err)
	}
	began := r.a.p.Now()
	got, err := r.client.Push(ctx, records)
	if err != nil {
		return len(oversize), r.unsent(ctx, records, err)
	}
	if err := matches(records, got.Receipts); err != nil {
		r.shrink(len(records))
		return 0, failed(doing, BadAnswer, err)
	}
	if err := r.settle(ctx, records, got.Receipts); err != nil {
		return 0, err
	}
	r.grow(r.a.p.Now().Sub(began))
	return len(records) + len(oversize), r.requeue(ctx, r.client.epochs[0].Epoch, got.Missing)
}

// unsent is called when no receipts came. Where central refused the batch as it is, it is halved, and a single record that is
// refused is set apart, so that it never blocks the queue; but not where central would refuse whatever comes, even no record at all.
// Everything else is for another time.
func (r *run) unsent(ctx context.Context, records []delivery.Record, err error) error {
	r.shrink(len(records))
	if !refused(err) {
		return err
	}
	if len(records) > 1 {
		r.plan.Batch = max(len(records)/2, 1)
		return stored(ctx, "sending", r.a.p.Outbox.ReturnInFlight(ctx))
	}
	if _, either := r.client.Push(ctx, nil); either != nil {
		return err
	}
	got, again := r.client.Push(ctx, records) // what was damaged on its way is refused once
	var e *Error
	switch {
	case again == nil && matches(records, got.Receipts) == nil:
		return r.settle(ctx, records, got.Receipts)
	case !refused(again) || !errors.As(again, &e):
		return err
	}
	reason := fmt.Sprintf("Central refused this record by itself: %s. It is kept on this device.", e.Problem.Title)
	return r.settle(ctx, nil, []delivery.Receipt{apart(records[0], reason)})
}

// refused tells whether central refused what was sent, as another batch may not be.
func refused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == Refused && aboutTheBody(e.Problem.Status)
}

// aboutTheBody tells the refusals that another batch may not meet.
func aboutTheBody(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge || status == http.StatusUnprocessableEntity
}

// recall asks what became of the records in flight; what central does not have waits again. They are one batch, which central takes
// whole or not at all, so it asks about one record first: where central has not got it, naming the others would cost a good part of
// what sending them costs. Should central have some of them after all, it says so when they come again.
func (r *run) recall(ctx context.Context) error {
	const doing = "asking what arrived"
	out := r.a.p.Outbox
	ids, err := out.InFlight(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	if len(ids) == 0 {
		return nil
	}
	for first := true; len(ids) > 0; first = false {
		n := min(len(ids), protocol.MaxHave)
		if first {
			n = 1
		}
		got, err := r.client.Have(ctx, ids[len(ids)-n:])
		if err != nil {
			return err
		}
		if err := r.settle(ctx, nil, got.Receipts); err != nil {
			return err
		}
		if first && len(got.Receipts) == 0 {
			break
		}
		ids = ids[:len(ids)-n]
	}
	return stored(ctx, doing, out.ReturnInFlight(ctx))
}

// settle keeps receipts and counts them. records are those the receipts answer, in their order, where they are known.
func (r *run) settle(ctx context.Context, records []delivery.Record, receipts []delivery.Receipt) error {
	if len(receipts) == 0 {
		return nil
	}
	receipts = understood(receipts)
	// An answer that came is kept even when whoever asked has gone.
	if err := r.a.p.Outbox.ApplyReceipts(context.WithoutCancel(ctx), receipts); err != nil {
		return stored(context.WithoutCancel(ctx), "keeping the receipts", err)
	}
	for i, receipt := range receipts {
		switch receipt.Status {
		case delivery.Quarantined:
			r.report.Quarantined = append(r.report.Quarantined, receipt)
			continue
		case delivery.Duplicate:
			r.report.Duplicates++
		}
		r.report.Sent++
		if receipt.Kind == delivery.KindInterview || i < len(records) && records[i].Kind == delivery.KindInterview {
			r.report.Interviews++
		}
	}
	return nil
}

// understood sets records apart that a newer central answered in words this app does not know: they stay whole on the device and
// block nothing. Whether central has them nobody can tell here.
func understood(receipts []delivery.Receipt) []delivery.Receipt {
	known := make([]delivery.Receipt, len(receipts))
	for i, receipt := range receipts {
		switch receipt.Status {
		case delivery.Received, delivery.Duplicate, delivery.Quarantined:
		default:
			receipt.Reason = fmt.Sprintf("Central answered %q, which this app does not know. The record is kept on this device; please update the app.", receipt.Status)
			receipt.Status = delivery.Quarantined
		}
		known[i] = receipt
	}
	return known
}

// split takes out the records that no batch may carry. They stay on the device, with a receipt that says why.
func split(records []delivery.Record) (fit []delivery.Record, oversize []delivery.Receipt) {
	fit = make([]delivery.Record, 0, len(records))
	for _, r := range records {
		if len(r.Body) > protocol.MaxRecordBytes {
			oversize = append(oversize, apart(r, fmt.Sprintf("This record is longer than %d MB and cannot be sent. It is kept on this device.", protocol.MaxRecordBytes>>20)))
			continue
		}
		fit = append(fit, r)
	}
	return fit, oversize
}

func apart(r delivery.Record, reason string) delivery.Receipt {
	return delivery.Receipt{ID: r.ID, Revision: r.Revision, SHA256: r.SHA256, Status: delivery.Quarantined, Reason: reason}
}

// matches checks that the answer has a receipt for each record, in order.
func matches(records []delivery.Record, receipts []delivery.Receipt) error {
	if len(records) != len(receipts) {
		return fmt.Errorf("%d receipts for %d records", len(receipts), len(records))
	}
	for i, r := range records {
		if receipts[i].Identity() != r.Identity() {
			return fmt.Errorf("receipt %d is for another record", i)
		}
	}
	return nil
}

func identities(records []delivery.Record) []delivery.Identity {
	ids := make([]delivery.Identity, len(records))
	for i, r := range records {
		ids[i] = r.Identity()
	}
	return ids
}
