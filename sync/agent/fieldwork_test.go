package agent_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// fieldwork is a study with interlocked quotas in two networks: tablets that reach central by a bad connection, and tablets that reach
// nothing but their supervisor's laptop, which reaches central now and then.
type fieldwork struct {
	*central
	dice     *mathrand.Rand
	sites    map[*device]string
	online   []*device
	offline  []*device
	laptop   *laptop
	reviewer *reviewer
	caps     map[string]int
	// completed counts what was saved complete on any tablet, by constraint; refused those whom a full quota turned away.
	completed map[string]int
	refused   int
	worked    atomic.Int64 // how far everybody's clock has been moved by the work, nanoseconds
}

func (f *fieldwork) now() time.Time { return time.Now().Add(time.Duration(f.worked.Load())) }

// ages are the bands of the study, each with an age in it.
func ages() map[string]struct{ rule, age string } {
	return map[string]struct{ rule, age string }{
		"young":  {"/data/age < 35", "20"},
		"middle": {"/data/age >= 35 and /data/age < 60", "41"},
		"old":    {"/data/age >= 60", "77"},
	}
}

// interlocked are the study's quotas: each age at each site, and each site for itself, so that every respondent falls in two.
func interlocked() []study.Quota {
	var list []study.Quota
	for i, site := range []string{"north", "south"} {
		for j, band := range []string{"young", "middle", "old"} {
			list = append(list, study.Quota{Name: band + "_" + site, Cell: band, Site: site, Target: 6 + 2*i + j, Kind: study.Hard, Condition: study.Rule{XPath: xpath(band)}})
		}
		list = append(list, study.Quota{Name: "all_" + site, Cell: "all", Site: site, Target: 16 + 3*i, Kind: study.Hard})
	}
	return list
}

func xpath(band string) string { return ages()[band].rule }

