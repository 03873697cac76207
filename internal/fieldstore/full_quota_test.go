package fieldstore_test

import (
	"context"
	"testing"

	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// turnedAway is an interview that ended because this device has no right.
func (d *device) turnedAway(t *testing.T, shift interview.Shift) interview.Interview {
	t.Helper()
	ctx := context.Background()
	s := d.begin(t, shift)
	d.screen(t, s, "20")
	if wrong, err := s.Next(ctx); err != nil || len(wrong) > 0 {
		t.Fatal(wrong, err)
	}
	i, err := s.Finish(ctx)
	if err != nil || i.Disposition != interview.QuotaFull {
		t.Fatal(i.Disposition, err)
	}
	return i
}

// Who was let go because a quota was full stays so whatever is put right, is asked nothing more, and can be saved; who turns out not to
// belong to the population is no longer counted as one that was.
func TestACorrectionOfWhoWasLetGoKeepsTheOutcome(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		age         string
		provisional bool
		old         int
		want        interview.Disposition
	}{
		"still in the full cell":              {"21", false, 0, interview.QuotaFull},
		"in a cell with a right":              {"60", false, 1, interview.QuotaFull},
		"where one may go on without a right": {"21", true, 0, interview.QuotaFull},
		"not in the population":               {"12", false, 0, interview.ScreenedOut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			d, shift := quotaDevice(t, 0, c.old)
			d.study.ProvisionalInterviews = c.provisional
			d.editable(t, 30)
			s := d.reopenEnded(t, d.turnedAway(t, shift).ID, interview.CorrectEdit, "mistyped")
			goTo(t, s, "/data/age", c.age)
			if s.MayGoOn() {
				t.Error("a correction offers to go on")
			}
			if wrong, err := s.Next(ctx); err != nil || len(wrong) > 0 {
				t.Fatal(wrong, err)
			}
			if c.want == interview.QuotaFull && s.Position().Kind != xform.KindEnd {
				t.Errorf("it leads to %s, which was never asked", s.Position())
			}
			done, err := s.Finish(ctx)
			if err != nil || done.Disposition != c.want || len(done.Cells) != 0 {
				t.Fatalf("%s in %v, %v", done.Disposition, done.Cells, err)
			}
			if q := d.quotas(t)["old"]; q.Free != c.old {
				t.Errorf("the correction took a right: %+v", q)
			}
		})
	}
}

// Where the correction leaves nobody asked who belongs to the population, the interview is no complete one for that.
func TestACorrectionThatLeavesTheScreenerOpenKeepsTheOutcome(t *testing.T) {
	t.Parallel()
	d, shift := quotaDevice(t, 0, 0)
	d.study.Consent = study.Rule{}
	d.editable(t, 30)
	s := d.reopenEnded(t, d.turnedAway(t, shift).ID, interview.CorrectEdit, "mistyped")
	goTo(t, s, "/data/consent", "no")
	if done, err := s.Finish(context.Background()); err != nil || done.Disposition != interview.QuotaFull {
		t.Errorf("%s, %v", done.Disposition, err)
	}
}

// What had gone on without a right, as the study allows, goes on so when its ending is taken back.
func TestWhatWentOnProvisionallyGoesOnSo(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, shift := quotaDevice(t, 0, 0)
	d.study.ProvisionalInterviews = true
	d.pull(t, d.study)
	s := d.begin(t, shift)
	d.asked(t, s, [2]string{"/data/consent", "yes"}, [2]string{"/data/age", "20"}, [2]string{"/data/trade", "no"})
	if err := s.GoOn(ctx); err != nil {
		t.Fatal(err)
	}
	i, err := s.BreakOff(ctx, "no_time")
	if err != nil || i.Disposition != interview.BrokeOff {
		t.Fatal(i.Disposition, err)
	}
	s = d.reopenEnded(t, i.ID, interview.CorrectUndo, "undo")
	if d.asked(t, s, [2]string{"/data/why", "to look around"}); s.Outcome() != interview.BrokeOff || s.Position().Kind == xform.KindEnd {
		t.Errorf("%s at %s", s.Outcome(), s.Position())
	}
}
