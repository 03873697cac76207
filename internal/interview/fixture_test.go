package interview_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/xform"
)

func visitForm(t testing.TB) *xform.Form {
	t.Helper()
	text, err := os.ReadFile("testdata/visit.xml")
	if err != nil {
		t.Fatal(err)
	}
	form, err := xform.Parse(bytes.NewReader(text), xform.ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func visitStudy(recipients ...string) study.Study {
	rule := func(x string) study.Rule { return study.Rule{XPath: x} }
	return study.Study{
		ID: "visit", Title: study.Text{"English (en)": "Visitors", "French (fr)": "Visiteurs"}, Languages: []string{"English (en)", "French (fr)"},
		Interval: 3, Recipients: recipients, PartialFrom: "/data/score",
		Sites: []study.Site{{
			Name: "north", Label: study.Text{"English (en)": "North Mall", "French (fr)": "Centre Nord"}, Region: "n",
			Entrances: []study.Entrance{{Name: "main", Label: study.Text{"English (en)": "Main door", "French (fr)": "Grande porte"}}},
		}},
		Quotas: []study.Quota{
			{Name: "young", Condition: rule("/data/age < 35"), Target: 10}, {Name: "old", Condition: rule("/data/age >= 35"), Target: 10},
			{Name: "north", Site: "north", Target: 20}, {Name: "south", Site: "south", Target: 20}, {Name: "region", Region: "n", Target: 20},
		},
		Consent: rule("/data/consent = 'yes'"), Eligible: rule("/data/age >= 18 and /data/trade = 'no'"),
		Form: study.FormRef{ID: "visit", Version: "3", SHA256: "f0"},
	}
}

// shelf is a journal whose failures a test decides. It keeps what it is given as JSON, so that nothing is shared with the session.
type shelf struct {
	draft    []byte
	contacts []interview.Contact
	ended    *interview.Ending
	fail     error
	saves    int
}

func (j *shelf) Begin(_ context.Context, o interview.Opening) error {
	if j.fail != nil {
		return j.fail
	}
	o.Draft.Steps = []interview.Step{o.Step}
	j.put(o.Draft)
	j.contacts = append(j.contacts, o.Contact)
	return nil
}

// SaveReserving keeps a change; central has not said what this device may do.
func (j *shelf) SaveReserving(ctx context.Context, c interview.Saving, _ []string) ([]string, error) {
	return nil, j.Save(ctx, c)
}

func (j *shelf) Save(_ context.Context, c interview.Saving) error {
	if j.fail != nil {
		return j.fail
	}
	d := j.get()
	if d.ID != c.Draft {
		return errors.New("another interview's draft")
	}
	d.OpenMS, d.Position, d.Language = c.OpenMS, c.Position, c.Language
	if c.Snapshot != nil {
		d.Snapshot = c.Snapshot
	}
	if c.Step != nil {
		if c.Step.Number != len(d.Steps)+1 {
			return fmt.Errorf("step %d after %d", c.Step.Number, len(d.Steps))
		}
		d.Steps = append(d.Steps, *c.Step)
	}
	j.put(d)
	j.saves++
	return nil
}

func (j *shelf) End(_ context.Context, e interview.Ending) error {
	if j.fail != nil {
		return j.fail
	}
	j.ended = &e
	j.contacts = append(j.contacts, e.Contact)
	return nil
}

func (j *shelf) put(d interview.Draft) {
	text, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	j.draft = text
}

func (j *shelf) get() (d interview.Draft) {
	if err := json.Unmarshal(j.draft, &d); err != nil {
		panic(err)
	}
	return d
}

// clock is a wall clock and a monotonic one, apart, as on a device.
type clock struct {
	wall time.Time
	mono time.Duration
}

func (c *clock) tick(d time.Duration) { c.wall, c.mono = c.wall.Add(d), c.mono+d }

type world struct {
	t       testing.TB
	form    *xform.Form
	study   study.Study
	keys    seal.Keys
	journal *shelf
	clock   *clock
	ids     int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	wall := time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("", 3600))
	return &world{t: t, form: visitForm(t), study: visitStudy(pair.Recipient), keys: pair.Keys(), journal: &shelf{}, clock: &clock{wall: wall}}
}

// again is another device with the same study, at the same time.
func (w *world) again() *world {
	c := *w.clock
	return &world{t: w.t, form: w.form, study: w.study, keys: w.keys, journal: &shelf{}, clock: &c}
}

func (w *world) params(lang string) interview.SessionParams {
	return interview.SessionParams{
		Study: w.study, Form: w.form, Journal: w.journal, Seal: seal.Values, Language: lang,
		Shift: interview.Shift{ID: "shift-1", Study: "visit", Site: "north", Entrance: "main", Interviewer: "i7", Interval: 3, Passed: 12},
		Now:   func() time.Time { return w.clock.wall }, Monotonic: func() time.Duration { return w.clock.mono },
		Rand: rand.New(rand.NewPCG(1, 2)), NewID: func() string { w.ids++; return fmt.Sprintf("id-%d", w.ids) },
	}
}

func (w *world) start(lang string) *interview.Session {
	w.t.Helper()
	s, err := interview.Start(context.Background(), w.params(lang))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) resume() *interview.Session {
	w.t.Helper()
	p := w.params("")
	p.Shift = interview.Shift{}
	d := w.journal.get()
	d.Approach = w.journal.contacts[len(w.journal.contacts)-1]
	s, err := interview.Resume(context.Background(), p, d)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// answer gives answers in order, each on its page, and goes on.
func (w *world) answer(s *interview.Session, pairs ...string) {
	w.t.Helper()
	ctx := context.Background()
	for i := 0; i < len(pairs); i += 2 {
		ref := xform.Ref(pairs[i])
		if got := s.Position().Ref; got != ref {
			w.t.Fatalf("the page is %s, want %s", got, ref)
		}
		if pairs[i+1] != "" {
			if err := s.Answer(ctx, ref, pairs[i+1]); err != nil {
				w.t.Fatalf("answer %s: %v", ref, err)
			}
		}
		w.clock.tick(2 * time.Second)
		if wrong, err := s.Next(ctx); err != nil || len(wrong) > 0 {
			w.t.Fatalf("next after %s: %v, %v", ref, wrong, err)
		}
	}
}
