package mainjob

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
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/app/robot"
	"parvis/app/screens/question"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/seal"
	"parvis/internal/study/importer"
)

// killRounds is how often the app is killed here; soakRounds how often where SOAK is set.
const (
	killRounds = 25
	soakRounds = 500
)

// seen is what the app's process tells of the page in front, after each tap that has returned.
type seen struct {
	Page   string            `json:"page"` // the first question's name; "" between interviews
	At     int               `json:"at"`
	Values map[string]string `json:"values,omitempty"`
	Ended  int               `json:"ended"` // interviews finished by this process
}

// TestTheAppReopensWhereItWasKilled: the real app, worked through its screens by the robot, is killed at random instants. Opened
// again, it shows the question that was in front, or the one a tap was leading to, with every answer that had been given.
func TestTheAppReopensWhereItWasKilled(t *testing.T) {
	rounds := killRounds
	if os.Getenv("SOAK") != "" {
		rounds = soakRounds
	}
	const seed = 20261124
	random := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	prepare(t, dir)
	var last seen
	ended := 0
	for round := range rounds {
		all := runAndKill(t, dir, round, time.Duration(random.IntN(700))*time.Millisecond)
		if round > 0 {
			checkReopened(t, fmt.Sprintf("seed %d, round %d", seed, round), last, all[0])
		}
		last = all[len(all)-1]
		ended += last.Ended
	}
	// One more may have ended with each kill, before it could be told.
	if kept := interviewsKept(t, dir); kept < ended || kept > ended+rounds {
		t.Errorf("%d interviews were finished, %d are kept", ended, kept)
	}
	t.Logf("killed %d times; %d interviews were finished meanwhile", rounds, ended)
}

func checkReopened(t *testing.T, when string, last, now seen) {
	t.Helper()
	if last.Page == "" {
		return // between two interviews: the next may have begun
	}
	if now.Page != last.Page {
		// Only a page that was answered can have been left, forwards or to the end.
		if len(last.Values) == 0 || (now.Page != "" && now.At < last.At) {
			t.Errorf("%s: killed at %s (%d, %v), reopened at %q (%d)", when, last.Page, last.At, last.Values, now.Page, now.At)
		}
		return
	}
	for name, value := range last.Values {
		if now.Values[name] != value {
			t.Errorf("%s: %s was %q before the kill and is %q", when, name, value, now.Values[name])
		}
	}
}

// runAndKill opens the app in a process of its own, waits until it shows a page, lets it work for some time, and kills it.
func runAndKill(t *testing.T, dir string, round int, after time.Duration) (all []seen) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	app := exec.CommandContext(ctx, os.Args[0])
	app.Env = append(os.Environ(), partVar+"=endless", dirVar+"="+dir, roundVar+"="+strconv.Itoa(round))
	var complaints bytes.Buffer
	app.Stderr = &complaints
	out, err := app.StdoutPipe()
	must(t, err)
	must(t, app.Start())
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the app showed no page: %v\n%s", err, complaints.String())
	}
	time.Sleep(after)
	must(t, app.Process.Kill())
	rest, err := io.ReadAll(lines)
	must(t, err)
	if err := app.Wait(); app.ProcessState.ExitCode() >= 0 {
		t.Fatalf("the app ended by itself: %v\n%s", err, complaints.String())
	}
	for line := range strings.SplitAfterSeq(first+string(rest), "\n") {
		if !strings.HasSuffix(line, "\n") {
			continue // torn by the kill
		}
		var s seen
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatalf("the app says %q", line)
		}
		all = append(all, s)
	}
	return all
}

