package fieldstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
)

const secret = "Zsuzsanna Quetelet-Peeters"

func TestPersonalDataLeaveTheDevicesFileWhenTheInterviewEnds(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	i := d.complete(t, d.begin(t, shift), "30", secret)
	values, err := seal.Open(d.keys, i.Sealed)
	if err != nil || values["/data/name"] != secret {
		t.Fatalf("%v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		file, err := os.ReadFile(d.path + end)
		if end != "" && os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range []string{secret, "Zsuzsanna", "Quetelet"} {
			if bytes.Contains(file, []byte(trace)) {
				t.Errorf("%s%s still holds personal data", d.path, end)
			}
		}
	}
	d.open(t)
	body, err := d.Record(ctx, i.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	var sent interview.Interview
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(i, sent); diff != "" || strings.Contains(sent.Answers, "Zsuzsanna") {
		t.Error(diff)
	}
}

// While the app runs, the log is emptied too: a thief of the running phone finds nothing but what is in progress.
func TestTheLogIsEmptiedWhileRunning(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.complete(t, d.begin(t, d.shift(t, false)), "30", secret)
	for _, end := range []string{"", "-wal"} {
		file, err := os.ReadFile(d.path + end)
		if err != nil || bytes.Contains(file, []byte("Zsuzsanna")) {
			t.Errorf("%q still holds personal data, or %v", end, err)
		}
	}
}

func TestADraftComesBackAsItWas(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	s := d.begin(t, shift)
	if err := s.Answer(ctx, "/data/consent", "yes"); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Second)
	if _, err := s.Next(ctx); err != nil {
		t.Fatal(err)
	}
	v := -1
	id, err := s.Observe(ctx, interview.Observation{Valence: &v, Cue: "sigh", Note: "in a hurry"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Mark(ctx, interview.Mark{Kind: interview.MarkProbe, Label: "else"}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetLanguage(ctx, "fr"); err != nil {
		t.Fatal(err)
	}
	d.reopen(t)
	rows, err := d.Interviews(ctx, fieldstore.Filter{Shift: shift.ID})
	if err != nil || len(rows) != 1 || rows[0].State != fieldstore.ToFinish || rows[0].Position != "question:/data/age" || rows[0].Language != "French (fr)" {
		t.Fatalf("%+v, %v", rows, err)
	}
	again := d.resume(t, s.ID())
	if again.Position() != s.Position() || again.Language() != "French (fr)" || again.Value("/data/consent") != "yes" ||
		again.ID() != s.ID() || again.ContactID() != s.ContactID() {
		t.Errorf("at %s in %s", again.Position(), again.Language())
	}
	if seen := again.Observations(); len(seen) != 1 || seen[0].ID != id || *seen[0].Valence != -1 || seen[0].Note != "in a hurry" {
		t.Errorf("%+v", seen)
	}
	if marks := again.Marks(); len(marks) != 1 || marks[0].Label != "else" {
		t.Errorf("%+v", marks)
	}
	if st, err := d.DraftStudy(ctx, s.ID()); err != nil || st.Form.SHA256 != delivery.Sum(d.text) {
		t.Errorf("%v", err)
	}
	if i, err := again.BreakOff(ctx, "bus"); err != nil || i.Site != "north" || i.Interviewer != "i7" || i.Contact != s.ContactID() {
		t.Errorf("%+v, %v", i, err)
	}
	if c, err := d.Contact(ctx, s.ContactID()); err != nil || c.Disposition != interview.BrokeOff || c.Shift != shift.ID {
		t.Errorf("%+v, %v", c, err)
	}
}

func (d *device) reopen(t testing.TB) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.open(t)
}

func (d *device) resume(t testing.TB, id string) *interview.Session {
	t.Helper()
	ctx := context.Background()
	draft, err := d.Draft(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	s, err := interview.Resume(ctx, d.params(interview.Shift{}), draft)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheContactOfAnInterviewHasTwoRevisions(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	i := d.complete(t, d.begin(t, d.shift(t, false)), "30", "")
	var contacts []interview.Contact
	var last delivery.Record
	for _, r := range d.batch(t) {
		if r.Kind == delivery.KindContact {
			var c interview.Contact
			if err := json.Unmarshal(r.Body, &c); err != nil {
				t.Fatal(err)
			}
			contacts, last = append(contacts, c), r
		}
	}
	if len(contacts) != 2 || contacts[0].Disposition != interview.InProgress || contacts[0].Interview != i.ID || last.Revision != 2 ||
		contacts[1].Disposition != interview.Complete || !contacts[1].EligibilityKnown {
		t.Errorf("%+v", contacts)
	}
	rows, err := d.Interviews(context.Background(), fieldstore.Filter{State: fieldstore.Waiting})
	if err != nil || len(rows) != 1 || rows[0].Disposition != interview.Complete || rows[0].ID != i.ID {
		t.Errorf("%+v, %v", rows, err)
	}
}
