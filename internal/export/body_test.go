package export

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"parvis/internal/interview"
)

// What the scanner reads must be what the library reads, for every body a device can write.
func TestScannerReadsWhatTheLibraryReads(t *testing.T) {
	const seed = 5
	rng := rand.New(rand.NewPCG(seed, seed))
	var s scanner
	for range 2000 {
		w := oddInterview(rng)
		body := bodyOf(t, w)
		s.reset(body)
		var fast interviewRow
		if err := s.interview(&fast); err != nil || s.at != len(body) {
			t.Fatalf("seed %d: the scanner did not know its own kind of body: %v\n%s", seed, err, body)
		}
		compareRows(t, &fast, body)
	}
}

func compareRows(t *testing.T, fast *interviewRow, body []byte) {
	t.Helper()
	var w interview.Interview
	if err := json.Unmarshal(body, &w); err != nil {
		t.Fatalf("the scanner took what the library refuses: %v\n%s", err, body)
	}
	var slow interviewRow
	slow.fill(&w)
	a, b := flat(fast), flat(&slow)
	if !reflect.DeepEqual(a, b) {
		t.Fatalf("the two readers differ:\n%v\n%v\n%s", a, b, body)
	}
}

// flat is a row as strings, so that nil and empty are the same.
func flat(r *interviewRow) []string {
	all := []string{
		string(r.id), string(r.study), string(r.form), string(r.formVersion), string(r.shift), string(r.contact), string(r.site),
		string(r.entrance), string(r.interviewer), string(r.language), string(r.disposition), string(r.breakOffAt), string(r.breakOffReason), string(r.void), string(r.answers),
		string(r.correction), string(r.correctionReason), string(digitsOf(int64(r.corrections))),
		r.started.Time().String(), r.ended.Time().String(), string(digitsOf(r.durationMS)),
	}
	if r.practice {
		all = append(all, "practice")
	}
	for _, c := range r.cells {
		all = append(all, "cell "+string(c))
	}
	for _, o := range r.observations {
		all = append(all, "observation", string(o.question), string(o.since), string(o.valence), string(o.energy), string(o.cue), string(o.note), string(o.rating), o.at.Time().String())
	}
	for _, m := range r.marks {
		all = append(all, "mark", string(m.question), string(m.kind), string(m.label), string(m.position))
	}
	for _, v := range r.visits {
		all = append(all, "visit", string(v.question), string(v.dwell), string(v.firstTap), string(v.edits), v.at.Time().String(),
			string(digitsOf(v.dwellMS)), string(v.group), fmt.Sprint(v.offer))
		for _, c := range r.changes[v.changes.from:v.changes.to] {
			all = append(all, "change", string(c.question), string(c.old), string(c.new), string(digitsOf(c.resumed)))
		}
	}
	for _, e := range r.events {
		all = append(all, "event", string(e.kind), string(e.question), string(digitsOf(e.open)), string(digitsOf(e.until)), string(digitsOf(e.visits)), string(e.reason), e.at.Time().String())
	}
	for _, h := range r.hasty {
		all = append(all, "hasty "+string(h))
	}
	return all
}

