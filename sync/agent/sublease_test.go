package agent_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/sync/protocol"
)

// lenders is a site whose study wants so many young visitors. The laptop has rights of them to pass on, since it was at central first; it
// has no connection any more. The tablets reach nothing but the laptop, and have what central had left for them.
func lenders(t *testing.T, wanted, tablets int) (*central, []*device, *laptop) {
	t.Helper()
	c, d, l := site(t)
	crew := []*device{d}
	for len(crew) < tablets {
		d := newDevice(t, c)
		d.ready(t, c)
		l.pair(t, d)
		crew = append(crew, d)
	}
	c.limited(t, d, wanted)
	l.net.mend()
	l.sync(t)
	l.net.spoil(noConnection)
	for _, d := range crew {
		d.net.mend()
		d.sync(t)
		d.net.spoil(noConnection)
	}
	if n := l.lending(t).Here; n < 1 {
		t.Fatalf("the laptop has %d rights", n)
	}
	return c, crew, l
}

func (l *laptop) lending(t *testing.T) delivery.Lending {
	t.Helper()
	list, err := l.Lending(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		if one.Study == "visit" {
			return one
		}
	}
	return delivery.Lending{}
}

// uses completes as many interviews as the tablet has rights for.
func (d *device) uses(t *testing.T) (n int) {
	t.Helper()
	for d.holding(t).Free() > 0 {
		d.works(t, 1)
		n++
	}
	if d.meet(t) {
		t.Fatal("an interview went on without a right")
	}
	return n
}

// fetchAll brings everything to central over the laptop, and the answers back.
func fetchAll(t *testing.T, l *laptop, crew ...*device) {
	t.Helper()
	l.net.mend()
	for range 3 {
		for _, d := range crew {
			carried(t, d)
		}
		l.sync(t)
	}
	for _, d := range crew {
		carried(t, d)
	}
}

