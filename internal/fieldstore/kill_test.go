package fieldstore_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/xform"
)

// childVar names the file that a child of this test works in.
const childVar = "PARVIS_TEST_KILL_FILE"

// killRounds is how often the store is killed here, soakRounds how often where SOAK is set.
const (
	killRounds = 25
	soakRounds = 500
)

// A child process conducts interviews and says after each call what has returned; it is killed at some instant. Everything that
// had returned must be there, the interview must stand at the page it was at, and numbers must have no gap.
func TestKilledAtAnyInstant(t *testing.T) {
	if path := os.Getenv(childVar); path != "" {
		conductUntilKilled(t, path)
		return
	}
	// Not beside the others: between its fork and its exec a child holds the locks of all files that are open here.
	const seed = 20261122
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	d := newDevice(t)
	d.shift(t, false)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	rounds := killRounds
	if os.Getenv("SOAK") != "" {
		rounds = soakRounds
	}
	for round := range rounds {
		said := d.runAndKill(t, time.Duration(random.IntN(200))*time.Millisecond)
		d.open(t)
		d.checkKept(t, round, said)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// saying is what the child tells after a call has returned.
type saying struct {
	Draft, Position string
	Values          map[xform.Ref]string
	Passed          int
	Ended           []string
}

// runAndKill lets the child work for some time after its first word, kills it and returns the last thing it said.
func (d *device) runAndKill(t *testing.T, after time.Duration) (last saying) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledAtAnyInstant$", "-test.count=1")
	child.Env = append(os.Environ(), childVar+"="+d.path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	child.Stderr = &complaints
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	for err == nil && !strings.HasPrefix(first, "{") {
		first, err = lines.ReadString('\n')
	}
	if err != nil {
		t.Fatalf("the child did not begin: %v %s", err, complaints.String())
	}
	time.Sleep(after)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	// An ended child has an exit code; a killed one has none.
	if err := child.Wait(); err == nil || child.ProcessState.ExitCode() >= 0 {
		t.Fatalf("the child ended by itself: %v %s %s", err, rest, complaints.String())
	}
	for _, line := range strings.SplitAfter(first+string(rest), "\n") {
		if !strings.HasSuffix(line, "\n") {
			continue // torn by the kill
		}
		var s saying
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("the child says %q", line)
		}
		last = s
	}
	return last
}

func (d *device) checkKept(t *testing.T, round int, said saying) {
	t.Helper()
	ctx := context.Background()
	shift, err := d.CurrentShift(ctx)
	if err != nil {
		t.Fatal(err)
	}
	// One call may have been committed and not reported.
	if shift.Passed < said.Passed || shift.Passed > said.Passed+1 {
		t.Errorf("round %d: %d persons counted, %d kept", round, said.Passed, shift.Passed)
	}
	ended, err := d.Interviews(ctx, fieldstore.Filter{State: fieldstore.Waiting, Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range said.Ended {
		if !slices.ContainsFunc(ended, func(r fieldstore.InterviewRow) bool { return r.ID == id }) {
			t.Errorf("round %d: the ended interview %s is gone", round, id)
		}
	}
	if said.Draft != "" && !slices.ContainsFunc(ended, func(r fieldstore.InterviewRow) bool { return r.ID == said.Draft }) {
		d.checkDraft(t, round, said)
	}
	d.checkNumbers(t, round)
	d.checkPictures(t, round)
}

// checkPictures wants every picture that an answer names, in drafts and in records, to be there to the byte.
func (d *device) checkPictures(t *testing.T, round int) {
	t.Helper()
	ctx := context.Background()
	there := func(id string, a interview.Attachment) {
		if body, err := d.Attachment(ctx, id, a.Name); err != nil || delivery.Sum(body) != a.SHA256 {
			t.Errorf("round %d: %s names %s, and there are %d bytes, %v", round, id, a.Name, len(body), err)
		}
	}
	drafts, err := d.Drafts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, draft := range drafts {
		s := d.resume(t, draft.ID)
		if value := s.Value("/data/shelf"); value != "" {
			a, known := s.Attachment(value)
			if !known {
				t.Errorf("round %d: %s is an answer that nobody gave", round, value)
			}
			there(draft.ID, a)
		}
	}
	for _, r := range d.batch(t) {
		var i interview.Interview
		if r.Kind != delivery.KindInterview || json.Unmarshal(r.Body, &i) != nil {
			continue
		}
		if len(i.Attachments) != 1 {
			t.Errorf("round %d: %s has %d pictures", round, i.ID, len(i.Attachments))
		}
		for _, a := range i.Attachments {
			there(i.ID, a)
		}
	}
}

func (d *device) checkDraft(t *testing.T, round int, said saying) {
	t.Helper()
	draft, err := d.Draft(context.Background(), said.Draft)
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range draft.Steps {
		if step.Number != i+1 {
			t.Fatalf("round %d: step %d is followed by %d", round, i, step.Number)
		}
	}
	s := d.resume(t, said.Draft)
	different := 0
	for ref, value := range said.Values {
		if s.Value(ref) != value {
			different++
		}
	}
	// The call that was not reported changed one answer or moved one page, never both.
	moved := s.Position().String() != said.Position
	if different > 1 || (different == 1 && moved) {
		t.Errorf("round %d: %d answers differ, at %s instead of %s", round, different, s.Position(), said.Position)
	}
}

func (d *device) checkNumbers(t *testing.T, round int) {
	t.Helper()
	high, err := d.HighSeq(context.Background(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	seqs := map[int64]bool{}
	for _, r := range d.batch(t) {
		seqs[r.Seq] = true
		if r.SHA256 != delivery.Sum(r.Body) {
			t.Errorf("round %d: record %d is damaged", round, r.Seq)
		}
	}
	if int64(len(seqs)) != high {
		t.Errorf("round %d: %d records, highest number %d", round, len(seqs), high)
	}
}

// conductUntilKilled is the child: it finishes what it finds, then begins anew, until it is killed.
func conductUntilKilled(t *testing.T, path string) {
	d := &device{path: path, now: time.Now()}
	d.open(t)
	ctx := context.Background()
	var err error
	if d.study, err = d.Study(ctx, "visit"); err != nil {
		t.Fatal(err)
	}
	text, err := d.Form(ctx, "visit")
	if err != nil {
		t.Fatal(err)
	}
	if d.form, err = xform.Parse(bytes.NewReader(text), xform.ParseOptions{}); err != nil {
		t.Fatal(err)
	}
	shift, err := d.CurrentShift(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := child{device: d, t: t, shift: shift, out: json.NewEncoder(os.Stdout), now: saying{Passed: shift.Passed}}
	drafts, err := d.Drafts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, draft := range drafts {
		c.conduct(d.resume(t, draft.ID))
	}
	for {
		c.conduct(d.begin(t, shift))
	}
}

type child struct {
	*device
	t     *testing.T
	shift interview.Shift
	out   *json.Encoder
	now   saying
}

func (c *child) say(s *interview.Session) {
	c.now.Draft, c.now.Position, c.now.Values = s.ID(), s.Position().String(), map[xform.Ref]string{}
	for _, ref := range []xform.Ref{"/data/consent", "/data/age", "/data/trade", "/data/why", "/data/shops", "/data/score", "/data/shelf", "/data/name"} {
		c.now.Values[ref] = s.Value(ref)
	}
	if err := c.out.Encode(c.now); err != nil {
		c.t.Fatal(err)
	}
}

// conduct takes an interview to its end from wherever it stands.
func (c *child) conduct(s *interview.Session) {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			c.t.Fatal(err)
		}
		c.say(s)
	}
	answers := map[xform.Ref]string{"/data/consent": "yes", "/data/trade": "no", "/data/shops": "toys books", "/data/score": "4"}
	for !s.Ended() {
		ref := s.Position().Ref
		switch value, known := answers[ref]; {
		case known:
			must(s.Answer(ctx, ref, value))
		case ref == "/data/shelf":
			body := shelf(300_000+c.now.Passed, "killed")
			must(c.SaveAttachment(ctx, s.ID(), attachmentOf(body), body))
			must(s.AnswerWithFile(ctx, attachmentOf(body)))
		case ref == "/data/age":
			must(s.Answer(ctx, ref, fmt.Sprint(20+c.now.Passed%60)))
		case ref == "/data/why":
			for n := range 5 {
				must(s.Draft(ctx, ref, strings.Repeat("because ", n+1)))
			}
		}
		_, err := s.Next(ctx)
		must(err)
	}
	passed, err := c.CountPasser(ctx, c.shift.ID)
	c.now.Passed = passed
	must(err)
	i, err := s.Finish(ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	c.now.Draft, c.now.Ended = "", append(c.now.Ended, i.ID)
	if err := c.out.Encode(c.now); err != nil {
		c.t.Fatal(err)
	}
}
