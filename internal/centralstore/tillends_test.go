package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"parvis/internal/delivery"
)

// Who has no role in a study any more hears of it what the laptop was granted, and nothing of how its quotas stand.
func TestALaptopHearsNothingOfStudiesWithoutARole(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 12, 2)
	c.study(t, "fair")
	l := newLaptop("sue")
	c.settles(t, l)
	l.Grants = []Grant{{Role: Supervisor, Study: "fair"}}
	d := c.device(t, "0417", "mall")
	c.claims(t, d, nil, 0)
	c.push(t, d, d.completed(t, "men", true))
	done := c.settles(t, l)
	for q, x := range done.Answers[0].Leases {
		if x.Cap != 0 || x.Used != 0 || x.Leased != 0 {
			t.Errorf("%s: %+v", q, x)
		}
	}
}

// Whoever watches the devices hears of it when a laptop that was shut out begins anew, whatever time it is.
func TestItIsNewsThatALaptopIsLetInAgain(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 12, 2)
	ctx := context.Background()
	l := newLaptop("sue")
	c.settles(t, l)
	device := c.laptops(t)[0]
	if err := c.EndDevice(ctx, DeviceEnd{Device: device, How: EndLost, Actor: "x"}); err != nil {
		t.Fatal(err)
	}
	_, cursor := c.all(t, PullQuery{Who: Principal{User: "sam", Grants: []Grant{{Role: Supervisor, Study: "mall"}}}, Limit: 100, Bytes: 1 << 20})
	c.pass(time.Minute)
	l.Since = c.clock.Load()
	l.begin()
	in := c.insides()
	old := in.p.Now
	in.p.Now = func() time.Time { c.clock.Add(1); return time.UnixMilli(c.clock.Load()) }
	done := c.settles(t, l)
	in.p.Now = old
	if done.Ended {
		t.Fatalf("%+v", done)
	}
	entries, _ := c.all(t, PullQuery{Who: Principal{User: "sam", Grants: []Grant{{Role: Supervisor, Study: "mall"}}}, Cursor: cursor, Limit: 100, Bytes: 1 << 20})
	if len(entries) == 0 {
		t.Error("nobody hears that the laptop is let in again")
	}
}

// whileHeld begins calls one after the other while another transaction holds the study, and lets go once all wait; over SQLite there is one
// writer and nothing to try. It returns the deadlocks that PostgreSQL had to end.
func (c *central) whileHeld(t *testing.T, calls ...func() error) (deadlocks int) {
	t.Helper()
	if server == nil {
		t.Skip("SQLite has one writer")
	}
	ctx := context.Background()
	db, err := sql.Open("pgx", c.db)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE studies SET feed = feed WHERE id = 'mall'`); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, len(calls))
	for _, call := range calls {
		go func() { done <- call() }()
		time.Sleep(300 * time.Millisecond) // it gets as far as it can
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	for range calls {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if err := db.QueryRowContext(ctx, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`).Scan(&deadlocks); err != nil {
		t.Fatal(err)
	}
	return deadlocks
}

// A tablet is lost while a laptop tells what it passed on to it: nothing stays out at a device that is gone.
func TestALossAndALaptopsWordComeOneAfterTheOther(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 400, 2)
	l, gone := newLaptop("sue"), c.device(t, "0417", "mall")
	c.settles(t, l)
	l.passed = map[string]map[string]int{gone.Epoch: {"men": 2}}
	c.whileHeld(t, func() error {
		_, err := c.Till(context.Background(), Tilling{Who: l.Principal, Laptop: l.key, Epochs: l.epochs, Statements: []delivery.LeaseStatement{l.statement()}})
		return err
	}, func() error { return c.LoseDevice(context.Background(), gone.Device, "sam") })
	if x := c.lease(t, gone.Epoch); x.Out() != 0 {
		t.Errorf("rights that nobody can use stay out: %+v", x)
	}
}

// A laptop is lost while a tablet tells what it had from it: neither waits for the other.
func TestALostLaptopAndAClaimDoNotWaitForEachOther(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 400, 2)
	l, d := newLaptop("sue"), c.device(t, "0417", "mall")
	c.settles(t, l)
	loans, lost := map[string]map[string]int{}, c.laptops(t)[0]
	l.lends("men", 2, loans)
	if n := c.whileHeld(t, func() error {
		_, err := c.Leases(context.Background(), Leasing{Who: d.Principal, Statements: []delivery.LeaseStatement{{Study: "mall", Epoch: d.Epoch, Number: 1, Lent: loans}}})
		return err
	}, func() error { return c.LoseDevice(context.Background(), lost, "sam") }); n > 0 {
		t.Errorf("PostgreSQL ended %d of them", n)
	}
}

