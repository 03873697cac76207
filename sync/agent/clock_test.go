package agent_test

import (
	"context"
	"testing"
	"time"
)

// The skew outlives the app and a failed attempt, so that a screen can warn before the next exchange.
func TestHowFarTheClockIsOffIsKept(t *testing.T) {
	t.Parallel()
	c, ctx := newCentral(t), context.Background()
	d := newDevice(t, c)
	off := 3 * time.Hour
	d.now = func() time.Time { return time.Now().Add(off) }
	d.open(t)
	d.ready(t, c)
	d.open(t)
	check, err := d.ClockCheck(ctx)
	if err != nil {
		t.Fatal(err)
	}
	skew := time.Duration(check.SkewMS) * time.Millisecond
	if (skew-off).Abs() > time.Minute || d.now().Sub(time.UnixMilli(check.At)).Abs() > time.Minute {
		t.Errorf("skew %s, measured %s ago", skew, d.now().Sub(time.UnixMilli(check.At)))
	}
	c.stop(t)
	if _, err := d.agent.Sync(ctx); err == nil {
		t.Fatal("synchronised with nobody")
	}
	if after, err := d.ClockCheck(ctx); err != nil || after != check {
		t.Errorf("a central that was not heard changed %+v to %+v, %v", check, after, err)
	}
}