func newFieldwork(t *testing.T, dice *mathrand.Rand) *fieldwork {
	t.Helper()
	f := &fieldwork{central: newCentral(t), dice: dice, sites: map[*device]string{}, caps: map[string]int{}, completed: map[string]int{}}
	f.stop(t)
	f.central.now = f.now
	f.start(t)
	def := f.visit(handInKey(t).Recipient)
	def.Quotas = interlocked()
	for _, q := range def.Quotas {
		f.caps[q.Name] = q.Target
	}
	if _, err := f.store.PutStudy(context.Background(), centralstore.StudyPackage{Study: def, Files: [][]byte{f.form, f.card}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	f.laptop = newLaptop(t)
	f.laptop.stop()
	f.laptop.now = f.now
	f.laptop.start(t)
	f.laptop.signIn(t, f.central)
	for n := range 8 {
		d := newDevice(t, f.central)
		d.now = f.now
		d.open(t)
		f.sites[d] = []string{"north", "south"}[n%2]
		f.arrive(t, d)
		if n < 4 {
			f.online = append(f.online, d)
		} else {
			f.offline = append(f.offline, d)
		}
	}
	for _, d := range f.online {
		d.sync(t)
	}
	for _, d := range f.offline {
		f.laptop.pair(t, d)
		d.sync(t)
		d.net.spoil(noConnection) // from here on it reaches nothing but the laptop
	}
	f.laptop.sync(t)
	f.laptop.net.spoil(noConnection)
	f.reviewer = newReviewer(t, f.central, "rae", centralstore.Grant{})
	return f
}

// arrive enrols a tablet and begins its shift.
func (f *fieldwork) arrive(t *testing.T, d *device) {
	t.Helper()
	ctx := context.Background()
	if _, err := d.agent.Enrol(ctx, f.address, f.code(t)); err != nil {
		t.Fatal(err)
	}
	d.sync(t)
	var err error
	if d.shift, err = d.StartShift(ctx, fieldstore.ShiftStart{Study: "visit", Site: f.sites[d], Entrance: "main"}); err != nil {
		t.Fatal(err)
	}
}

// meets has a tablet meet so many visitors.
func (f *fieldwork) meets(t *testing.T, d *device, n int) {
	t.Helper()
	bands := slices.Sorted(maps.Keys(ages()))
	for range n {
		f.worked.Add(int64(4 * time.Minute)) // eight of them meet two visitors an hour each
		band := bands[f.dice.IntN(len(bands))]
		switch i := d.meetAged(t, ages()[band].age); i.Disposition {
		case interview.Complete:
			for _, cell := range i.Cells {
				f.completed[cell]++
			}
		case interview.QuotaFull:
			f.refused++
		default:
			t.Fatalf("an interview came out as %s", i.Disposition)
		}
	}
}

// contact is a tablet's synchronisation by the only way it has; it may fail.
func (f *fieldwork) contact(t *testing.T, d *device) {
	t.Helper()
	if slices.Contains(f.offline, d) {
		carried(t, d)
		return
	}
	d.net.spoil(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		switch f.dice.IntN(8) {
		case 0:
			return noConnection(r, next)
		case 1:
			return lostAnswer(r, next)
		}
		return next.RoundTrip(r)
	})
	_, _ = d.agent.Sync(context.Background()) // the next one goes on
	d.net.mend()
}

// errand takes the laptop to a connection, on which answers get lost, and back.
func (f *fieldwork) errand(t *testing.T) {
	t.Helper()
	f.laptop.net.mend()
	if f.dice.IntN(3) == 0 {
		f.laptop.net.spoil(on(protocol.PathHandIn, lostAnswer))
		_, _ = f.laptop.agent.Sync(context.Background())
		f.laptop.net.mend()
	}
	f.laptop.sync(t)
	f.laptop.net.spoil(noConnection)
}

// day is some work of everybody, in any order, and perhaps an errand.
func (f *fieldwork) day(t *testing.T, crew []*device) {
	t.Helper()
	for _, n := range f.dice.Perm(len(crew)) {
		f.meets(t, crew[n], f.dice.IntN(3))
		f.contact(t, crew[n])
	}
	if f.dice.IntN(2) == 0 {
		f.errand(t)
		for _, d := range crew {
			if slices.Contains(f.offline, d) {
				f.contact(t, d)
			}
		}
	}
}

// used is what central counts, as it tells a tablet.
func (f *fieldwork) used(t *testing.T) map[string]int {
	t.Helper()
	d := f.online[0]
	d.sync(t)
	known, err := d.Quotas(context.Background(), "visit")
	if err != nil || len(known) != len(f.caps) {
		t.Fatalf("%+v, %v", known, err)
	}
	n := map[string]int{}
	for name, q := range known {
		n[name] = q.Used
	}
	return n
}

// filled tells whether both sites have as many as are wanted of them.
func (f *fieldwork) filled(t *testing.T) bool {
	t.Helper()
	used := f.used(t)
	return used["all_north"] == f.caps["all_north"] && used["all_south"] == f.caps["all_south"]
}

// board is what the supervisor reads, by constraint, and how many interviews do not count yet.
func (f *fieldwork) board(t *testing.T) (counts map[string]int) {
	t.Helper()
	f.reviewer.sync(t)
	b, err := f.reviewer.Board(context.Background(), "visit", "")
	if err != nil {
		t.Fatal(err)
	}
	counts = map[string]int{}
	for _, line := range b.Lines {
		for _, c := range line.Constraints {
			counts[c.Name] = c.Done
		}
	}
	return counts
}

// research counts anew from what a researcher pulls over HTTP, from the answers alone: the newest revisions of complete interviews whose
// ages fall in a cell, but for provisional ones.
func (f *fieldwork) research(t *testing.T) (counts map[string]int, stored map[string]protocol.StoredRecord) {
	t.Helper()
	ctx := context.Background()
	const password = "a long enough password"
	name := fmt.Sprintf("rita%d", time.Now().UnixNano())
	err := f.store.AddUser(ctx, centralstore.NewUser{Name: name, Password: password, Grants: []centralstore.Grant{{Role: centralstore.Researcher}}, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	client, err := agent.NewClient(agent.ClientParams{Central: f.url(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	in, err := client.SignIn(ctx, protocol.SignInRequest{User: name, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	if client, err = agent.NewClient(agent.ClientParams{Central: f.url(), Token: in.Token, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	counts, stored = map[string]int{}, map[string]protocol.StoredRecord{}
	for cursor, more := "", true; more; {
		page, err := client.Records(ctx, "visit", "", cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			var r protocol.StoredRecord
			if item.Kind != delivery.ItemRecord {
				continue
			}
			if err := json.Unmarshal(item.Body, &r); err != nil {
				t.Fatal(err)
			}
			if r.Kind == delivery.KindInterview && r.Revision >= stored[r.ID].Revision {
				stored[r.ID] = r
			}
		}
		cursor, more = page.Cursor, page.More
	}
	for _, r := range stored {
		if !r.Provisional {
			f.tally(t, r, counts)
		}
	}
	return counts, stored
}

// tally counts one interview by its answers.
func (f *fieldwork) tally(t *testing.T, r protocol.StoredRecord, counts map[string]int) {
	t.Helper()
	var i interview.Interview
	if err := json.Unmarshal(r.Body, &i); err != nil {
		t.Fatal(err)
	}
	if i.Disposition != interview.Complete || i.Void != "" {
		return
	}
	for band, a := range ages() {
		if strings.Contains(i.Answers, "<age>"+a.age+"</age>") {
			counts[band+"_"+i.Site]++
		}
	}
	counts["all_"+i.Site]++
}

// compare holds the board against the research data, and both against what is wanted and what was accepted beyond it.
func (f *fieldwork) compare(t *testing.T, when string, accepted map[string]int) {
	t.Helper()
	shown := f.board(t)
	counted, _ := f.research(t)
	used := f.used(t)
	for name, most := range f.caps {
		if shown[name] != counted[name] || shown[name] != used[name] {
			t.Errorf("%s, %s: the board says %d, the research data %d, the ledger %d", when, name, shown[name], counted[name], used[name])
		}
		if shown[name] > most+accepted[name] {
			t.Errorf("%s, %s: %d of %d, %d accepted beyond", when, name, shown[name], most, accepted[name])
		}
	}
}

// granted is the sum of rights a tablet was ever granted.
func (d *device) granted(t *testing.T) (n int) {
	t.Helper()
	err := d.Read(context.Background(), "sum up", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT coalesce(sum(granted), 0) FROM holding`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Eight tablets in two networks share interlocked quotas to the unit, although half of them reach central by a laptop alone. One is lost with
// interviews on it and written off; others get its rights, and when it is found, what it brings is kept, marked, and counts as far as a
// supervisor accepts it.
func TestEightTabletsInTwoNetworksShareQuotas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := newFieldwork(t, seeded(t, 20261129))
	first := map[*device]int{}
	for _, d := range f.offline {
		first[d] = d.granted(t)
	}
	crew := slices.Concat(f.online, f.offline)
	for range 3 {
		f.day(t, crew)
	}
	f.compare(t, "on the third day", nil)

	lost := f.offline[3]
	before := maps.Clone(f.completed)
	for tries := 0; f.since(before) < 2; tries++ { // what it has done since it was heard of last
		if tries == 20 {
			t.Fatal("a tablet behind the laptop has no rights left")
		}
		f.day(t, crew)
		f.errand(t)
		f.contact(t, lost)
		before = maps.Clone(f.completed)
		f.meets(t, lost, 5)
	}
	late := f.since(before)
	who, err := lost.Credentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.store.EndDevice(ctx, centralstore.DeviceEnd{Device: who.Device, How: centralstore.EndLost, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	crew = slices.DeleteFunc(crew, func(d *device) bool { return d == lost })
	days := 0
	for ; !f.filled(t) && days < 60; days++ {
		f.day(t, crew)
	}
	f.errand(t)
	for _, d := range crew {
		f.contact(t, d)
	}
	f.errand(t)
	for _, d := range crew {
		f.contact(t, d)
		d.net.mend()
	}
	for _, d := range crew[:4] {
		d.sync(t)
	}
	t.Logf("filled after %d days", days)
	if !f.filled(t) || f.refused == 0 {
		t.Errorf("after %d days %v of %v, %d refused", days, f.used(t), f.caps, f.refused)
	}
	f.compare(t, "when all is filled", nil)
	for _, d := range f.offline[:3] {
		if d.granted(t) <= first[d] {
			t.Errorf("a tablet behind the laptop was granted %d rights, and never more", first[d])
		}
	}

	f.contact(t, lost) // it is found
	f.errand(t)
	f.contact(t, lost)
	exactlyOnce(t, f.central, slices.Concat(f.online, f.offline)...)
	f.compare(t, "when the lost one is found", nil)
	_, stored := f.research(t)
	var apart []string
	for id, r := range stored {
		if r.Provisional {
			if apart = append(apart, id); r.Device != who.Device {
				t.Error("an interview of a tablet that was not lost is provisional")
			}
		}
	}
	if len(apart) != late {
		t.Errorf("%d interviews are provisional of the %d that were late", len(apart), late)
	}
	if q, err := lost.Quotas(ctx, "visit"); err != nil || q["all_south"].Free != 0 {
		t.Errorf("the tablet that was written off goes on: %+v, %v", q, err)
	}

	slices.Sort(apart)
	accepted := map[string]int{}
	for _, id := range apart[1:] {
		f.tally(t, stored[id], accepted)
		f.reviewer.decide(t, delivery.ReviewAccept, id, "")
	}
	f.reviewer.sync(t)
	f.compare(t, "when all but one are accepted", accepted)
	if n := f.board(t)["all_south"]; n != f.caps["all_south"]+len(apart)-1 {
		t.Errorf("%d count of %d with %d accepted", n, f.caps["all_south"], len(apart)-1)
	}
}

// since counts the interviews completed since a count was taken.
func (f *fieldwork) since(before map[string]int) int {
	return f.completed["all_north"] + f.completed["all_south"] - before["all_north"] - before["all_south"]
}
