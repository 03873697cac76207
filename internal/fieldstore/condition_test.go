package fieldstore_test

import (
	"context"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

func TestTheConditionKnowsTheLatestMomentAndTheSpaceLeft(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	if c, err := d.Condition(ctx); err != nil || c.Latest != 0 || c.Clock != (delivery.ClockCheck{}) || c.Free < 1<<20 {
		t.Errorf("a new device: %+v, %v", c, err)
	}
	shift := d.shift(t, false)
	d.now = d.now.Add(2 * time.Hour)
	if _, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.NoTime}); err != nil {
		t.Fatal(err)
	}
	latest := d.now.UnixMilli()
	d.now = d.now.Add(-3 * time.Hour) // the clock goes back
	if _, err := d.EndShift(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	if c, err := d.Condition(ctx); err != nil || c.Latest != latest {
		t.Errorf("%+v, %v", c, err)
	}
	check := delivery.ClockCheck{At: d.now.UnixMilli(), SkewMS: -7200_000}
	if err := d.SaveClockCheck(ctx, check); err != nil {
		t.Fatal(err)
	}
	if err := d.ApplyReceipts(ctx, receipts(d.batch(t), delivery.Received, "")); err != nil {
		t.Fatal(err)
	}
	d.reopen(t)
	if c, err := d.Condition(ctx); err != nil || c.Latest != 0 || c.Clock != check {
		t.Errorf("what central answered lies before the check: %+v, %v", c, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.openCapped(t, 60)
	if c, err := d.Condition(ctx); err != nil || c.Free > 64<<10 {
		t.Errorf("a full file: %d bytes free, %v", c.Free, err)
	}
}
