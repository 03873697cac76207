package contact

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	want := []Cell{{study.Text{"": "coast"}, 8, 20}, {study.Text{"": "here"}, 0, 10}, {study.Text{"": "over"}, 5, 3}}
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
