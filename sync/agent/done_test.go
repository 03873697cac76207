package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/study"
	"parvis/sync/protocol"
)

// sharing are tablets in a study with quotas that hold nobody back, and no hard one.
func sharing(t *testing.T, tablets int) (*central, []*device) {
	t.Helper()
	clock := &calendar{}
	clock.ms.Store(time.Now().UnixMilli())
	return anyStudy(t, clock, tablets, softly)
}

func (d *device) wantDone(t *testing.T, want map[string]int) {
	t.Helper()
	got, err := d.QuotaCounts(context.Background(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("done: %s", diff)
	}
}

// Two tablets fill a target together: each knows after a synchronisation what the other had delivered by then, adds what it has done since,
// and takes nothing of its own twice, however answers get lost.
func TestTabletsKnowWhatTheyFillTogether(t *testing.T) {
	t.Parallel()
	_, devices := sharing(t, 2)
	one, two := devices[0], devices[1]
	one.meetAged(t, "20")
	one.meetAged(t, "20")
	two.meetAged(t, "20")
	two.wantDone(t, map[string]int{"young": 1, "all": 1})
	one.sync(t)
	one.wantDone(t, map[string]int{"young": 2, "all": 2})
	two.net.spoil(on(protocol.PathPush, lostAnswer))
	if _, err := two.agent.Sync(context.Background()); err == nil {
		t.Fatal("no answer was lost")
	}
	two.wantDone(t, map[string]int{"young": 3, "all": 3})
	two.net.mend()
	two.meetAged(t, "50")
	two.sync(t) // which asks about quotas before it hears that its interview had come
	two.wantDone(t, map[string]int{"young": 3, "all": 4})
	one.sync(t)
	one.wantDone(t, map[string]int{"young": 3, "all": 4})
	one.meetAged(t, "20")
	one.open(t)
	one.wantDone(t, map[string]int{"young": 4, "all": 5})
	for range 2 {
		one.sync(t)
		two.sync(t)
	}
	for _, d := range devices {
		d.wantDone(t, map[string]int{"young": 4, "all": 5})
	}
}

// Whatever gets lost on the way, a tablet always counts all of its own and none of them twice, beside what others had at central when it
// heard; and at rest all know all.
func TestNoInterviewIsDoneTwice(t *testing.T) {
	t.Parallel()
	c, devices := sharing(t, 3)
	dice, made, heard := seeded(t, 20261130), map[*device]int{}, map[*device]int{}
	for range 60 {
		d := devices[dice.IntN(len(devices))]
		for range dice.IntN(3) {
			d.meetAged(t, "20")
			made[d]++
		}
		d.tries(dice)
		done, err := d.QuotaCounts(context.Background(), "visit")
		others := done["young"] - made[d]
		if err != nil || others < heard[d] || others > c.ofOthers(t, d) {
			t.Fatalf("%d done, %d of them own, %d of others at central, %d heard of before; %v", done["young"], made[d], c.ofOthers(t, d), heard[d], err)
		}
		heard[d] = others
	}
	total := 0
	for _, d := range devices {
		d.sync(t)
		total += made[d]
	}
	for _, d := range devices {
		d.sync(t)
		d.wantDone(t, map[string]int{"young": total, "all": total})
	}
}

// ofOthers is how many interviews central has of other tablets.
func (c *central) ofOthers(t *testing.T, d *device) (n int) {
	t.Helper()
	own, err := d.Credentials(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range c.records(t) {
		if r.Kind == delivery.KindInterview && r.Device != own.Device {
			n++
		}
	}
	return n
}

// A tablet that is set back to a copy of itself, and what it delivers a second time, counts nothing twice, at central or on the tablet.
func TestASetBackTabletCountsOnce(t *testing.T) {
	t.Parallel()
	_, devices := sharing(t, 2)
	one, two := devices[0], devices[1]
	one.meetAged(t, "20")
	copied := filepath.Join(t.TempDir(), "copy.sqlite")
	copyFiles(t, one.path, copied)
	copyFiles(t, one.path+".key", copied+".key")
	one.meetAged(t, "20")
	one.sync(t)
	one = &device{net: newNetwork(t), path: copied, now: one.now, form: one.form, shift: one.shift} // and nobody goes on with the first life
	one.open(t)
	one.wantDone(t, map[string]int{"young": 1, "all": 1})
	one.sync(t) // the first one again, and in a new epoch
	one.wantDone(t, map[string]int{"young": 2, "all": 2})
	one.meetAged(t, "50")
	one.wantDone(t, map[string]int{"young": 2, "all": 3})
	for _, d := range []*device{one, one, two} {
		d.sync(t)
	}
	for _, d := range []*device{one, two} {
		d.wantDone(t, map[string]int{"young": 2, "all": 3})
	}
}

// What a supervisor rejects is done no more on any tablet, that which made it included.
func TestARejectedInterviewIsNotDone(t *testing.T) {
	t.Parallel()
	c, devices := sharing(t, 2)
	one, two := devices[0], devices[1]
	i := one.meetAged(t, "20")
	one.meetAged(t, "20")
	one.sync(t)
	boss := newReviewer(t, c, "ines", centralstore.Grant{Study: "visit"})
	boss.sync(t)
	boss.decide(t, delivery.ReviewReject, i.ID, "made up")
	boss.sync(t)
	for _, d := range devices {
		d.sync(t)
		d.wantDone(t, map[string]int{"young": 1, "all": 1})
	}
	two.meetAged(t, "20")
	two.wantDone(t, map[string]int{"young": 2, "all": 2})
}

// Of a target for each day or wave a tablet knows those of the present one.
func TestTabletsKnowWhatIsDoneToday(t *testing.T) {
	t.Parallel()
	clock := &calendar{}
	clock.ms.Store(time.Now().UnixMilli())
	_, devices := anyStudy(t, clock, 2, func(def *study.Study) {
		def.Quotas = []study.Quota{{Name: "young", Target: 5, Kind: study.Soft, Period: study.EachDay, Condition: study.Rule{XPath: "/data/age < 35"}}}
	})
	one, two := devices[0], devices[1]
	today := clock.account("young")
	one.meetAged(t, "20")
	one.sync(t)
	two.sync(t)
	done, err := two.QuotaCounts(context.Background(), "visit")
	if err != nil || done[today] != 1 {
		t.Fatalf("%v, %v", done, err)
	}
	clock.pass(24 * time.Hour)
	two.meetAged(t, "20")
	if done, err = two.QuotaCounts(context.Background(), "visit"); err != nil || done[today] != 1 || done[clock.account("young")] != 1 {
		t.Errorf("%v, %v", done, err)
	}
}

// An older central says nothing of what is done: a tablet counts its own, as it did.
func TestAnOlderCentralTellsNothingOfWhatIsDone(t *testing.T) {
	t.Parallel()
	c, devices := sharing(t, 1)
	one := devices[0]
	one.meetAged(t, "20")
	one.sync(t)
	late := newDevice(t, c)
	late.net.spoil(on(protocol.PathLeases, withoutDone))
	late.ready(t, c)
	late.wantDone(t, map[string]int{})
	late.meetAged(t, "20")
	late.sync(t)
	late.wantDone(t, map[string]int{"young": 1, "all": 1})
	late.wantAims(t, map[string]delivery.Aim{"young": {Target: 5}, "all": {Target: 50}})
	late.net.mend() // it was updated
	late.sync(t)
	late.wantDone(t, map[string]int{"young": 2, "all": 2})
}

// withoutDone is what a central answers that knows nothing of counts.
func withoutDone(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Del("Accept-Encoding") // the transport brings its own, and undoes it
	res, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var said struct {
		Answers []map[string]json.RawMessage `json:"answers"`
	}
	if err := json.NewDecoder(res.Body).Decode(&said); err != nil {
		return nil, err
	}
	for _, a := range said.Answers {
		delete(a, "done")
	}
	body, err := json.Marshal(said)
	if err != nil {
		return nil, err
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Del("Content-Length")
	return res, nil
}

// The counts come over a laptop to a tablet that meets nobody else.
func TestWhatIsDoneComesOverTheLaptop(t *testing.T) {
	t.Parallel()
	c, d, l := site(t)
	def, err := d.Study(context.Background(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	softly(&def)
	if _, err := c.store.PutStudy(context.Background(), centralstore.StudyPackage{Study: def, Files: [][]byte{c.form, c.card}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	d.net.mend()
	d.sync(t)
	d.net.spoil(noConnection)
	other := newDevice(t, c)
	other.ready(t, c)
	other.meetAged(t, "20")
	other.sync(t)
	d.meetAged(t, "20")
	carried(t, d)
	d.wantDone(t, map[string]int{"young": 1, "all": 1})
	l.net.mend()
	l.sync(t)
	carried(t, d)
	d.wantDone(t, map[string]int{"young": 2, "all": 2})
}
