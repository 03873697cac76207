package today

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
)

// device is a store in a real file, with a clock that the test turns.
type device struct {
	*fieldstore.Store
	t   *testing.T
	now time.Time
}

func newDevice(t *testing.T) *device {
	t.Helper()
	d := &device{t: t, now: time.Date(2026, 11, 22, 10, 5, 0, 0, time.FixedZone("", 3600))}
	var err error
	d.Store, err = fieldstore.Open(t.Context(), fieldstore.Params{
		Path: filepath.Join(t.TempDir(), "parvis.db"), Now: func() time.Time { return d.now }, PINCost: seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1},
	})
	d.must(err)
	t.Cleanup(func() { d.must(d.Close()) })
	d.must(d.SetPIN(t.Context(), "271828"))
	d.must(d.SaveEnrolment(t.Context(), delivery.Credentials{Central: "https://central.test", Device: "d", Epoch: "e", Interviewer: "0417", Token: "none"}))
	return d
}

func (d *device) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) pull(kind delivery.ItemKind, id string, v any) {
	d.t.Helper()
	body, err := json.Marshal(v)
	d.must(err)
	d.must(d.ApplyPull(d.t.Context(), []delivery.Item{{Kind: kind, ID: id, Body: body}}, "1"))
}

var form = []byte("<form/>")

// visit and zoo are studies with two sites and with one.
func visit() study.Study {
	return study.Study{
		ID: "visit", Interval: 3, Form: study.FormRef{ID: "visit", SHA256: delivery.Sum(form), Size: int64(len(form))},
		Sites: []study.Site{
			{Name: "north", Entrances: []study.Entrance{{Name: "main", Interval: 5}, {Name: "back"}}},
			{Name: "south", Entrances: []study.Entrance{{Name: "gate"}}},
		},
	}
}

func zoo() study.Study {
	return study.Study{ID: "zoo", Interval: 1, Form: study.FormRef{ID: "zoo", SHA256: "f0", Size: 9}, Sites: []study.Site{{Name: "cages", Entrances: []study.Entrance{{Name: "door"}}}}}
}

func (d *device) open() *Presenter {
	d.t.Helper()
	p, err := New(d.t.Context(), Params{Store: d.Store, Now: func() time.Time { return d.now }})
	d.must(err)
	return p
}

// place is where the page says that the interviewer stands.
func place(m Model) [3]string { return [3]string{m.Study.ID, m.Site.Name, m.Entrance.Name} }

func TestADayWithoutAStudyHasNothingToBegin(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	p := d.open()
	m := p.Model()
	if m.Interviewer != "0417" || m.Revoked || !m.Day.Equal(d.now) || m.Shift.ID != "" || m.Unread != 0 {
		t.Errorf("%+v", m)
	}
	if place(m) != [3]string{} || m.Ready || m.Interval != 0 || len(m.Studies) != 0 {
		t.Errorf("without a study: %+v", m)
	}
	if shift, err := p.Start(t.Context(), false); err == nil || shift.ID != "" {
		t.Errorf("a shift of no study began: %+v", shift)
	}
	if p.Model().Shift.ID != "" {
		t.Error("the page shows a shift that did not begin")
	}
}

func TestThePlaceIsTheLastOneOrElseTheFirst(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.pull(delivery.ItemStudy, "visit", visit())
	d.pull(delivery.ItemStudy, "zoo", zoo())
	d.must(d.AppendBlob(t.Context(), delivery.Sum(form), 0, form))
	d.must(d.FinishBlob(t.Context(), delivery.Sum(form)))
	p := d.open()
	for _, c := range []struct {
		name                  string
		study, site, entrance string
		want                  [3]string
		interval              int
		ready                 bool
	}{
		{"nothing chosen yet", "", "", "", [3]string{"visit", "north", "main"}, 5, true},
		{"a site takes its first entrance", "visit", "south", "", [3]string{"visit", "south", "gate"}, 3, true},
		{"all three", "visit", "north", "back", [3]string{"visit", "north", "back"}, 3, true},
		{"another study, not all here yet", "zoo", "", "", [3]string{"zoo", "cages", "door"}, 1, false},
		{"names of an older version", "visit", "west", "tower", [3]string{"visit", "north", "main"}, 5, true},
		{"a study that is gone", "gone", "south", "gate", [3]string{"visit", "south", "gate"}, 3, true},
	} {
		d.must(p.Choose(t.Context(), c.study, c.site, c.entrance))
		for when, m := range map[string]Model{"": p.Model(), ", in the next run": d.open().Model()} {
			if place(m) != c.want || m.Interval != c.interval || m.Ready != c.ready || len(m.Studies) != 2 {
				t.Errorf("%s%s: %v, every %d, ready: %v, want %v, every %d, %v", c.name, when, place(m), m.Interval, m.Ready, c.want, c.interval, c.ready)
			}
		}
	}
}

