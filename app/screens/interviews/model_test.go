package interviews

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/app/kit"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

// device is a store in a real file with a study of one question.
type device struct {
	*fieldstore.Store
	t     *testing.T
	now   time.Time
	study study.Study
	form  *xform.Form
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
	return d
}

func (d *device) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// shift opens a shift in which interviews are held, and ends it.
func (d *device) shift(practice bool, hold func(interview.Shift)) {
	d.t.Helper()
	site := d.study.Sites[0]
	shift, err := d.StartShift(d.t.Context(), fieldstore.ShiftStart{Study: d.study.ID, Site: site.Name, Entrance: site.Entrances[0].Name, Practice: practice})
	d.must(err)
	hold(shift)
	_, err = d.EndShift(d.t.Context(), shift.ID)
	d.must(err)
}

// begin begins an interview, and ends it where it is told to.
func (d *device) begin(shift interview.Shift, end bool) (id string) {
	d.t.Helper()
	d.now = d.now.Add(time.Minute)
	s, err := interview.Start(d.t.Context(), interview.SessionParams{
		Study: d.study, Form: d.form, Shift: shift, Journal: d.Store, Seal: seal.Values, Now: func() time.Time { return d.now }, NewID: uuid.NewString,
	})
	d.must(err)
	if !end {
		return ""
	}
	_, err = s.Next(d.t.Context())
	d.must(err)
	i, err := s.Finish(d.t.Context())
	d.must(err)
	return i.ID
}

// answer answers what waits with a receipt.
func (d *device) answer(status delivery.Status, reason string) {
	d.t.Helper()
	batch, err := d.Unsent(d.t.Context())
	d.must(err)
	var receipts []delivery.Receipt
	for _, r := range batch {
		receipts = append(receipts, delivery.Receipt{ID: r.ID, Revision: r.Revision, SHA256: r.SHA256, Status: status, Reason: reason})
	}
	d.must(d.ApplyReceipts(d.t.Context(), receipts))
}

func TestInterviewsStandInSectionsByWhatIsToBeDone(t *testing.T) {
	t.Parallel()
	ctx, d := t.Context(), newDevice(t)
	m, err := Read(ctx, d)
	d.must(err)
	if len(m.Sections) != 0 || len(m.Log) != 0 || len(m.Places) != 0 || m.Outlook.InterviewsWaiting != 0 {
		t.Errorf("before anything: %+v", m)
	}
	held := map[fieldstore.State]string{}
	d.shift(false, func(shift interview.Shift) {
		held[fieldstore.Sent] = d.begin(shift, true)
		d.answer(delivery.Received, "")
		held[fieldstore.Quarantined] = d.begin(shift, true)
		d.answer(delivery.Quarantined, "the sum is wrong")
		d.begin(shift, true)
		held[fieldstore.Waiting] = d.begin(shift, true) // the later one stands first
		d.begin(shift, false)
	})
	d.shift(true, func(shift interview.Shift) { held[fieldstore.Practised] = d.begin(shift, true) })
	for n := range 12 {
		d.must(d.LogSync(ctx, delivery.SyncEntry{Started: d.now.UnixMilli() + int64(n), Sent: n}))
	}
	m, err = Read(ctx, d)
	d.must(err)
	order := []fieldstore.State{fieldstore.ToFinish, fieldstore.Quarantined, fieldstore.Waiting, fieldstore.Sent, fieldstore.Practised}
	if len(m.Sections) != len(order) {
		t.Fatalf("%d sections, want %d: %+v", len(m.Sections), len(order), m.Sections)
	}
	for i, s := range m.Sections {
		want := map[fieldstore.State]int{fieldstore.Waiting: 2}[order[i]]
		if s.State != order[i] || len(s.Rows) != max(want, 1) {
			t.Errorf("section %d: %s with %d rows", i, s.State, len(s.Rows))
		}
		if id := held[s.State]; id != "" && s.Rows[0].ID != id {
			t.Errorf("%s: %+v", s.State, s.Rows)
		}
		if titles()[s.State] == "" {
			t.Errorf("%s has no title", s.State)
		}
	}
	if st := m.Places[d.study.ID]; len(m.Places) != 1 || st.ID != d.study.ID || len(st.Sites) != 1 {
		t.Errorf("%+v", m.Places)
	}
	if len(m.Log) != 10 || m.Log[0].Sent != 11 || m.Outlook.InterviewsWaiting != 2 {
		t.Errorf("%d lines in the log, %d interviews wait", len(m.Log), m.Outlook.InterviewsWaiting)
	}
}

