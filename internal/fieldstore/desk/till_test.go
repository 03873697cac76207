package desk_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// lends gives a laptop a key, a study with quotas, and a tablet that was here at a time.
func lends(t testing.TB, s *desk.Store, seen int64, quotas ...study.Quota) {
	t.Helper()
	ctx := context.Background()
	signIn(t, s, "ines")
	st := mall
	st.Quotas = quotas
	apply(t, s, item(t, delivery.ItemStudy, "mall", st))
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, secret.Public(), secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveRelayIdentity(ctx, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), []byte("kept")); err != nil {
		t.Fatal(err)
	}
	if err := s.AddTablet(ctx, delivery.Tablet{ID: "t1", Name: "0417", Paired: seen}, "hash", ""); err != nil {
		t.Fatal(err)
	}
}

// lendingDesk is a laptop whose clock a test turns.
type lendingDesk struct {
	*desk.Store
	now time.Time
}

func newLendingDesk(t *testing.T, quotas ...study.Quota) *lendingDesk {
	t.Helper()
	d := &lendingDesk{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	if d.Store, err = desk.Open(context.Background(), desk.Params{Path: filepath.Join(t.TempDir(), "desk.db"), Now: func() time.Time { return d.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	lends(t, d.Store, d.now.UnixMilli(), quotas...)
	return d
}

// comes has the tablet be here.
func (d *lendingDesk) comes(t *testing.T) {
	t.Helper()
	if _, _, err := d.TabletOf(context.Background(), "hash", d.now.UnixMilli()); err != nil {
		t.Fatal(err)
	}
}

// asks has a tablet's epoch want one right more, of which it says what it has; it returns the total it is answered.
func (d *lendingDesk) asks(t *testing.T, a delivery.RightsAsked, name string) int {
	t.Helper()
	a.Study, a.Want = "mall", map[string]int{name: 1}
	lent, err := d.LendRights(context.Background(), []delivery.RightsAsked{a}, d.now.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	if len(lent) == 0 {
		return 0
	}
	return lent[0].Rights[name]
}

// answers is central: it hears what was said, and tells of what was stated beside what is given.
func (d *lendingDesk) answers(t *testing.T, said delivery.TillSaid, given map[string]delivery.Lease) (again bool) {
	t.Helper()
	st := said.Statements[0]
	a := delivery.LeaseAnswer{Study: "mall", Epoch: st.Epoch, Number: st.Number, Leases: map[string]delivery.Lease{}, Passed: st.Passed}
	for name, h := range st.Holdings {
		a.Leases[name] = delivery.Lease{Granted: h.Returned}
	}
	for name, l := range given {
		a.Leases[name] = l
	}
	again, err := d.TillHeard(context.Background(), said, delivery.TillHeard{Answers: []delivery.LeaseAnswer{a}})
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func (d *lendingDesk) rows(t *testing.T, table string) (n int) {
	t.Helper()
	err := d.Read(context.Background(), "count", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What a laptop says, and what it keeps, is of days near the present one, however long the fieldwork; how many rights it was asked for is
// said of all days.
func TestWhatIsSaidDoesNotGrowWithTheDays(t *testing.T) {
	t.Parallel()
	var quotas []study.Quota
	for cell := range 20 {
		quotas = append(quotas, study.Quota{Name: fmt.Sprintf("cell-%02d", cell), Target: 3, Kind: study.Hard, Period: study.EachDay})
	}
	d := newLendingDesk(t, quotas...)
	const days = 30
	largest := 0
	for range days {
		d.comes(t)
		said := tillSaid(t, d.Store)
		given := map[string]delivery.Lease{}
		for _, key := range said.Statements[0].Periods {
			for _, q := range quotas {
				given[study.Account(q.Name, key)] = delivery.Lease{Granted: 1, Keep: 1}
			}
		}
		d.answers(t, said, given)
		today := study.Account("cell-00", study.DayOf(d.now))
		if d.asks(t, delivery.RightsAsked{Epoch: "e1"}, today) != 1 {
			t.Fatalf("nothing was passed on of %s", today)
		}
		body, err := json.Marshal(said.Statements)
		if err != nil {
			t.Fatal(err)
		}
		largest = max(largest, len(body))
		d.now = d.now.AddDate(0, 0, 1)
	}
	said := tillSaid(t, d.Store).Statements[0]
	if n := len(said.Holdings); n > 5*len(quotas)+1 || largest > 10_000 {
		t.Errorf("%d holdings, %d bytes", n, largest)
	}
	if n := d.rows(t, "till_right"); n > 15*len(quotas) {
		t.Errorf("%d rows are kept", n)
	}
	if said.Holdings["cell-00"].Met != days || said.Respondents != days {
		t.Errorf("%d were asked for: %+v", days, said.Holdings["cell-00"])
	}
}

// What central has not heard of stays, however old, and so does everything while central says nothing of what the clock takes for today.
func TestDaysAreForgottenOnceTheyAreHeardOf(t *testing.T) {
	t.Parallel()
	d := newLendingDesk(t, study.Quota{Name: "young", Target: 3, Kind: study.Hard, Period: study.EachDay})
	of := func() string { return study.Account("young", study.DayOf(d.now)) }
	first := of()
	kept := func() bool { return d.rows(t, `till_right WHERE quota = '`+first+`'`) == 1 }
	d.answers(t, tillSaid(t, d.Store), map[string]delivery.Lease{first: {Granted: 2, Keep: 2}})
	d.asks(t, delivery.RightsAsked{Epoch: "e1"}, first)
	d.now = d.now.AddDate(0, 0, 40)
	d.comes(t)
	before := tillSaid(t, d.Store)
	d.asks(t, delivery.RightsAsked{Epoch: "e2"}, first)
	d.answers(t, before, map[string]delivery.Lease{of(): {Granted: 1, Keep: 1}})
	if !kept() {
		t.Error("a day of which central has not heard all was forgotten")
	}
	said := tillSaid(t, d.Store)
	if said.Statements[0].Passed["e2"][first] != 1 {
		t.Errorf("it is not said: %+v", said.Statements[0])
	}
	d.now = d.now.AddDate(0, 0, 1)
	d.answers(t, said, nil)
	if !kept() {
		t.Error("a day was forgotten by a clock that central says nothing of")
	}
	d.answers(t, tillSaid(t, d.Store), map[string]delivery.Lease{of(): {Granted: 1, Keep: 1}})
	if kept() {
		t.Error("a day is kept of which all was heard")
	}
}

// Central is reached under another address: the laptop goes on with its till, of which central says what is left, and tells it of all that it
// passed on.
func TestATillFollowsToAnotherAddress(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newLendingDesk(t, study.Quota{Name: "young", Target: 10, Kind: study.Hard})
	given := map[string]delivery.Lease{"young": {Granted: 3, Keep: 3}}
	said := tillSaid(t, d.Store)
	d.answers(t, said, given)
	d.asks(t, delivery.RightsAsked{Epoch: "e1"}, "young")
	d.answers(t, tillSaid(t, d.Store), given)
	for _, c := range []delivery.Credentials{{}, {Central: "https://new.c", User: "max"}, {}, {Central: "https://new.c", User: "ines", Token: "t2"}} {
		if err := d.SaveCredentials(ctx, c); err != nil {
			t.Fatal(err)
		}
		if n := passedOn(t, d.Store); n.Here != 0 {
			t.Errorf("%s lends before central has spoken: %+v", c.User, n)
		}
	}
	again := tillSaid(t, d.Store)
	if again.Epochs[0].Epoch != said.Epochs[0].Epoch || again.Statements[0].Passed["e1"]["young"] != 1 {
		t.Errorf("it goes on with %+v", again)
	}
	d.answers(t, again, given)
	if n := passedOn(t, d.Store); n.Here != 2 || n.Lent != 1 {
		t.Errorf("%+v", n)
	}
}

// A till that no tablet comes to falls silent once central has heard what was given back, whatever constraints it has no rights in. Of those
// it tells a tablet that it has none.
func TestATillWithoutRightsFallsSilent(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newLendingDesk(t, study.Quota{Name: "young", Target: 10, Kind: study.Hard}, study.Quota{Name: "full", Kind: study.Hard})
	given := map[string]delivery.Lease{"young": {Granted: 3}, "full": {}}
	d.answers(t, tillSaid(t, d.Store), given)
	lent, err := d.LendRights(ctx, []delivery.RightsAsked{{Study: "mall", Epoch: "e1", Want: map[string]int{"full": 1, "unknown": 1}}}, d.now.UnixMilli())
	if err != nil || len(lent) != 1 || len(lent[0].Rights) != 1 {
		t.Errorf("it answers %+v, %v", lent, err)
	}
	d.now = d.now.AddDate(0, 0, 8)
	for range 4 {
		said, ok, err := d.TillSaid(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return
		}
		d.answers(t, said, given)
	}
	t.Error("it goes on to speak")
}

// After the clock was ahead once, the hours in which rights are asked for are counted again.
func TestHoursAreCountedAfterAWrongClock(t *testing.T) {
	t.Parallel()
	d := newLendingDesk(t, study.Quota{Name: "young", Target: 10, Kind: study.Hard})
	d.answers(t, tillSaid(t, d.Store), map[string]delivery.Lease{"young": {Granted: 1, Keep: 1}})
	for _, years := range []int{1, -1} {
		d.now = d.now.AddDate(years, 0, 0)
		d.asks(t, delivery.RightsAsked{Epoch: "e1"}, "young")
	}
	before := tillSaid(t, d.Store).Statements[0].Hours
	for range 40 {
		d.now = d.now.Add(15 * time.Minute)
		d.asks(t, delivery.RightsAsked{Epoch: "e1"}, "young")
	}
	if hours := tillSaid(t, d.Store).Statements[0].Hours - before; hours < 9.9 || hours > 10.1 {
		t.Errorf("%.2f hours of ten", hours)
	}
}
