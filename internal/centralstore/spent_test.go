package centralstore

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quota"
)

// borrower is a tablet at work with rights that a laptop had lent to another one before.
type borrower struct {
	*device
	wallet quota.Wallet
	loans  map[string]map[string]int
	number int64
	made   []delivery.Record
}

// borrows is a tablet that made interviews with rights a laptop lent twice; all of them wait for a person.
func (c *central) borrows(t *testing.T, most int) *borrower {
	t.Helper()
	l := newLaptop("sue")
	c.settles(t, l)
	whole, first := l.till("men").Free(), map[string]map[string]int{}
	l.lends("men", whole, first)
	c.claims(t, c.device(t, "0417", "mall"), first, 0)
	n := min(whole, most)
	b := &borrower{device: c.device(t, "0418", "mall"), loans: map[string]map[string]int{}, wallet: quota.Wallet{"men": {Lent: n}}}
	l.lends("men", n, b.loans)
	for range n {
		b.wallet.Reserve([]string{"men"})
		b.wallet.Commit([]string{"men"})
		b.made = append(b.made, b.lent(t, "men", b.loans))
	}
	c.push(t, b.device, b.made...)
	for _, r := range b.made {
		if f := c.filed(t, r.ID); !f.Provisional() {
			t.Fatalf("%+v", f)
		}
	}
	return b
}

// tells is the tablet's statement; it takes up the answer.
func (b *borrower) tells(t *testing.T, c *central) delivery.Lease {
	t.Helper()
	b.number++
	h := b.wallet["men"]
	st := delivery.LeaseStatement{Study: "mall", Epoch: b.Epoch, Number: b.number, Lent: b.loans, Hours: 1, Respondents: h.Committed,
		Holdings: map[string]delivery.LeaseHolding{"men": {Met: h.Committed, Committed: h.Committed, Reserved: h.Reserved, Returned: h.Returned}}}
	answers, err := c.Leases(context.Background(), Leasing{Who: b.Principal, Statements: []delivery.LeaseStatement{st}})
	if err != nil {
		t.Fatal(err)
	}
	h.Lent = 0 // central has heard of all of them
	b.wallet["men"] = h
	b.wallet.Told("men", answers[0].Leases["men"].Granted)
	return answers[0].Leases["men"]
}

// agree fails where the tablet may use fewer or more rights than central has out for it.
func (b *borrower) agree(t *testing.T, c *central, when string) {
	t.Helper()
	if out, free := c.lease(t, b.Epoch).Out(), b.wallet["men"].Free(); out != free {
		t.Errorf("%s: central has %d rights out at the tablet, which can use %d", when, out, free)
	}
}

// Interviews made with rights that a laptop had lent before hold up no other right at their tablet, neither while they wait for a person nor
// once one has accepted them; what is free goes back when the day ends.
func TestRightsLentTwiceHoldUpNoOthers(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 400, 2)
	b := c.borrows(t, 3)
	a := b.tells(t, c)
	b.agree(t, c, "they wait")
	if b.wallet["men"].Free() < 1 || b.wallet["men"].Free() > a.Keep {
		t.Errorf("it may use %d rights of the %d it should have", b.wallet["men"].Free(), a.Keep)
	}
	sam := Principal{User: "sam", Grants: []Grant{{Role: Supervisor, Study: "mall"}}}
	for _, r := range b.made {
		c.pass(time.Second)
		c.mustDecide(t, sam, c.decision(sam, delivery.ReviewAccept, r.ID, rev(1)))
	}
	b.tells(t, c)
	b.agree(t, c, "they are accepted")
	c.push(t, b.device, b.made...)
	b.tells(t, c)
	b.agree(t, c, "they came again")
	again := c.enrolled(t, "0418", b.secret, "mall")
	old := b.Epoch
	b.device = again
	b.Epoch = old // of which it tells once more
	b.wallet.Keep("men", 0)
	b.tells(t, c)
	if out := c.lease(t, old).Out(); out != 0 {
		t.Errorf("%d rights stay at a tablet that gave all back", out)
	}
}

// A right that is on its way with an interview is not free, nor does one count twice where a revision that comes later is taken.
func TestRightsOfACorrectionAreSpentOnce(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 40, 2)
	b := c.borrows(t, 1)
	b.tells(t, c)
	b.agree(t, c, "it waits")
	free := b.wallet["men"].Free()
	b.wallet.Reserve([]string{"men"})
	b.wallet.Commit([]string{"men"})
	if b.tells(t, c); b.wallet["men"].Free()+1 != c.lease(t, b.Epoch).Out() || b.wallet["men"].Free() < free-1 {
		t.Errorf("%+v, %+v", b.wallet, c.lease(t, b.Epoch))
	}
	c.push(t, b.device, b.completed(t, "men", true))
	b.tells(t, c)
	b.agree(t, c, "another one came")
	b.corrects(t, c, 2)
	if f := c.filed(t, b.made[0].ID); f.Provisional() {
		t.Errorf("%+v", f)
	}
	for range 3 { // it gives back what is more than its share, and is granted what that leaves it short of
		a := b.tells(t, c)
		b.wallet.Keep("men", a.Keep)
	}
	b.tells(t, c)
	b.agree(t, c, "its correction was taken")
}

// corrects sends a revision of the first interview.
func (b *borrower) corrects(t *testing.T, c *central, revision int) {
	t.Helper()
	var i interview.Interview
	if err := json.Unmarshal(b.made[0].Body, &i); err != nil {
		t.Fatal(err)
	}
	b.seq++
	r := b.made[0]
	c.push(t, b.device, b.with(t, delivery.Record{ID: r.ID, Kind: r.Kind, Revision: revision, Study: "mall", Epoch: b.Epoch, Seq: b.seq}, i))
}

// What another life of the tablet used gives this one no rights.
func TestNothingIsMadeGoodOfAnotherLife(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 12, 2)
	b := c.borrows(t, 3)
	h := b.wallet["men"]
	h.Committed = 0 // it was set back to before them
	b.wallet["men"] = h
	b.tells(t, c)
	if lease := c.lease(t, b.Epoch); b.wallet["men"].Free() > lease.Out() {
		t.Errorf("it may use %d rights of %d", b.wallet["men"].Free(), lease.Out())
	}
}

// A void interview that comes before the revision in which it was complete does not count when that comes, and its right is spent.
func TestAVoidInterviewThatComesFirstDoesNotCount(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 6, 2)
	d, wallet := c.device(t, "0417", "mall"), quota.Wallet{}
	c.says(t, d, wallet, 0, nil)
	wallet.Reserve([]string{"men"})
	wallet.Commit([]string{"men"})
	complete := d.completed(t, "men", true)
	i := interview.Interview{}
	if err := json.Unmarshal(complete.Body, &i); err != nil {
		t.Fatal(err)
	}
	i.Void = "a test"
	d.seq++
	void := d.with(t, delivery.Record{ID: complete.ID, Kind: complete.Kind, Revision: 2, Study: "mall", Epoch: d.Epoch, Seq: d.seq}, i)
	for _, r := range []delivery.Record{void, complete} {
		c.push(t, d, r)
		if f := c.filed(t, r.ID); len(f.Counted) != 0 || f.Provisional() {
			t.Errorf("revision %d: %+v", r.Revision, f)
		}
		if lease := c.lease(t, d.Epoch); lease.Used != 1 {
			t.Errorf("revision %d: %+v", r.Revision, lease)
		}
	}
}
