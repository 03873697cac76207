package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// quotaStudy is a study with two hard cells, of a and b interviews, and a watched one.
func (c *central) quotaStudy(t *testing.T, id string, a, b int) {
	t.Helper()
	pkg := c.study(t, id)
	pkg.Study.Quotas = []study.Quota{
		{Name: "men", Target: a, Kind: study.Hard}, {Name: "women", Target: b, Kind: study.Hard}, {Name: "young", Target: 1, Kind: study.Watched},
	}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
}

// says is a device's statement; wallet is what it holds.
func (c *central) says(t *testing.T, d *device, wallet quota.Wallet, hours float64, met map[string]int) delivery.LeaseAnswer {
	t.Helper()
	a := c.told(t, d, wallet, hours, met)
	for q, l := range a.Leases {
		if l.Used+l.Leased > l.Cap {
			t.Errorf("%s: %d used and %d leased of %d", q, l.Used, l.Leased, l.Cap)
		}
	}
	return a
}

// told is says where a cap may have been lowered below what is out.
func (c *central) told(t *testing.T, d *device, wallet quota.Wallet, hours float64, met map[string]int) delivery.LeaseAnswer {
	t.Helper()
	st := delivery.LeaseStatement{Study: "mall", Epoch: d.Epoch, Hours: hours, Holdings: map[string]delivery.LeaseHolding{}}
	for _, q := range []string{"men", "women"} {
		h := wallet[q]
		st.Respondents += met[q]
		st.Holdings[q] = delivery.LeaseHolding{Met: met[q], Returned: h.Returned, Committed: h.Committed, Reserved: h.Reserved}
	}
	answers, err := c.Leases(context.Background(), Leasing{Who: d.Principal, Statements: []delivery.LeaseStatement{st}})
	if err != nil || len(answers) != 1 {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	for q, l := range answers[0].Leases {
		wallet.Told(q, l.Granted)
		wallet.Keep(q, l.Keep)
	}
	return answers[0]
}

// completed is a complete interview in a cell, with the right for it or without.
func (d *device) completed(t *testing.T, cell string, right bool) delivery.Record {
	t.Helper()
	r := d.record(t, delivery.KindInterview, "mall", "north")
	at := interview.Moment{UTC: start.UnixMilli(), Offset: 60}
	i := interview.Interview{ID: r.ID, Study: "mall", Site: "north", Started: at, Ended: at, Disposition: interview.Complete, Answers: "<data/>", Cells: []string{cell, "young"}}
	if right {
		i.Rights = map[string]int{cell: 1}
	}
	return d.with(t, r, i)
}

func (c *central) filed(t *testing.T, id string) (f quota.Filed) {
	t.Helper()
	var state string
	err := c.insides().read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT state FROM filed WHERE id = $1`, id).Scan(&state)
	})
	if err == nil {
		err = json.Unmarshal([]byte(state), &f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Rights are granted, used, given back and granted again, and never more are out than are left.
func TestLeases(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 6, 2)
	one, two := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	w1, w2 := quota.Wallet{}, quota.Wallet{}
	a := c.says(t, one, w1, 0, nil)
	if len(a.Leases) != 2 || w1["men"].Free() < 1 || w1["women"].Free() < 1 {
		t.Fatalf("%+v", a)
	}
	for range 3 { // a statement that comes again changes nothing
		c.says(t, one, w1, 0, nil)
	}
	c.says(t, two, w2, 0, nil)
	if free := w1["women"].Free() + w2["women"].Free(); free > 2 {
		t.Errorf("%d rights of 2", free)
	}
	w1.Reserve([]string{"men"})
	w1.Commit([]string{"men"})
	r, without := one.completed(t, "men", true), one.completed(t, "men", false)
	c.push(t, one, r, without)
	c.push(t, one, r)
	if f := c.filed(t, r.ID); f.Provisional() || len(f.Counted) != 1 {
		t.Errorf("%+v", f)
	}
	if f := c.filed(t, without.ID); !f.Provisional() {
		t.Errorf("without a right: %+v", f)
	}
	if a := c.says(t, one, w1, 4, map[string]int{"men": 9}); a.Leases["men"].Used != 1 {
		t.Errorf("%+v", a)
	}
	// It is void now: there is room again, and the right is spent.
	i := interview.Interview{}
	if err := json.Unmarshal(r.Body, &i); err != nil {
		t.Fatal(err)
	}
	i.Void = "a test"
	again := one.with(t, delivery.Record{ID: r.ID, Kind: r.Kind, Revision: 2, Study: "mall", Epoch: one.Epoch, Seq: one.seq + 1}, i)
	one.seq++
	c.push(t, one, again)
	if a := c.says(t, one, w1, 5, map[string]int{"men": 9}); a.Leases["men"].Used != 0 {
		t.Errorf("%+v", a)
	}
}

// An epoch that has ended gives back and is granted nothing; others' statements are not heard.
func TestLeasesOfAnEarlierEpoch(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 4, 4)
	old := c.device(t, "0417", "mall")
	wallet := quota.Wallet{}
	c.says(t, old, wallet, 0, nil)
	had := wallet["men"].Free()
	anew := c.enrolled(t, "0417", old.secret, "mall")
	wallet.Keep("men", 0)
	st := delivery.LeaseStatement{Study: "mall", Epoch: old.Epoch, Holdings: map[string]delivery.LeaseHolding{"men": {Returned: wallet["men"].Returned}}}
	answers, err := c.Leases(context.Background(), Leasing{Who: anew.Principal, Statements: []delivery.LeaseStatement{st}})
	if l := answers[0].Leases["men"]; err != nil || had == 0 || l.Granted != had || l.Leased != 0 || l.Keep != 0 {
		t.Errorf("%+v, %v", l, err)
	}
	stranger := c.device(t, "0418", "mall")
	if answers, err = c.Leases(context.Background(), Leasing{Who: stranger.Principal, Statements: []delivery.LeaseStatement{{Study: "mall", Epoch: old.Epoch}}}); err != nil || len(answers[0].Leases) != 0 {
		t.Errorf("%+v, %v", answers, err)
	}
	if answers, err = c.Leases(context.Background(), Leasing{Who: stranger.Principal, Statements: []delivery.LeaseStatement{{Study: "fair", Epoch: stranger.Epoch}}}); err != nil || len(answers[0].Leases) != 0 {
		t.Errorf("%+v, %v", answers, err)
	}
	if _, err := c.Leases(context.Background(), Leasing{Who: researcher("mall"), Statements: nil}); CodeOf(err) != Forbidden {
		t.Error(err)
	}
}

// Many devices ask, work and deliver at the same time, over either engine: no cell ever has more than its cap, and all rights are there
// in the end.
func TestLeasesHoldUnderConcurrency(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 40, 25)
	crew := make([]*working, 6)
	var all sync.WaitGroup
	for n := range crew {
		crew[n] = &working{device: c.device(t, fmt.Sprintf("%04d", n), "mall"), wallet: quota.Wallet{}, met: map[string]int{}}
		all.Go(func() {
			for range 8 {
				c.round(t, crew[n])
			}
		})
	}
	all.Wait()
	for range 20 { // one after the other, until nobody has a right left
		for _, w := range crew {
			c.round(t, w)
		}
	}
	used := map[string]int{}
	err := c.insides().read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		return eachRow(ctx, tx, func(rows *sql.Rows) error {
			var name string
			var n, counted int
			err := rows.Scan(&name, &n, &counted)
			if used[name] = n; n != counted {
				t.Errorf("%s: %d used, leases say %d", name, n, counted)
			}
			return err
		}, `SELECT u.quota, u.used, (SELECT SUM(l.used) FROM leases l WHERE l.study = u.study AND l.quota = u.quota) FROM quota_used u WHERE u.quota <> 'young'`)
	})
	if err != nil || used["men"] != 40 || used["women"] != 25 {
		t.Errorf("%v, %v", used, err)
	}
}

// working is a device at work.
type working struct {
	*device
	wallet quota.Wallet
	met    map[string]int
	hours  float64
}

// round is a synchronisation and some interviews after it.
func (c *central) round(t *testing.T, w *working) {
	w.hours++
	c.says(t, w.device, w.wallet, w.hours, w.met)
	var batch []delivery.Record
	for i := range 6 {
		cell := []string{"men", "women"}[i%2]
		w.met[cell]++
		if w.wallet.Reserve([]string{cell}) {
			w.wallet.Commit([]string{cell})
			batch = append(batch, w.completed(t, cell, true))
		}
	}
	c.push(t, w.device, batch...)
}

// A lost tablet is written off and found again: others got its rights, what it brings is provisional, and a supervisor's word lets it count
// as far as rights were written off. A rejection gives its place to others.
func TestWriteOffRejectionAndAcceptance(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 3, 1)
	lost, other := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	held, free := quota.Wallet{}, quota.Wallet{}
	c.says(t, lost, held, 0, nil)
	if held["men"].Free() != 3 {
		t.Fatalf("%+v", held)
	}
	if c.says(t, other, free, 0, nil); free["men"].Free() != 0 {
		t.Fatalf("%+v", free)
	}
	if err := c.LoseDevice(context.Background(), lost.Device, "sam"); err != nil {
		t.Fatal(err)
	}
	c.says(t, other, free, 1, nil)
	if free["men"].Free() != 3 {
		t.Fatalf("what was written off is not granted: %+v", free)
	}
	var mine []delivery.Record
	for range 3 {
		free.Reserve([]string{"men"})
		free.Commit([]string{"men"})
		mine = append(mine, other.completed(t, "men", true))
	}
	c.push(t, other, mine...)
	found := lost.completed(t, "men", true)
	again := c.enrolled(t, "0417", lost.secret, "mall")
	c.push(t, again, found)
	if f := c.filed(t, found.ID); !f.Provisional() {
		t.Fatalf("%+v", f)
	}
	sam := Principal{User: "sam", Grants: []Grant{{Role: Supervisor, Study: "mall"}}}
	for _, step := range []struct {
		kind    delivery.DecisionKind
		id      string
		counted bool
	}{
		{delivery.ReviewReject, mine[0].ID, false}, {delivery.ReviewAccept, found.ID, true}, {delivery.ReviewAccept, mine[0].ID, true},
	} {
		c.pass(time.Second)
		c.mustDecide(t, sam, c.decision(sam, step.kind, step.id, rev(1)))
		if f := c.filed(t, step.id); len(f.Counted) > 0 != step.counted {
			t.Errorf("%s: %+v", step.kind, f)
		}
	}
	// One more than the cap: the tablet was written off, and found.
	a, err := c.Leases(context.Background(), Leasing{Who: other.Principal, Statements: []delivery.LeaseStatement{{Study: "mall", Epoch: other.Epoch}}})
	if l := a[0].Leases["men"]; err != nil || l.Used != 4 || l.Leased != 0 || l.Cap != 3 {
		t.Errorf("%+v, %v", l, err)
	}
}

// Rights in a total lie where those in its cells do, so that the last of both can be used.
func TestATotalIsGrantedWithItsCells(t *testing.T) {
	c := newCentral(t)
	pkg := c.study(t, "mall")
	pkg.Study.Quotas = []study.Quota{
		{Name: "all", Target: 4, Kind: study.Hard},
		{Name: "men", Target: 2, Kind: study.Hard, Condition: study.Rule{XPath: "/data/sex = 'man'"}},
		{Name: "women", Target: 2, Kind: study.Hard, Condition: study.Rule{XPath: "/data/sex = 'woman'"}},
	}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
	// One has met more of everybody, the other knows the women.
	met := map[*device]map[string]int{c.device(t, "0417", "mall"): {"men": 60, "women": 3}, c.device(t, "0418", "mall"): {"men": 1, "women": 30}}
	wallets := map[*device]quota.Wallet{}
	for range 5 { // what one gives back another gets with the statement after
		for d, m := range met {
			if wallets[d] == nil {
				wallets[d] = quota.Wallet{}
			}
			st := delivery.LeaseStatement{Study: "mall", Epoch: d.Epoch, Hours: 10, Respondents: m["men"] + m["women"], Holdings: map[string]delivery.LeaseHolding{}}
			for q, n := range map[string]int{"men": m["men"], "women": m["women"], "all": m["men"] + m["women"]} {
				st.Holdings[q] = delivery.LeaseHolding{Met: n, Returned: wallets[d][q].Returned}
			}
			answers, err := c.Leases(context.Background(), Leasing{Who: d.Principal, Statements: []delivery.LeaseStatement{st}})
			if err != nil {
				t.Fatal(err)
			}
			for q, l := range answers[0].Leases {
				wallets[d].Told(q, l.Granted)
				wallets[d].Keep(q, l.Keep)
			}
		}
	}
	for d, w := range wallets {
		if cells := w["men"].Free() + w["women"].Free(); cells != 2 || w["all"].Free() != cells {
			t.Errorf("%s has rights for %d men and %d women, and %d in all", d.Interviewer, w["men"].Free(), w["women"].Free(), w["all"].Free())
		}
	}
}