// Devices tell of two studies, each in an order of its own: neither waits for the other.
func TestDevicesTellOfStudiesInAnyOrder(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "fair", 400, 2)
	c.quotaStudy(t, "mall", 400, 2)
	tells := func(d *device, studies ...string) func() error {
		l := Leasing{Who: d.Principal}
		for _, study := range studies {
			l.Statements = append(l.Statements, delivery.LeaseStatement{Study: study, Epoch: d.Epoch, Number: 1})
		}
		return func() error {
			_, err := c.Leases(context.Background(), l)
			return err
		}
	}
	lent := func(user string, studies ...string) func() error {
		l := newLaptop(user, Grant{Role: Supervisor, Study: "fair"}, Grant{Role: Supervisor, Study: "mall"})
		in := Tilling{Who: l.Principal, Laptop: l.key, Epochs: l.epochs}
		for _, study := range studies {
			st := l.statement()
			st.Study = study
			in.Statements = append(in.Statements, st)
		}
		told := func() error {
			_, err := c.Till(context.Background(), in)
			return err
		}
		if err := told(); err != nil {
			t.Fatal(err)
		}
		return told
	}
	one, two := c.device(t, "0417", "fair", "mall"), c.device(t, "0418", "fair", "mall")
	if n := c.whileHeld(t, tells(one, "mall", "fair"), tells(two, "fair", "mall")); n > 0 {
		t.Errorf("tablets: PostgreSQL ended %d of them", n)
	}
	if n := c.whileHeld(t, lent("sue", "mall", "fair"), lent("tom", "fair", "mall")); n > 0 {
		t.Errorf("laptops: PostgreSQL ended %d of them", n)
	}
}

// However many interviews a tablet says go on, it is granted no more than its share.
func TestInterviewsThatGoOnAreNoMoreThanTheRightsOut(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 400, 2)
	d, other := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	st := delivery.LeaseStatement{Study: "mall", Epoch: d.Epoch, Holdings: map[string]delivery.LeaseHolding{"men": {Reserved: 1 << 40}}}
	a, err := c.Leases(context.Background(), Leasing{Who: d.Principal, Statements: []delivery.LeaseStatement{st}})
	if err != nil || a[0].Leases["men"].Granted == 400 {
		t.Errorf("%+v %v", a[0].Leases["men"], err)
	}
	if b := c.claims(t, other, nil, 0); b.Leases["men"].Granted == 0 {
		t.Errorf("nothing for others")
	}
}

// Two copies of a laptop begin epoch after epoch; central says so at some point, and takes the laptop again a day later.
func TestCopiesOfALaptopDoNotEndItsLending(t *testing.T) {
	c, ctx := newCentral(t), context.Background()
	c.quotaStudy(t, "mall", 400, 2)
	l := newLaptop("sue")
	var err error
	for n := 0; err == nil && n < 2*mostEpochs; n++ {
		c.pass(time.Minute)
		l.begin()
		_, err = c.Till(ctx, Tilling{Who: l.Principal, Laptop: l.key, Epochs: l.epochs, Statements: []delivery.LeaseStatement{l.statement()}})
	}
	wantCode(t, err, Invalid)
	c.pass(48 * time.Hour)
	l.begin()
	if d := c.settles(t, l); len(d.Answers[0].Leases) == 0 {
		t.Errorf("its lending has ended: %+v", d)
	}
}

// A tablet that names more laptops than one may is heard of the latest, in a statement and in an interview, and is not told that the others
// were heard.
func TestOfTooManyLaptopsTheLatestAreHeard(t *testing.T) {
	for name, hear := range map[string]func(*central, *testing.T, *device, map[string]map[string]int){
		"a statement": func(c *central, t *testing.T, d *device, loans map[string]map[string]int) {
			if a := c.claims(t, d, loans, 0); len(a.Lent) != mostTills || a.Lent["0-00"] != nil {
				t.Errorf("%d were heard: %v", len(a.Lent), a.Lent)
			}
		},
		"an interview": func(c *central, t *testing.T, d *device, loans map[string]map[string]int) {
			r := d.lent(t, "men", loans)
			c.push(t, d, r)
			if f := c.filed(t, r.ID); f.Provisional() {
				t.Errorf("%+v", f)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCentral(t)
			c.quotaStudy(t, "mall", 400, 2)
			l, d, loans := newLaptop("sue"), c.device(t, "0417", "mall"), map[string]map[string]int{}
			c.settles(t, l)
			for i := range mostTills {
				loans[fmt.Sprintf("0-%02d", i)] = map[string]int{"men": 1}
			}
			l.lends("men", 2, loans)
			hear(c, t, d, loans)
			if till := c.lease(t, l.epoch()); till.Moved != 2 {
				t.Errorf("%+v", till)
			}
		})
	}
}
