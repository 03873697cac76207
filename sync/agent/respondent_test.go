package agent_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

const sample = "../../assets/studies/mall-exit.xlsx"

// sampled are interviews of the sample study, as an interviewer would have conducted them, as records of their own.
type sampled struct {
	pack    *importer.Package
	records []delivery.Record
}

// sampleInterviews conducts count interviews over the sample workbook with the real session and the real store of a device. Most are
// complete; some respondents refuse, are screened out or break off.
func sampleInterviews(t testing.TB, count int, seed uint64) sampled {
	t.Helper()
	pack, _, err := importer.File(sample, importer.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	pack.Study.Recipients = []string{pair.Recipient}
	form, err := xform.Parse(bytes.NewReader(pack.XForm), xform.ParseOptions{Resource: func(uri string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(pack.Media[uri[strings.LastIndexByte(uri, '/')+1:]])), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(seed, 1))
	clock := &tape{at: time.Date(2026, 11, 21, 10, 0, 0, 0, time.FixedZone("", 3600))}
	field := sampleDevice(t, pack.Study, clock)
	shift, err := field.StartShift(context.Background(), fieldstore.ShiftStart{Study: pack.Study.ID, Site: pack.Study.Sites[0].Name, Entrance: pack.Study.Sites[0].Entrances[0].Name})
	if err != nil {
		t.Fatal(err)
	}
	r := &respondent{dice: dice, clock: clock, params: interview.SessionParams{
		Study: pack.Study, Form: form, Shift: shift, Journal: field, Seal: seal.Values, Now: clock.now, Monotonic: clock.monotonic, Rand: dice,
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, DeviceID: "bench",
	}}
	for range count {
		r.conduct(t)
	}
	s := sampled{pack: pack}
	all, err := field.WaitingBatch(context.Background(), 1<<20, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range all {
		if record.Kind == delivery.KindInterview {
			s.records = append(s.records, record)
		}
	}
	return s
}

func sampleDevice(t testing.TB, def study.Study, clock *tape) *fieldstore.Store {
	t.Helper()
	field, err := fieldstore.Open(context.Background(), fieldstore.Params{Path: t.TempDir() + "/field.sqlite", Now: clock.now, PINCost: cheap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = field.Close() }) // nothing is lost with a folder that goes away
	if err := field.SetPIN(context.Background(), devicePIN); err != nil {
		t.Fatal(err)
	}
	err = field.SaveCredentials(context.Background(), delivery.Credentials{Central: "https://central.test", Device: "d", Epoch: uuid.NewString(), Interviewer: "0417", Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	body := marshal(t, def)
	if err := field.ApplyPull(context.Background(), []delivery.Item{{Kind: delivery.ItemStudy, ID: def.ID, Body: body}}, "c"); err != nil {
		t.Fatal(err)
	}
	return field
}

// tape is a clock that passes as a respondent thinks.
type tape struct {
	at     time.Time
	passed time.Duration
}

func (c *tape) now() time.Time           { return c.at.Add(c.passed) }
func (c *tape) monotonic() time.Duration { return c.passed }
func (c *tape) pass(d time.Duration)     { c.passed += d }

type respondent struct {
	dice   *rand.Rand
	clock  *tape
	params interview.SessionParams
}

// conduct answers every page with one of the answers it takes, and ends as the answers demand.
func (r *respondent) conduct(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	p := r.params
	p.Language = p.Study.Languages[r.dice.IntN(len(p.Study.Languages))]
	s, err := interview.Start(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	for pages := 0; s.Position().Kind != xform.KindEnd; pages++ {
		if pages > 300 {
			t.Fatalf("the questionnaire does not end; it stands at %s", s.Position())
		}
		if r.dice.IntN(90) == 0 {
			if _, err := s.BreakOff(ctx, "no time"); err != nil {
				t.Fatal(err)
			}
			return
		}
		r.page(ctx, t, s)
		r.perceive(ctx, t, s)
	}
	if _, err := s.Finish(ctx); err != nil {
		t.Fatal(err)
	}
}

// complete are the interviews that went to their end.
func (s sampled) complete() []delivery.Record {
	var all []delivery.Record
	for _, r := range s.records {
		if bytes.Contains(r.Body, []byte(`"disposition":"1.0"`)) {
			all = append(all, r)
		}
	}
	return all
}

// page tries answers until the page lets go.
func (r *respondent) page(ctx context.Context, t testing.TB, s *interview.Session) {
	t.Helper()
	var wrong []xform.Violation
	for try := range 60 {
		r.clock.pass(time.Duration(1500+r.dice.IntN(9000)) * time.Millisecond)
		for _, q := range s.Page().Questions {
			if value, ok := r.answer(q, try); ok {
				if err := s.Answer(ctx, q.Ref, value); err != nil {
					t.Fatalf("%s = %q: %v", q.Ref, value, err)
				}
			}
		}
		var err error
		if wrong, err = s.Next(ctx); err != nil {
			t.Fatal(err)
		}
		if len(wrong) == 0 {
			return
		}
	}
	t.Fatalf("no answer is right for %+v", wrong)
}

func (r *respondent) answer(q xform.Question, try int) (string, bool) {
	if q.ReadOnly || q.Control == xform.Note {
		return "", false
	}
	switch q.Control {
	case xform.Select1:
		return r.choice(q, try), true
	case xform.Select, xform.Rank:
		var picked []string
		for _, c := range q.Choices {
			if q.Control == xform.Rank || r.dice.IntN(4) == 0 && c.Value != "none" {
				picked = append(picked, c.Value)
			}
		}
		if len(picked) == 0 || try > 3 || q.Name == "trade" {
			picked = []string{r.choice(q, try)}
		}
		return strings.Join(picked, " "), true
	case xform.Range:
		return fmt.Sprint(q.Range.Start + float64(r.dice.IntN(int((q.Range.End-q.Range.Start)/q.Range.Step)+1))*q.Range.Step), true
	case xform.Trigger:
		return "OK", true
	}
	return r.text(q, try)
}

// choice is any, but that most people consent, are of age and do not work in the trade.
func (r *respondent) choice(q xform.Question, try int) string {
	if len(q.Choices) == 0 {
		return ""
	}
	for _, c := range q.Choices {
		if (c.Value == "yes" || c.Value == "none") && try == 0 && r.dice.IntN(10) != 0 {
			return c.Value
		}
	}
	picked := q.Choices[r.dice.IntN(len(q.Choices))].Value
	if picked == "under18" {
		picked = q.Choices[len(q.Choices)-1].Value
	}
	return picked
}

func (r *respondent) text(q xform.Question, try int) (string, bool) {
	switch q.DataType {
	case xform.Int:
		return fmt.Sprint([]int{1, 2, 25, 3, 10, 40, 1980}[(try+r.dice.IntN(3))%7]), true
	case xform.Decimal:
		return fmt.Sprintf("%d.%02d", 3+r.dice.IntN(90), r.dice.IntN(100)), true
	case xform.Date:
		return "2026-11-21", true
	}
	if !q.Required && r.dice.IntN(3) == 0 {
		return "", false
	}
	said := []string{
		"The sports shop on the first floor did not have my size.", "Just looking around, waiting for a friend.", "Parking is too expensive.",
		"Franchement rien, l'accueil est correct mais il y a trop de monde le samedi.", "We kwamen eigenlijk voor schoenen.", "Ann Example",
		"+32470123456", "ann@example.org", "0470123456", "1000", "-",
	}
	if try < 3 {
		return said[r.dice.IntN(len(said))], true
	}
	return said[try%len(said)], true
}

// perceive taps an observation now and then.
func (r *respondent) perceive(ctx context.Context, t testing.TB, s *interview.Session) {
	t.Helper()
	if r.dice.IntN(12) != 0 {
		return
	}
	v, e := r.dice.IntN(5)-2, r.dice.IntN(5)-2
	if _, err := s.Observe(ctx, interview.Observation{Valence: &v, Energy: &e}); err != nil {
		t.Fatal(err)
	}
}
