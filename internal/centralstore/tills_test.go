package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// laptop is a supervisor's as it comes to central.
type laptop struct {
	Principal
	key    string
	epochs []delivery.EpochNumbers
	visits int
	tills  map[string]*quota.Till
	passed map[string]map[string]int // told by the laptop itself
}

func newLaptop(user string, grants ...Grant) *laptop {
	if len(grants) == 0 {
		grants = []Grant{{Role: Supervisor, Study: "mall"}}
	}
	l := &laptop{Principal: Principal{User: user, Grants: grants, Since: start.UnixMilli()}, key: delivery.Sum([]byte(user)), tills: map[string]*quota.Till{}}
	l.begin()
	return l
}

// begin begins a new epoch.
func (l *laptop) begin() {
	l.epochs, l.tills = []delivery.EpochNumbers{{Epoch: uuid.Must(uuid.NewV7()).String()}}, map[string]*quota.Till{}
}

func (l *laptop) epoch() string { return l.epochs[0].Epoch }

func (l *laptop) till(q string) *quota.Till {
	if l.tills[q] == nil {
		l.tills[q] = &quota.Till{}
	}
	return l.tills[q]
}

// visit makes the laptop's next visit.
func (l *laptop) visit() {
	l.visits++
	l.epochs[0].Visit, l.epochs[0].After = fmt.Sprintf("%d-%s", l.visits, uuid.NewString()[:8]), l.epochs[0].Visit
}

func (l *laptop) statement() delivery.LeaseStatement {
	st := delivery.LeaseStatement{Study: "mall", Epoch: l.epoch(), Hours: 2, Holdings: map[string]delivery.LeaseHolding{}, Passed: l.passed}
	for q, till := range l.tills {
		st.Holdings[q] = delivery.LeaseHolding{Returned: till.Returned, Met: till.Lent}
	}
	return st
}

