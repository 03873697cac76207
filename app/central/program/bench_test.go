package program_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parvis/app/central/program"
)

// benched gives central bench alone: where data lie, the test says itself.
func benched(ctx context.Context, args ...string) output {
	var stdout, stderr bytes.Buffer
	m := program.New(program.Params{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Now: time.Now, Rand: rand.Reader})
	code := m.Run(ctx, append([]string{"bench"}, args...))
	return output{code, stdout.String(), stderr.String()}
}

func (o output) says(t *testing.T, code int, words ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("it ended with %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	for _, w := range words {
		if !strings.Contains(o.stdout+o.stderr, w) {
			t.Errorf("nothing says %q:\n%s%s", w, o.stdout, o.stderr)
		}
	}
}

func TestBenchLoadsACentralOfItsOwn(t *testing.T) {
	t.Setenv("PARVIS_CENTRAL_DATA", filepath.Join(t.TempDir(), "a real central")) // which bench must not touch
	got := benched(t.Context(), "--devices", "3", "--batch", "7", "--interviews", "50", "--report-every", "1ms")
	got.says(t, 0, "50 interviews in", "Interviews a second", "p50", "p99", "Bytes an interview", "Central holds every interview it acknowledged", " of 50 interviews")
	if !regexp.MustCompile(`Errors\s+0\n`).MatchString(got.stdout) {
		t.Error(got.stdout)
	}
	if _, err := os.Stat(os.Getenv("PARVIS_CENTRAL_DATA")); err == nil {
		t.Error("bench made something in the data folder of the environment")
	}
}

// With codes from a file, the address alone leads to a central that serves.
func TestBenchLoadsACentralThatServes(t *testing.T) {
	p := newPlace(t)
	central := p.serve(t)
	codes := filepath.Join(t.TempDir(), "codes")
	made := benched(t.Context(), "--codes-only", "--devices", "2", "--data", p.data)
	made.says(t, 0)
	if err := os.WriteFile(codes, []byte(made.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	benched(t.Context(), "--central", central.url, "--codes", codes, "--devices", "2", "--batch", "4", "--interviews", "10").says(t, 0, "10 interviews in")
	benched(t.Context(), "--central", central.url, "--data", p.data, "--devices", "1", "--batch", "4", "--interviews", "5").says(t, 0, "5 interviews in", "Central holds every")
	p.must(t, "", "doctor", "--whole") // the practice study's files are where central looks for them
	if status := p.must(t, "", "status"); !regexp.MustCompile(`parvis-bench\s+1\s+15\n`).MatchString(status) {
		t.Errorf("15 interviews are not there:\n%s", status)
	}
	benched(t.Context(), "--central", central.url, "--codes", codes, "--devices", "2").says(t, 1, "bad_code")
}

func TestBenchKeepsPracticeAwayFromRealStudies(t *testing.T) {
	p := newPlace(t)
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	central := p.serve(t)
	benched(t.Context(), "--central", central.url, "--data", p.data).says(t, 1, "holds the study mall-exit", "--yes-this-central")
	benched(t.Context(), "--codes-only", "--data", p.data).says(t, 1, "holds the study mall-exit")
	// a code for a real study is of no use to it
	codes := filepath.Join(t.TempDir(), "codes")
	code := p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--quiet")
	if err := os.WriteFile(codes, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	benched(t.Context(), "--central", central.url, "--codes", codes, "--devices", "1", "--interviews", "5").says(t, 1, "mall-exit", "nothing was pushed")
	if status := p.must(t, "", "status"); strings.Contains(status, "parvis-bench") || !regexp.MustCompile(`mall-exit\s+1\s+0\n`).MatchString(status) {
		t.Errorf("something of it is there:\n%s", status)
	}
	benched(t.Context(), "--central", central.url, "--data", p.data, "--yes-this-central", "--devices", "1", "--interviews", "5").says(t, 0, "5 interviews in")
}

func TestBenchStopsWithTheFiguresSoFar(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout bytes.Buffer
	stderr := &stopper{at: "interviews, ", stop: cancel}
	m := program.New(program.Params{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: stderr, Now: time.Now, Rand: rand.Reader})
	code := m.Run(ctx, []string{"bench", "--devices", "2", "--batch", "5", "--duration", "10m", "--report-every", "20ms"})
	output{code, stdout.String(), stderr.String()}.says(t, 0, "Interviews a second", "Central holds every interview it acknowledged")
}

// stopper stops the program once it has written certain words.
type stopper struct {
	locked
	at   string
	stop func()
}

func (s *stopper) Write(data []byte) (int, error) {
	if strings.Contains(string(data), s.at) {
		s.stop()
	}
	return s.locked.Write(data)
}

func TestBenchSaysWhatItNeeds(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--central", "http://127.0.0.1:1"}, "--codes-only"},
		{[]string{"--codes-only"}, "needs --data"},
		{[]string{"--codes-only", "--db", "postgres://localhost/x"}, "needs --data"},
		{[]string{"--data", "x"}, "goes with --central"},
		{[]string{"--devices", "0"}, "--devices is 1 to"},
		{[]string{"--batch", "100000"}, "--batch is 1 to"},
		{[]string{"--interviews=-1"}, "more than nothing"},
	} {
		benched(t.Context(), c.args...).says(t, 1, c.want)
	}
}
