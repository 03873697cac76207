package agent_test

import (
	"bytes"
	"context"
	"slices"
	"sync/atomic"
	"testing"

	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// On a network that costs by the byte pictures wait, both ways, if somebody chose so; nothing else does.
func TestPicturesWaitForANetworkThatCostsNothing(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	d := newDevice(t, c)
	var costs atomic.Bool
	costs.Store(true)
	d.agent = d.newAgent(t, agent.Params{Store: d.Store, Outbox: d.Store, HoldMedia: func(context.Context) bool { return costs.Load() }})
	if _, err := d.agent.Enrol(ctx, c.address, c.code(t)); err != nil {
		t.Fatal(err)
	}
	card, form := delivery.Sum(c.card), delivery.Sum(c.form)
	if report := d.sync(t); report.Held != 1 || report.Blobs != 1 {
		t.Errorf("the questionnaire alone was to come: %+v", report)
	}
	if got, err := d.Blob(ctx, form); err != nil || !bytes.Equal(got, c.form) {
		t.Errorf("the questionnaire is not here: %v", err)
	}
	if slices.Contains(d.net.left(), protocol.PathBlob+card) {
		t.Error("the showcard was asked for")
	}
	costs.Store(false)
	if report := d.sync(t); report.Held != 0 || report.Blobs != 1 {
		t.Errorf("the showcard was to come: %+v", report)
	}
	d.begin(t)
	body := noise(seeded(t, 12), 300_000)
	d.pictured(t, body)
	costs.Store(true)
	report := d.sync(t)
	if report.Held != 1 || report.Interviews != 1 || report.Waiting.Records != 0 || report.Waiting.Attachments != 1 || c.held(t, delivery.Sum(body)) != nil {
		t.Errorf("the interview alone was to go: %+v", report)
	}
	if log, err := d.SyncLog(ctx, 1); err != nil || log[0].Held != 1 || log[0].Error != "" {
		t.Errorf("the log says %+v, %v", log, err)
	}
	costs.Store(false)
	if report := d.sync(t); report.Held != 0 || report.Attachments != 1 || !bytes.Equal(c.held(t, delivery.Sum(body)), body) {
		t.Errorf("the picture was to go: %+v", report)
	}
}

// A network that begins to cost in the middle stops the pictures that have not begun.
func TestPicturesAreHeldFromWhereTheNetworkChanged(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	dice := seeded(t, 13)
	for range 3 {
		d.pictured(t, noise(dice, 1000))
	}
	asked := 0
	d.agent = d.newAgent(t, agent.Params{Store: d.Store, Outbox: d.Store, HoldMedia: func(context.Context) bool { asked++; return asked > 1 }})
	if report := d.sync(t); report.Attachments != 1 || report.Held != 2 || report.Waiting.Attachments != 2 {
		t.Errorf("%+v", report)
	}
}
