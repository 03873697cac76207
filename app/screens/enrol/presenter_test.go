package enrol

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/sync/agent"
)

// central answers a code, and notes what it was asked.
type central struct {
	address, code string
	enrols, syncs error
	fetched       int
}

func (c *central) Enrol(_ context.Context, address, code string) (delivery.Credentials, error) {
	c.address, c.code = address, code
	return delivery.Credentials{Interviewer: "0417"}, c.enrols
}

func (c *central) Sync(context.Context) (agent.Report, error) {
	c.fetched++
	return agent.Report{}, c.syncs
}

func TestWhatIsTypedIsLookedAtBeforeItIsSent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, code string
		want          Fault
	}{
		{"", "7KQF-2M9X", Fault{Address: "enrol.address_bad"}},
		{"", "", Fault{Address: "enrol.address_bad"}}, // one thing after the other
		{"http://central.example.org", "7KQF-2M9X", Fault{Address: "enrol.address_bad"}},
		{"central.example.org", " ", Fault{Code: "enrol.code_missing"}},
		{" central.example.org ", "7KQF-2M9X", Fault{}},
	} {
		p := Presenter{Address: c.address, Code: c.code}
		if got := p.Check(); got != c.want {
			t.Errorf("%q, %q: %+v, want %+v", c.address, c.code, got, c.want)
		}
	}
}

func TestALinkFillsBothFields(t *testing.T) {
	t.Parallel()
	p := Presenter{Address: "x", Code: "y"}
	if p.Fill("ABCD-EFGH") || p.Fill("https://central.example.org") || p.Address != "x" || p.Code != "y" {
		t.Errorf("%+v", p)
	}
	if !p.Fill(" https://central.example.org/enrol#abcd-efgh ") || p.Address != "https://central.example.org" || p.Code != "ABCD-EFGH" {
		t.Errorf("%+v", p)
	}
	if f := p.Check(); f != (Fault{}) {
		t.Errorf("%+v", f)
	}
}

func TestJoiningFetchesTheStudies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		central central
		fails   bool
		fetched int
	}{
		"all well":                    {central{}, false, 1},
		"enrolled, and then no net":   {central{syncs: errors.New("offline")}, false, 1},
		"a code that is used already": {central{enrols: &agent.Error{Reason: agent.BadCode}}, true, 0},
	} {
		p := Presenter{Agent: &c.central, Address: "central.example.org", Code: " 7KQF-2M9X "}
		got, err := p.Join(t.Context())
		if (err != nil) != c.fails || c.central.fetched != c.fetched {
			t.Errorf("%s: %v, fetched %d times", name, err, c.central.fetched)
		}
		if !c.fails && got.Interviewer != "0417" {
			t.Errorf("%s: %s", name, got.Interviewer)
		}
		if c.central.address != "central.example.org" || c.central.code != "7KQF-2M9X" {
			t.Errorf("%s: asked %q with %q", name, c.central.address, c.central.code)
		}
	}
}

func TestErrorsBecomeWordsBesideTheirField(t *testing.T) {
	t.Parallel()
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	for reason, want := range map[agent.Reason]Fault{
		agent.BadCode: {Code: "enrol.code_wrong"}, agent.BadAddress: {Address: "enrol.address_bad"}, agent.Insecure: {Address: "enrol.address_bad"},
		agent.Offline: {Other: "enrol.offline"}, agent.NotCentral: {Other: "enrol.offline"}, agent.TooMany: {Other: "sync.error.too_many"},
		agent.AppTooOld: {Other: "sync.error.app_too_old"}, agent.UnsentHere: {Other: "sync.error.unsent_here"}, agent.Locked: {Other: "sync.error.locked"},
	} {
		got := FaultOf(fmt.Errorf("enrol: %w", &agent.Error{Reason: reason}))
		if got != want {
			t.Errorf("%s: %+v, want %+v", reason, got, want)
		}
		if key := got.Address + got.Code + got.Other; !w.Has(key) {
			t.Errorf("%s: the interface has no words for %s", reason, key)
		}
	}
	if got := FaultOf(nil); got != (Fault{}) {
		t.Errorf("without an error: %+v", got)
	}
	if got := FaultOf(errors.New("disk")); got != (Fault{Other: "sync.error.storage"}) {
		t.Errorf("of the store: %+v", got)
	}
}
