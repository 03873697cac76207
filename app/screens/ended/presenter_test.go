package ended

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

// device is a store in a real file with a study of one question, in which answers may be corrected for half an hour.
type device struct {
	*fieldstore.Store
	t     *testing.T
	now   time.Time
	study study.Study
	form  *xform.Form
	shift interview.Shift
}

const book = "| survey |\n| | type | name | label |\n| | text | q | Q? |\n| settings |\n| | form_id |\n| | visit |\n"

func newDevice(t *testing.T) *device {
	t.Helper()
	ctx, d := t.Context(), &device{t: t, now: time.Date(2026, 11, 22, 10, 5, 0, 0, time.FixedZone("", 3600))}
	pkg, said, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(book), Size: int64(len(book))})
	if err != nil {
		t.Fatalf("%v %v", err, said)
	}
	d.study = pkg.Study
	d.study.EditMinutes = 30
	d.form, err = xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
	d.must(err)
	d.Store, err = fieldstore.Open(ctx, fieldstore.Params{
		Path: filepath.Join(t.TempDir(), "parvis.db"), Now: func() time.Time { return d.now }, PINCost: seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1},
	})
	d.must(err)
	t.Cleanup(func() { d.must(d.Close()) })
	d.must(d.SetPIN(ctx, "271828"))
	d.must(d.SaveEnrolment(ctx, delivery.Credentials{Central: "https://central.test", Device: "d", Epoch: "e", Interviewer: "0417", Token: "none"}))
	body, err := json.Marshal(d.study)
	d.must(err)
	d.must(d.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemStudy, ID: d.study.ID, Body: body}}, "1"))
	d.must(d.AppendBlob(ctx, d.study.Form.SHA256, 0, pkg.XForm))
	d.must(d.FinishBlob(ctx, d.study.Form.SHA256))
	site := d.study.Sites[0]
	d.shift, err = d.StartShift(ctx, fieldstore.ShiftStart{Study: d.study.ID, Site: site.Name, Entrance: site.Entrances[0].Name})
	d.must(err)
	return d
}

func (d *device) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// ended begins an interview and ends it in a way.
func (d *device) ended(end func(context.Context, *interview.Session) (interview.Interview, error)) interview.Interview {
	d.t.Helper()
	s, err := interview.Start(d.t.Context(), interview.SessionParams{
		Study: d.study, Form: d.form, Shift: d.shift, Journal: d.Store, Seal: seal.Values, Now: func() time.Time { return d.now }, NewID: uuid.NewString,
	})
	d.must(err)
	_, err = s.Next(d.t.Context())
	d.must(err)
	i, err := end(d.t.Context(), s)
	d.must(err)
	return i
}

func finished(ctx context.Context, s *interview.Session) (interview.Interview, error) {
	return s.Finish(ctx)
}

// read reads the page of an interview from its line in the list, as tapping it does.
func (d *device) read(id string) Model {
	d.t.Helper()
	rows, err := d.Interviews(d.t.Context(), fieldstore.Filter{})
	d.must(err)
	for _, row := range rows {
		if row.ID == id {
			m, err := Read(d.t.Context(), d, row, d.now)
			d.must(err)
			return m
		}
	}
	d.t.Fatalf("the interview is not listed: %+v", rows)
	return Model{}
}

func kinds(m Model) (all []interview.CorrectionKind) {
	for _, c := range m.Corrections {
		all = append(all, c.Kind)
	}
	return all
}

