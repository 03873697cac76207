package board

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// steered is a store of a study with two cells and a margin, as central said and as was decided since.
type steered struct {
	open  []desk.Unanswered
	aims  map[string]delivery.Aim
	today desk.Day
}

func (s steered) Board(context.Context, string, string) (desk.Board, error) {
	men, women := study.Rule{XPath: "/data/sex = 'm'"}, study.Rule{XPath: "/data/sex = 'w'"}
	st := study.Study{Sites: []study.Site{{Name: "north"}}, Quotas: []study.Quota{
		{Name: "men", Condition: men, Target: 20, Tolerance: 1, Kind: study.Hard},
		{Name: "women", Condition: women, Target: 30, Kind: study.Hard},
		{Name: "soft", Condition: women, Target: 5, Kind: study.Soft},
		{Name: "all", Target: 50, Kind: study.Hard},
	}}
	b := desk.Board{
		Study: st, Open: s.open, Aims: map[string]delivery.Aim{}, StatesAt: 1, Today: s.today,
		States: map[string]delivery.QuotaState{
			"men": {Used: 12, Leased: 5, Busy: 1, Devices: 2, Provisional: 3}, "women": {Used: 10, Leased: 4, Devices: 3}, "soft": {}, "all": {Used: 22, Leased: 9},
		},
		Outcomes: map[string]map[interview.Disposition]int{},
	}
	for i, q := range st.Quotas {
		b.Aims[q.Name] = delivery.Aim{Target: q.Target}
		if aim, decided := s.aims[q.Name]; decided {
			b.Aims[q.Name], st.Quotas[i].Target = aim, aim.Target
		}
	}
	b.Lines = quota.Board(st, []quota.Count{{Constraint: "men", Site: "north", N: 12}, {Constraint: "women", Site: "north", N: 10}, {Constraint: "all", Site: "north", N: 22}}, quota.Shown{Day: "2026-11-29"})
	return b, nil
}

func (s steered) model(t *testing.T) Model {
	t.Helper()
	m, err := Read(t.Context(), s, "s", noon, Choice{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWhatIsOutAndOpen(t *testing.T) {
	t.Parallel()
	s := steered{open: []desk.Unanswered{{ID: "d", Aims: map[string]delivery.Aim{"men": {}}}}, aims: map[string]delivery.Aim{"women": {Target: 30, Closed: true}}}
	m := s.model(t)
	if diff := cmp.Diff(Count{Done: 12, Target: 20, Missing: 8, Known: true, Leased: 5, Busy: 1, Devices: 2, Left: 4, Provisional: 3, Pending: true}, m.Lines[0].Whole); diff != "" {
		t.Error(diff)
	}
	if w := m.Lines[1].Whole; w.Left != 0 || !w.Closed || w.Pending {
		t.Errorf("closed: %+v", w)
	}
	if soft := m.Lines[2].Whole; soft.Known || soft.Left != 0 {
		t.Errorf("a soft quota gives no rights out: %+v", soft)
	}
}

func TestPreviewOfAChange(t *testing.T) {
	t.Parallel()
	m := steered{}.model(t)
	for name, c := range map[string]struct {
		draft   Draft
		problem Problem
		aims    map[string]delivery.Aim
		give    int
		tooMany int
	}{
		"more":            {Draft{Name: "men", Target: "25", Reason: "r"}, "", map[string]delivery.Aim{"men": {Target: 25}}, 9, 0},
		"fewer":           {Draft{Name: "men", Target: " 14 ", Reason: "r"}, "", map[string]delivery.Aim{"men": {Target: 14}}, 0, 2},
		"fewer than done": {Draft{Name: "men", Target: "3", Reason: "r"}, "", map[string]delivery.Aim{"men": {Target: 3}}, 0, 5},
		"moved":           {Draft{Name: "men", Target: "26", With: "women", Reason: "r"}, "", map[string]delivery.Aim{"men": {Target: 26}, "women": {Target: 24}}, 10, 0},
		"moved too many":  {Draft{Name: "men", Target: "51", With: "women", Reason: "r"}, NotEnough, nil, 0, 0},
		"closed":          {Draft{Name: "men", Close: true, Reason: "r"}, "", map[string]delivery.Aim{"men": {Target: 20, Closed: true}}, 0, 0},
		"nothing":         {Draft{Name: "men", Target: "20", Reason: "r"}, NoChange, nil, 0, 0},
		"no reason":       {Draft{Name: "men", Target: "21", Reason: " "}, NoReason, nil, 0, 0},
		"no number":       {Draft{Name: "men", Target: "many", Reason: "r"}, NoTarget, nil, 0, 0},
		"below nothing":   {Draft{Name: "men", Target: "-1", Reason: "r"}, NoTarget, nil, 0, 0},
		"nowhere":         {Draft{Name: "x", Target: "1", Reason: "r"}, NoChange, nil, 0, 0},
	} {
		list, problem := m.Preview(c.draft)
		if problem != c.problem {
			t.Errorf("%s: %q, want %q", name, problem, c.problem)
		}
		if c.problem != "" {
			continue
		}
		if diff := cmp.Diff(delivery.Steering{Aims: c.aims}, Steering(list)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if list[0].Give != c.give || list[0].TooMany != c.tooMany {
			t.Errorf("%s: %d can be given and %d are too many, want %d and %d", name, list[0].Give, list[0].TooMany, c.give, c.tooMany)
		}
	}
	again := steered{aims: map[string]delivery.Aim{"men": {Target: 20, Closed: true}}}.model(t)
	if list, problem := again.Preview(Draft{Name: "men", Reason: "r"}); problem != "" || !list[0].Reopened || list[0].Close {
		t.Errorf("reopened: %+v, %q", list, problem)
	}
}

func TestRoomMovesBetweenCellsOfOneKindAndPlace(t *testing.T) {
	t.Parallel()
	m := steered{}.model(t)
	if got := m.Partners("men"); len(got) != 1 || got[0].Quota.Name != "women" {
		t.Errorf("%+v", got)
	}
	if m.Partners("nowhere") != nil || DraftOf(m.Lines[0].Constraints[0]) != (Draft{Name: "men"}) {
		t.Error("a quota that is not there has partners, or a draft begins with something")
	}
}

func TestForecast(t *testing.T) {
	t.Parallel()
	day := func(hours float64) desk.Day {
		to := noon.UnixMilli()
		return desk.Day{From: to - int64(hours*3_600_000), To: to}
	}
	for name, c := range map[string]struct {
		count Count
		day   desk.Day
		want  Forecast
	}{
		"this day":      {Count{Missing: 8, Today: 8}, day(4), Forecast{At: noon.Add(4 * time.Hour)}},
		"a day of work": {Count{Missing: 18, Today: 8}, day(4), Forecast{Days: 2}},
		"full":          {Count{Missing: 0, Today: 8}, day(4), Forecast{}},
		"closed":        {Count{Missing: 18, Today: 8, Closed: true}, day(4), Forecast{}},
		"nobody today":  {Count{Missing: 18}, day(4), Forecast{}},
		"just begun":    {Count{Missing: 18, Today: 1}, day(0.4), Forecast{}},
		"no shift":      {Count{Missing: 18, Today: 1}, desk.Day{}, Forecast{}},
	} {
		if got := forecast(c.count, c.day, noon); !got.At.Equal(c.want.At) || got.Days != c.want.Days {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
