package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// laptop is a store in a real file, with a clock that the test turns: Wednesday, 25 November 2026, 12:00 in Brussels.
type laptop struct {
	*desk.Store
	t   *testing.T
	now time.Time
	seq int
}

var brussels = time.FixedZone("", 3600)

func newLaptop(t *testing.T) *laptop {
	t.Helper()
	l := &laptop{t: t, now: time.Date(2026, 11, 25, 12, 0, 0, 0, brussels)}
	var err error
	l.Store, err = desk.Open(t.Context(), desk.Params{Path: filepath.Join(t.TempDir(), "desk.db"), Now: func() time.Time { return l.now }})
	l.must(err)
	t.Cleanup(func() { _ = l.Close() })
	l.must(l.SaveCredentials(t.Context(), delivery.Credentials{Central: "https://c", User: "ines", Token: "t"}))
	l.heard(l.now)
	for _, who := range []string{"0417", "0418"} {
		l.pull(delivery.ItemDevice, who, delivery.DeviceState{Device: who, Interviewer: who, LastSeen: l.now.Add(-time.Hour).UnixMilli()})
	}
	l.pull(delivery.ItemDevice, "old", delivery.DeviceState{Device: "old", Interviewer: "0400", Revoked: true})
	return l
}

func (l *laptop) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// heard is when the laptop last heard of everything.
func (l *laptop) heard(at time.Time) {
	l.must(l.SaveSchedule(context.Background(), delivery.Schedule{LastSuccess: at.UnixMilli()}))
}

func (l *laptop) pull(kind delivery.ItemKind, id string, v any) {
	l.t.Helper()
	body, err := json.Marshal(v)
	l.must(err)
	l.must(l.ApplyPull(context.Background(), []delivery.Item{{Kind: kind, ID: id, Body: body}}, "1"))
}

// shift is one that a tablet sent; to is zero while it goes on.
func (l *laptop) shift(who, site string, from, to time.Time) {
	l.t.Helper()
	l.seq++
	s := interview.Shift{ID: fmt.Sprint("s", l.seq), Study: "mall", Site: site, Interviewer: who, Started: interview.MomentOf(from)}
	if !to.IsZero() {
		s.Ended = interview.MomentOf(to)
	}
	body, err := json.Marshal(s)
	l.must(err)
	l.pull(delivery.ItemRecord, s.ID, delivery.StoredRecord{
		Record: delivery.Record{ID: s.ID, Kind: delivery.KindShift, Revision: 1, Study: "mall", Epoch: "e", Seq: int64(l.seq), SHA256: delivery.Sum(body), Body: body},
		Device: who, Interviewer: who, ReceivedAt: l.now.UnixMilli(),
	})
}

// plan is central's word.
func (l *laptop) plan(days ...delivery.PlannedDay) {
	l.t.Helper()
	p := delivery.Plan{At: l.now.UnixMilli()}
	for _, d := range days {
		p.Days = append(p.Days, delivery.StandingDay{PlannedDay: d, Decision: "d", At: 1000, By: "otto", KeptAt: l.now.Add(-2 * time.Hour).UnixMilli()})
	}
	l.must(l.KeepPlan(context.Background(), "mall", p))
}

func (l *laptop) read(c Choice) Model {
	l.t.Helper()
	m, err := Read(context.Background(), l.Store, mall, l.now, c)
	l.must(err)
	return m
}

var mall = study.Study{ID: "mall", Sites: []study.Site{
	{Name: "north", Label: study.Text{"": "North Mall"}, Entrances: []study.Entrance{{Name: "main"}, {Name: "back"}}},
	{Name: "south", Label: study.Text{"": "South Mall"}, Entrances: []study.Entrance{{Name: "gate"}}},
}}

func on(who, date string, list ...delivery.Assignment) delivery.PlannedDay {
	return delivery.PlannedDay{Interviewer: who, Date: date, Assignments: list}
}

func from(site, begin, end string) delivery.Assignment {
	return delivery.Assignment{Site: site, From: begin, To: end}
}

func clockOf(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, brussels)
}

