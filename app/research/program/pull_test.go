package program

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/export/archive"
	"parvis/internal/interview"
)

func TestPullFromARealCentral(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contact := interview.Contact{ID: recordID(900), Study: surveyID, Site: "north", Disposition: interview.RefusedUnknown}
	w.deliver(
		w.interview(1, 1, `<bought>shoes food</bought><why>"Fine", she said</why><phone/>`),
		w.interview(2, 1, `<bought>food</bought><why>=sum</why>`),
		w.record(delivery.KindContact, recordID(900), 1, contact),
	)
	said := w.pull()
	rows := w.rows()
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	for heading, want := range map[string]string{
		"bought": "shoes food", "bought__shoes": "1", "bought__food": "1", "why": `"Fine", she said`, "region": "flanders", "form_version": "1",
		"started": "2026-05-02T14:01:00.000+02:00", "duration_s": "299", "disposition": "1.0",
	} {
		if got := rows[recordID(1)][heading]; got != want {
			t.Errorf("%s: %q, want %q", heading, got, want)
		}
	}
	if _, shown := rows[recordID(1)]["phone"]; shown {
		t.Error("a personal question has a column")
	}
	for _, want := range []string{"3 records new, 2 interviews, 1 contact", "interviews.csv", "Personal data left out: 1 question."} {
		if !strings.Contains(said, want) {
			t.Errorf("the summary lacks %q:\n%s", want, said)
		}
	}
	for _, name := range []string{"codebook.csv", "codebook.html", "choices.csv", "contacts.csv", "verbatims.csv", "observations.csv", "shifts.csv", "footfall.csv", "pauses.csv", "corrections.csv", "shift_notes.csv", "reviews.csv", "paradata.csv", "timings.csv", "audit.csv"} {
		if _, err := os.Stat(filepath.Join(w.out, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestPullAgainFetchesOnlyWhatIsNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.interview(1, 1, `<why>first</why>`), w.interview(2, 1, `<why>other</why>`))
	w.pull()
	before := w.requests()
	if said := w.pull(); !strings.Contains(said, "Nothing new") {
		t.Errorf("said %q", said)
	}
	if again := w.requests() - before; again != 1 {
		t.Errorf("a pull with nothing new made %d requests", again)
	}
	w.deliver(w.interview(1, 2, `<why>corrected</why>`), w.interview(3, 1, `<why>third</why>`))
	if said := w.pull(); !strings.Contains(said, "2 records new, 3 interviews") {
		t.Errorf("said %q", said)
	}
	rows := w.rows()
	if len(rows) != 3 || rows[recordID(1)]["why"] != "corrected" || rows[recordID(2)]["why"] != "other" || rows[recordID(3)]["why"] != "third" {
		t.Errorf("rows %v", rows)
	}
	if said := w.pull("--excel-safe"); strings.Contains(said, "Nothing new") {
		t.Error("another way of writing was taken for the same")
	}
	if err := os.Remove(filepath.Join(w.out, "interviews.csv")); err != nil {
		t.Fatal(err)
	}
	w.pull("--excel-safe")
	if len(w.rows()) != 3 {
		t.Error("a file that was deleted does not come back")
	}
}

func TestVersionsOfTheQuestionnaireAreUnited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.interview(1, 1, `<why>a</why>`))
	w.publish("colour")
	w.deliver(w.interview(2, 1, `<why>b</why><colour>red</colour>`))
	w.publish("size")
	w.deliver(w.interview(3, 1, `<why>c</why><size>9</size>`))
	w.pull()
	rows := w.rows()
	if rows[recordID(2)]["colour"] != "red" || rows[recordID(3)]["size"] != "9" || rows[recordID(1)]["why"] != "a" || rows[recordID(1)]["size"] != "" {
		t.Errorf("rows %v", rows)
	}
	text, err := os.ReadFile(filepath.Join(w.out, "codebook.csv"))
	if err != nil || !strings.Contains(string(text), "/data/colour,text,,,,colour,,,2,") {
		t.Errorf("the codebook does not say which version has colour: %v\n%s", err, text)
	}
}

