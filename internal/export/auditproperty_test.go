package export

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parvis/internal/interview"
	"parvis/internal/xform"
)

// Interviews by chance, with kills, jumps, repeats and clocks set anew: whatever happened, the log is in order, nothing ends before it
// begins, stays follow each other and take the time the interview was open, and who replays the changes has the answers.
func TestAuditLogOfAnyInterview(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		d, rng := newDevice(t), rand.New(rand.NewPCG(seed, 3))
		d.start(t)
		removed := false
		for range 5 + rng.IntN(60) {
			removed = d.byChance(t, rng) || removed
		}
		final := map[string]string{}
		for _, ref := range []string{"/data/consent", "/data/age", "/data/trip/bought", "/data/trip/why"} {
			final[ref] = d.s.Value(xform.Ref(ref))
		}
		for n := range 3 {
			final[fmt.Sprintf("/data/kid[%d]/wish", n+1)] = d.s.Value(xform.Ref(fmt.Sprintf("/data/kid[%d]/wish", n)))
		}
		d.pass(rng.IntN(2000))
		i, err := d.s.BreakOff(context.Background(), "other")
		if err != nil {
			continue // at the end with answers missing
		}
		got := d.exported(t, i)
		if strings.Contains(got.raw(t, Audit), "SECRET") || strings.Contains(string(bodyOf(t, i)), "SECRET") {
			t.Fatalf("seed %d: a personal answer is told", seed)
		}
		checkLog(t, seed, got.table(t, Audit), i, final, removed)
		checkTimings(t, seed, got, i)
	}
}

// byChance does something that makes sense for the page in front, and tells whether it took a repeat out.
func (d *device) byChance(t *testing.T, rng *rand.Rand) (removed bool) {
	t.Helper()
	ctx, page := context.Background(), d.s.Page()
	d.pass(rng.IntN(1500))
	var err error
	switch what := rng.IntN(14); {
	case what < 7 && len(page.Questions) > 0:
		q := page.Questions[rng.IntN(len(page.Questions))]
		if q.Control == xform.Note {
			break
		}
		value := map[string]string{
			"consent": "yes", "age": strconv.Itoa(rng.IntN(150)), "bought": []string{"shoes", "food shoes", ""}[rng.IntN(3)], "years": "3",
			"why": fmt.Sprint("said ", rng.IntN(4), `, "so"`), "wish": fmt.Sprint("wish ", rng.IntN(4)), "phone": "SECRET",
		}[q.Name]
		if rng.IntN(3) == 0 && (q.Name == "why" || q.Name == "wish") {
			err = d.s.Draft(ctx, q.Ref, value)
			break
		}
		if err = d.s.Answer(ctx, q.Ref, value); err == nil {
			_, err = d.s.Next(ctx)
		}
	case what < 8:
		err = d.s.Back(ctx)
	case what == 8:
		pages := d.s.Pages()
		err = d.s.GoTo(ctx, pages[rng.IntN(len(pages))])
	case what == 9 && page.Position.Kind == xform.KindRepeatPrompt:
		err = d.s.AddRepeat(ctx, page.Repeat.Ref)
	case what == 10 && page.Repeat != nil && page.Position.Kind != xform.KindRepeatPrompt:
		removed = true
		err = d.s.RemoveRepeat(ctx, page.Repeat.Ref)
	case what == 11:
		if rng.IntN(2) == 0 {
			err = d.s.Leave(ctx)
		}
		d.resume(t, time.Duration(rng.IntN(4_000_000)-2_000_000)*time.Millisecond)
	case what == 12:
		d.s.Touched()
	default:
		_, err = d.s.Next(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	return removed
}

func checkLog(t *testing.T, seed uint64, rows []map[string]string, i interview.Interview, final map[string]string, removed bool) {
	t.Helper()
	taking := []string{"question", "group questions", "add repeat", "end screen", "delete repeat"}
	var last, until, stayed int64
	values := map[string]string{}
	for n, row := range rows {
		start, err := strconv.ParseInt(row["start"], 10, 64)
		if err != nil || start < last {
			t.Fatalf("seed %d, row %d goes back: %v", seed, n, row)
		}
		last = start
		if (row["end"] != "") != slices.Contains(taking, row["event"]) {
			t.Fatalf("seed %d, row %d: %s ends at %q", seed, n, row["event"], row["end"])
		}
		inGroup := strings.HasPrefix(row["node"], "/data/trip/")
		if row["end"] != "" {
			end, err := strconv.ParseInt(row["end"], 10, 64)
			if err != nil || end < start || start < until && !inGroup && row["event"] != "delete repeat" {
				t.Fatalf("seed %d, row %d: %v after %d", seed, n, row, until)
			}
			if !inGroup && row["event"] != "delete repeat" {
				stayed, until = stayed+end-start, end
			}
		}
		if row["event"] != "question" || row["old-value"] == row["new-value"] {
			if row["old-value"]+row["new-value"] != "" {
				t.Fatalf("seed %d, row %d tells a change that is none: %v", seed, n, row)
			}
			continue
		}
		if values[row["node"]] != row["old-value"] && !(removed && strings.Contains(row["node"], "kid")) {
			t.Fatalf("seed %d, row %d: %s was %q, not %q", seed, n, row["node"], values[row["node"]], row["old-value"])
		}
		values[row["node"]] = row["new-value"]
	}
	if stayed != i.DurationMS {
		t.Fatalf("seed %d: stays take %d ms of %d", seed, stayed, i.DurationMS)
	}
	for node, want := range final {
		if values[node] != want && !(removed && strings.Contains(node, "kid")) {
			t.Fatalf("seed %d: the log ends with %s = %q, the interview with %q", seed, node, values[node], want)
		}
	}
	if end := rows[len(rows)-1]; end["event"] != "form finalize" || rows[0]["event"] != "form start" || rows[0]["start"] != strconv.FormatInt(i.Started.UTC, 10) {
		t.Fatalf("seed %d: from %v to %v", seed, rows[0], end)
	}
}

func checkTimings(t *testing.T, seed uint64, got kept, i interview.Interview) {
	t.Helper()
	var dwell, stays, edits int64
	for _, v := range i.Visits {
		if !v.Offer {
			dwell, stays, edits = dwell+v.DwellMS, stays+1, edits+int64(v.Edits)
		}
		if v.FirstTapMS > max(1, v.DwellMS) {
			t.Fatalf("seed %d: a tap after the page was left: %+v", seed, v)
		}
	}
	hasty := int64(0)
	for _, row := range got.table(t, Timings) {
		dwell, stays, edits = dwell-whole([]byte(row["dwell_ms"])), stays-whole([]byte(row["stays"])), edits-whole([]byte(row["edits"]))
		hasty += whole([]byte(row["hasty"]))
	}
	if dwell != 0 || stays != 0 || edits != 0 || hasty != int64(len(i.Hasty)) {
		t.Fatalf("seed %d: off by %d ms, %d stays, %d edits; %d of %d hasty", seed, dwell, stays, edits, hasty, len(i.Hasty))
	}
}