// states are what became of the assignments of a day, in words a test can hold.
func states(t *testing.T, m Model, who, date string) (said []string) {
	t.Helper()
	c, known := m.Cell(Key{who, date})
	if !known {
		t.Fatalf("%s has no %s", who, date)
	}
	for _, d := range c.Duties {
		one := string(d.State)
		if !d.Begun.IsZero() {
			one += d.Begun.Format(" 15:04")
		}
		if d.Elsewhere != "" {
			one += " at " + d.Elsewhere
		}
		said = append(said, one)
	}
	if c.Unplanned != "" {
		said = append(said, "unplanned at "+c.Unplanned)
	}
	return said
}

func TestWhatBecameOfAnAssignment(t *testing.T) {
	t.Parallel()
	const today = "2026-11-25"
	morning, day := from("north", "09:00", "11:00"), from("north", "10:00", "18:00")
	type shift struct {
		site     string
		from, to time.Time
	}
	open := time.Time{}
	for name, c := range map[string]struct {
		planned []delivery.Assignment
		shifts  []shift
		heard   time.Time // zero for now
		want    []string
	}{
		"goes on":                               {[]delivery.Assignment{day}, []shift{{"north", clockOf(25, 10, 4), open}}, open, []string{"working 10:04"}},
		"began early":                           {[]delivery.Assignment{day}, []shift{{"north", clockOf(25, 7, 30), open}}, open, []string{"working 07:30"}},
		"is over":                               {[]delivery.Assignment{morning}, []shift{{"north", clockOf(25, 9, 1), clockOf(25, 11, 2)}}, open, []string{"done 09:01"}},
		"ended early":                           {[]delivery.Assignment{day}, []shift{{"north", clockOf(25, 10, 0), clockOf(25, 11, 0)}}, open, []string{"done 10:00"}},
		"in two shifts":                         {[]delivery.Assignment{day}, []shift{{"north", clockOf(25, 10, 0), clockOf(25, 10, 30)}, {"north", clockOf(25, 11, 0), open}}, open, []string{"working 10:00"}},
		"not begun":                             {[]delivery.Assignment{day}, nil, open, []string{"late"}},
		"not begun, and over":                   {[]delivery.Assignment{morning}, nil, open, []string{"absent"}},
		"not begun, within the grace":           {[]delivery.Assignment{from("north", "11:50", "18:00")}, nil, open, []string{"planned"}},
		"not begun, at the end of the grace":    {[]delivery.Assignment{from("north", "11:45", "18:00")}, nil, open, []string{"late"}},
		"to come":                               {[]delivery.Assignment{from("north", "14:00", "18:00")}, nil, open, []string{"planned"}},
		"not begun, and the laptop knows no so": {[]delivery.Assignment{day}, nil, clockOf(25, 10, 10), []string{"planned"}},
		"elsewhere":                             {[]delivery.Assignment{day}, []shift{{"south", clockOf(25, 10, 4), open}}, open, []string{"working 10:04 at south"}},
		"here after elsewhere":                  {[]delivery.Assignment{day}, []shift{{"south", clockOf(25, 10, 4), clockOf(25, 11, 0)}, {"north", clockOf(25, 11, 30), open}}, open, []string{"working 11:30", "unplanned at south"}},
		"two halves of a day": {
			[]delivery.Assignment{morning, from("south", "11:00", "14:00")},
			[]shift{{"north", clockOf(25, 9, 0), clockOf(25, 11, 5)}, {"south", clockOf(25, 11, 20), open}}, open, []string{"done 09:00", "working 11:20"},
		},
		"the second half is missed": {
			[]delivery.Assignment{morning, from("south", "11:00", "14:00")}, []shift{{"north", clockOf(25, 9, 0), clockOf(25, 11, 5)}}, open, []string{"done 09:00", "late"},
		},
		"stays where the first half was": {
			[]delivery.Assignment{morning, from("south", "11:00", "14:00")}, []shift{{"north", clockOf(25, 9, 0), open}}, open, []string{"done 09:00", "working 09:00 at north"},
		},
		"nothing planned, and worked": {nil, []shift{{"south", clockOf(25, 10, 0), open}}, open, []string{"unplanned at south"}},
		"worked yesterday":            {[]delivery.Assignment{day}, []shift{{"north", clockOf(24, 10, 0), clockOf(24, 18, 0)}}, open, []string{"late"}},
		"a night's second half":       {[]delivery.Assignment{from("north", "00:00", "02:00")}, []shift{{"north", clockOf(24, 22, 0), clockOf(25, 2, 0)}}, open, []string{"done 22:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLaptop(t)
			if !c.heard.IsZero() {
				l.heard(c.heard)
			}
			l.plan(on("0417", today, c.planned...))
			for _, s := range c.shifts {
				l.shift("0417", s.site, s.from, s.to)
			}
			if diff := cmp.Diff(c.want, states(t, l.read(Choice{}), "0417", today)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Hours are those of the site's clocks: where a tablet told that they are six hours behind, its assignments begin six hours later.
func TestHoursAreThoseOfTheSite(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	l.plan(on("0417", "2026-11-25", from("north", "10:00", "18:00")), on("0418", "2026-11-25", from("south", "10:00", "18:00")))
	there := time.FixedZone("", -5*3600)
	l.shift("0417", "north", time.Date(2026, 11, 20, 10, 0, 0, 0, there), time.Date(2026, 11, 20, 18, 0, 0, 0, there))
	if got := states(t, l.read(Choice{}), "0417", "2026-11-25"); got[0] != "planned" {
		t.Errorf("at six in the morning there: %v", got)
	}
	if got := states(t, l.read(Choice{}), "0418", "2026-11-25"); got[0] != "late" {
		t.Errorf("where nobody has worked yet: %v", got)
	}
	l.now = l.now.Add(5 * time.Hour)
	l.heard(l.now)
	if got := states(t, l.read(Choice{}), "0417", "2026-11-25"); got[0] != "late" {
		t.Errorf("at eleven there: %v", got)
	}
	l.shift("0417", "north", time.Date(2026, 11, 25, 11, 0, 0, 0, there), time.Time{})
	if got := states(t, l.read(Choice{}), "0417", "2026-11-25"); got[0] != "working 11:00" {
		t.Errorf("%v", got)
	}
}

func TestAWeekStandsByInterviewerAndSite(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	l.plan(on("0417", "2026-11-23", from("north", "10:00", "18:00")), on("0417", "2026-11-24", from("north", "10:00", "13:30"), from("south", "14:00", "18:00")),
		on("0418", "2026-11-24", from("north", "10:00", "18:00")), on("0430", "2026-11-29", from("south", "12:00", "16:00")), on("0440", "2026-12-02", from("south", "12:00", "16:00")))
	l.shift("0417", "north", clockOf(23, 10, 0), clockOf(23, 17, 0))
	l.shift("0451", "south", clockOf(24, 10, 0), clockOf(24, 11, 0))
	l.shift("0452", "south", clockOf(16, 10, 0), clockOf(16, 11, 0))
	m := l.read(Choice{})
	if m.Week != "2026-11-23" || m.Days[6] != "2026-11-29" || m.Day != "2026-11-25" || m.Today != m.Day {
		t.Errorf("%+v", m.Choice)
	}
	var rows []string
	for _, r := range m.Rows {
		rows = append(rows, fmt.Sprintf("%s %d %.1f", r.Interviewer, r.Minutes, float64(r.WorkedMS)/3_600_000))
	}
	if diff := cmp.Diff([]string{"0417 930 7.0", "0418 480 0.0", "0430 240 0.0", "0451 0 1.0"}, rows); diff != "" {
		t.Error(diff)
	}
	if m.Cover[0].Site.Name != "north" || !slices.Equal(m.Cover[0].Days, []int{1, 2, 0, 0, 0, 0, 0}) || !slices.Equal(m.Cover[1].Days, []int{0, 1, 0, 0, 0, 0, 1}) {
		t.Errorf("%+v", m.Cover)
	}
	c, _ := m.Cell(Key{"0418", "2026-11-24"})
	if !c.Fetched || c.Heard.IsZero() {
		t.Errorf("the tablet asked an hour after it was planned: %+v", c)
	}
	if next := l.read(Choice{Week: "2026-12-02"}); next.Week != "2026-11-30" || next.Day != "2026-11-30" || next.Cover[1].Days[2] != 1 || len(next.Rows) != 4 {
		t.Errorf("the week after: %+v", next)
	}
}

func (l *laptop) decide(days ...delivery.PlannedDay) delivery.Decision {
	l.t.Helper()
	body, err := json.Marshal(delivery.Planning{Days: days})
	l.must(err)
	d, err := l.Decide(context.Background(), delivery.Decision{Study: "mall", Kind: delivery.Assignments, Subject: delivery.PlanSubject, Body: body})
	l.must(err)
	return d
}

func TestADraftBeginsAsTheLastAssignment(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	l.plan(on("0417", "2026-11-18", from("south", "09:00", "13:00")), on("0417", "2026-11-24", delivery.Assignment{Site: "north", Entrance: "back", From: "12:00", To: "20:00", Note: "keys"}))
	m := l.read(Choice{})
	draft := func(who, date string) []Part {
		c, _ := m.Cell(Key{who, date})
		return m.DraftOf(c).Parts
	}
	for name, c := range map[string]struct {
		got  []Part
		want Part
	}{
		"as it stands":                  {draft("0417", "2026-11-24"), Part{Site: "north", Entrance: "back", From: "12:00", To: "20:00", Note: "keys"}},
		"as the last one, not its note": {draft("0417", "2026-11-26"), Part{Site: "north", Entrance: "back", From: "12:00", To: "20:00"}},
		"as one of the week before":     {draft("0417", "2026-11-23"), Part{Site: "south", From: "09:00", To: "13:00"}},
		"of somebody new":               {draft("0418", "2026-11-26"), Part{Site: "north", From: "10:00", To: "18:00"}},
	} {
		if diff := cmp.Diff([]Part{c.want}, c.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if p := m.NewPart(Draft{Parts: draft("0418", "2026-11-26")}); p.Site != "north" || p.From != "18:00" || p.To != "22:00" {
		t.Errorf("%+v", p)
	}
}

func TestADraftIsSavedOnlyWhereItIsSound(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	l.plan(on("0417", "2026-11-26", from("north", "10:00", "18:00")))
	m := l.read(Choice{})
	part := func(site, from, to string) Part {
		return Part{Site: site, From: "10:00", To: "18:00", TypedFrom: from, TypedTo: to}
	}
	for name, c := range map[string]struct {
		parts []Part
		also  []string
		want  Problem
		days  int
	}{
		"another place":            {[]Part{part("south", "10:00", "18:00")}, nil, "", 1},
		"as it was":                {[]Part{part("north", "10", "18h")}, nil, NoChange, 0},
		"as it was, and elsewhere": {[]Part{part("north", "1000", "18.00")}, []string{"2026-11-27", "2026-11-28"}, "", 2},
		"until midnight":           {[]Part{part("north", "22:00", "24:00")}, nil, "", 1},
		"past midnight":            {[]Part{part("north", "22:00", "02:00")}, nil, Midnight, 0},
		"no hours":                 {[]Part{part("north", "10:00", "?")}, nil, NoHours, 0},
		"hours of which one stays": {[]Part{part("north", " ", "17")}, nil, "", 1},
		"words":                    {[]Part{part("north", "ten", "18:00")}, nil, NoHours, 0},
		"61 minutes":               {[]Part{part("north", "10:61", "18:00")}, nil, NoHours, 0},
		"at the same time":         {[]Part{part("north", "14:00", "18:00"), part("south", "9:00", "14:30")}, nil, AtOnce, 0},
		"one after the other":      {[]Part{part("north", "14:30", "18:00"), part("south", "9:00", "14:30")}, nil, "", 1},
		"no such place":            {[]Part{part("west", "10:00", "18:00")}, nil, NoPlace, 0},
		"a long note":              {[]Part{{Site: "north", From: "10:00", To: "18:00", Note: strings.Repeat("x", 201)}}, nil, LongNote, 0},
	} {
		days, wrong := m.Preview(Draft{Key: Key{"0417", "2026-11-26"}, Parts: c.parts, Also: c.also})
		if wrong != c.want || len(days) != c.days {
			t.Errorf("%s: %q, %+v", name, wrong, days)
		}
		if len(days) > 0 {
			d := l.decide(days...) // what the page lets pass, central's rules let pass
			l.must(l.Undo(context.Background(), d.ID))
		}
	}
	if got := m.CanCopyTo(Key{"0417", "2026-11-26"}); !slices.Equal(got, []string{"2026-11-25", "2026-11-27", "2026-11-28", "2026-11-29"}) {
		t.Errorf("%v", got)
	}
}

// Last week fills the days that lie ahead and are free, and nothing else.
func TestTheWeekBeforeIsCopied(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	day := from("north", "10:00", "18:00")
	var list []delivery.PlannedDay
	for _, date := range []string{"2026-11-16", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-10"} {
		list = append(list, on("0417", date, day))
	}
	list = append(list, on("0418", "2026-11-20", from("west", "10:00", "18:00")), on("0417", "2026-11-26", from("south", "10:00", "18:00")))
	l.plan(list...)
	if diff := cmp.Diff([]delivery.PlannedDay{on("0417", "2026-11-25", day), on("0417", "2026-11-27", day)}, l.read(Choice{}).LastWeek()); diff != "" {
		t.Error(diff)
	}
	if got := l.read(Choice{Week: "2026-11-16"}).LastWeek(); len(got) != 0 {
		t.Errorf("the past is planned: %+v", got)
	}
}

func TestWhatIsDecidedHereStandsInTheWeek(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	day := from("north", "10:00", "18:00")
	l.plan(on("0417", "2026-11-26", day))
	d := l.decide(on("0417", "2026-11-26"), on("0418", "2026-11-27", day))
	m := l.read(Choice{})
	gone, _ := m.Cell(Key{"0417", "2026-11-26"})
	come, _ := m.Cell(Key{"0418", "2026-11-27"})
	if len(gone.Duties) != 0 || !gone.Open || len(come.Duties) != 1 || !come.Undoable || come.Fetched || !m.Unsent || m.Cover[0].Days[3] != 0 || m.Cover[0].Days[4] != 1 {
		t.Errorf("%+v\n%+v\n%+v", gone, come, m.Cover)
	}
	l.must(l.Undo(context.Background(), d.ID))
	if m = l.read(Choice{}); m.Unsent || m.Cover[0].Days[3] != 1 {
		t.Errorf("undone: %+v", m.Cover)
	}
}

// plain are words as their keys, enough for a table.
type plain struct{}

func (plain) T(key string, args ...any) string        { return key }
func (plain) N(key string, n int, args ...any) string { return fmt.Sprint(key, n) }
func (plain) Number(n int) string                     { return fmt.Sprint(n) }
func (plain) Decimal(v float64, digits int) string    { return fmt.Sprintf("%.*f", digits, v) }
func (plain) Day(t time.Time) string                  { return t.Format(time.DateOnly) }
func (plain) Clock(t time.Time) string                { return t.Format("15:04") }
func (plain) Moment(t, now time.Time) string          { return t.Format("15:04") }
func (plain) Lang() string                            { return "en" }

func TestTheWeekIsExported(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	l.plan(on("0417", "2026-11-24", delivery.Assignment{Site: "north", Entrance: "back", From: "10:00", To: "13:00", Note: "keys"}, from("south", "14:00", "18:00")))
	l.shift("0417", "north", clockOf(24, 10, 5), clockOf(24, 13, 5))
	l.shift("0451", "south", clockOf(24, 10, 0), clockOf(24, 11, 0))
	data, err := Table(plain{}, l.read(Choice{})).CSV()
	l.must(err)
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	want := []string{
		"0417,2026-11-24,North Mall,back,10:00,13:00,3,plan.state_done,10:05,,3,keys",
		"0417,2026-11-24,South Mall,,14:00,18:00,4,plan.state_absent,,,,",
		"0451,2026-11-24,,,,,,plan.state_unplanned,,South Mall,1,",
	}
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	if diff := cmp.Diff(want, lines[1:]); diff != "" {
		t.Error(diff)
	}
}