func TestTheOpenShiftSaysWhereTheInterviewerStands(t *testing.T) {
	t.Parallel()
	ctx, d := t.Context(), newDevice(t)
	d.pull(delivery.ItemStudy, "visit", visit())
	p := d.open()
	d.must(p.Choose(ctx, "visit", "north", "main"))
	shift, err := p.Start(ctx, true)
	d.must(err)
	if !shift.Practice || shift.Study != "visit" || shift.Site != "north" || shift.Entrance != "main" || p.Model().Shift.ID != shift.ID {
		t.Fatalf("%+v, the page shows %+v", shift, p.Model().Shift)
	}
	if second, err := p.Start(ctx, false); !errors.Is(err, fieldstore.ErrShiftOpen) || second.ID != "" {
		t.Errorf("a second shift began: %+v, %v", second, err)
	}
	d.must(p.Choose(ctx, "visit", "south", ""))
	if m := p.Model(); place(m) != [3]string{"visit", "north", "main"} {
		t.Errorf("while the shift goes on: %v", place(m))
	}
	newer := visit()
	newer.Form.Version, newer.Sites[0].Entrances[0].Interval = "2", 7
	d.pull(delivery.ItemStudy, "visit", newer)
	d.must(p.Read(ctx))
	if m := p.Model(); m.Interval != 5 || m.Study.Form.Version != "2" {
		t.Errorf("a shift that began with every 5th says every %dth of version %q", m.Interval, m.Study.Form.Version)
	}
	_, err = d.EndShift(ctx, shift.ID)
	d.must(err)
	d.must(p.Read(ctx))
	if m := p.Model(); m.Shift.ID != "" || place(m) != [3]string{"visit", "south", "gate"} || m.Interval != 3 {
		t.Errorf("after the shift: %v, every %d", place(m), m.Interval)
	}
}

func TestAShiftOfAStudyThatIsWithdrawnCanStillBeEnded(t *testing.T) {
	t.Parallel()
	ctx, d := t.Context(), newDevice(t)
	d.pull(delivery.ItemStudy, "zoo", zoo())
	p := d.open()
	shift, err := p.Start(ctx, false)
	d.must(err)
	d.pull(delivery.ItemWithdrawn, "zoo", nil)
	for _, name := range []string{"no other study", "another study"} {
		if name == "another study" {
			d.pull(delivery.ItemStudy, "visit", visit())
		}
		d.must(p.Read(ctx))
		m := p.Model()
		if m.Shift.ID != shift.ID || place(m) != [3]string{"zoo", "cages", "door"} || m.Ready {
			t.Errorf("%s: shift %q of zoo, the page shows %v, ready: %v", name, m.Shift.ID, place(m), m.Ready)
		}
		for _, st := range m.Studies {
			if st.ID == "zoo" {
				t.Errorf("%s: a withdrawn study can be chosen", name)
			}
		}
	}
	_, err = d.EndShift(ctx, shift.ID)
	d.must(err)
	d.must(p.Read(ctx))
	if m := p.Model(); m.Study.ID == "zoo" {
		t.Error("the study stays after its shift")
	}
}

func TestWhatCentralSaysStandsOnThePage(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	p := d.open()
	d.pull(delivery.ItemMessage, "m", delivery.Message{ID: "m", From: "ines", Text: "Come in", At: d.now.UnixMilli()})
	d.pull(delivery.ItemRevocation, "r", nil)
	d.must(p.Read(t.Context()))
	if m := p.Model(); m.Unread != 1 || !m.Revoked {
		t.Errorf("%d unread, shut out: %v", m.Unread, m.Revoked)
	}
}

