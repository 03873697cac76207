package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

// outing is a short questionnaire with all that an audit log tells apart: single questions, a page of several, a repeat, a personal
// answer, a note, a constraint.
const outing = `
| survey |
|        | type            | name    | label    | appearance | constraint | relevant        | bind::parvis:role | bind::parvis:min_seconds |
|        | select_one yn   | consent | May I?   |            |            |                 | consent           |                          |
|        | integer         | age     | Age?     |            | . < 120    |                 |                   | 9                        |
|        | begin_group     | trip    | Trip     | field-list |            |                 |                   |                          |
|        | select_multiple shop | bought | Bought? |         |            |                 |                   |                          |
|        | text            | why     | Why?     | multiline  |            |                 | verbatim          | 20                       |
|        | end_group       |         |          |            |            |                 |                   |                          |
|        | begin_repeat    | kid     | Kid      |            |            |                 |                   |                          |
|        | integer         | years   | Years?   |            |            |                 |                   |                          |
|        | text            | wish    | Wish?    | multiline  |            |                 | verbatim          |                          |
|        | end_repeat      |         |          |            |            |                 |                   |                          |
|        | text            | phone   | Phone?   |            |            |                 | personal          |                          |
|        | note            | bye     | Thanks.  |            |            |                 |                   | 1                        |
| choices |
|        | list_name | name  | label |
|        | yn        | yes   | Yes   |
|        | yn        | no    | No    |
|        | shop      | shoes | Shoes |
|        | shop      | food  | Food  |
| settings |
|        | form_id | namespaces |
|        | outing  | parvis="https://parvis.dev/xforms" |
| study |
|        | name | value |
|        | study_id | outing |
|        | consent | ${consent} = 'yes' |
|        | question_min_seconds | 1 |
`

// device conducts one interview of the outing, over a journal in memory, with a clock for the wall and one that never jumps.
type device struct {
	study   study.Study
	form    *xform.Form
	q       *Questionnaire
	wall    time.Time
	open    time.Duration
	draft   interview.Draft
	contact interview.Contact
	kept    interview.Kept
	ended   interview.Interview
	ids     int
	s       *interview.Session
}

func newDevice(t testing.TB) *device {
	t.Helper()
	pkg, _, err := importer.Read(importer.Params{Name: "outing.md", Workbook: strings.NewReader(outing), Size: int64(len(outing))})
	if err != nil {
		t.Fatal(err)
	}
	d := &device{study: pkg.Study, wall: at(0).Time()}
	d.study.Recipients, d.study.EditMinutes = []string{"a"}, 600
	if d.form, err = xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{}); err != nil {
		t.Fatal(err)
	}
	if d.q, err = ReadQuestionnaire(pkg.XForm); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *device) params() interview.SessionParams {
	return interview.SessionParams{
		Study: d.study, Form: d.form, Journal: d, Shift: interview.Shift{ID: "s", Study: "outing", Site: "default", Entrance: "main", Interviewer: "i7"},
		Now: func() time.Time { return d.wall }, Monotonic: func() time.Duration { return d.open }, Rand: rand.New(rand.NewPCG(1, 2)),
		NewID: func() string { d.ids++; return fmt.Sprint("i", d.ids) },
		Seal:  func([]string, map[string]string) (string, error) { return "sealed", nil },
	}
}

func (d *device) start(t testing.TB) {
	t.Helper()
	s, err := interview.Start(context.Background(), d.params())
	if err != nil {
		t.Fatal(err)
	}
	d.s = s
}

// resume goes on in another run of the program, whose monotonic clock has another zero, after the wall clock jumped.
func (d *device) resume(t testing.TB, later time.Duration) {
	t.Helper()
	d.wall, d.open = d.wall.Add(later), d.open+time.Duration(d.ids)*time.Hour
	draft := d.draft
	draft.Approach = d.contact
	s, err := interview.Resume(context.Background(), d.params(), draft)
	if err != nil {
		t.Fatal(err)
	}
	d.s = s
}

