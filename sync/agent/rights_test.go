package agent_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/seal"
	"parvis/sync/protocol"
)

// accounts is what central's ledger has of the quota of young visitors, by epoch.
func (c *central) accounts(t *testing.T) map[string]quota.Lease {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.dir, centralstore.FileName)+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT epoch, granted, returned, used, written, moved, spent FROM leases WHERE quota = 'young'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]quota.Lease{}
	for rows.Next() {
		var epoch string
		var l quota.Lease
		if err := rows.Scan(&epoch, &l.Granted, &l.Returned, &l.Used, &l.Written, &l.Moved, &l.Spent); err != nil {
			t.Fatal(err)
		}
		all[epoch] = l
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// holding is what the tablet has of it in its present epoch.
func (d *device) holding(t *testing.T) quota.Holding {
	t.Helper()
	return d.holdingOf(t, "young")
}

// holdingOf is what it has of an account.
func (d *device) holdingOf(t *testing.T, account string) (h quota.Holding) {
	t.Helper()
	err := d.Read(context.Background(), "read the rights", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT coalesce(sum(granted), 0), coalesce(sum(lent), 0), coalesce(sum(reserved), 0), coalesce(sum(committed), 0), coalesce(sum(returned), 0) FROM holding
			WHERE quota = ? AND epoch = ?`, account, d.epoch(t)).Scan(&h.Granted, &h.Lent, &h.Reserved, &h.Committed, &h.Returned)
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (d *device) epoch(t *testing.T) string {
	t.Helper()
	c, err := d.Credentials(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c.Epoch
}

// sound wants the law of the ledger to hold, and no tablet to think it has what central did not grant.
func (c *central) sound(t *testing.T, limit int, devices ...*device) {
	t.Helper()
	sum := 0
	all := c.accounts(t)
	for _, l := range all {
		sum += l.Used + l.Out()
	}
	if sum > limit {
		t.Errorf("%d used and out of %d: %+v", sum, limit, all)
	}
	for _, d := range devices {
		h, l := d.holding(t), all[d.epoch(t)]
		if h.Granted > l.Told(h.Committed) || h.Returned < l.Returned {
			t.Errorf("the tablet holds %+v, central granted %+v", h, l)
		}
	}
}

// brought is a laptop's batches as they lie there, in the order in which they came.
func (l *laptop) brought(t *testing.T) (numbers []int64, list []delivery.Parcel) {
	t.Helper()
	for after := int64(0); ; {
		number, p, ok, err := l.NextParcel(context.Background(), after, 1<<60)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return numbers, list
		}
		numbers, list, after = append(numbers, number), append(list, p), number
	}
}

// bring has the laptop bring a batch to central, whatever its turn, and keep the answer.
func (l *laptop) bring(t *testing.T, number int64, p delivery.Parcel) {
	t.Helper()
	got, err := l.agent.TakeIn(context.Background(), p.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.ParcelForwarded(context.Background(), number, got.Reply); err != nil {
		t.Fatal(err)
	}
}

const youngOnes = 300 // more than are granted at once

// rationed is a site whose study wants so many young visitors; the tablet has its first rights and reaches the laptop alone.
func rationed(t *testing.T) (*central, *device, *laptop) {
	t.Helper()
	c, d, l := site(t)
	c.limited(t, d, youngOnes)
	d.net.mend()
	d.sync(t)
	d.net.spoil(noConnection)
	l.net.mend()
	if h := d.holding(t); h.Free() < 4 {
		t.Fatalf("%+v", h)
	}
	return c, d, l
}

// works completes so many interviews.
func (d *device) works(t *testing.T, n int) {
	t.Helper()
	for range n {
		if !d.meet(t) {
			t.Fatalf("turned away with %+v", d.holding(t))
		}
	}
}

// However a laptop brings a tablet's statements, no right is granted twice or lost, and what is delivered counts.
func TestStatementsOverTheLaptopDoNoHarm(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, play := range map[string]func(t *testing.T, c *central, d *device, l *laptop){
		"as planned": func(t *testing.T, c *central, d *device, l *laptop) {
			before := d.holding(t)
			d.works(t, 3)
			carried(t, d)
			l.sync(t)
			carried(t, d)
			if h := d.holding(t); h.Granted <= before.Granted || h.Free() < before.Free() {
				t.Errorf("%+v after %+v", h, before)
			}
		},
		"brought twice": func(t *testing.T, c *central, d *device, l *laptop) {
			d.works(t, 3)
			carried(t, d)
			numbers, parcels := l.brought(t)
			l.bring(t, numbers[0], parcels[0])
			once := c.accounts(t)[d.epoch(t)]
			l.bring(t, numbers[0], parcels[0])
			if twice := c.accounts(t)[d.epoch(t)]; twice != once {
				t.Errorf("%+v, and the second time %+v", once, twice)
			}
			carried(t, d)
			if h := d.holding(t); h.Granted != once.Granted {
				t.Errorf("%+v of %+v", h, once)
			}
		},
		"brought after a direct synchronisation": func(t *testing.T, c *central, d *device, l *laptop) {
			d.works(t, 2)
			carried(t, d)
			d.works(t, 2)
			d.net.mend()
			d.sync(t)
			direct, held := c.accounts(t)[d.epoch(t)], d.holding(t)
			for i, p := range second(l.brought(t)) {
				l.bring(t, first(l.brought(t))[i], p)
			}
			if late := c.accounts(t)[d.epoch(t)]; late != direct {
				t.Errorf("a late statement made %+v of %+v", late, direct)
			}
			d.net.spoil(noConnection)
			carried(t, d)
			if h := d.holding(t); h != held {
				t.Errorf("a late answer made %+v of %+v", h, held)
			}
		},
		"brought out of order": func(t *testing.T, c *central, d *device, l *laptop) {
			d.works(t, 2)
			carried(t, d)
			d.works(t, 2)
			carried(t, d)
			numbers, parcels := l.brought(t)
			if len(parcels) != 2 {
				t.Fatalf("%d batches", len(parcels))
			}
			l.bring(t, numbers[1], parcels[1])
			carried(t, d)
			newer, held := c.accounts(t)[d.epoch(t)], d.holding(t)
			l.bring(t, numbers[0], parcels[0])
			older := c.accounts(t)[d.epoch(t)]
			if older.Granted != newer.Granted || older.Returned != newer.Returned || older.Used != newer.Used+2 {
				t.Errorf("an older statement made %+v of %+v", older, newer)
			}
			carried(t, d)
			if h := d.holding(t); h != held {
				t.Errorf("an older answer made %+v of %+v", h, held)
			}
		},
		"brought after a write-off": func(t *testing.T, c *central, d *device, l *laptop) {
			d.works(t, 2)
			carried(t, d)
			who, err := d.Credentials(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.store.LoseDevice(ctx, who.Device, "test"); err != nil {
				t.Fatal(err)
			}
			lost := c.accounts(t)[who.Epoch]
			l.sync(t)
			after := c.accounts(t)[who.Epoch]
			if after.Spent = lost.Spent; lost.Written == 0 || after != lost {
				t.Errorf("%+v, and after the batch %+v", lost, after)
			}
			carried(t, d)
			if h := d.holding(t); h.Free() != 0 {
				t.Errorf("it still holds %+v", h)
			}
			if d.meet(t) {
				t.Error("it goes on with rights that others have")
			}
		},
		"by an older central": func(t *testing.T, c *central, d *device, l *laptop) {
			before := d.holding(t)
			d.works(t, 2)
			carried(t, d)
			l.sync(t)
			given, err := d.Carried(ctx)
			if err != nil || len(given) != 1 {
				t.Fatal(len(given), err)
			}
			l.between.states = olderCentral(t, given[0])
			if report := carried(t, d); report.Sent == 0 || report.Forged != 0 {
				t.Errorf("%+v", report)
			}
			if h := d.holding(t); h.Granted != before.Granted || h.Returned != before.Returned {
				t.Errorf("%+v after %+v", h, before)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, d, l := rationed(t)
			play(t, c, d, l)
			c.sound(t, youngOnes, d)
			l.between.states = nil
			for range 2 { // whatever happened, all of it arrives in the end
				l.sync(t)
				carried(t, d)
			}
			c.sound(t, youngOnes, d)
			exactlyOnce(t, c, d)
			complete := 0
			for _, r := range c.records(t) {
				var i interview.Interview
				if r.Kind == delivery.KindInterview {
					if err := json.Unmarshal(r.Body, &i); err != nil {
						t.Fatal(err)
					}
					if i.Disposition != interview.Complete {
						continue
					}
					complete++
					if r.Provisional != (name == "brought after a write-off") {
						t.Errorf("provisional: %v", r.Provisional)
					}
				}
			}
			if complete == 0 {
				t.Error("nothing was compared")
			}
		})
	}
}

func first(numbers []int64, _ []delivery.Parcel) []int64         { return numbers }
func second(_ []int64, list []delivery.Parcel) []delivery.Parcel { return list }

// olderCentral has the reply to a batch say no more than centrals said before they heard of visits and rights in one.
func olderCentral(t *testing.T, given delivery.Carried) func([]delivery.ParcelState) []delivery.ParcelState {
	return func(states []delivery.ParcelState) []delivery.ParcelState {
		for i, s := range states {
			if len(s.Reply) == 0 || s.SHA256 != given.SHA256 {
				continue
			}
			plain, err := seal.OpenReply(given.Key, protocol.ReplyAbout(s.SHA256), s.Reply)
			if err != nil {
				t.Error(err)
				continue
			}
			said, err := protocol.ReadReply(plain)
			if err != nil || len(said.Epochs) == 0 || len(said.Leases) == 0 {
				t.Errorf("%+v, %v", said, err)
			}
			said.Epochs, said.Leases = nil, nil
			if plain, err = protocol.WriteReply(said); err == nil {
				states[i].Reply, err = seal.CloseReply(given.Key, protocol.ReplyAbout(s.SHA256), plain)
			}
			if err != nil {
				t.Error(err)
			}
		}
		return states
	}
}

// A tablet that was set back to a copy of itself learns so over the laptop alone: it begins a new epoch, leaves the rights of the other life
// alone, and what it makes from then on has numbers of its own.
func TestATabletLearnsOverTheLaptopThatItWasSetBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, d, l := rationed(t)
	d.works(t, 1)
	carried(t, d)
	l.sync(t)
	carried(t, d)
	copied := filepath.Join(t.TempDir(), "field.sqlite")
	copyFiles(t, d.path, copied)
	copyFiles(t, d.path+".key", copied+".key")

	d.works(t, 2) // the one life
	carried(t, d)
	l.sync(t)
	carried(t, d)

	b := &device{net: newNetwork(t), path: copied, now: time.Now, form: d.form, shift: d.shift} // the other
	b.open(t)
	b.net.spoil(noConnection)
	epoch, before := b.epoch(t), c.accounts(t)
	b.works(t, 1)
	carried(t, b)
	l.sync(t)
	if after := c.accounts(t)[epoch]; after.Granted != before[epoch].Granted || after.Returned != before[epoch].Returned {
		t.Errorf("the other life's statement made %+v of %+v", after, before[epoch])
	}
	carried(t, b)
	if b.epoch(t) == epoch {
		t.Fatal("the tablet goes on as if it had not been set back")
	}
	if h := b.holding(t); h.Free() != 0 {
		t.Errorf("it took rights along: %+v", h)
	}
	b.contact(t)
	carried(t, b)
	l.sync(t)
	carried(t, b)
	if h := b.holding(t); h.Free() == 0 {
		t.Errorf("it got no rights of its own: %+v", h)
	}
	for _, one := range []*device{d, b} {
		if w, err := one.Waiting(ctx); err != nil || w.Records != 0 {
			t.Errorf("%d records wait, %v", w.Records, err)
		}
		for id := range one.made(t) {
			if !isAt(t, c, id) {
				t.Errorf("%+v is not at central", id)
			}
		}
	}
	c.sound(t, youngOnes, b)
	carried(t, d)
	l.sync(t)
	if d.epoch(t) != epoch {
		t.Error("the life that was first gave its epoch up")
	}
}

func isAt(t *testing.T, c *central, id delivery.Identity) bool {
	t.Helper()
	for _, r := range c.records(t) {
		if r.Identity() == id {
			return true
		}
	}
	return false
}

// copyFiles copies a database as it is on the disk at this moment.
func copyFiles(t *testing.T, from, to string) {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(from + end)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+end, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