// failing fails where it is told to.
type failing struct {
	*device
	at  string
	err error
}

func (f failing) of(call string) error {
	if f.at == call {
		return f.err
	}
	return nil
}

func (f failing) Interviews(ctx context.Context, filter fieldstore.Filter) ([]fieldstore.InterviewRow, error) {
	rows, err := f.Store.Interviews(ctx, filter)
	return rows, errors.Join(err, f.of("interviews"))
}

func (f failing) Study(ctx context.Context, id string) (study.Study, error) {
	st, err := f.Store.Study(ctx, id)
	return st, errors.Join(err, f.of("study"))
}

func (f failing) Outlook(ctx context.Context) (fieldstore.Outlook, error) {
	o, err := f.Store.Outlook(ctx)
	return o, errors.Join(err, f.of("outlook"))
}

func (f failing) SyncLog(ctx context.Context, limit int) ([]delivery.SyncEntry, error) {
	log, err := f.Store.SyncLog(ctx, limit)
	return log, errors.Join(err, f.of("log"))
}

func TestAStoreThatFailsIsReported(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.shift(false, func(shift interview.Shift) { d.begin(shift, true) })
	for _, call := range []string{"interviews", "study", "outlook", "log"} {
		f := failing{d, call, errors.New("disk")}
		m, err := Read(t.Context(), f)
		if !errors.Is(err, f.err) {
			t.Errorf("%s: %v", call, err)
		}
		if shown := len(m.Sections) == 1; shown != (call == "outlook" || call == "log") {
			t.Errorf("%s: what was read before is shown: %v", call, shown)
		}
	}
}

func texts(t *testing.T, lang string) *words.Words {
	t.Helper()
	w, err := words.New(assets.Translations, lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWhatCameOfAnInterviewInAWord(t *testing.T) {
	t.Parallel()
	w := texts(t, "en")
	for _, c := range []struct {
		d    interview.Disposition
		void bool
		want string
		kind kit.BadgeKind
	}{
		{interview.Complete, false, "contact.complete", kit.Fine},
		{interview.Complete, true, "interviews.void", kit.Warn},
		{interview.Partial, false, "contact.partial", kit.Calm},
		{interview.BrokeOff, false, "contact.broke_off", kit.Calm},
		{interview.BrokeOff, true, "interviews.void", kit.Warn},
		{interview.ScreenedOut, false, "contact.screened_out", kit.Calm},
		{interview.QuotaFull, false, "contact.quota_full", kit.Calm},
		{interview.InProgress, false, "contact.in_progress", kit.Calm},
		{interview.RefusedIntroduction, false, "contact.refused", kit.Calm},
		{interview.RefusedUnknown, false, "contact.refused", kit.Calm},
		{"of a later version", false, "contact.other", kit.Calm},
	} {
		said, kind := Mark(w, fieldstore.InterviewRow{Disposition: c.d, Void: c.void})
		if said != w.T(c.want) || !w.Has(c.want) || kind != c.kind {
			t.Errorf("%s, void %v: %q as %d, want %q as %d", c.d, c.void, said, kind, w.T(c.want), c.kind)
		}
	}
}

func TestWhereAnInterviewWasHeld(t *testing.T) {
	t.Parallel()
	w := texts(t, "fr")
	st := study.Study{Sites: []study.Site{{
		Name: "north", Label: study.Text{"fr": "Nord"}, Entrances: []study.Entrance{{Name: "main", Label: study.Text{"fr": "Entrée principale"}}},
	}}}
	for _, c := range []struct{ site, entrance, want string }{
		{"north", "main", w.T("today.place", "site", "Nord", "entrance", "Entrée principale")}, {"north", "tower", "Nord"}, {"west", "main", "west"},
	} {
		if got := Place(w, st, fieldstore.InterviewRow{Site: c.site, Entrance: c.entrance}); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.site, c.entrance, got, c.want)
		}
	}
}