// settles is the laptop at central, which takes up the answer.
func (c *central) settles(t *testing.T, l *laptop) Tilled {
	t.Helper()
	done, err := c.Till(context.Background(), Tilling{Who: l.Principal, Laptop: l.key, Epochs: l.epochs, Statements: []delivery.LeaseStatement{l.statement()}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range done.Answers {
		for q, lease := range a.Leases {
			l.till(q).Told(lease.Granted, lease.Moved)
		}
		states, err := c.QuotaStates(context.Background(), supervisor("any", Grant{}), a.Study)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range states.Quotas {
			if q.Used+q.Leased > q.Target {
				t.Errorf("%s: %d used and %d leased of %d", q.Name, q.Used, q.Leased, q.Target)
			}
		}
	}
	return done
}

// lends passes rights on to a tablet; loans is what the tablet has.
func (l *laptop) lends(q string, n int, loans map[string]map[string]int) {
	l.till(q).Lent += n
	if loans[l.epoch()] == nil {
		loans[l.epoch()] = map[string]int{}
	}
	loans[l.epoch()][q] += n
}

// claims is a tablet's statement.
func (c *central) claims(t *testing.T, d *device, loans map[string]map[string]int, returned int) delivery.LeaseAnswer {
	t.Helper()
	st := delivery.LeaseStatement{Study: "mall", Epoch: d.Epoch, Lent: loans, Holdings: map[string]delivery.LeaseHolding{"men": {Returned: returned}}}
	answers, err := c.Leases(context.Background(), Leasing{Who: d.Principal, Statements: []delivery.LeaseStatement{st}})
	if err != nil || len(answers) != 1 {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	for q, lease := range answers[0].Leases {
		if lease.Used+lease.Leased > lease.Cap {
			t.Errorf("%s: %d used and %d leased of %d", q, lease.Used, lease.Leased, lease.Cap)
		}
	}
	return answers[0]
}

// lent is a complete interview with a right that may be one of those that laptops passed on.
func (d *device) lent(t *testing.T, cell string, loans map[string]map[string]int) delivery.Record {
	t.Helper()
	r := d.record(t, delivery.KindInterview, "mall", "north")
	at := interview.Moment{UTC: start.UnixMilli(), Offset: 60}
	tills := map[string]map[string]int{}
	for till, of := range loans {
		tills[till] = maps.Clone(of)
	}
	return d.with(t, r, interview.Interview{
		ID: r.ID, Study: "mall", Site: "north", Started: at, Ended: at, Disposition: interview.Complete, Answers: "<data/>", Cells: []string{cell},
		Rights: map[string]int{cell: 1}, Lent: &interview.Lent{Epoch: d.Epoch, Tills: tills},
	})
}

// lease is what central's ledger has of the men.
func (c *central) lease(t *testing.T, epoch string) quota.Lease {
	t.Helper()
	var l quota.Lease
	err := c.insides().read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT granted, returned, used, written, moved FROM leases WHERE quota = 'men' AND epoch = $1`, epoch).
			Scan(&l.Granted, &l.Returned, &l.Used, &l.Written, &l.Moved)
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A laptop has rights of its own. What it passes on counts for the tablet from when the tablet says so, once, whichever comes first: its
// statement or an interview made with it.
func TestALaptopPassesRightsOn(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 400, 2)
	l, d := newLaptop("sue"), c.device(t, "0417", "mall")
	c.claims(t, d, nil, 0)
	own := c.lease(t, d.Epoch)
	c.settles(t, l)
	had := l.till("men").Free()
	if had < 3 {
		t.Fatalf("%d rights", had)
	}
	loans := map[string]map[string]int{}
	l.lends("men", 2, loans)
	first := d.lent(t, "men", loans)
	for range own.Granted + 1 { // more than the tablet had by itself: it used one of the laptop's
		c.push(t, d, first)
		if f := c.filed(t, first.ID); f.Provisional() {
			t.Fatal("an interview made with a right that was passed on is provisional")
		}
		first = d.lent(t, "men", loans)
	}
	if now := c.lease(t, d.Epoch); now != (quota.Lease{Granted: own.Granted + 2, Used: own.Granted + 1}) {
		t.Errorf("%+v after %+v", now, own)
	}
	if till := c.lease(t, l.epoch()); till != (quota.Lease{Granted: had, Moved: 2}) {
		t.Errorf("%+v of %d", till, had)
	}
	l.lends("men", 1, loans)
	for range 2 { // again, and what is out of date
		a := c.claims(t, d, loans, 0)
		if a.Lent[l.epoch()]["men"] != 3 || c.lease(t, l.epoch()).Moved != 3 {
			t.Errorf("%+v, %+v", a, c.lease(t, l.epoch()))
		}
		if a = c.claims(t, d, map[string]map[string]int{l.epoch(): {"men": 1}}, 0); a.Lent[l.epoch()]["men"] != 3 || c.lease(t, l.epoch()).Moved != 3 {
			t.Errorf("%+v, %+v", a, c.lease(t, l.epoch()))
		}
	}
	c.settles(t, l)
	if till := l.till("men"); till.Moved != 3 || till.Free() < had-3 {
		t.Errorf("%+v", till)
	}
	all, err := c.ListDevices(context.Background())
	if err != nil || len(all) != 2 || !slices.ContainsFunc(all, func(s delivery.DeviceState) bool { return s.Account == "sue" && s.Interviewer == "" }) {
		t.Errorf("%+v, %v", all, err)
	}
}

// What a laptop says it passed on is known for the tablet's before the tablet is heard, so that nothing is left behind at the till when the
// tablet is lost; the tablet that never got the laptop's answer has it from central.
func TestALaptopTellsWhatItPassedOn(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 400, 2)
	l, d, gone := newLaptop("sue"), c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	c.settles(t, l)
	had := l.till("men").Granted
	if err := c.LoseDevice(context.Background(), gone.Device, "sam"); err != nil {
		t.Fatal(err)
	}
	l.passed = map[string]map[string]int{d.Epoch: {"men": 2, "none such": 1}, gone.Epoch: {"men": 1}, l.epoch(): {"men": 1}, uuid.NewString(): {"men": 1}}
	for range 2 {
		a := c.settles(t, l).Answers[0]
		if len(a.Passed) != 2 || a.Passed[d.Epoch]["men"] != 2 || a.Passed[gone.Epoch]["men"] != 1 || a.Leases["men"].Moved != 3 || a.Leases["men"].Granted < had {
			t.Errorf("%+v", a)
		}
	}
	if one, two := c.lease(t, d.Epoch), c.lease(t, gone.Epoch); one != (quota.Lease{Granted: 2}) || two != (quota.Lease{Granted: 1, Written: 1}) {
		t.Errorf("%+v, %+v", one, two)
	}
	if a := c.claims(t, d, nil, 0); a.Lent[l.epoch()]["men"] != 2 || a.Leases["men"].Granted < 2 {
		t.Errorf("%+v", a)
	}
	c.claims(t, d, map[string]map[string]int{l.epoch(): {"men": 2}}, 0)
	if till := c.lease(t, l.epoch()); till.Moved != 3 {
		t.Errorf("it moved again: %+v", till)
	}
}

// A laptop that was set back lends twice what it had once: no more count than there were rights, the rest waits for a person.
func TestALaptopThatLendsTwiceMakesNoRights(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 3, 2)
	l := newLaptop("sue")
	c.settles(t, l)
	if l.till("men").Free() != 3 {
		t.Fatalf("%+v", l.till("men"))
	}
	var filed []string
	for _, code := range []string{"0417", "0418"} {
		d, loans := c.device(t, code, "mall"), map[string]map[string]int{}
		l.lends("men", 2, loans)
		for range 2 {
			r := d.lent(t, "men", loans)
			c.push(t, d, r)
			filed = append(filed, r.ID)
		}
		a := c.claims(t, d, loans, 0)
		if a.Leases["men"].Used > 3 || a.Lent[l.epoch()]["men"] != 2 {
			t.Errorf("%+v", a)
		}
	}
	waiting := 0
	for _, id := range filed {
		if f := c.filed(t, id); f.Provisional() {
			waiting++
		}
	}
	if waiting != 1 {
		t.Errorf("%d are provisional", waiting)
	}
	c.settles(t, l)
	if free := l.till("men").Free(); free > 0 {
		t.Errorf("it goes on to lend %d", free)
	}
}

// A laptop that was lost is written off: what it passed on and nobody told of is provisional, and it lends no more until its person signs in
// anew. A tablet that was lost has what it was passed on written off as it comes.
func TestALostLaptopAndALostTablet(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	c.quotaStudy(t, "mall", 3, 2)
	l, d := newLaptop("sue"), c.device(t, "0417", "mall")
	c.settles(t, l)
	loans := map[string]map[string]int{}
	l.lends("men", 1, loans)
	c.push(t, d, d.lent(t, "men", loans)) // told of in time
	l.lends("men", 1, loans)
	device := c.laptops(t)[0]
	c.pass(time.Minute)
	sam := Principal{User: "sam", Grants: []Grant{{Role: Supervisor, Study: "mall", Site: "north"}}}
	if err := c.EndDevice(ctx, DeviceEnd{Device: device, How: EndLost, Who: sam}); CodeOf(err) != Forbidden {
		t.Errorf("another one's laptop: %v", err)
	}
	own := Principal{User: "sue", Grants: sam.Grants}
	if e, err := c.Ending(ctx, own, device); err != nil || e.Rights != 4 { // two men and two women
		t.Errorf("%+v, %v", e, err)
	}
	if err := c.EndDevice(ctx, DeviceEnd{Device: device, How: EndLost, Who: own}); err != nil {
		t.Fatal(err)
	}
	if till := c.lease(t, l.epoch()); till != (quota.Lease{Granted: 3, Moved: 1, Written: 2}) {
		t.Errorf("%+v", till)
	}
	late := d.lent(t, "men", loans)
	c.push(t, d, late)
	if f := c.filed(t, late.ID); !f.Provisional() || c.lease(t, l.epoch()).Moved != 1 {
		t.Errorf("%+v, %+v", f, c.lease(t, l.epoch()))
	}
	if done := c.settles(t, l); !done.Ended || done.Renew || done.Answers[0].Leases["men"].Keep != 0 {
		t.Errorf("%+v", done)
	}
	l.begin()
	if done := c.settles(t, l); !done.Ended || done.Renew || l.till("men").Free() > 0 {
		t.Errorf("it began anew by itself: %+v", done)
	}
	c.pass(time.Minute)
	l.Since = c.clock.Load()
	if done := c.settles(t, l); done.Ended || l.till("men").Free() < 1 {
		t.Errorf("signed in anew: %+v, %+v", done, l.till("men"))
	}
	if again := c.laptops(t); len(again) != 1 || again[0] != device {
		t.Errorf("%v", again)
	}
	free := l.till("men").Free()
	lost := map[string]map[string]int{}
	l.lends("men", 1, lost)
	gone := c.device(t, "0418", "mall")
	r := gone.lent(t, "men", lost)
	if err := c.LoseDevice(ctx, gone.Device, "sam"); err != nil {
		t.Fatal(err)
	}
	found := c.enrolled(t, "0418", gone.secret, "mall")
	c.push(t, found, r)
	if f := c.filed(t, r.ID); !f.Provisional() {
		t.Errorf("%+v", f)
	}
	if lease := c.lease(t, gone.Epoch); lease.Granted != 1 || lease.Written != 1 || c.lease(t, l.epoch()).Out() != free-1 {
		t.Errorf("%+v, %+v", lease, c.lease(t, l.epoch()))
	}
}

// A laptop that another life of itself has come before learns so, and nothing it says is heard; its new epoch leaves the other's rights alone.
func TestALaptopLearnsThatItWasSetBack(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 30, 2)
	l := newLaptop("sue")
	l.visit()
	c.settles(t, l)
	old := *l
	old.epochs = slices.Clone(l.epochs)
	l.visit()
	c.settles(t, l)
	before := c.lease(t, l.epoch())
	old.visits += 10
	old.visit()
	old.tills = map[string]*quota.Till{"men": {Returned: 2}}
	done := c.settles(t, &old)
	if done.Visit != l.epochs[0].Visit || len(done.Answers) != 0 || c.lease(t, l.epoch()) != before {
		t.Errorf("%+v, %+v", done, c.lease(t, l.epoch()))
	}
	old.begin()
	old.epochs = append(old.epochs, l.epochs[0])
	if done := c.settles(t, &old); done.Visit != "" || old.till("men").Free() < 1 || c.lease(t, l.epoch()) != before {
		t.Errorf("%+v, %+v", done, c.lease(t, l.epoch()))
	}
	if done := c.settles(t, l); !done.Ended || !done.Renew {
		t.Errorf("%+v", done)
	}
}

// A laptop is granted nothing for sites its account does not answer for, and nothing is kept back for it there.
func TestALaptopHasRightsOfItsSitesAlone(t *testing.T) {
	c := newCentral(t)
	pkg := c.study(t, "mall")
	pkg.Study.Quotas = []study.Quota{
		{Name: "north", Target: 1, Kind: study.Hard, Site: "north"}, {Name: "south", Target: 1, Kind: study.Hard, Site: "south"}, {Name: "men", Target: 50, Kind: study.Hard},
	}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
	l := newLaptop("sue", Grant{Role: Supervisor, Study: "mall", Site: "north"})
	l.till("south").Lent = 9 // all ask for them
	c.settles(t, l)
	delete(l.tills, "south")
	a := c.settles(t, l).Answers[0]
	if a.Leases["south"].Granted != 0 || a.Leases["south"].Keep != 0 || a.Leases["north"].Granted != 1 || a.Leases["men"].Granted < 1 {
		t.Errorf("%+v", a)
	}
	if a := c.claims(t, c.device(t, "0417", "mall"), nil, 0); a.Leases["south"].Granted != 1 {
		t.Errorf("the last right waits for a laptop that may not have it: %+v", a)
	}
}

// Who is nobody's supervisor has no till, and what a tablet says of tills that are none moves nothing.
func TestWhoHasNoTill(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	c.quotaStudy(t, "mall", 30, 2)
	c.study(t, "fair")
	good := newLaptop("sue")
	for name, tc := range map[string]struct {
		change func(*Tilling)
		want   ErrorCode
	}{
		"a viewer":         {func(t *Tilling) { t.Who.Grants = []Grant{{Role: Viewer, Study: "mall"}} }, ""},
		"another study":    {func(t *Tilling) { t.Who.Grants = []Grant{{Role: Supervisor, Study: "fair"}} }, ""},
		"a device":         {func(t *Tilling) { t.Who = Principal{Device: "x"} }, Forbidden},
		"no key":           {func(t *Tilling) { t.Laptop = "" }, Invalid},
		"a key in capital": {func(t *Tilling) { t.Laptop = strings.ToUpper(t.Laptop) }, Invalid},
		"no epoch":         {func(t *Tilling) { t.Epochs = nil }, Invalid},
		"no uuid":          {func(t *Tilling) { t.Epochs = []delivery.EpochNumbers{{Epoch: "one"}} }, Invalid},
	} {
		in := Tilling{Who: good.Principal, Laptop: good.key, Epochs: good.epochs, Statements: []delivery.LeaseStatement{good.statement()}}
		tc.change(&in)
		if _, err := c.Till(ctx, in); CodeOf(err) != tc.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := c.laptops(t); len(got) != 0 {
		t.Errorf("%v", got)
	}
	one, two := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	c.claims(t, one, nil, 0)
	before := c.lease(t, one.Epoch)
	a := c.claims(t, two, map[string]map[string]int{one.Epoch: {"men": 5}, "no such": {"men": 2}}, 0)
	if c.lease(t, one.Epoch) != before || a.Lent[one.Epoch]["men"] != 5 || a.Lent["no such"]["men"] != 2 {
		t.Errorf("%+v, %+v", a, c.lease(t, one.Epoch))
	}
	if _, err := c.Till(ctx, Tilling{Who: good.Principal, Laptop: good.key, Epochs: []delivery.EpochNumbers{{Epoch: one.Epoch}}, Statements: []delivery.LeaseStatement{good.statement()}}); CodeOf(err) != Invalid {
		t.Errorf("a tablet's epoch: %v", err)
	}
}

func (c *central) laptops(t *testing.T) (ids []string) {
	t.Helper()
	all, err := c.ListDevices(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Account != "" {
			ids = append(ids, d.Device)
		}
	}
	return ids
}
