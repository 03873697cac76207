package agent_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// limited gives the study a hard quota of n young visitors.
func (c *central) limited(t *testing.T, d *device, n int) {
	t.Helper()
	def, err := d.Study(context.Background(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	def.Quotas = []study.Quota{{Name: "young", Target: n, Kind: study.Hard, Condition: study.Rule{XPath: "/data/age < 35"}}}
	if _, err := c.store.PutStudy(context.Background(), centralstore.StudyPackage{Study: def, Files: [][]byte{c.form, c.card}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
}

// meet conducts an interview with somebody young as far as the quota lets it; it tells whether it was completed.
func (d *device) meet(t *testing.T) bool {
	t.Helper()
	return d.meetAged(t, "20").Disposition == interview.Complete
}

// meetAged does so with somebody of an age.
func (d *device) meetAged(t *testing.T, age string) interview.Interview {
	t.Helper()
	ctx := context.Background()
	def, err := d.Study(ctx, "visit")
	if err != nil {
		t.Fatal(err)
	}
	s, err := interview.Start(ctx, interview.SessionParams{
		Study: def, Form: d.form, Shift: d.shift, Journal: d.Store, Seal: seal.Values, Now: d.now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range [][2]string{{"/data/consent", "yes"}, {"/data/age", age}, {"/data/trade", "no"}} {
		if err := s.Answer(ctx, xform.Ref(a[0]), a[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if s.Outcome() != interview.QuotaFull {
		for _, a := range [][2]string{{"/data/why", "toys"}, {"/data/shops", "toys"}, {}, {"/data/score", "8"}, {"/data/name", "Ann"}, {}} {
			if a[0] != "" {
				if err := s.Answer(ctx, xform.Ref(a[0]), a[1]); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.Next(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	i, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// Three tablets share a quota over a network that loses requests and answers: together they interview exactly as many as are wanted, none
// of them provisional, however often and in whatever order they synchronise.
func TestTabletsShareAQuotaToTheUnit(t *testing.T) {
	t.Parallel()
	const wanted = 17
	c, dice := newCentral(t), seeded(t, 20261129)
	var devices []*device
	for range 3 {
		d := newDevice(t, c)
		d.ready(t, c)
		devices = append(devices, d)
	}
	c.limited(t, devices[0], wanted)
	for _, d := range devices {
		d.sync(t)
		if q, err := d.Quotas(context.Background(), "visit"); err != nil || q["young"].Cap != wanted {
			t.Fatalf("%+v, %v", q, err)
		}
	}
	completed, refused := 0, 0
	for round := 0; completed < wanted && round < 200; round++ {
		d := devices[dice.IntN(len(devices))]
		for range dice.IntN(4) {
			if d.meet(t) {
				completed++
			} else {
				refused++
			}
		}
		d.tries(dice)
	}
	for range 3 {
		for _, d := range devices {
			d.sync(t)
			if d.meet(t) {
				completed++
			} else {
				refused++
			}
		}
	}
	for _, d := range devices {
		d.sync(t)
	}
	if completed != wanted || refused == 0 {
		t.Errorf("%d completed of %d, %d refused", completed, wanted, refused)
	}
	complete := 0
	for _, r := range c.records(t) {
		var i interview.Interview
		if r.Kind != delivery.KindInterview {
			continue
		}
		if err := json.Unmarshal(r.Body, &i); err != nil {
			t.Fatal(err)
		}
		switch i.Disposition {
		case interview.Complete:
			if complete++; i.Rights["young"] != 1 {
				t.Errorf("a complete interview used %v", i.Rights)
			}
		case interview.QuotaFull:
		default:
			t.Errorf("an interview came out as %s", i.Disposition)
		}
	}
	q, err := devices[0].Quotas(context.Background(), "visit")
	if err != nil || complete != wanted || q["young"].Used != wanted {
		t.Errorf("%d complete at central of %d, %+v, %v", complete, wanted, q, err)
	}
}