func TestLanguageLengthAndChangesInALine(t *testing.T) {
	t.Parallel()
	w := texts(t, "en")
	for want, r := range map[string]fieldstore.InterviewRow{
		"French":                            {Language: "French (fr)", DurationMS: 59_999, Revision: 1},
		"French · 1 min":                    {Language: "French (fr)", DurationMS: 60_000},
		"French · 12 min · changed since":   {Language: "French (fr)", DurationMS: 12*60_000 + 59_999, Revision: 2},
		"French · 2 min":                    {Language: "French (fr)", DurationMS: 120_000, Revision: 2, Correcting: true},
		"French · 3 min · Complete":         {Language: "French (fr)", DurationMS: 180_000, Void: true, Disposition: interview.Complete},
		"French · 4 min":                    {Language: "French (fr)", DurationMS: 240_000, Void: true, Disposition: interview.BrokeOff},
		"French · Complete · changed since": {Language: "French (fr)", Void: true, Disposition: interview.Complete, Revision: 3},
	} {
		if got := About(w, r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestARowSaysWhatATapDoes(t *testing.T) {
	t.Parallel()
	w := texts(t, "en")
	tapped := ""
	p := ViewParams{
		Words: w, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
		OnResume: func(r fieldstore.InterviewRow) { tapped = "resumed " + r.ID }, OnOpen: func(r fieldstore.InterviewRow) { tapped = "opened " + r.ID },
	}
	for _, c := range []struct {
		state fieldstore.State
		row   fieldstore.InterviewRow
		badge string
		kind  kit.BadgeKind
		tap   string
	}{
		{fieldstore.ToFinish, fieldstore.InterviewRow{ID: "1", Disposition: interview.InProgress}, w.T("interviews.resume"), kit.Warn, "resumed 1"},
		{fieldstore.ToFinish, fieldstore.InterviewRow{ID: "2", Correcting: true}, w.T("interviews.correcting"), kit.Warn, "resumed 2"},
		{fieldstore.Quarantined, fieldstore.InterviewRow{ID: "3", Disposition: interview.Complete, Reason: "the sum is wrong"}, w.T("contact.complete"), kit.Alarm, "opened 3"},
		{fieldstore.Sent, fieldstore.InterviewRow{ID: "4", Disposition: interview.Complete}, w.T("contact.complete"), kit.Fine, "opened 4"},
	} {
		row := p.row(c.state, c.row)
		row.OnTap()
		if row.Badge != c.badge || row.Kind != c.kind || tapped != c.tap || strings.Contains(row.Subtitle, "the sum is wrong") != (c.row.Reason != "") {
			t.Errorf("%s: %q as %d, %q, %s", c.state, row.Badge, row.Kind, row.Subtitle, tapped)
		}
	}
}

func TestASynchronisationInALine(t *testing.T) {
	t.Parallel()
	w := texts(t, "en")
	p := ViewParams{Words: w, Now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("", 3600))}
	at := p.Now.Add(-30 * time.Minute).UnixMilli()
	for want, e := range map[string]delivery.SyncEntry{
		"11:30  " + w.N("sync.done_count", 3):                                                                          {Started: at, Sent: 3},
		"11:30  " + w.T("sync.error.offline"):                                                                          {Started: at, Error: "sync.error.offline"},
		"11:30  " + w.T("sync.error.offline") + " 3 records had gone out before.":                                      {Started: at, Sent: 3, Error: "sync.error.offline"},
		"11:30  " + w.N("sync.done_count", 1) + " 2 pictures sent. 1 picture waits for Wi-Fi.":                         {Started: at, Sent: 1, Attachments: 2, Held: 1},
		"11:30  " + w.N("sync.done_count", 4) + " " + w.N("sync.refused_pictures", 1) + " " + w.N("sync.set_aside", 2): {Started: at, Sent: 4, Refused: 1, Quarantined: 2},
	} {
		if got := p.line(e); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
