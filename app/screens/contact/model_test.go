package contact

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
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
	if groups := p.Model().Groups; len(groups) != 4 || !groups[0].Total || groups[1].Label[""] != "over" {
		t.Errorf("not totals first, then as the study lists them: %+v", groups)
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
		p: Params{Shift: interview.Shift{Site: "north"}, Now: time.Now, Study: study.Study{
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

// A target for each day shows what is done, and what this device may do, on the present day alone.
func TestCellsOfToday(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 0, 30, 0, 0, time.FixedZone("", 3600)) // still the 28th in UTC
	rule := study.Rule{XPath: "/data/sex = 'w'"}
	p := &Presenter{
		p: Params{
			Shift: interview.Shift{Site: "north"}, Now: func() time.Time { return now },
			Study: study.Study{Sites: []study.Site{{Name: "north"}}, Quotas: []study.Quota{
				{Name: "women", Target: 10, Condition: rule, Period: study.EachDay}, {Name: "men", Target: 8, Condition: rule, Period: study.EachDay},
			}},
		},
		counts: map[string]int{"women@2026-11-28": 7, "women@2026-11-29": 2, "women": 50},
		rights: map[string]fieldstore.Quota{"men@2026-11-28": {Free: 8, Cap: 8}, "men@2026-11-29": {Free: 3, Cap: 8, Used: 1, Elsewhere: 4}},
	}
	want := []Cell{{Done: 2, Target: 10, Today: true}, {Done: 1, Target: 8, Today: true, Leased: true, Mine: 3, Elsewhere: 4}}
	if diff := cmp.Diff(want, p.Model().Cells); diff != "" {
		t.Error(diff)
	}
}

// A target for each wave shows that of the present one, and on a day in none that nobody is wanted.
func TestCellsOfAWave(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 0, 30, 0, 0, time.FixedZone("", 3600)) // still the 28th in UTC
	p := &Presenter{
		p: Params{
			Shift: interview.Shift{Site: "north"}, Now: func() time.Time { return now },
			Study: study.Study{
				Sites:  []study.Site{{Name: "north"}},
				Quotas: []study.Quota{{Name: "women", Target: 10, Kind: study.Soft, Condition: study.Rule{XPath: "/data/sex = 'w'"}, Period: study.EachWave}},
				Waves:  []study.Wave{{Name: "one", Label: study.Text{"": "Spring"}, First: "2026-11-20", Last: "2026-11-28"}, {Name: "two", Label: study.Text{"": "Autumn"}, First: "2026-11-29", Last: "2026-11-29"}},
			},
		},
		counts: map[string]int{"women@one": 7, "women@two": 2, "women@-": 3, "women": 50},
	}
	if diff := cmp.Diff([]Cell{{Done: 2, Target: 10, Kind: study.Soft, Wave: study.Text{"": "Autumn"}}}, p.Model().Cells); diff != "" {
		t.Error(diff)
	}
	now = now.AddDate(0, 0, 1)
	if c := p.Model().Cells[0]; !c.Apart || c.Left() != 0 || len(c.Wave) > 0 {
		t.Errorf("outside the waves: %+v", c)
	}
}

// Targets of what is not hard are those in force; closed ones want nobody more. Hard ones are told with their rights.
func TestCellsHaveTheTargetsInForce(t *testing.T) {
	t.Parallel()
	rule := study.Rule{XPath: "/data/sex = 'w'"}
	p := &Presenter{
		p: Params{Shift: interview.Shift{Site: "north"}, Now: time.Now, Study: study.Study{Sites: []study.Site{{Name: "north"}}, Quotas: []study.Quota{
			{Name: "raised", Target: 10, Kind: study.Soft, Condition: rule}, {Name: "as it was", Target: 10, Kind: study.Watched, Condition: rule},
			{Name: "hard", Target: 9, Kind: study.Hard, Condition: rule}, {Name: "closed", Target: 10, Kind: study.Soft, Condition: rule},
		}}},
		counts: map[string]int{"raised": 3, "closed": 4},
		aims:   map[string]delivery.Aim{"raised": {Target: 20}, "closed": {Target: 10, Closed: true}, "hard": {Target: 1}},
	}
	var got []int
	for _, c := range p.Model().Cells {
		got = append(got, c.Left())
	}
	if diff := cmp.Diff([]int{17, 10, 9, 0}, got); diff != "" {
		t.Error(diff)
	}
}

// What others have done for a soft quota is done on this sheet too, as soon as an exchange tells it: the last one wanted fills it for all.
func TestASoftCellThatOthersFilledIsFull(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), newSheet(t)
	s.study.Quotas = []study.Quota{{Name: "women", Target: 10, Kind: study.Soft, Condition: study.Rule{XPath: "/data/sex = 'w'"}}}
	s.reopen()
	if c := s.Model().Cells[0]; c.Left() != 10 {
		t.Fatalf("%+v", c)
	}
	for done, left := range map[int]int{7: 3, 10: 0, 12: 0} {
		_, err := s.store.Leased(ctx, []delivery.LeaseAnswer{{Study: "visit", Epoch: "e", Done: map[string]delivery.Done{"women": {Counted: done}}}})
		s.must(err)
		s.must(s.ReadDelivery(ctx))
		if c := s.Model().Cells[0]; c.Left() != left || c.Done != done || c.Leased {
			t.Errorf("%d done by others: %+v", done, c)
		}
	}
}