// counted are the complete interviews at central that count, and those that wait for a person. The board and the ledger say the same.
func (c *central) counted(t *testing.T) (count, provisional int) {
	t.Helper()
	for _, r := range c.records(t) {
		var i interview.Interview
		if r.Kind != delivery.KindInterview {
			continue
		}
		if err := json.Unmarshal(r.Body, &i); err != nil {
			t.Fatal(err)
		}
		switch {
		case i.Disposition != interview.Complete:
		case r.Provisional:
			provisional++
		default:
			count++
		}
	}
	used, taken := 0, 0
	states, err := c.store.QuotaStates(context.Background(), anyResearcher(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range states.Quotas {
		used += q.Used
	}
	for _, l := range c.accounts(t) {
		taken += l.Used
	}
	if used != count || taken != count {
		t.Errorf("%d count in the records, %d in the ledger, %d rights were used", count, used, taken)
	}
	b := newReviewer(t, c, "rev"+strings.ToLower(t.Name()[len(t.Name())-3:]), centralstore.Grant{})
	board, err := b.Board(context.Background(), "visit", "")
	if err != nil || board.Lines[0].Done != count {
		t.Errorf("%d count in the records, the board says %+v, %v", count, board.Lines, err)
	}
	return count, provisional
}

// A tablet that has run out gets rights from the laptop while neither reaches central, completes interviews with them, and they count. What is
// left of the laptop's goes back.
func TestALaptopLendsWhileNobodyReachesCentral(t *testing.T) {
	t.Parallel()
	c, crew, l := lenders(t, 8, 2)
	had, done := l.lending(t).Here, 0
	for range 6 {
		for _, d := range crew {
			done += d.uses(t)
			carried(t, d) // it asks for more
		}
	}
	for _, d := range crew {
		done += d.uses(t)
	}
	if left := l.lending(t); left.Here != 0 || left.Lent != had || done < had {
		t.Errorf("%d were made; of %d rights the laptop has %+v", done, had, left)
	}
	if had < 4 {
		t.Errorf("too few rights to tell anything: %d", had)
	}
	fetchAll(t, l, crew...)
	c.sound(t, 8, crew...)
	exactlyOnce(t, c, crew...)
	if n, waiting := c.counted(t); n != done || waiting != 0 || n != 8 {
		t.Errorf("%d count and %d wait, of %d", n, waiting, done)
	}
	for _, d := range crew {
		if h, lease := d.holding(t), c.accounts(t)[d.epoch(t)]; h.Lent != 0 || h.Granted != lease.Granted || lease.Used != h.Committed {
			t.Errorf("the tablet has %+v, central %+v", h, lease)
		}
	}
}

// An answer of the laptop that is lost is given again, not more; and the laptop goes on with what it wrote down after a power cut.
func TestALostAnswerLendsNothingTwice(t *testing.T) {
	t.Parallel()
	c, crew, l := lenders(t, 300, 1)
	d, had := crew[0], l.lending(t).Here
	d.uses(t)
	l.between.lent = func() { l.door.lose.Store(true) }
	for range 3 {
		if _, err := d.agent.Sync(context.Background()); err == nil {
			t.Fatal("central answered")
		}
	}
	if h := d.holding(t); h.Lent != 0 {
		t.Fatalf("the answer was not lost: %+v", h)
	}
	once := l.lending(t)
	if once.Lent == 0 {
		t.Fatal("nothing was passed on")
	}
	l.between.lent = nil
	l.kill(t)
	carried(t, d)
	if h := d.holding(t); h.Lent != once.Lent || l.lending(t) != once || once.Here+once.Lent != had {
		t.Errorf("the tablet has %+v, the laptop %+v of %d", h, l.lending(t), had)
	}
	done := d.uses(t)
	fetchAll(t, l, d)
	if n, waiting := c.counted(t); done != once.Lent || waiting != 0 || n < done {
		t.Errorf("%d count and %d wait, %d were made with %d", n, waiting, done, once.Lent)
	}
	c.sound(t, 300, d)
}

// A laptop that is set back to a copy lends a second time what it had lent. No more count than are wanted; the others are kept and wait for a
// person. From then on the laptop knows.
func TestALaptopThatWasSetBackLendsTwice(t *testing.T) {
	t.Parallel()
	const wanted = 6
	c, crew, l := lenders(t, wanted, 2)
	one, two := crew[0], crew[1]
	had := l.lending(t).Here
	copied := filepath.Join(t.TempDir(), "desk.db")
	copyFiles(t, l.path, copied)
	done := one.uses(t)
	for range had + 1 {
		carried(t, one)
		done += one.uses(t)
	}
	l.stop()
	l.path = copied
	l.start(t)
	for range had + 1 {
		carried(t, two)
		done += two.uses(t)
	}
	if done != wanted+had {
		t.Fatalf("%d were made with %d rights, %d of them twice", done, wanted, had)
	}
	fetchAll(t, l, two, one)
	c.sound(t, wanted)
	exactlyOnce(t, c, crew...)
	if n, waiting := c.counted(t); n != wanted || waiting != had {
		t.Errorf("%d count and %d wait, of %d", n, waiting, done)
	}
	if left := l.lending(t); left.Here != 0 {
		t.Errorf("it goes on to lend: %+v", left)
	}
	for _, d := range crew {
		if d.meet(t) {
			t.Error("a tablet goes on with a right that nobody has")
		}
	}
}

// drained uses up what the tablet has, without the work, and has it want more.
func (d *device) drained(t *testing.T) {
	t.Helper()
	err := d.Write(context.Background(), "drain", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE holding SET committed = granted + lent - returned - reserved, keep = 3 WHERE quota = 'young'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Two accounts take turns on a laptop. A tablet that has rights of both goes on getting them from whichever is signed in.
func TestTwoAccountsLendFromOneLaptop(t *testing.T) {
	t.Parallel()
	c, crew, l := lenders(t, 300, 1)
	d := crew[0]
	borrows := func(name string) {
		t.Helper()
		before := l.lending(t)
		d.drained(t)
		carried(t, d)
		if n := l.lending(t); n.Lent <= before.Lent || d.holding(t).Free() == 0 {
			t.Errorf("%s has %+v and lends nothing", name, n)
		}
	}
	borrows("sam")
	l.net.mend()
	l.signInAs(t, c, "max")
	l.sync(t)
	l.net.spoil(noConnection)
	carried(t, d) // what central said
	borrows("max")
	l.net.mend()
	if _, err := l.agent.SignIn(context.Background(), c.address, "sam", "a long enough password"); err != nil {
		t.Fatal(err)
	}
	l.sync(t)
	l.net.spoil(noConnection)
	carried(t, d)
	borrows("sam once more")
}

// Central is restored from a backup that is older than the laptop's latest visit. The laptop goes on with its rights, which central knows of.
func TestALaptopOutlivesARestoredCentral(t *testing.T) {
	t.Parallel()
	c, crew, l := lenders(t, 300, 1)
	d := crew[0]
	before := l.lending(t)
	c.stop(t)
	backup := filepath.Join(t.TempDir(), "central.sqlite")
	copyFiles(t, filepath.Join(c.dir, centralstore.FileName), backup)
	c.start(t)
	d.drained(t)
	carried(t, d)
	l.net.mend()
	l.sync(t) // a later visit
	lent := l.lending(t)
	c.stop(t)
	copyFiles(t, backup, filepath.Join(c.dir, centralstore.FileName))
	c.start(t)
	l.sync(t)
	if now := l.lending(t); now.Lent != lent.Lent || now.Lent == before.Lent || now.Here == 0 {
		t.Errorf("it has %+v, and had %+v", now, lent)
	}
	out, moved := 0, 0
	for epoch, lease := range c.accounts(t) {
		if epoch != d.epoch(t) {
			out, moved = out+lease.Out(), moved+lease.Moved
		}
	}
	if now := l.lending(t); out != now.Here || moved != now.Lent {
		t.Errorf("central has %d rights out at the laptop, and heard of %d lent; the laptop says %+v", out, moved, now)
	}
}

// A supervisor who becomes a viewer lends no more, and goes on when the role comes back.
func TestAViewerLendsNothing(t *testing.T) {
	t.Parallel()
	c, crew, l := lenders(t, 300, 1)
	ctx, d := context.Background(), crew[0]
	become := func(role, before centralstore.Role) {
		t.Helper()
		if err := c.store.GrantRole(ctx, "sam", centralstore.Grant{Role: role}, "test"); err != nil {
			t.Fatal(err)
		}
		if err := c.store.RevokeRole(ctx, "sam", centralstore.Grant{Role: before}, "test"); err != nil {
			t.Fatal(err)
		}
		l.net.mend()
		l.sync(t)
		l.net.spoil(noConnection)
		carried(t, d) // what central said
		d.drained(t)
		carried(t, d)
	}
	before := l.lending(t)
	become(centralstore.Viewer, centralstore.Supervisor)
	if n := l.lending(t); n.Here != 0 || n.Lent != before.Lent {
		t.Errorf("a viewer has %+v, and had %+v", n, before)
	}
	become(centralstore.Supervisor, centralstore.Viewer)
	if n := l.lending(t); n.Lent <= before.Lent {
		t.Errorf("a supervisor has %+v", n)
	}
}

// Who signs out, or is followed by another person, leaves nothing out at the laptop, if central can be reached; else all stays until the person
// is back.
func TestWhoSignsOutGivesTheLaptopsRightsBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, crew, l := lenders(t, 300, 1)
	out := func() (n int) {
		for epoch, lease := range c.accounts(t) {
			if epoch != crew[0].epoch(t) {
				n += lease.Out()
			}
		}
		return n
	}
	had := l.lending(t).Here
	back := func() {
		t.Helper()
		if err := l.agent.SignOut(ctx); err != nil {
			t.Fatal(err)
		}
		if c, err := l.Credentials(ctx); err != nil || !c.IsZero() {
			t.Fatalf("%s is signed in, %v", c.User, err)
		}
		l.net.mend()
		if _, err := l.agent.SignIn(ctx, c.address, "sam", "a long enough password"); err != nil {
			t.Fatal(err)
		}
	}
	back() // without a connection
	if n := l.lending(t).Here; n != had || out() != had {
		t.Errorf("of %d rights %d are left, and %d out at central", had, n, out())
	}
	back()
	if n := l.lending(t).Here; n != 0 || out() != 0 {
		t.Errorf("%d rights are left, and %d out at central", n, out())
	}
	l.sync(t)
	if n := l.lending(t).Here; n == 0 || out() != n {
		t.Errorf("who came back has %d rights, and %d are out at central", n, out())
	}
	l.signInAs(t, c, "max")
	if n := out(); n != 0 {
		t.Errorf("%d are out after another person has signed in", n)
	}
}

// A laptop that was lost is written off: others get its rights, what a tablet made with one of which central had not heard waits for a person,
// and the laptop lends no more until its supervisor signs in anew.
func TestALaptopThatWasLostLendsNoMore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	const wanted = 6
	c, crew, l := lenders(t, wanted, 1)
	d := crew[0]
	d.uses(t)
	carried(t, d)
	late := d.uses(t)
	if late == 0 {
		t.Fatal("nothing was made with the laptop's rights")
	}
	all, err := c.store.ListDevices(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.Account != "" {
			if err := c.store.LoseDevice(ctx, s.Device, "test"); err != nil {
				t.Fatal(err)
			}
		}
	}
	other := newDevice(t, c)
	other.ready(t, c)
	done := other.uses(t)
	other.sync(t)
	fetchAll(t, l, d)
	// Some may count all the same, with rights that central has granted to the tablet meanwhile.
	if n, waiting := c.counted(t); waiting == 0 || n > wanted || n+waiting != late+done || done == 0 {
		t.Errorf("%d count and %d wait of %d, %d by another", n, waiting, late, done)
	}
	if left := l.lending(t); left.Here != 0 {
		t.Errorf("it goes on to lend: %+v", left)
	}
	if _, err := l.agent.SignIn(ctx, c.address, "sam", "a long enough password"); err != nil {
		t.Fatal(err)
	}
	l.sync(t)
	c.sound(t, wanted, d, other)
	var epochs int
	if err := l.Read(ctx, "count the epochs", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM till`).Scan(&epochs)
	}); err != nil || epochs != 2 {
		t.Errorf("%d epochs, %v", epochs, err)
	}
}

// With a laptop or a central that knows nothing of it, all goes on as before.
func TestOlderOnesLendNothing(t *testing.T) {
	t.Parallel()
	missing := func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		r.URL.Path = "/v1/nowhere"
		return next.RoundTrip(r)
	}
	t.Run("central", func(t *testing.T) {
		t.Parallel()
		c, d, l := site(t)
		c.limited(t, d, 30)
		l.net.spoil(on(protocol.PathTill, missing))
		if report := l.sync(t); report.Forwarded != 0 {
			t.Errorf("%+v", report)
		}
		if n := l.lending(t); n.Here != 0 {
			t.Errorf("%+v", n)
		}
		d.net.mend()
		d.sync(t)
		d.net.spoil(noConnection)
		d.uses(t)
		carried(t, d)
		if h := d.holding(t); h.Free() != 0 || h.Lent != 0 {
			t.Errorf("%+v", h)
		}
	})
	t.Run("laptop", func(t *testing.T) {
		t.Parallel()
		_, crew, l := lenders(t, 300, 1)
		d := crew[0]
		done := d.uses(t)
		l.between.refuse = true // as it answers an address it does not know
		report := carried(t, d)
		if h := d.holding(t); h.Lent != 0 || report.Carried < done {
			t.Errorf("%+v, %+v", h, report)
		}
	})
}