func oddInterview(rng *rand.Rand) interview.Interview {
	text := func() string {
		parts := []string{`"`, `\`, "<b>&</b>", "é", "😀", "\n", "\t", "\u2028", "x", "", "/", "\x01", "\ufffd", " ", "{", "]", ","}
		var b strings.Builder
		for range rng.IntN(6) {
			b.WriteString(parts[rng.IntN(len(parts))])
		}
		return b.String()
	}
	number := func() int64 { return rng.Int64() >> rng.IntN(63) * int64(1-2*rng.IntN(2)) }
	moment := func() interview.Moment { return interview.Moment{UTC: number(), Offset: rng.IntN(1681) - 840} }
	w := interview.Interview{
		ID: text(), Study: text(), Form: text(), FormVersion: text(), Shift: text(), Contact: text(), Site: text(), Entrance: text(),
		Interviewer: text(), Practice: rng.IntN(2) == 0, Language: text(), Started: moment(), Ended: moment(), DurationMS: number(),
		Disposition: interview.Disposition(text()), BreakOffAt: text(), Answers: text(), Sealed: text(),
	}
	for range rng.IntN(3) {
		w.SealedBefore = append(w.SealedBefore, text())
		w.Corrections = append(w.Corrections, interview.Correction{At: moment(), Kind: interview.CorrectionKind(text()), Reason: text()})
	}
	for range rng.IntN(3) {
		w.Cells = append(w.Cells, text())
		v, e := rng.IntN(5)-2, rng.IntN(5)-2
		w.Observations = append(w.Observations, interview.Observation{Question: text(), At: moment(), SinceMS: number(), Valence: &v, Cue: text()},
			interview.Observation{ID: text(), Energy: &e, Note: text()})
		w.Marks = append(w.Marks, interview.Mark{Question: text(), Kind: text(), Label: text(), Position: rng.IntN(9), At: moment(), SinceMS: number()})
		stay := interview.Visit{Question: text(), At: moment(), DwellMS: number(), FirstTapMS: number(), Edits: rng.IntN(3), Offer: rng.IntN(2) == 0}
		if rng.IntN(2) == 0 {
			stay.Group = text()
		}
		for range rng.IntN(3) {
			stay.Changes = append(stay.Changes, interview.Change{Question: text(), Old: text(), New: text(), Resumed: rng.IntN(3)})
		}
		w.Visits = append(w.Visits, stay)
		w.Events = append(w.Events, interview.Event{Kind: interview.EventKind(text()), OpenMS: number(), UntilMS: number(), Question: text(), Visits: rng.IntN(9), Reason: text()},
			interview.Event{Kind: interview.EventResume, At: moment()})
		w.Hasty = append(w.Hasty, text())
	}
	return w
}

func TestUnusualBodiesGoToTheLibrary(t *testing.T) {
	for name, body := range map[string]string{
		"spaces":          `{ "id" : "a", "answers": "<data/>", "duration_ms": 12 }`,
		"surrogate alone": `{"id":"a\ud800","answers":"<data/>","duration_ms":12}`,
		"null":            `{"id":"a","study":null,"answers":"<data/>","duration_ms":12,"observations":null}`,
		"unknown member":  `{"id":"a","later":{"x":[1,2.5e3,"}"]},"answers":"<data/>","duration_ms":12}`,
	} {
		t.Run(name, func(t *testing.T) {
			var s scanner
			var row interviewRow
			if err := readInterview(&s, []byte(body), &row); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(row.id), "a") || string(row.answers) != "<data/>" || row.durationMS != 12 {
				t.Errorf("read %q %q %d", row.id, row.answers, row.durationMS)
			}
		})
	}
	for _, body := range []string{``, `[]`, `{"id":1}`, `{"id":"a"`, `{"duration_ms":"x"}`, `{"visits":{}}`} {
		var s scanner
		var row interviewRow
		if err := readInterview(&s, []byte(body), &row); err == nil {
			t.Errorf("%s passed for an interview", body)
		}
	}
}

// FuzzReadInterview: whatever the library takes whole, both ways of reading give the same row.
func FuzzReadInterview(f *testing.F) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 5 {
		f.Add(bodyOf(f, oddInterview(rng)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var s scanner
		var row interviewRow
		err := readInterview(&s, body, &row)
		var w interview.Interview
		if refused := json.Unmarshal(body, &w); refused != nil {
			return
		}
		if err != nil {
			t.Fatalf("the library takes it, the scanner refuses: %v", err)
		}
		// only bodies as a device writes them must agree to the letter: the library also takes doubled and misspelt members
		if again := bodyOf(t, w); string(again) == string(body) {
			compareRows(t, &row, body)
		}
	})
}
