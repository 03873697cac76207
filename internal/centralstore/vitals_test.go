package centralstore

import (
	"context"
	"testing"
	"time"

	"parvis/internal/delivery"
)

func TestVitals(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, d := filled(t)
	d.seq += 3 // made and not delivered
	c.push(t, d, d.record(t, delivery.KindInterview, "mall", "north"))
	if err := c.Ready(ctx); err != nil {
		t.Error(err)
	}
	v, err := c.Vitals(ctx)
	if err != nil || v.Interviews != 2 || v.Quarantined != 1 || v.SeenLately != 1 || v.Missing != 3 {
		t.Errorf("%+v, %v", v, err)
	}
	c.pass(2 * time.Hour)
	if v, err = c.Vitals(ctx); err != nil || v.SeenLately != 0 {
		t.Errorf("%+v, %v", v, err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if c.Ready(ctx) == nil {
		t.Error("a closed store is ready")
	}
}

func TestCentralsOfOneDatabaseAgreeOnTheKey(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	if err := c.AgreeOnHandIn(ctx, "age1first"); err != nil {
		t.Error(err)
	}
	if err := c.open(t).AgreeOnHandIn(ctx, "age1first"); err != nil {
		t.Error(err)
	}
	if err := c.open(t).AgreeOnHandIn(ctx, "age1other"); err == nil {
		t.Error("two centrals have two keys")
	}
}