// The network breaks at every request in turn, each time for good; the pull must end with a word and the next one go on. Whatever
// happens no interview is lost and none stands twice.
func TestAPullThatBreaksOffGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const interviews = 1100 // three pages
	var records []delivery.Record
	for n := range interviews {
		records = append(records, w.interview(n, 1, fmt.Sprintf(`<why>reason %d</why>`, n)))
	}
	w.deliver(records...)
	for allowed := 0; ; allowed++ {
		left := allowed
		w.network(func(*http.Request) bool { left--; return left < 0 })
		status, _, stderr := w.research(w.pullArgs()...)
		if status == 0 {
			if allowed == 0 {
				t.Fatal("a pull without a network worked")
			}
			break
		}
		if !strings.Contains(stderr, "cannot be reached") || !strings.Contains(stderr, "what was pulled is kept") {
			t.Fatalf("the error says %q", stderr)
		}
		if allowed > 10 {
			t.Fatal("the pull never gets further")
		}
	}
	w.network(nil)
	rows := w.rows()
	if len(rows) != interviews {
		t.Fatalf("%d rows of %d interviews", len(rows), interviews)
	}
	for n := range interviews {
		if got := rows[recordID(n)]["why"]; got != fmt.Sprintf("reason %d", n) {
			t.Fatalf("interview %d says %q", n, got)
		}
	}
}

// A request that gets no answer a few times is tried again without a word.
func TestAShakyNetworkIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.interview(1, 1, `<why>x</why>`))
	n := 0
	w.network(func(*http.Request) bool { n++; return n%3 != 0 })
	w.pull()
	if len(w.rows()) != 1 {
		t.Error("the interview is missing")
	}
}

// The disk refuses what a page brings: the pull ends with an error and the next one brings the page again, once.
func TestADiskThatFailsLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.interview(1, 1, `<why>a</why>`))
	w.pull()
	w.deliver(w.interview(2, 1, `<why>b</why>`))
	state := filepath.Join(w.out, stateFolder, "state.json.new")
	block(t, state)
	if status, _, stderr := w.research(w.pullArgs()...); status != 1 || !strings.Contains(stderr, "saving how far the pull came") {
		t.Fatalf("status %d, %q", status, stderr)
	}
	if rows := w.rows(); len(rows) != 1 {
		t.Fatalf("a page that was not kept left %d rows", len(rows))
	}
	unblock(t, state)
	shifts := filepath.Join(w.out, "shifts.csv") // the records come in, and a file cannot be put in its place
	unblock(t, shifts)
	block(t, shifts)
	if status, _, stderr := w.research(w.pullArgs()...); status != 1 || !strings.Contains(stderr, "putting shifts.csv in its place") {
		t.Fatalf("status %d, %q", status, stderr)
	}
	unblock(t, shifts)
	w.pull()
	if rows := w.rows(); len(rows) != 2 || rows[recordID(2)]["why"] != "b" {
		t.Errorf("rows %v", rows)
	}
}

func TestStoppingAPullKeepsWhatCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var records []delivery.Record
	for n := range 600 {
		records = append(records, w.interview(n, 1, `<why>x</why>`))
	}
	w.deliver(records...)
	ctx, cancel := context.WithCancel(t.Context())
	pages := 0
	w.network(func(r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/records") {
			if pages++; pages == 2 {
				cancel()
			}
		}
		return false
	})
	status, _, stderr := w.researchAs(ctx, map[string]string{"PARVIS_TOKEN": w.token}, "", w.pullArgs()...)
	if status != 1 || !strings.Contains(stderr, "stopped") {
		t.Fatalf("status %d, %q", status, stderr)
	}
	w.network(nil)
	if said := w.pull(); !strings.Contains(said, "600 interviews") || strings.Contains(said, "600 records new") {
		t.Errorf("said %q", said)
	}
	if len(w.rows()) != 600 {
		t.Error("interviews are missing")
	}
}