func (d *device) pass(ms int) {
	step := time.Duration(ms) * time.Millisecond
	d.wall, d.open = d.wall.Add(step), d.open+step
}

func (d *device) Begin(_ context.Context, o interview.Opening) error {
	d.draft, d.contact = o.Draft, o.Contact
	d.draft.Steps = []interview.Step{o.Step}
	return nil
}

// SaveReserving keeps a change; there are no quotas here.
func (d *device) SaveReserving(ctx context.Context, c interview.Saving, _ []string) ([]string, error) {
	return nil, d.Save(ctx, c)
}

func (d *device) Save(_ context.Context, c interview.Saving) error {
	d.draft.OpenMS, d.draft.Position, d.draft.Language = c.OpenMS, c.Position, c.Language
	if c.Snapshot != nil {
		d.draft.Snapshot = c.Snapshot
	}
	if c.Step != nil {
		kept, err := json.Marshal(c.Step) // as a store keeps it
		if err != nil {
			return err
		}
		var step interview.Step
		if err := json.Unmarshal(kept, &step); err != nil {
			return err
		}
		d.draft.Steps = append(d.draft.Steps, step)
	}
	return nil
}

func (d *device) End(_ context.Context, e interview.Ending) error {
	d.ended, d.contact, d.kept = e.Interview, e.Contact, e.Kept
	return nil
}

// reopen goes on with the interview after its end.
func (d *device) reopen(t testing.TB, kind interview.CorrectionKind, reason string, later time.Duration) {
	t.Helper()
	d.wall, d.open = d.wall.Add(later), d.open+time.Hour
	draft := interview.Draft{
		Snapshot: d.kept.Snapshot, Position: d.kept.Position, FormSHA256: "f", Approach: d.contact,
		Again: &interview.Again{Kind: kind, Reason: reason, Base: d.ended, Sealed: d.kept.Sealed},
	}
	if err := interview.Reopen(context.Background(), d.params(), draft); err != nil {
		t.Fatal(err)
	}
	draft = d.draft
	draft.Approach = d.contact
	s, err := interview.Resume(context.Background(), d.params(), draft)
	if err != nil {
		t.Fatal(err)
	}
	d.s = s
}

// answer answers a question of the page in front, some milliseconds after what was before.
func (d *device) answer(t testing.TB, ms int, ref, value string) {
	t.Helper()
	d.pass(ms)
	if err := d.s.Answer(context.Background(), xform.Ref(ref), value); err != nil {
		t.Fatal(err)
	}
}

func (d *device) next(t testing.TB, ms int, to string) {
	t.Helper()
	d.pass(ms)
	if wrong, err := d.s.Next(context.Background()); err != nil || len(wrong) > 0 || d.s.Position().String() != to {
		t.Fatalf("next: %v, %v, at %s, want %s", wrong, err, d.s.Position(), to)
	}
}

func (d *device) jump(t testing.TB, ms int, to string) {
	t.Helper()
	d.pass(ms)
	pos, _ := xform.ParsePosition(to)
	if err := d.s.GoTo(context.Background(), pos); err != nil {
		t.Fatal(err)
	}
}

// refused taps Finish where the interview cannot end.
func (d *device) refused(t testing.TB, ms int) {
	t.Helper()
	d.pass(ms)
	_, err := d.s.Finish(context.Background())
	if unfinished := (*interview.UnfinishedError)(nil); !errors.As(err, &unfinished) {
		t.Fatal(err)
	}
}

// exported writes the files of the interview as it ended.
func (d *device) exported(t *testing.T, i interview.Interview) kept {
	t.Helper()
	return exported(t, Params{Study: &d.study, Questionnaires: []*Questionnaire{d.q}}, Record{Kind: KindInterview, ID: i.ID, Body: bodyOf(t, i)})
}
