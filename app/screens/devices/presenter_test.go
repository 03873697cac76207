package devices

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
	"parvis/sync/protocol"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

type listed struct {
	list         []desk.Interviewer
	laptops      []delivery.DeviceState
	plan         delivery.Schedule
	people, when error
}

func (l listed) Interviewers(context.Context, string, string) ([]desk.Interviewer, error) {
	return l.list, l.people
}

func (l listed) Laptops(context.Context) ([]delivery.DeviceState, error) { return l.laptops, nil }

func (l listed) Schedule(context.Context) (delivery.Schedule, error) { return l.plan, l.when }

func ago(d time.Duration) int64 { return noon.Add(-d).UnixMilli() }

// three are a device of each state.
func three() listed {
	return listed{plan: delivery.Schedule{LastSuccess: ago(3 * time.Hour), LastError: "offline"}, list: []desk.Interviewer{
		{Interviewer: "0417", Forms: map[string]string{"device-aaaaaa": "7"}, Devices: []delivery.DeviceState{
			{Device: "device-aaaaaa", Interviewer: "0417", Platform: "android/arm64", AppVersion: "0.2", LastSeen: ago(2 * time.Hour), Missing: []delivery.Range{{First: 3, Last: 4}}, Earlier: []delivery.EpochState{{Missing: []delivery.Range{{First: 9, Last: 9}}}}},
			{Device: "b", Interviewer: "0417", LastSeen: ago(time.Hour), Revoked: true},
		}},
		{Interviewer: "0423", Devices: []delivery.DeviceState{{Device: "device-cccccc", Interviewer: "0423", Platform: "ios/arm64", Revoked: true, Lost: true}}},
		{Interviewer: "0430"},
	}}
}

