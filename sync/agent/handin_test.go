package agent_test

import (
	"bytes"
	"context"
	"testing"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
	"parvis/sync/agent"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// supervisor is a laptop where somebody is signed in.
func supervisor(t *testing.T, c *central, role centralstore.Role) *agent.Agent {
	t.Helper()
	ctx := context.Background()
	name := "sam-" + string(role)
	if err := c.store.AddUser(ctx, centralstore.NewUser{Name: name, Password: "a long enough password", Grants: []centralstore.Grant{{Role: role}}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	laptop := newDevice(t, c)
	if _, err := laptop.agent.SignIn(ctx, c.address, name, "a long enough password"); err != nil {
		t.Fatal(err)
	}
	return laptop.agent
}

// A tablet that was shut out and will never sync again hands in a file; a supervisor brings it, twice; central has everything once,
// and knows of no gap. Later the tablet turns up after all.
func TestWhatATabletHandsInArrivesOnce(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	d.sync(t)
	d.interview(t)
	d.contact(t)
	ctx := context.Background()
	who, err := d.Credentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.store.RevokeDevice(ctx, who.Device, "test"); err != nil {
		t.Fatal(err)
	}
	before := d.rows(t)
	made, err := d.agent.HandIn(ctx)
	if err != nil || made.Interviews != 1 || made.Records < 3 {
		t.Fatalf("%d records, %d interviews, %v", made.Records, made.Interviews, err)
	}
	for _, secret := range []string{who.Token, "answers", "visit"} {
		if bytes.Contains(made.File, []byte(secret)) {
			t.Errorf("the file shows %q", secret)
		}
	}
	if after := d.rows(t); len(after) != len(before) || states(after)["waiting"] != states(before)["waiting"] {
		t.Errorf("handing in changed the device: %v, then %v", states(before), states(after))
	}
	sam := supervisor(t, c, centralstore.Supervisor)
	answer, err := sam.TakeIn(ctx, made.File)
	if err != nil || answer.Received != made.Records || answer.Interviews != 1 || answer.Interviewer != "0417" || answer.Quarantined != 0 {
		t.Fatalf("%+v, %v", answer, err)
	}
	again, err := sam.TakeIn(ctx, made.File)
	if err != nil || again.Received != 0 || again.Duplicates != made.Records {
		t.Errorf("the same file again: %+v, %v", again, err)
	}
	if _, err := d.agent.Enrol(ctx, c.address, c.code(t)); err != nil {
		t.Fatal(err)
	}
	d.sync(t)
	exactlyOnce(t, c, d)
}

func TestFilesThatAreNoHandInAreRefused(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	ctx := context.Background()
	made, err := d.agent.HandIn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	forged := func(h protocol.HandIn, recipient string) []byte {
		content, err := protocol.WriteHandIn(h, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		file, err := seal.File([]string{recipient}, content)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	noise, err := seal.File([]string{c.handIn.Recipient}, []byte("not a hand-in"))
	if err != nil {
		t.Fatal(err)
	}
	sam := supervisor(t, c, centralstore.Supervisor)
	cut := bytes.Clone(made.File)
	cut[len(cut)-1] ^= 1
	for name, file := range map[string][]byte{
		"noise": []byte("PK\x03\x04"), "damaged": cut, "cut short": made.File[:len(made.File)/2], "another content": noise,
		"for another central": forged(protocol.HandIn{Token: "x"}, stranger.Recipient),
		"without a device":    forged(protocol.HandIn{Token: "pvd_guess"}, c.handIn.Recipient),
	} {
		if _, err := sam.TakeIn(ctx, file); agent.ReasonOf(err) != agent.Refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = supervisor(t, c, centralstore.Viewer).TakeIn(ctx, made.File)
	wantReason(t, err, agent.Forbidden)
	_, err = d.agent.TakeIn(ctx, made.File)
	wantReason(t, err, agent.Forbidden)
	if answer, err := sam.TakeIn(ctx, made.File); err != nil || answer.Received != made.Records {
		t.Errorf("the right file after all: %+v, %v", answer, err)
	}
}

// handInKey is the one central makes for files from devices.
func handInKey(t testing.TB) *endpoint.HandInKey {
	t.Helper()
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	return &endpoint.HandInKey{Recipient: pair.Recipient, Keys: pair.Keys()}
}

// The pictures of what is handed in arrive with it, and only what was missing of them is kept anew.
func TestPicturesAreHandedInToo(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	body := bytes.Repeat([]byte("a shelf "), 60_000) // two chunks
	d.pictured(t, body)
	ctx := context.Background()
	made, err := d.agent.HandIn(ctx)
	if err != nil || made.Pictures != 1 {
		t.Fatalf("%d pictures, %v", made.Pictures, err)
	}
	if bytes.Contains(made.File, []byte("a shelf")) {
		t.Error("the file shows the picture")
	}
	sam := supervisor(t, c, centralstore.Supervisor)
	for range 2 {
		answer, err := sam.TakeIn(ctx, made.File)
		if err != nil || answer.Files != 1 {
			t.Fatalf("%+v, %v", answer, err)
		}
	}
	if n := c.missing(t); n != 0 {
		t.Errorf("central misses %d pictures", n)
	}
	d.sync(t) // the tablet turns up after all
	exactlyOnce(t, c, d)
}
