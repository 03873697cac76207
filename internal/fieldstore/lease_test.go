package fieldstore_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// quotaStudy is a device whose study has two hard quotas.
func quotaStudy(t testing.TB) *device {
	t.Helper()
	d := newDevice(t)
	d.study.Quotas = []study.Quota{
		{Name: "young", Condition: study.Rule{XPath: "/data/age < 35"}, Target: 10, Kind: study.Hard},
		{Name: "old", Condition: study.Rule{XPath: "/data/age >= 35"}, Target: 10, Kind: study.Hard},
		{Name: "all", Target: 20, Kind: study.Watched},
	}
	d.pull(t, d.study)
	return d
}

// quotaDevice has rights in them.
func quotaDevice(t *testing.T, young, old int) (*device, interview.Shift) {
	t.Helper()
	d := quotaStudy(t)
	d.leased(t, "e1", map[string]delivery.Lease{"young": {Granted: young, Keep: young, Cap: 10}, "old": {Granted: old, Keep: old, Cap: 10}})
	return d, d.shift(t, false)
}

func (d *device) leased(t testing.TB, epoch string, leases map[string]delivery.Lease) (again bool) {
	t.Helper()
	again, err := d.Leased(context.Background(), []delivery.LeaseAnswer{{Study: d.study.ID, Epoch: epoch, Leases: leases}})
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func (d *device) quotas(t testing.TB) map[string]fieldstore.Quota {
	t.Helper()
	q, err := d.Quotas(context.Background(), d.study.ID)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func (d *device) say(t testing.TB, s *interview.Session, ref, value string) {
	t.Helper()
	if err := s.Answer(context.Background(), xform.Ref(ref), value); err != nil {
		t.Fatal(err)
	}
}

// screen answers up to the end of the screener.
func (d *device) screen(t testing.TB, s *interview.Session, age string) {
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

// asked answers page after page.
func (d *device) asked(t *testing.T, s *interview.Session, answers ...[2]string) {
	t.Helper()
	for _, a := range answers {
		if a[0] != "" {
			d.say(t, s, a[0], a[1])
		}
		if wrong, err := s.Next(context.Background()); err != nil || len(wrong) > 0 {
			t.Fatalf("%s: %v, %v", a[0], wrong, err)
		}
	}
}

// Where the study allows it an interview goes on without a right, over a restart too, and says of itself that it is provisional; a right
// that has come by its end is used.
func TestAnInterviewGoesOnProvisionally(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		allowed, came bool // the study allows it; a right comes while it goes on
	}{{"no right comes", true, false}, {"a right comes", true, true}, {"the study does not allow it", false, false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			d, shift := quotaDevice(t, 0, 1)
			d.study.ProvisionalInterviews = c.allowed
			s := d.begin(t, shift)
			if s.MayGoOn() {
				t.Error("goes on without a right before the screener has ended")
			}
			d.asked(t, s, [2]string{"/data/consent", "yes"}, [2]string{"/data/age", "20"}, [2]string{"/data/trade", "no"})
			if s.Outcome() != interview.QuotaFull || s.Position().Kind != xform.KindEnd || s.MayGoOn() != c.allowed {
				t.Fatalf("%s, at %s, may go on: %t", s.Outcome(), s.Position(), s.MayGoOn())
			}
			if err := s.GoOn(ctx); err != nil {
				t.Fatal(err)
			}
			if !c.allowed {
				if s.Position().Kind != xform.KindEnd || s.Outcome() != interview.QuotaFull {
					t.Errorf("%s, at %s", s.Outcome(), s.Position())
				}
				return
			}
			if s.Position().Ref != "/data/why" || s.MayGoOn() {
				t.Fatalf("at %s", s.Position())
			}
			d.reopen(t)
			s = d.resume(t, s.ID())
			if c.came {
				d.leased(t, "e1", map[string]delivery.Lease{"young": {Granted: 1, Keep: 1, Cap: 10}, "old": {Granted: 1, Keep: 1, Cap: 10}})
			}
			d.asked(t, s, [2]string{"/data/why", "to look around"}, [2]string{"/data/shops", "toys"}, [2]string{}, [2]string{"/data/score", "8"}, [2]string{}, [2]string{})
			done, err := s.Finish(ctx)
			if err != nil || done.Disposition != interview.Complete {
				t.Fatalf("%s, %v", done.Disposition, err)
			}
			kept, err := d.Interview(ctx, done.ID)
			rows, failed := d.Interviews(ctx, fieldstore.Filter{ID: done.ID})
			if err != nil || failed != nil || len(rows) != 1 {
				t.Fatal(err, failed)
			}
			if kept.Provisional == c.came || rows[0].Provisional == c.came || (kept.Rights["young"] == 1) != c.came || kept.Rights["old"] != 0 {
				t.Errorf("provisional %t, in the list %t, rights %v", kept.Provisional, rows[0].Provisional, kept.Rights)
			}
			if !slices.ContainsFunc(kept.Events, func(e interview.Event) bool { return e.Kind == interview.EventProvisional }) {
				t.Errorf("the record does not tell that it went on: %v", kept.Events)
			}
			if q := d.quotas(t); q["young"].Free != 0 || q["young"].Going != 0 || q["old"].Free != 1 {
				t.Errorf("%+v", q)
			}
		})
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

// dailyDevice is a device whose study has a target for each day, on the 22nd at five past ten.
func dailyDevice(t *testing.T) (*device, interview.Shift) {
	t.Helper()
	d := newDevice(t)
	d.study.Quotas = []study.Quota{
		{Name: "young", Condition: study.Rule{XPath: "/data/age < 35"}, Target: 10, Kind: study.Hard, Period: study.EachDay}, {Name: "all", Target: 20, Kind: study.Hard},
	}
	d.pull(t, d.study)
	return d, d.shift(t, false)
}

func (d *device) statement(t *testing.T) delivery.LeaseStatement {
	t.Helper()
	st, err := d.Statements(context.Background())
	if err != nil || len(st) == 0 {
		t.Fatal(st, err)
	}
	return st[len(st)-1]
}

// A device asks for today and the days to come, works with the rights of the day on which an interview begins, and says nothing of days
// that are over.
func TestRightsOfADay(t *testing.T) {
	t.Parallel()
	d, shift := dailyDevice(t)
	if diff := cmp.Diff([]string{"2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"}, d.statement(t).Periods); diff != "" {
		t.Fatal(diff)
	}
	d.leased(t, "e1", map[string]delivery.Lease{"all": {Granted: 9, Keep: 9}, "young@2026-11-22": {Granted: 1, Keep: 1}, "young@2026-11-23": {Granted: 1, Keep: 1}})
	i := d.complete(t, d.begin(t, shift), "30", "")
	if diff := cmp.Diff([]string{"young@2026-11-22", "all"}, i.Cells); diff != "" {
		t.Error(diff)
	}
	late := d.begin(t, shift)
	if d.screen(t, late, "30"); !cmp.Equal([]string{"young@2026-11-22"}, late.QuotaFull()) {
		t.Errorf("full: %v", late.QuotaFull())
	}
	d.now = d.now.Add(14 * time.Hour) // five past midnight
	d.say(t, late, "/data/age", "31") // begun yesterday: today's right is not for it
	if !cmp.Equal([]string{"young@2026-11-22"}, late.QuotaFull()) {
		t.Errorf("full: %v", late.QuotaFull())
	}
	next := d.complete(t, d.begin(t, shift), "30", "")
	if diff := cmp.Diff(map[string]int{"young@2026-11-22": 1, "all": 1}, d.used(t, i.ID)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"young@2026-11-23": 1, "all": 1}, d.used(t, next.ID)); diff != "" {
		t.Error(diff)
	}
	if counts, err := d.QuotaCounts(context.Background(), "visit"); err != nil || counts["young@2026-11-22"] != 1 || counts["young@2026-11-23"] != 1 || counts["all"] != 2 {
		t.Errorf("%v, %v", counts, err)
	}
	want := map[string]delivery.LeaseHolding{"all": {Met: 3, Committed: 2}, "young": {Met: 3}, "young@2026-11-22": {Committed: 1}, "young@2026-11-23": {Committed: 1}}
	if st := d.statement(t); !cmp.Equal(want, st.Holdings) || st.Periods[0] != "2026-11-23" {
		t.Error(cmp.Diff(want, st.Holdings), st.Periods)
	}
	d.now = d.now.Add(24 * time.Hour)
	delete(want, "young@2026-11-22") // over, and not even yesterday
	if st := d.statement(t); !cmp.Equal(want, st.Holdings) || st.Periods[0] != "2026-11-24" {
		t.Error(cmp.Diff(want, st.Holdings), st.Periods)
	}
	if q := d.quotas(t); q["young@2026-11-22"].Free != 0 || q["all"].Free != 7 {
		t.Errorf("%+v", q)
	}
}

// An interview that goes on since a day that is over is told of as long as it does, and its right is used on the day it began.
func TestAnInterviewThatGoesOnForDays(t *testing.T) {
	t.Parallel()
	d, shift := dailyDevice(t)
	d.leased(t, "e1", map[string]delivery.Lease{"all": {Granted: 9, Keep: 9}, "young@2026-11-22": {Granted: 2, Keep: 2}})
	s := d.begin(t, shift)
	d.screen(t, s, "30")
	d.now = d.now.Add(96 * time.Hour)
	d.reopen(t)
	if h := d.statement(t).Holdings["young@2026-11-22"]; h.Reserved != 1 {
		t.Errorf("%+v", h)
	}
	i := d.complete(t, d.resume(t, s.ID()), "30", "")
	if diff := cmp.Diff(map[string]int{"young@2026-11-22": 1, "all": 1}, d.used(t, i.ID)); diff != "" {
		t.Error(diff)
	}
	if h, told := d.statement(t).Holdings["young@2026-11-22"]; told {
		t.Errorf("%+v", h)
	}
}

// used are the rights that an interview used, as they are delivered.
func (d *device) used(t *testing.T, id string) map[string]int {
	t.Helper()
	i, err := d.Interview(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return i.Rights
}

// A question that is passed over holds up no quota: it is full as soon as nothing can change that, and nobody is asked what
// comes after.
func TestAQuestionPassedOverHoldsUpNoQuota(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.study.Quotas = []study.Quota{
		{Name: "toys", Condition: study.Rule{XPath: "/data/shops = 'toys'"}, Target: 10, Kind: study.Hard}, {Name: "all", Target: 20, Kind: study.Hard},
	}
	d.pull(t, d.study)
	d.leased(t, "e1", map[string]delivery.Lease{"toys": {}, "all": {}})
	s := d.begin(t, d.shift(t, false))
	d.asked(t, s, [2]string{"/data/consent", "yes"}, [2]string{"/data/age", "20"}, [2]string{"/data/trade", "no"}, [2]string{"/data/why", "to look"}, [2]string{})
	if s.Position().Kind != xform.KindEnd || s.Outcome() != interview.QuotaFull {
		t.Errorf("at %s, %s", s.Position(), s.Outcome())
	}
}

// So does one that tells who belongs to the population.
func TestAnEligibilityQuestionPassedOverHoldsUpNoQuota(t *testing.T) {
	t.Parallel()
	d, shift := quotaDevice(t, 0, 0)
	d.study.Eligible = study.Rule{XPath: "/data/trade = 'no' and not(/data/shops = 'toys')"}
	d.pull(t, d.study)
	s := d.begin(t, shift)
	d.asked(t, s, [2]string{"/data/consent", "yes"}, [2]string{"/data/age", "20"}, [2]string{"/data/trade", "no"}, [2]string{"/data/why", "to look"}, [2]string{})
	if s.Position().Kind != xform.KindEnd || s.Outcome() != interview.QuotaFull {
		t.Errorf("at %s, %s", s.Position(), s.Outcome())
	}
}

// What ended because a quota was full stays so when an answer is put right: nobody was asked the rest.
func TestCorrectingWhatEndedWithAFullQuota(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, shift := quotaDevice(t, 0, 0)
	d.editable(t, 30)
	s := d.begin(t, shift)
	d.screen(t, s, "20")
	if _, err := s.Next(ctx); err != nil {
		t.Fatal(err)
	}
	i, err := s.Finish(ctx)
	if err != nil || i.Disposition != interview.QuotaFull {
		t.Fatal(i.Disposition, err)
	}
	c := d.reopenEnded(t, i.ID, interview.CorrectEdit, "mistyped")
	goTo(t, c, "/data/age", "21")
	if done, err := c.Finish(ctx); err != nil || done.Disposition != interview.QuotaFull {
		t.Errorf("%s, %v", done.Disposition, err)
	}
}

// An ending that is taken back gives no right: who had one has it again, and who had none is turned away again.
func TestTakingAnEndingBackReservesAnew(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, rights := range []int{0, 1} {
		d, shift := quotaDevice(t, rights, 0)
		s := d.begin(t, shift)
		d.asked(t, s, [2]string{"/data/consent", "yes"}, [2]string{"/data/age", "20"})
		d.say(t, s, "/data/trade", "no")
		i, err := s.BreakOff(ctx, "no_time")
		if err != nil {
			t.Fatal(err)
		}
		s = d.reopenEnded(t, i.ID, interview.CorrectUndo, "undo")
		if full := s.Outcome() == interview.QuotaFull; full != (rights == 0) || d.quotas(t)["young"].Going != rights {
			t.Errorf("with %d rights: %s, %+v", rights, s.Outcome(), d.quotas(t)["young"])
		}
		if rights == 0 {
			continue
		}
		d.asked(t, s, [2]string{"/data/trade", "no"}, [2]string{"/data/why", "x"}, [2]string{"/data/shops", "toys"}, [2]string{}, [2]string{"/data/score", "8"}, [2]string{}, [2]string{})
		done, err := s.Finish(ctx)
		if err != nil || done.Disposition != interview.Complete {
			t.Fatal(done.Disposition, err)
		}
		s = d.reopenEnded(t, i.ID, interview.CorrectUndo, "undo") // and once more, after it used its right
		if done, err = s.Finish(ctx); err != nil || done.Disposition != interview.Complete {
			t.Errorf("%s, %v", done.Disposition, err)
		}
		if kept, err := d.Interview(ctx, i.ID); err != nil || kept.Rights["young"] != 1 || kept.Provisional {
			t.Errorf("%v, provisional %t, %v", kept.Rights, kept.Provisional, err)
		}
	}
}
