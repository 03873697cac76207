package fieldstore_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// quotaDevice is a device whose study has two hard quotas, with rights in them.
func quotaDevice(t *testing.T, young, old int) (*device, interview.Shift) {
	t.Helper()
	d := newDevice(t)
	d.study.Quotas = []study.Quota{
		{Name: "young", Condition: study.Rule{XPath: "/data/age < 35"}, Target: 10, Kind: study.Hard},
		{Name: "old", Condition: study.Rule{XPath: "/data/age >= 35"}, Target: 10, Kind: study.Hard},
		{Name: "all", Target: 20, Kind: study.Watched},
	}
	d.pull(t, d.study)
	d.leased(t, "e1", map[string]delivery.Lease{"young": {Granted: young, Keep: young, Cap: 10}, "old": {Granted: old, Keep: old, Cap: 10}})
	return d, d.shift(t, false)
}

func (d *device) leased(t *testing.T, epoch string, leases map[string]delivery.Lease) (again bool) {
	t.Helper()
	again, err := d.Leased(context.Background(), []delivery.LeaseAnswer{{Study: d.study.ID, Epoch: epoch, Leases: leases}})
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func (d *device) quotas(t *testing.T) map[string]fieldstore.Quota {
	t.Helper()
	q, err := d.Quotas(context.Background(), d.study.ID)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func (d *device) say(t *testing.T, s *interview.Session, ref, value string) {
	t.Helper()
	if err := s.Answer(context.Background(), xform.Ref(ref), value); err != nil {
		t.Fatal(err)
	}
}

// screen answers up to the end of the screener.
func (d *device) screen(t *testing.T, s *interview.Session, age string) {
	t.Helper()
	for _, a := range [][2]string{{"/data/consent", "yes"}, {"/data/age", age}, {"/data/trade", "no"}} {
		d.say(t, s, a[0], a[1])
	}
}

// A right is reserved in the transaction that ends the screener, used on completion, and free again after a break-off; when none is left
// the interview ends at once, with its disposition, and goes on if the answer was a slip.
func TestRightsGoWithTheInterview(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, shift := quotaDevice(t, 2, 0)
	first := d.begin(t, shift)
	d.say(t, first, "/data/consent", "yes")
	d.say(t, first, "/data/age", "30")
	if q := d.quotas(t)["young"]; q.Free != 2 || q.Going != 0 {
		t.Fatalf("before the screener has ended: %+v", q)
	}
	d.say(t, first, "/data/trade", "no")
	if q := d.quotas(t)["young"]; q.Free != 1 || q.Going != 1 {
		t.Fatalf("reserved: %+v", q)
	}
	d.reopen(t)
	first = d.resume(t, first.ID())
	second := d.begin(t, shift)
	d.screen(t, second, "20")
	third := d.begin(t, shift)
	d.screen(t, third, "25")
	if diff := cmp.Diff([]string{"young"}, third.QuotaFull()); diff != "" || third.Outcome() != interview.QuotaFull {
		t.Fatalf("%s %s", diff, third.Outcome())
	}
	if _, err := second.BreakOff(ctx, "no_time"); err != nil {
		t.Fatal(err)
	}
	d.say(t, third, "/data/age", "40") // a slip, but that cell is full here too
	if diff := cmp.Diff([]string{"old"}, third.QuotaFull()); diff != "" {
		t.Error(diff)
	}
	d.say(t, third, "/data/age", "26")
	if full := third.QuotaFull(); len(full) != 0 || third.Outcome() == interview.QuotaFull {
		t.Errorf("a right came back, and still %v", full)
	}
	i := d.complete(t, first, "30", "")
	if diff := cmp.Diff(map[string]int{"young": 1}, i.Rights); diff != "" {
		if kept, err := d.Interview(ctx, i.ID); err != nil || cmp.Diff(map[string]int{"young": 1}, kept.Rights) != "" {
			t.Errorf("%s, %v", diff, err)
		}
	}
	if q := d.quotas(t)["young"]; q.Free != 0 || q.Going != 1 {
		t.Errorf("%+v", q)
	}
	st, err := d.Statements(ctx)
	if err != nil || len(st) != 1 {
		t.Fatalf("%+v, %v", st, err)
	}
	want := map[string]delivery.LeaseHolding{"young": {Met: 3, Committed: 1, Reserved: 1}, "old": {}}
	if diff := cmp.Diff(want, st[0].Holdings); diff != "" || st[0].Respondents != 3 {
		t.Errorf("%s, %d respondents", diff, st[0].Respondents)
	}
}

// What ends because a quota is full ends quickly: the next page is the last one, and the contact has its disposition.
func TestAFullQuotaEndsTheInterview(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, shift := quotaDevice(t, 0, 0)
	s := d.begin(t, shift)
	d.screen(t, s, "20")
	if wrong, err := s.Next(ctx); err != nil || len(wrong) > 0 {
		t.Fatal(wrong, err)
	}
	i, err := s.Finish(ctx)
	if err != nil || i.Disposition != interview.QuotaFull || len(i.Rights) != 0 {
		t.Errorf("%s, %v", i.Disposition, err)
	}
}

// Central asks rights back: they are gone in the same transaction; those of an earlier epoch are all given back.
func TestRightsAreGivenBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, _ := quotaDevice(t, 5, 3)
	if !d.leased(t, "e1", map[string]delivery.Lease{"young": {Granted: 5, Keep: 1, Cap: 10}, "old": {Granted: 3, Keep: 3}}) {
		t.Error("central need not hear of it")
	}
	if q := d.quotas(t); q["young"].Free != 1 || q["old"].Free != 3 {
		t.Errorf("%+v", q)
	}
	if err := d.SaveCredentials(ctx, credentials("e2")); err != nil {
		t.Fatal(err)
	}
	st, err := d.Statements(ctx)
	if err != nil || len(st) != 2 || st[0].Epoch != "e1" || st[1].Epoch != "e2" || len(st[1].Holdings) != 0 {
		t.Fatalf("%+v, %v", st, err)
	}
	if !d.leased(t, "e1", map[string]delivery.Lease{"young": {Granted: 5}, "old": {Granted: 3}}) {
		t.Error("central need not hear of it")
	}
	if st, err = d.Statements(ctx); err != nil || len(st) != 2 || st[0].Holdings["young"].Returned != 5 || st[0].Holdings["old"].Returned != 3 {
		t.Fatalf("%+v, %v", st, err)
	}
	if d.leased(t, "e1", map[string]delivery.Lease{"young": {Granted: 5}, "old": {Granted: 3}}) {
		t.Error("central has heard it")
	}
	if st, err = d.Statements(ctx); err != nil || len(st) != 1 {
		t.Errorf("%+v, %v", st, err)
	}
}