// Of what central has said nothing although it said what may be done, nothing is left here: a day for which the device has not synchronised,
// or a quota that is new. A total that is full leaves nobody.
func TestWithoutARightNothingIsLeft(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	women, men := study.Rule{XPath: "/data/sex = 'w'"}, study.Rule{XPath: "/data/sex = 'm'"}
	for name, c := range map[string]struct {
		quotas []study.Quota
		rights map[string]fieldstore.Quota
		left   []int
	}{
		"another day":  {[]study.Quota{{Name: "women", Target: 10, Kind: study.Hard, Condition: women, Period: study.EachDay}}, map[string]fieldstore.Quota{"women@2026-11-28": {Free: 8, Cap: 10}}, []int{0}},
		"a new quota":  {[]study.Quota{{Name: "women", Target: 10, Kind: study.Hard, Condition: women}, {Name: "men", Target: 10, Kind: study.Hard, Condition: men}}, map[string]fieldstore.Quota{"women": {Free: 8, Cap: 10}}, []int{8, 0}},
		"a full total": {[]study.Quota{{Name: "all", Site: "north", Target: 20, Kind: study.Hard}, {Name: "women", Target: 400, Kind: study.Hard, Condition: women}}, map[string]fieldstore.Quota{"all": {Cap: 20, Used: 20}, "women": {Cap: 400, Free: 8}}, []int{0}},
		"nothing said": {[]study.Quota{{Name: "women", Target: 10, Kind: study.Hard, Condition: women}}, nil, []int{10}},
	} {
		p := &Presenter{rights: c.rights, p: Params{Shift: interview.Shift{Site: "north"}, Now: func() time.Time { return now }, Study: study.Study{Sites: []study.Site{{Name: "north"}}, Quotas: c.quotas}}}
		var left []int
		for _, cell := range p.Model().Cells {
			left = append(left, cell.Left())
		}
		if diff := cmp.Diff(c.left, left); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Rights that come by an exchange are shown at once; what is asked about the contact at hand, and the count, stay.
func TestAnExchangeBringsRightsAndLeavesTheContactAlone(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), newSheet(t)
	s.study.Quotas = []study.Quota{{Name: "women", Target: 10, Kind: study.Hard, Condition: study.Rule{XPath: "/data/sex = 'w'"}}}
	lease := func(n int) {
		t.Helper()
		lease := delivery.Lease{Granted: n, Keep: n, Cap: 10}
		_, err := s.store.Leased(ctx, []delivery.LeaseAnswer{{Study: "visit", Epoch: "e", Leases: map[string]delivery.Lease{"women": lease}}})
		s.must(err)
	}
	lease(0)
	s.reopen()
	s.pass(2)
	s.AskWhyNot(true)
	before := s.Model()
	if n := before.Cells[0].Left(); n != 0 || before.Asking != AskWhyNot {
		t.Fatalf("%d left, asking %d", n, before.Asking)
	}
	lease(5)
	s.must(s.ReadDelivery(ctx))
	after := s.Model()
	if n := after.Cells[0].Left(); n != 5 {
		t.Errorf("five places came, and the sheet says %d", n)
	}
	after.Cells, after.Groups, after.Device = before.Cells, before.Groups, before.Device // which has the free space at that moment
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}

// A full total leaves nobody of any cell, whatever its kind, and what others have in the total is all that they have in its cells.
func TestATotalNarrowsItsCells(t *testing.T) {
	t.Parallel()
	women, men := study.Rule{XPath: "/data/sex = 'w'"}, study.Rule{XPath: "/data/sex = 'm'"}
	p := &Presenter{
		p: Params{Shift: interview.Shift{Site: "north"}, Now: time.Now, Study: study.Study{
			Sites: []study.Site{{Name: "north"}},
			Quotas: []study.Quota{
				{Name: "all", Site: "north", Target: 20, Kind: study.Hard}, {Name: "there", Site: "south", Target: 20, Kind: study.Hard},
				{Name: "women", Target: 400, Kind: study.Hard, Condition: women}, {Name: "men", Target: 9, Kind: study.Soft, Condition: men},
			},
		}},
		counts: map[string]int{"men": 1},
	}
	leased := fieldstore.Quota{Cap: 400, Used: 100, Free: 8, Elsewhere: 292}
	for name, c := range map[string]struct {
		rights map[string]fieldstore.Quota
		want   []Cell
	}{
		"some left": {map[string]fieldstore.Quota{"all": {Free: 2, Elsewhere: 3}, "women": leased}, []Cell{
			{Target: 400, Done: 100, Leased: true, Kind: study.Hard, Mine: 2, Elsewhere: 3}, {Target: 9, Done: 1, Kind: study.Soft, Barred: 6},
		}},
		"full": {map[string]fieldstore.Quota{"all": {}, "women": leased}, []Cell{
			{Target: 400, Done: 100, Leased: true, Kind: study.Hard}, {Target: 9, Done: 1, Kind: study.Soft, Barred: 8},
		}},
		"not told": {map[string]fieldstore.Quota{"women": leased}, []Cell{
			{Target: 400, Done: 100, Leased: true, Untold: true, Kind: study.Hard}, {Target: 9, Done: 1, Kind: study.Soft, Untold: true, Barred: 8},
		}},
	} {
		p.rights = c.rights
		if diff := cmp.Diff(c.want, p.Model().Cells); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