func read(t *testing.T, l listed, c Choice) Model {
	t.Helper()
	m, err := Read(t.Context(), l, study.Study{ID: "mall", Form: study.FormRef{Version: "8"}}, c, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A supervisor's laptop that lends rights stands among the devices as that person's.
func TestALaptopIsItsSupervisors(t *testing.T) {
	t.Parallel()
	l := three()
	l.laptops = []delivery.DeviceState{{Device: "device-dddddd", Account: "sue", Platform: "linux/amd64", LastSeen: ago(time.Minute)}}
	m := read(t, l, Choice{})
	if len(m.Devices) != 4 || m.Devices[0].Of(english(t)) != "Laptop of sue" || m.Devices[1].Of(english(t)) != "0417" || len(m.Interviewers()) != 2 {
		t.Errorf("%+v", m.Devices)
	}
}

func english(t *testing.T) *words.Words {
	t.Helper()
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTheListAndItsStates(t *testing.T) {
	t.Parallel()
	w := english(t)
	for show, want := range map[State]string{
		All: "0417 b; 0417 android/arm64 · aaaaaa; 0423 ios/arm64 · cccccc", Active: "0417 android/arm64 · aaaaaa", Revoked: "0417 b", Lost: "0423 ios/arm64 · cccccc",
	} {
		m := read(t, three(), Choice{Show: show})
		var got []string
		for _, r := range m.Table(w, noon).Rows {
			got = append(got, r.Cells[0].Text+" "+r.Cells[1].Text)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q: %q, want %q", show, got, want)
		}
		if m.Counts[All] != 3 || m.Counts[Active] != 1 || m.Counts[Revoked] != 1 || m.Counts[Lost] != 1 || m.Form != "8" {
			t.Errorf("%+v", m)
		}
	}
	m := read(t, three(), Choice{Sort: "missing", Descending: true})
	rows := m.Table(w, noon).Rows
	if rows[0].ID != "device-aaaaaa" || rows[0].Cells[5].Text != "3" || rows[0].Cells[3].Text != "7" || rows[0].Cells[4].Text != "10:00" || rows[2].Cells[6].Text == "" {
		t.Errorf("%+v", rows)
	}
	if d, known := m.Device("device-cccccc"); !known || d.State != Lost || Heard(w, d.LastSeen, noon) != w.T("interviewers.never") {
		t.Errorf("%+v", d)
	}
	if _, known := m.Device("nobody"); known {
		t.Error("a device that there is not is known")
	}
	if got := m.Interviewers(); !slices.Equal(got, []string{"0417", "0423"}) {
		t.Error(got)
	}
}

// The page says how old it is, and never that it is newer.
func TestTheAgeOfThePicture(t *testing.T) {
	t.Parallel()
	w := english(t)
	for want, plan := range map[string]delivery.Schedule{
		"Nothing was fetched from central yet.":                                                           {},
		"Picture of 09:00. What devices did since then is not here yet.":                                  {LastSuccess: ago(3 * time.Hour)},
		"Picture of 09:00. What devices did since then is not here yet. The last attempt to sync failed.": {LastSuccess: ago(3 * time.Hour), LastError: "offline"},
	} {
		if got := read(t, listed{plan: plan}, Choice{}).Age(w, noon); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAStoreThatFailsIsReported(t *testing.T) {
	t.Parallel()
	disk := errors.New("disk")
	for name, l := range map[string]listed{"people": {people: disk}, "schedule": {when: disk}} {
		if m, err := Read(t.Context(), l, study.Study{}, Choice{Show: Lost}, time.UTC); !errors.Is(err, disk) || m.Show != Lost || len(m.Devices) != 0 {
			t.Errorf("%s: %+v %v", name, m, err)
		}
	}
}

func TestWhatIsOrdered(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		order Order
		want  string // the fault
	}{
		"a code":         {Order{Interviewer: " 0417 ", Studies: []string{"mall"}, Minutes: 60}, ""},
		"nobody":         {Order{Interviewer: "  ", Studies: []string{"mall"}}, "devices.no_interviewer"},
		"two words":      {Order{Interviewer: "04 17", Studies: []string{"mall"}}, "devices.bad_interviewer"},
		"32 characters":  {Order{Interviewer: strings.Repeat("é", 32), Studies: []string{"mall"}}, ""},
		"33 characters":  {Order{Interviewer: strings.Repeat("é", 33), Studies: []string{"mall"}}, "devices.bad_interviewer"},
		"without study":  {Order{Interviewer: "0417"}, "devices.no_study"},
		"several of one": {Order{Interviewer: "0417", Studies: []string{"mall", "fair"}, Minutes: 1}, ""},
	} {
		r, fault := tc.order.Request()
		if fault.What != tc.want {
			t.Errorf("%s: %+v", name, fault)
		}
		if fault.What == "" && (r.Interviewer != strings.TrimSpace(tc.order.Interviewer) || !slices.Equal(r.Studies, tc.order.Studies) || r.Minutes != tc.order.Minutes || r.Count != 0) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	o := NewOrder("0417", "mall")
	before := o.Studies
	o.Turn("fair")
	o.Turn("mall")
	if !slices.Equal(o.Studies, []string{"fair"}) || !slices.Equal(before, []string{"mall"}) || o.Minutes != 24*60 || !slices.Contains(Lasting(), o.Minutes) {
		t.Errorf("%+v, %v before", o, before)
	}
}

func TestACodeRunsOut(t *testing.T) {
	t.Parallel()
	w := english(t)
	if _, ok := Made(protocol.CodesRequest{}, protocol.CodesAnswer{}, "https://c", nil, noon); ok {
		t.Error("an answer without a code has one")
	}
	// Central's clock is two hours ahead: what counts is how long the code was asked for.
	c, ok := Made(protocol.CodesRequest{Interviewer: "0417", Minutes: 60}, protocol.CodesAnswer{Codes: []string{"ABCD-EFGH"}, Expires: noon.Add(3 * time.Hour).UnixMilli()}, "https://c/", []string{"Mall"}, noon)
	if !ok || c.Link != "https://c/enrol#ABCD-EFGH" || !c.Until.Equal(noon.Add(time.Hour)) {
		t.Fatalf("%+v", c)
	}
	for want, after := range map[string]time.Duration{
		"Valid until 13:00: 1 h 0 min left": 0, "Valid until 13:00: 59 min 59 s left": time.Second, "Valid until 13:00: 1 s left": time.Hour - time.Second,
		"This code has ended (13:00) and was not used.": time.Hour,
	} {
		if got := c.Status(w, noon.Add(after)); got != want || c.Open(noon.Add(after)) != (after < time.Hour) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Left(w, 50*time.Hour); got != "2 d 2 h" {
		t.Error(got)
	}
	if got := Left(w, -time.Hour); got != "0 s" {
		t.Error(got)
	}
	// A central that does not name codes teaches nothing; another code's use is not this one's.
	c.Learn([]delivery.CodeState{{ID: "", Used: 5}}, time.UTC)
	c.ID = "one"
	c.Learn([]delivery.CodeState{{ID: "other", Used: 5}, {ID: "one"}}, time.UTC)
	if !c.Used.IsZero() {
		t.Error("it counts as used")
	}
	c.Learn([]delivery.CodeState{{ID: "one", Used: noon.UnixMilli(), Device: "d"}}, time.UTC)
	if !c.Used.Equal(noon) || c.Device != "d" || c.Open(noon) {
		t.Errorf("%+v", c)
	}
}

func TestWhatBecameOfACode(t *testing.T) {
	t.Parallel()
	w := english(t)
	for want, c := range map[string]delivery.CodeState{
		"Used (11:00)": {Used: ago(time.Hour), Expires: noon.Add(time.Hour).UnixMilli()}, "Ended, not used (11:00)": {Expires: ago(time.Hour)},
		"Not used yet, valid until 13:00": {Expires: noon.Add(time.Hour).UnixMilli()},
	} {
		if got := CodeLine(w, c, noon); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAnEndingWaitsForItsReason(t *testing.T) {
	t.Parallel()
	known := &delivery.DeviceEnding{}
	for name, tc := range map[string]struct {
		e     Ending
		want  string
		ready bool
	}{
		"all there": {Ending{Known: known, Reason: "x"}, "", true}, "no reason": {Ending{Known: known, Reason: " \n"}, "devices.reason_missing", false},
		"too long": {Ending{Known: known, Reason: strings.Repeat("é", 501)}, "devices.reason_long", false}, "just not": {Ending{Known: known, Reason: strings.Repeat("é", 500)}, "", true},
		"nothing known": {Ending{Reason: "x"}, "", false}, "under way": {Ending{Known: known, Reason: "x", Doing: true}, "", false},
	} {
		if got := tc.e.Check(); got != tc.want || tc.e.Ready() != tc.ready {
			t.Errorf("%s: %q, ready %v", name, got, tc.e.Ready())
		}
	}
}

// Every sentence is there in every language, with nothing left to fill in.
func TestEverythingHasWords(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "fr", "nl"} {
		w, err := words.New(assets.Translations, lang)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, k := range []delivery.DeviceEnding{{}, {Missing: 1, Rights: 1, Constraints: 1, LastSeen: ago(time.Hour)}, {Missing: 3, Rights: 7, Constraints: 4, LastSeen: ago(50 * time.Hour)}} {
			for _, lost := range []bool{false, true} {
				lines := Ending{Known: &k, Lost: lost}.Lines(w, noon)
				if len(lines) != 4 {
					t.Errorf("%s: %q", lang, lines)
				}
				said = append(said, lines...)
			}
		}
		for _, f := range []Fault{{What: "devices.forbidden", Said: "No."}, {What: "devices.refused"}, {What: "devices.needs_connection"}, {What: "devices.bad_interviewer"}, {What: "devices.no_interviewer"}, {What: "devices.no_study"}} {
			said = append(said, f.Lines(w)...)
		}
		for _, s := range States()[1:] {
			said = append(said, w.T("devices.state_"+string(s)), w.T("devices.show_"+string(s), "n", 3))
		}
		for _, d := range []time.Duration{time.Second, time.Minute, time.Hour, 80 * time.Hour} {
			said = append(said, Left(w, d))
		}
		for _, line := range said {
			if line == "" || strings.Contains(line, "{{") || strings.Contains(line, "devices.") || strings.Contains(line, "no value") {
				t.Errorf("%s: %q", lang, line)
			}
		}
	}
	if f := FaultOf(nil); f != (Fault{}) || f.Lines(english(t)) != nil {
		t.Errorf("no error has a fault: %+v", f)
	}
	if f := FaultOf(errors.New("x")); f.What != "sync.error.storage" {
		t.Errorf("%+v", f)
	}
}

func TestTheCodeOnPaper(t *testing.T) {
	t.Parallel()
	w := english(t)
	s := Paper(w, Code{Text: "ABCD-EFGH", Link: "https://c/enrol#ABCD-EFGH", Central: "https://c", Interviewer: "0417", Studies: []string{"Mall", "Fair"}, Until: noon.Add(time.Hour)}, noon, nil, nil)
	if len(s.Cards) != 1 || s.Cards[0].Code != "ABCD-EFGH" || !strings.HasSuffix(s.Cards[0].Link, "#ABCD-EFGH") || !slices.Contains(s.Cards[0].Lines, "Mall, Fair") || !slices.Contains(s.Cards[0].Lines, "https://c") || !slices.Contains(s.Cards[0].Lines, "Once, until 13:00.") {
		t.Errorf("%+v", s)
	}
}
