package fieldstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// device is a store in a real file with a study on it, as a field app has it.
type device struct {
	*fieldstore.Store
	path  string
	now   time.Time
	study study.Study
	text  []byte
	form  *xform.Form
	keys  seal.Keys
}

const devicePIN = "482915"

// cheap lets tests guess PINs at once.
var cheap = seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1}

func credentials(epoch string) delivery.Credentials {
	return delivery.Credentials{Central: "https://central.test", Device: "d1", Epoch: epoch, Interviewer: "i7", Token: "secret-" + epoch}
}

func newDevice(t testing.TB) *device {
	t.Helper()
	d := &device{path: filepath.Join(t.TempDir(), "parvis.db"), now: time.Date(2026, 11, 22, 10, 5, 0, 0, time.FixedZone("", 3600))}
	text, err := os.ReadFile("../interview/testdata/visit.xml")
	if err != nil {
		t.Fatal(err)
	}
	d.text = text
	if d.form, err = xform.Parse(bytes.NewReader(text), xform.ParseOptions{}); err != nil {
		t.Fatal(err)
	}
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	d.keys = pair.Keys()
	d.study = visitStudy(pair.Recipient, text)
	d.open(t)
	ctx := context.Background()
	if err := d.SaveEnrolment(ctx, credentials("e1")); err != nil {
		t.Fatal(err)
	}
	d.pull(t, d.study)
	d.fetch(t, text)
	return d
}

func visitStudy(recipient string, form []byte) study.Study {
	return study.Study{
		ID: "visit", Title: study.Text{"": "Visitors"}, Languages: []string{"English (en)", "French (fr)"}, Interval: 3,
		Recipients: []string{recipient}, PartialFrom: "/data/score",
		Sites: []study.Site{{Name: "north", Region: "n", Entrances: []study.Entrance{{Name: "main", Interval: 5}, {Name: "back"}}}},
		Quotas: []study.Quota{
			{Name: "young", Condition: study.Rule{XPath: "/data/age < 35"}, Target: 10}, {Name: "all", Target: 20},
		},
		Consent: study.Rule{XPath: "/data/consent = 'yes'"}, Eligible: study.Rule{XPath: "/data/age >= 18 and /data/trade = 'no'"},
		Form: study.FormRef{ID: "visit", Version: "3", SHA256: delivery.Sum(form), Size: int64(len(form))},
	}
}

func (d *device) open(t testing.TB) {
	t.Helper()
	s, err := fieldstore.Open(context.Background(), fieldstore.Params{Path: d.path, Now: func() time.Time { return d.now }, PINCost: cheap})
	if err != nil {
		t.Fatal(err)
	}
	d.Store = s
	if err := s.UnlockOrSetPIN(context.Background(), devicePIN); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test may have closed it before
}

func (d *device) pull(t testing.TB, st study.Study) {
	t.Helper()
	body, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ApplyPull(context.Background(), []delivery.Item{{Kind: delivery.ItemStudy, ID: st.ID, Body: body}}, "c1"); err != nil {
		t.Fatal(err)
	}
}

// fetch completes a wanted file in two chunks.
func (d *device) fetch(t testing.TB, file []byte) {
	t.Helper()
	ctx, sum, half := context.Background(), delivery.Sum(file), len(file)/2
	if err := d.AppendBlob(ctx, sum, 0, file[:half]); err != nil {
		t.Fatal(err)
	}
	if err := d.AppendBlob(ctx, sum, int64(half), file[half:]); err != nil {
		t.Fatal(err)
	}
	if err := d.FinishBlob(ctx, sum); err != nil {
		t.Fatal(err)
	}
}

func (d *device) shift(t testing.TB, practice bool) interview.Shift {
	t.Helper()
	s, err := d.StartShift(context.Background(), fieldstore.ShiftStart{Study: "visit", Site: "north", Entrance: "main", Practice: practice})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (d *device) params(shift interview.Shift) interview.SessionParams {
	return interview.SessionParams{
		Study: d.study, Form: d.form, Shift: shift, Journal: d.Store, Seal: seal.Values, Now: func() time.Time { return d.now },
		Rand: rand.New(rand.NewPCG(1, 2)), NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	}
}

func (d *device) begin(t testing.TB, shift interview.Shift) *interview.Session {
	t.Helper()
	s, err := interview.Start(context.Background(), d.params(shift))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// complete answers the questionnaire to its end; name is personal.
func (d *device) complete(t testing.TB, s *interview.Session, age, name string) interview.Interview {
	t.Helper()
	ctx := context.Background()
	for _, a := range [][2]string{
		{"/data/consent", "yes"}, {"/data/age", age}, {"/data/trade", "no"}, {"/data/why", "to look around"}, {"/data/shops", "toys"}, {"", ""},
		{"/data/score", "8"}, {"/data/name", name}, {"", ""},
	} {
		if a[0] != "" {
			if err := s.Answer(ctx, xform.Ref(a[0]), a[1]); err != nil {
				t.Fatal(err)
			}
		}
		if wrong, err := s.Next(ctx); err != nil || len(wrong) > 0 {
			t.Fatalf("%s: %v, %v", a[0], wrong, err)
		}
	}
	i, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// visit tells central, which knows of nothing else, of all numbers.
func (d *device) visit(t testing.TB) {
	t.Helper()
	told, err := d.Visit(context.Background(), 20)
	if err != nil {
		t.Fatal(err)
	}
	if restored, err := d.Visited(context.Background(), told, nil); err != nil || restored {
		t.Fatalf("restored %t, %v", restored, err)
	}
}

// batch is all that waits, central having been visited.
func (d *device) batch(t testing.TB) []delivery.Record {
	t.Helper()
	d.visit(t)
	batch, err := d.WaitingBatch(context.Background(), 10_000, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

func receipts(records []delivery.Record, status delivery.Status, reason string) (out []delivery.Receipt) {
	for _, r := range records {
		out = append(out, delivery.Receipt{ID: r.ID, Revision: r.Revision, SHA256: r.SHA256, Status: status, Reason: reason})
	}
	return out
}

func identities(records []delivery.Record) (out []delivery.Identity) {
	for _, r := range records {
		out = append(out, r.Identity())
	}
	return out
}