// failing fails where it is told to.
type failing struct {
	Store
	at  string
	err error
}

func (f *failing) of(call string) error {
	if f.at == call {
		return f.err
	}
	return nil
}

func (f *failing) Enrolment(ctx context.Context) (delivery.Credentials, error) {
	c, err := f.Store.Enrolment(ctx)
	return c, errors.Join(err, f.of("enrolment"))
}

func (f *failing) Studies(ctx context.Context) ([]fieldstore.StudyState, error) {
	all, err := f.Store.Studies(ctx)
	return all, errors.Join(err, f.of("studies"))
}

func (f *failing) Study(ctx context.Context, id string) (study.Study, error) {
	st, err := f.Store.Study(ctx, id)
	return st, errors.Join(err, f.of("study"))
}

func (f *failing) CurrentShift(ctx context.Context) (interview.Shift, error) {
	s, err := f.Store.CurrentShift(ctx)
	return s, errors.Join(err, f.of("shift"))
}

func (f *failing) Outlook(ctx context.Context) (fieldstore.Outlook, error) {
	o, err := f.Store.Outlook(ctx)
	return o, errors.Join(err, f.of("outlook"))
}

func (f *failing) Unread(ctx context.Context) (int, error) {
	n, err := f.Store.Unread(ctx)
	return n, errors.Join(err, f.of("unread"))
}

func (f *failing) Condition(ctx context.Context) (fieldstore.Condition, error) {
	c, err := f.Store.Condition(ctx)
	return c, errors.Join(err, f.of("condition"))
}

func (f *failing) Assignments(ctx context.Context, from string) ([]fieldstore.Assigned, error) {
	list, err := f.Store.Assignments(ctx, from)
	return list, errors.Join(err, f.of("assignments"))
}

func (f *failing) Setting(ctx context.Context, key string) (string, error) {
	value, err := f.Store.Setting(ctx, key)
	return value, errors.Join(err, f.of("setting"))
}

func (f *failing) SaveSetting(ctx context.Context, key, value string) error {
	if err := f.of("save"); err != nil {
		return err
	}
	return f.Store.SaveSetting(ctx, key, value)
}

func TestAPageThatCannotBeReadStaysAsItWas(t *testing.T) {
	t.Parallel()
	ctx, d := t.Context(), newDevice(t)
	d.pull(delivery.ItemStudy, "zoo", zoo())
	f := &failing{Store: d.Store, err: errors.New("disk")}
	p, err := New(ctx, Params{Store: f, Now: func() time.Time { return d.now }})
	d.must(err)
	shift, err := p.Start(ctx, false)
	d.must(err)
	d.pull(delivery.ItemWithdrawn, "zoo", nil)
	for _, f.at = range []string{"enrolment", "studies", "study", "shift", "outlook", "unread", "condition", "assignments", "setting"} {
		before := p.Model().Day
		d.now = d.now.Add(time.Minute)
		if err := p.Read(ctx); !errors.Is(err, f.err) {
			t.Errorf("%s: %v", f.at, err)
		}
		if m := p.Model(); !m.Day.Equal(before) || m.Shift.ID != shift.ID || m.Study.ID != "zoo" {
			t.Errorf("%s: the page was half changed: %+v", f.at, m)
		}
	}
	f.at = "save"
	if err := p.Choose(ctx, "visit", "north", "main"); !errors.Is(err, f.err) {
		t.Error(err)
	}
	f.at = ""
	if kept, err := d.Setting(ctx, keyStudy); err != nil || kept != "" {
		t.Errorf("%q is kept, %v", kept, err)
	}
	if _, err := New(ctx, Params{Store: &failing{Store: d.Store, at: "enrolment", err: f.err}, Now: time.Now}); !errors.Is(err, f.err) {
		t.Error(err)
	}
}

func (d *device) assign(studyID, date string, list ...delivery.Assignment) {
	d.t.Helper()
	d.pull(delivery.ItemAssignments, date, delivery.Assigned{Study: studyID, PlannedDay: delivery.PlannedDay{Interviewer: "0417", Date: date, Assignments: list}})
}

