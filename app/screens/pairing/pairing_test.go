package pairing_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parvis/app/screens/pairing"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

type pairer struct {
	asked []protocol.Pairing
	err   error
}

func (p *pairer) Pair(_ context.Context, shown protocol.Pairing) (delivery.Relay, error) {
	p.asked = append(p.asked, shown)
	return delivery.Relay{Name: "Sam"}, p.err
}

// What is no code is asked of nobody; a code is used as it was shown.
func TestPairing(t *testing.T) {
	t.Parallel()
	shown := protocol.Pairing{Address: "192.168.43.1:47600", Pin: strings.Repeat("A", 20), Secret: strings.Repeat("B", 12)}
	a := &pairer{}
	p := &pairing.Presenter{Agent: a, Text: "192.168.43.1"}
	if p.Check() == "" {
		t.Error("an address alone is taken for a code")
	}
	if _, err := p.Pair(context.Background()); agent.ReasonOf(err) != agent.BadCode || len(a.asked) != 0 {
		t.Errorf("%v, asked %v", err, a.asked)
	}
	p.Text = " " + shown.Link() + " "
	if key := p.Check(); key != "" {
		t.Error(key)
	}
	if r, err := p.Pair(context.Background()); err != nil || r.Name != "Sam" || !slices.Equal(a.asked, []protocol.Pairing{shown}) {
		t.Errorf("%+v, %v, asked %v", r, err, a.asked)
	}
}

// Whatever goes wrong is said in words that there are, in every language.
func TestFaultsHaveWords(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "fr", "nl"} {
		w, err := words.New(assets.Translations, lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, reason := range []agent.Reason{agent.Offline, agent.NotCentral, agent.BadCode, agent.WrongRelay, agent.CentralTooOld, agent.TooMany, agent.Storage} {
			if key := pairing.FaultOf(&agent.Error{Reason: reason}); !w.Has(key) {
				t.Errorf("%s: no words for %s (%s)", lang, reason, key)
			}
		}
		now := time.Now()
		for _, l := range []fieldstore.WithLaptop{{Records: 3, Interviews: 2, Since: now.UnixMilli()}, {Records: 1, Since: now.UnixMilli()}} {
			if lines := pairing.With(w, l, now); len(lines) != 1 || strings.Contains(lines[0], "{{") {
				t.Errorf("%s: %q", lang, lines)
			}
		}
	}
	if pairing.FaultOf(nil) != "" || pairing.FaultOf(errors.New("x")) == "" {
		t.Error("no error has a fault, or an error none")
	}
}
