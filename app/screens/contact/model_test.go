package contact

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
)

func TestTheSheetSaysWhereTheInterviewerStands(t *testing.T) {
	t.Parallel()
	sites := []study.Site{{Name: "north", Label: study.Text{"": "North"}, Entrances: []study.Entrance{{Name: "main", Label: study.Text{"": "Main"}}}}}
	for name, c := range map[string]struct {
		site, entrance         string
		wantSite, wantEntrance study.Text
	}{
		"known":              {"north", "main", sites[0].Label, sites[0].Entrances[0].Label},
		"an entrance gone":   {"north", "tower", sites[0].Label, nil},
		"a site that is not": {"west", "main", nil, nil},
	} {
		p := &Presenter{p: Params{
			Study: study.Study{Sites: sites}, Now: time.Now,
			Shift: interview.Shift{Site: c.site, Entrance: c.entrance, Started: interview.Moment{UTC: 1_000}},
		}}
		m := p.Model()
		if diff := cmp.Diff([]study.Text{c.wantSite, c.wantEntrance}, []study.Text{m.Site, m.Entrance}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if m.Every != 1 || m.More != 1 || m.Due || m.CanUndo || m.Since.UnixMilli() != 1_000 || p.Now().IsZero() {
			t.Errorf("%s: without an interval everybody is approached: %+v", name, m)
		}
	}
}

func TestTheCellsOfThisSiteStandTheEmptiestFirst(t *testing.T) {
	t.Parallel()
	rule := study.Rule{XPath: "/data/sex = 'w'"}
	quota := func(name, site, region string, target int, condition study.Rule) study.Quota {
		return study.Quota{Name: name, Label: study.Text{"": name}, Site: site, Region: region, Target: target, Condition: condition}
	}
	p := &Presenter{
		p: Params{
			Shift: interview.Shift{Site: "north"}, Now: time.Now,
			Study: study.Study{
				Sites: []study.Site{{Name: "north", Region: "coast"}},
				Quotas: []study.Quota{
					quota("over", "", "", 3, rule), quota("here", "north", "", 10, rule), quota("there", "south", "", 10, rule),
					quota("coast", "", "coast", 20, rule), quota("hills", "", "hills", 20, rule), quota("everybody", "", "", 90, study.Rule{}),
				},
			},
		},
		counts: map[string]int{"over": 5, "coast": 8, "there": 1},
	}
	want := []Cell{{Label: study.Text{"": "coast"}, Done: 8, Target: 20}, {Label: study.Text{"": "here"}, Target: 10}, {Label: study.Text{"": "over"}, Done: 5, Target: 3}}
	got := p.Model().Cells
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if left := []int{got[0].Left(), got[1].Left(), got[2].Left()}; !cmp.Equal(left, []int{12, 10, 0}) {
		t.Errorf("still wanted: %v", left)
	}
}

func TestAPasserByIsTakenOffAgain(t *testing.T) {
	t.Parallel()
	s := newSheet(t)
	s.must(s.Unpass(t.Context()))
	if m := s.Model(); m.Passed != 0 || m.CanUndo {
		t.Errorf("nobody passed, and %d are left", m.Passed)
	}
	s.pass(2)
	s.must(s.Unpass(t.Context()))
	if m := s.Model(); m.Passed != 1 || m.Step != 1 || m.More != 4 || !m.CanUndo {
		t.Errorf("%+v", m)
	}
}

func TestAShiftThatHasEndedSaysSo(t *testing.T) {
	t.Parallel()
	s := newSheet(t)
	s.must(s.End(t.Context()))
	if _, err := s.store.CurrentShift(t.Context()); err == nil || s.p.Shift.Ended.IsZero() {
		t.Errorf("%+v, %v", s.p.Shift, err)
	}
	if err := s.Pass(t.Context()); err == nil || s.Model().Passed != 0 {
		t.Errorf("counted after the end: %v", err)
	}
	if err := s.Explain(t.Context(), "venue", ""); err == nil {
		t.Error("a pause that is not is explained")
	}
}

func TestWhoAgreedIsNotTakenBackOnTheSheet(t *testing.T) {
	t.Parallel()
	p := &Presenter{p: Params{Now: time.Now}, guessed: interview.Contact{ID: "c", Interview: "i"}}
	if m := p.Model(); m.CanUndoOutcome || m.Asking != AskGuess {
		t.Errorf("a refusal within the questionnaire can be taken back here: %+v", m)
	}
	if err := p.UndoOutcome(t.Context()); err != nil || p.Model().Guessed.ID != "c" { // it does not even ask the store
		t.Errorf("%+v, %v", p.Model().Guessed, err)
	}
}

// Where rights are leased, what is left is what this device may do; what others may is told beside it.
func TestCellsThatAreSharedTellWhatIsLeftHere(t *testing.T) {
	t.Parallel()
	rule := study.Rule{XPath: "/data/age < 35"}
	p := &Presenter{
		p: Params{Shift: interview.Shift{Site: "north"}, Study: study.Study{
			Sites:  []study.Site{{Name: "north"}},
			Quotas: []study.Quota{{Name: "a", Label: study.Text{"": "a"}, Target: 60, Condition: rule}, {Name: "b", Label: study.Text{"": "b"}, Target: 60, Condition: rule}},
		}},
		counts: map[string]int{"a": 1},
		rights: map[string]fieldstore.Quota{"a": {Cap: 60, Used: 58, Elsewhere: 2}, "b": {Cap: 60, Used: 20, Free: 4, Elsewhere: 36}},
	}
	got := p.Model().Cells
	if len(got) != 2 || got[0].Left() != 4 || got[0].Done != 20 || got[0].Elsewhere != 36 || got[1].Left() != 0 || got[1].Elsewhere != 2 {
		t.Errorf("%+v", got)
	}
}