func TestWhatCanBeDoneAboutAnInterviewFollowsItsLife(t *testing.T) {
	t.Parallel()
	ctx, d := t.Context(), newDevice(t)
	i := d.ended(finished)
	until := d.now.Add(30 * time.Minute)
	for _, step := range []struct {
		name      string
		after     time.Duration
		do        func() error
		until     time.Time
		void      string
		countable bool
		kinds     []interview.CorrectionKind
	}{
		{"just ended", time.Minute, nil, until, "", false, nil},
		{"made void", time.Minute, func() error { return d.VoidInterview(ctx, i.ID, "mistake") }, time.Time{}, "mistake", true, []interview.CorrectionKind{interview.CorrectVoid}},
		{"counts again", time.Minute, func() error { return d.UnvoidInterview(ctx, i.ID) }, until, "", false, []interview.CorrectionKind{interview.CorrectVoid, interview.CorrectUndo}},
		{"at the last moment", 27 * time.Minute, nil, until, "", false, []interview.CorrectionKind{interview.CorrectVoid, interview.CorrectUndo}},
		{"too late", time.Millisecond, nil, time.Time{}, "", false, []interview.CorrectionKind{interview.CorrectVoid, interview.CorrectUndo}},
		{"void for good", 0, func() error { return d.VoidInterview(ctx, i.ID, "duplicate") }, time.Time{}, "duplicate", false, []interview.CorrectionKind{interview.CorrectVoid, interview.CorrectUndo, interview.CorrectVoid}},
	} {
		d.now = d.now.Add(step.after)
		if step.do != nil {
			d.must(step.do())
		}
		m := d.read(i.ID)
		if !m.Here || m.Study.ID != d.study.ID || m.Row.ID != i.ID || m.BreakOff != "" {
			t.Errorf("%s: %+v", step.name, m)
		}
		if !m.Until.Equal(step.until) || m.Void != step.void || m.Countable != step.countable {
			t.Errorf("%s: correct until %v, void %q, can count again: %v", step.name, m.Until, m.Void, m.Countable)
		}
		if diff := cmp.Diff(step.kinds, kinds(m)); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
}

func TestWhyItEndedEarlyIsSaid(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	broken := d.ended(func(ctx context.Context, s *interview.Session) (interview.Interview, error) {
		return s.BreakOff(ctx, "no_time")
	})
	if m := d.read(broken.ID); m.BreakOff != "no_time" || m.Void != "" || m.Until.IsZero() {
		t.Errorf("broken off: %+v", m)
	}
	// One that was void from the start has no correction to take back.
	void := d.ended(func(ctx context.Context, s *interview.Session) (interview.Interview, error) {
		return s.Void(ctx, "mistake")
	})
	if m := d.read(void.ID); m.Void != "mistake" || m.Countable || !m.Until.IsZero() || len(m.Corrections) != 0 {
		t.Errorf("void when it ended: %+v", m)
	}
}

func TestWhatTheDeviceNoLongerHasCannotBeChanged(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	i := d.ended(finished)
	row := fieldstore.InterviewRow{ID: i.ID, Study: d.study.ID} // the list says that it cannot be reopened
	if m, err := Read(t.Context(), d, row, d.now); err != nil || !m.Here || !m.Until.IsZero() {
		t.Errorf("%+v, %v", m, err)
	}
	row.ID = "practised long ago"
	if m, err := Read(t.Context(), d, row, d.now); err != nil || m.Here || m.Study.ID != d.study.ID {
		t.Errorf("%+v, %v", m, err)
	}
}

// failing fails where it is told to.
type failing struct {
	Store
	study, interview error
}

func (f failing) Study(ctx context.Context, id string) (study.Study, error) {
	if f.study != nil {
		return study.Study{}, f.study
	}
	return f.Store.Study(ctx, id)
}

func (f failing) Interview(context.Context, string) (interview.Interview, error) {
	return interview.Interview{}, f.interview
}

func TestAStoreThatFailsIsReported(t *testing.T) {
	t.Parallel()
	d, disk := newDevice(t), errors.New("disk")
	for name, s := range map[string]Store{"study": failing{d, disk, nil}, "interview": failing{d, nil, disk}} {
		if m, err := Read(t.Context(), s, fieldstore.InterviewRow{ID: "i", Study: d.study.ID}, d.now); !errors.Is(err, disk) || m.Here {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}