func TestWhoMayPull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.interview(1, 1, `<why>x</why>`))
	tokenFile := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokenFile, []byte(w.token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, stdin string
		env         map[string]string
		args        []string
		status      int
		want        string
	}{
		{"a token in the environment", "", map[string]string{"PARVIS_TOKEN": w.token}, nil, 0, ""},
		{"a token file", "", nil, []string{"--token-file", tokenFile}, 0, ""},
		{"a user", "correct horse battery\n", nil, []string{"--user", "ann"}, 0, ""},
		{"a wrong password", "correct horse\n", nil, []string{"--user", "ann"}, 1, "the user name or the password is not right"},
		{"no password", "", nil, []string{"--user", "ann"}, 1, "no password came in"},
		{"nobody", "", nil, nil, 1, "who are you?"},
		{"a wrong token", "", map[string]string{"PARVIS_TOKEN": "nonsense"}, nil, 1, "does not accept this token"},
		{"another study", "", map[string]string{"PARVIS_TOKEN": w.token}, []string{"--study", "fair", "--out", t.TempDir()}, 1, "There is no study fair"},
		{"an open address", "", map[string]string{"PARVIS_TOKEN": w.token}, []string{"--central", "http://central.example.org"}, 1, "https://"},
		{"no such option", "", nil, []string{"--sideways"}, 2, "unknown flag"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, _, stderr := w.researchAs(t.Context(), c.env, c.stdin, w.pullArgs(c.args...)...)
			if status != c.status || !strings.Contains(stderr, c.want) {
				t.Errorf("status %d, want %d: %s", status, c.status, stderr)
			}
			if strings.Contains(stderr, w.token) || strings.Contains(stderr, "correct horse") {
				t.Error("a secret stands in an error")
			}
		})
	}
}

func TestAFolderHoldsOneStudy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pull()
	status, _, stderr := w.research(w.pullArgs("--study", "other")...)
	if status != 1 || !strings.Contains(stderr, "another folder") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

// block makes writing the file impossible.
func block(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func unblock(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

// A folder of an earlier version is pulled anew. Central answers and then is gone, or the disk refuses the first page: what the folder
// held is all there until that page is, and so are the files made of it.
func TestAnEarlierFolderKeepsWhatItHeldUntilTheFirstPageIsSafe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver(w.interview(1, 1, `<why>a</why>`), w.interview(2, 1, `<why>b</why>`))
	w.pull()
	kept := filepath.Join(w.out, stateFolder)
	age(t, kept)
	if err := os.RemoveAll(filepath.Join(kept, "forms")); err != nil {
		t.Fatal(err)
	}
	still := func(doing, said string) {
		t.Helper()
		status, _, stderr := w.research(w.pullArgs()...)
		if status != 1 || !strings.Contains(stderr, said) {
			t.Fatalf("%s: status %d, %q", doing, status, stderr)
		}
		if n := held(t, kept); n != 2 || len(w.rows()) != 2 {
			t.Errorf("%s: %d records are left, and %d rows", doing, n, len(w.rows()))
		}
	}
	w.network(func(r *http.Request) bool { return !strings.HasSuffix(r.URL.Path, "/records") })
	still("central answers and is gone", "cannot be reached")
	places := []string{filepath.Join(kept, "anew", "studies", "000000.json.new"), filepath.Join(kept, "studies", "000000.json.new")}
	w.network(func(*http.Request) bool {
		for _, place := range places {
			block(t, place)
		}
		return false
	})
	still("the disk refuses", "keeping the study")
	w.network(nil)
	for _, place := range places {
		unblock(t, place)
	}
	w.deliver(w.interview(3, 1, `<why>c</why>`))
	if said := w.pull(); !strings.Contains(said, "3 records new") || held(t, kept) != 3 || len(w.rows()) != 3 {
		t.Errorf("%d records, %d rows: %s", held(t, kept), len(w.rows()), said)
	}
}

// age makes what was pulled that of the version before.
func age(t *testing.T, kept string) {
	t.Helper()
	file := filepath.Join(kept, "state.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	older := strings.Replace(string(text), `"format": 2`, `"format": 1`, 1)
	if err := os.WriteFile(file, []byte(older), 0o600); err != nil || older == string(text) {
		t.Fatalf("%s, %v", text, err)
	}
}

// held is how many records a folder counts.
func held(t *testing.T, kept string) (n int) {
	t.Helper()
	a, err := archive.Open(archive.Params{Dir: kept, Central: "a central on this machine", Study: surveyID})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.Current(func(archive.Record) error { n++; return nil }), a.Close()); err != nil {
		t.Fatal(err)
	}
	return n
}