// The place in force is that of the assignment at hand, unless the interviewer chose another for it.
func TestTheAssignmentSaysWhereToBegin(t *testing.T) {
	t.Parallel()
	ctx, d := t.Context(), newDevice(t)
	d.pull(delivery.ItemStudy, "visit", visit())
	d.pull(delivery.ItemStudy, "zoo", zoo())
	p := d.open()
	d.must(p.Choose(ctx, "visit", "south", "gate"))
	d.assign("visit", "2026-11-22", delivery.Assignment{Site: "north", Entrance: "back", From: "09:00", To: "13:00"}, delivery.Assignment{Site: "north", From: "15:00", To: "18:00"})
	d.assign("zoo", "2026-11-22", delivery.Assignment{Site: "cages", From: "13:00", To: "15:00"})
	look := func(doing string, want [3]string, elsewhere bool) {
		t.Helper()
		d.must(p.Read(ctx))
		for when, m := range map[string]Model{"": p.Model(), ", in the next run": d.open().Model()} {
			if place(m) != want || m.Plan.Elsewhere != elsewhere {
				t.Errorf("%s%s: %v, elsewhere: %v", doing, when, place(m), m.Plan.Elsewhere)
			}
		}
	}
	look("at five past ten", [3]string{"visit", "north", "back"}, false)
	d.must(p.Choose(ctx, "visit", "south", "gate"))
	look("chosen otherwise", [3]string{"visit", "south", "gate"}, true)
	d.now = d.now.Add(3 * time.Hour)
	look("for the next one it is not", [3]string{"zoo", "cages", "door"}, false)
	d.must(p.Choose(ctx, "visit", "north", "back"))
	d.now = d.now.Add(2 * time.Hour)
	look("any entrance: the last one", [3]string{"visit", "north", "back"}, false)
	shift, err := p.Start(ctx, false)
	d.must(err)
	d.assign("visit", "2026-11-22", delivery.Assignment{Site: "south", From: "15:00", To: "18:00"})
	look("planned anew while a shift goes on", [3]string{"visit", "north", "back"}, true)
	_, err = d.EndShift(ctx, shift.ID)
	d.must(err)
	look("after it", [3]string{"visit", "south", "gate"}, false)
	d.now = d.now.Add(5 * time.Hour)
	look("when all is over: the last one chosen", [3]string{"visit", "north", "back"}, false)
}

func TestThePlanStandsOnThePage(t *testing.T) {
	t.Parallel()
	ctx, d := t.Context(), newDevice(t)
	d.pull(delivery.ItemStudy, "visit", visit())
	p := d.open()
	if p.Model().Plan.Any() || p.Model().Plan.News {
		t.Errorf("nobody planned: %+v", p.Model().Plan)
	}
	day := delivery.Assignment{Site: "north", Entrance: "main", From: "10:00", To: "18:00", Note: "keys"}
	d.assign("visit", "2026-11-21", day)
	d.assign("visit", "2026-11-22", day, delivery.Assignment{Site: "west", From: "18:00", To: "19:00"}) // of a newer version of the study
	d.assign("visit", "2026-11-24", day)
	d.assign("visit", "2026-12-24", day)
	d.assign("gone", "2026-11-22", day)
	d.must(p.Seen(ctx))
	m := p.Model().Plan
	if len(m.Today) != 2 || len(m.Next) != 1 || m.News || m.Now == nil || m.Now.From != "10:00" || m.Today[0].Entrance.Name != "main" || m.Today[1].Site.Name != "west" || m.Next[0].Day().Day() != 24 {
		t.Errorf("%+v", m)
	}
	d.assign("visit", "2026-11-24")
	d.must(p.Read(ctx))
	if m = p.Model().Plan; !m.News || len(m.Next) != 0 || len(m.Gone) != 1 || m.Gone[0] != "2026-11-24" {
		t.Errorf("taken away: %+v", m)
	}
	d.must(p.Seen(ctx))
	if m = p.Model().Plan; m.News || len(m.Gone) != 0 {
		t.Errorf("seen: %+v", m)
	}
	d.assign("visit", "2026-12-23", day)
	d.must(p.Read(ctx))
	if m = p.Model().Plan; !m.News || len(m.Next) != 1 {
		t.Errorf("what is news is shown, however far ahead: %+v", m)
	}
}