// prepare makes an enrolled device with the sample study and an open shift.
func prepare(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	store, err := fieldstore.Open(ctx, fieldstore.Params{Path: filepath.Join(dir, "device", "parvis.db")})
	must(t, err)
	must(t, store.SetPIN(ctx, robot.PIN))
	must(t, store.SaveEnrolment(ctx, delivery.Credentials{
		Central: "https://central.example.org", Device: uuid.NewString(), Epoch: uuid.NewString(), Interviewer: "0417", Token: "none", Revoked: true,
	}))
	pkg, problems, err := importer.File("../../assets/studies/mall-exit.xlsx", importer.Limits{})
	if err != nil {
		t.Fatalf("%v\n%v", err, problems)
	}
	pair, err := seal.NewPair()
	must(t, err)
	pkg.Study.Recipients = []string{pair.Recipient}
	body, err := json.Marshal(pkg.Study)
	must(t, err)
	must(t, store.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemStudy, ID: pkg.Study.ID, Body: body}}, "1"))
	files := map[string][]byte{pkg.Study.Form.SHA256: pkg.XForm}
	for _, m := range pkg.Study.Media {
		files[m.SHA256] = pkg.Media[m.Name]
	}
	for sum, file := range files {
		must(t, store.AppendBlob(ctx, sum, 0, file))
		must(t, store.FinishBlob(ctx, sum))
	}
	site := pkg.Study.Sites[0]
	_, err = store.StartShift(ctx, fieldstore.ShiftStart{Study: pkg.Study.ID, Site: site.Name, Entrance: site.Entrances[0].Name})
	must(t, err)
	must(t, store.Close())
}

func interviewsKept(t *testing.T, dir string) int {
	t.Helper()
	ctx := context.Background()
	store, err := fieldstore.Open(ctx, fieldstore.Params{Path: filepath.Join(dir, "device", "parvis.db")})
	must(t, err)
	defer func() { must(t, store.Close()) }()
	list, err := store.Interviews(ctx, fieldstore.Filter{State: fieldstore.Waiting, Limit: 100_000})
	must(t, err)
	return len(list)
}

// endless is the app's process: it enters the PIN and conducts interviews from wherever it finds itself until it is killed.
func (i *interviewer) endless() error {
	round, err := strconv.ParseUint(os.Getenv(roundVar), 10, 64)
	if err != nil {
		return err
	}
	if err := do(
		func() error { return i.robot.Type(i.ctx, i.words.T("pin.pin"), robot.PIN) },
		func() error { return i.tap("pin.enter_button") },
		i.opened,
	); err != nil {
		return err
	}
	told := json.NewEncoder(os.Stdout)
	for ended := 0; ; {
		s, atEnd := i.inSight(ended)
		if err := told.Encode(s); err != nil {
			return err
		}
		switch {
		case atEnd:
			if err := do(func() error { return i.tap("question.end_finish") }, func() error { return i.see(i.words.T("closing.saved")) }); err != nil {
				return err
			}
			ended++
		case s.Page != "":
			// an unanswered page may be answered and left; an answered one is only left
			r := i.person(round, eligible("a18_34", "woman"), map[string]string{"postcode": "1050", "contact_name": "Zoé Lambert", "contact_phone": "+32 470 11 22 33"})
			if err := r.Answer(i.ctx); err != nil {
				return err
			}
			if s, _ = i.inSight(ended); s.Page != "" {
				if err := told.Encode(s); err != nil {
					return err
				}
			}
			if err := i.tap("common.next"); err != nil {
				return err
			}
		default:
			if _, err := i.robot.TapAny(i.ctx, i.words.T("closing.next_contact"), i.words.T("contact.agreed"), i.words.T("today.resume_shift")); err != nil {
				return err
			}
		}
	}
}

// opened waits until the lock is gone.
func (i *interviewer) opened() error {
	for range 1000 {
		if locked := i.robot.Sees(i.words.T("pin.forgot")); !locked {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("the PIN did not open the app")
}

// inSight is the page in front; atEnd tells that the questionnaire is done and only to be finished.
func (i *interviewer) inSight(ended int) (s seen, atEnd bool) {
	s.Ended = ended
	i.inFront(func() {
		m, ok := i.app.Question()
		if !ok {
			return
		}
		if atEnd = m.Ended; atEnd {
			s.Page, s.At, s.Values = "(end)", m.At, map[string]string{"(end)": "reached"}
			return
		}
		s.Page, s.At, s.Values = m.Items[0].Name, m.At, map[string]string{}
		for _, item := range m.Items {
			switch {
			case item.Kind == question.Reading: // it can be left without an answer
				s.Values[item.Name] = "(read)"
			case item.Value != "":
				s.Values[item.Name] = item.Value
			}
		}
	})
	return s, atEnd
}
