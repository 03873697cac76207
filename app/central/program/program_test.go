package program_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"parvis/app/central/program"
	"parvis/sync/protocol"
)

const samples = "../../../assets/studies"

// place is a data folder with a folder for keys, in which the real program runs.
type place struct{ data, keys string }

func newPlace(t testing.TB) place {
	t.Helper()
	return place{data: filepath.Join(t.TempDir(), "central data"), keys: t.TempDir()}
}

type output struct {
	code           int
	stdout, stderr string
}

// run gives one command.
func (p place) run(t testing.TB, stdin string, args ...string) output {
	t.Helper()
	var stdout, stderr bytes.Buffer
	m := program.New(program.Params{Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr, Now: time.Now, Rand: rand.Reader, Dir: p.keys})
	code := m.Run(context.Background(), append(args, "--data", p.data))
	return output{code, stdout.String(), stderr.String()}
}

// must give the command and succeed.
func (p place) must(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	got := p.run(t, stdin, args...)
	if got.code != 0 {
		t.Fatalf("%v: %d\n%s%s", args, got.code, got.stdout, got.stderr)
	}
	return got.stdout
}

// serving is central while it serves.
type serving struct {
	url  string
	at   string  // HOST:PORT
	text *locked // what it says to whoever started it
	log  *locked
	stop func()
}

type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(data)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (p place) serve(t testing.TB, args ...string) serving {
	t.Helper()
	s := serving{text: &locked{}, log: &locked{}}
	ctx, cancel := context.WithCancel(context.Background())
	at, ended := make(chan net.Addr, 1), make(chan int, 1)
	m := program.New(program.Params{
		Stdin: strings.NewReader(""), Stdout: s.text, Stderr: s.log, Now: time.Now, Rand: rand.Reader, Dir: p.keys,
		Listening: func(a net.Addr) { at <- a },
	})
	go func() {
		ended <- m.Run(ctx, append([]string{"serve", "--data", p.data, "--listen", "127.0.0.1:0"}, args...))
	}()
	select {
	case a := <-at:
		s.at, s.url = a.String(), "http://"+a.String()
	case code := <-ended:
		t.Fatalf("it ended with %d: %s%s", code, s.text, s.log)
	}
	s.stop = sync.OnceFunc(func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("it ended with %d", code)
		}
	})
	t.Cleanup(s.stop)
	return s
}

func (s serving) do(t testing.TB, method, path, token, contentType string, body []byte) (int, []byte) {
	t.Helper()
	req, err := http.NewRequest(method, s.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", contentType)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, data
}

// upload sends a workbook with the pictures of a folder.
func (s serving) upload(t testing.TB, token, name string, workbook []byte, pictures string) (int, []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	add := func(field, name string, data []byte) {
		part, err := w.CreateFormFile(field, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	add("workbook", name, workbook)
	files, err := filepath.Glob(filepath.Join(pictures, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		add("media", filepath.Base(path), data)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return s.do(t, http.MethodPut, protocol.PathStudies, token, w.FormDataContentType(), b.Bytes())
}

func TestFromNothingToAnEnrolledDevice(t *testing.T) {
	p := newPlace(t)
	s := p.serve(t)
	for _, want := range []string{s.url, p.data, "central study import", "central enrol-code", "central user add", "'" + p.data + "'"} {
		if !strings.Contains(s.text.String(), want) {
			t.Errorf("the welcome does not name %q:\n%s", want, s.text)
		}
	}
	out := p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	key := filepath.Join(p.keys, "mall-exit.key")
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 || !strings.Contains(out, key) {
		t.Errorf("the key: %v\n%s", err, out)
	}
	if !strings.Contains(out, "version 1") || !strings.Contains(out, "central enrol-code --study mall-exit") {
		t.Error(out)
	}
	if out := p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx")); !strings.Contains(out, "here already") {
		t.Errorf("the same again: %s", out)
	}
	codes := strings.Fields(p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--count", "2", "-q"))
	if len(codes) != 2 || codes[0] == codes[1] || !regexp.MustCompile(`^[2-9A-Z]{4}-[2-9A-Z]{4}$`).MatchString(codes[0]) {
		t.Fatalf("%q", codes)
	}
	body, err := json.Marshal(protocol.EnrolRequest{Code: codes[1], Platform: "android/arm64"})
	if err != nil {
		t.Fatal(err)
	}
	status, data := s.do(t, http.MethodPost, protocol.PathEnrol, "", protocol.ContentJSON, body)
	var given protocol.EnrolAnswer
	if err := json.Unmarshal(data, &given); err != nil || status != http.StatusOK || given.Interviewer != "0417" {
		t.Fatalf("%d %s", status, data)
	}
	status, data = s.do(t, http.MethodGet, protocol.PathPull, given.Token, "", nil)
	if status != http.StatusOK || !strings.Contains(string(data), `"recipients":["age1`) {
		t.Errorf("%d %.300s", status, data)
	}
	out = p.must(t, "", "status")
	for _, want := range []string{"mall-exit", "0417", "android/arm64", "nothing", "Quarantine: empty"} {
		if !strings.Contains(out, want) {
			t.Errorf("the status does not show %q:\n%s", want, out)
		}
	}
	if out := p.must(t, "", "device", "unlock", given.Device); !strings.HasPrefix(out, given.Recovery+"\n") || len(given.Recovery) != 19 {
		t.Errorf("the recovery code is shown as %q", out)
	}
	p.must(t, "", "device", "revoke", given.Device)
	if status, _ := s.do(t, http.MethodGet, protocol.PathPull, given.Token, "", nil); status != http.StatusUnauthorized {
		t.Errorf("a device that was shut out gets %d", status)
	}
	s.stop()
	if !strings.Contains(s.text.String(), "has stopped") {
		t.Errorf("%s", s.text)
	}
}

func TestPeopleAndTokens(t *testing.T) {
	p := newPlace(t)
	const password = "a long enough password\n"
	p.must(t, "", "study", "import", filepath.Join(samples, "fair-visitor.xlsx"))
	p.must(t, password, "user", "add", "sam", "--role", "supervisor", "--study", "fair-visitor", "--password-stdin")
	p.must(t, password, "user", "add", "ada", "--role", "administrator", "--password-stdin")
	token := strings.TrimSpace(p.must(t, "", "token", "--user", "ada", "-q"))
	s := p.serve(t)
	if status, data := s.do(t, http.MethodGet, protocol.PathStudies, token, "", nil); status != http.StatusOK || !strings.Contains(string(data), "fair-visitor") {
		t.Errorf("%d %s", status, data)
	}
	for name, tc := range map[string]struct {
		stdin string
		args  []string
		code  int
		words string
	}{
		"taken":               {password, []string{"user", "add", "SAM", "--role", "viewer", "--password-stdin"}, 1, "already"},
		"short password":      {"short\n", []string{"user", "add", "zoe", "--role", "viewer", "--password-stdin"}, 1, "characters"},
		"no terminal":         {"", []string{"user", "add", "zoe", "--role", "viewer"}, 1, "--password-stdin"},
		"no such role":        {password, []string{"user", "add", "zoe", "--role", "king", "--password-stdin"}, 2, "--role"},
		"no such study":       {password, []string{"user", "add", "zoe", "--role", "viewer", "--study", "moon", "--password-stdin"}, 1, "no study moon"},
		"no such user":        {"", []string{"token", "--user", "zoe"}, 1, "no user zoe"},
		"no such device":      {"", []string{"device", "revoke", "x"}, 1, "no device x"},
		"no device to unlock": {"", []string{"device", "unlock", "x"}, 1, "no device x"},
		"no device to erase":  {"", []string{"device", "erase", "x", "--destroy-unsent-of", "0417"}, 1, "no device x"},
		"erase unconfirmed":   {"", []string{"device", "erase", "x"}, 2, "destroy-unsent-of"},
		"a code for no study": {"", []string{"enrol-code", "--study", "moon", "--interviewer", "1"}, 1, "no study moon"},
		"a code for nobody":   {"", []string{"enrol-code", "--study", "fair-visitor", "--interviewer", ""}, 1, "name the interviewer"},
		"a code unsaid":       {"", []string{"enrol-code", "--study", "fair-visitor"}, 2, "--interviewer"},
		"a card for nobody":   {"", []string{"interviewer", "card", "", "--name", "Sam"}, 1, "name the interviewer"},
		"no such command":     {"", []string{"dance"}, 2, "--help"},
	} {
		t.Run(name, func(t *testing.T) {
			got := p.run(t, tc.stdin, tc.args...)
			if got.code != tc.code || !strings.Contains(got.stderr, tc.words) {
				t.Errorf("%d %s", got.code, got.stderr)
			}
		})
	}
}

func TestWhatIsNotThereYet(t *testing.T) {
	p := newPlace(t)
	for _, args := range [][]string{{"status"}, {"study", "list"}, {"token", "--user", "ada"}, {"enrol-code", "--study", "a", "--interviewer", "1"}, {"device", "list"}} {
		got := p.run(t, "", args...)
		if got.code != 1 || !strings.Contains(got.stderr, "central serve") {
			t.Errorf("%v: %d %s", args, got.code, got.stderr)
		}
	}
	if _, err := os.Stat(p.data); err == nil {
		t.Error("a mistyped folder was made")
	}
}

func TestPlainHTTPStaysOnThisMachine(t *testing.T) {
	p := newPlace(t)
	for _, listen := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "[::]:0", "nonsense"} {
		got := p.run(t, "", "serve", "--listen", listen)
		if got.code != 1 || !strings.Contains(got.stderr, "--listen") {
			t.Errorf("%s: %d %s", listen, got.code, got.stderr)
		}
	}
	if got := p.run(t, "", "serve", "--help"); got.code != 0 || !strings.Contains(got.stdout, "--behind-proxy") {
		t.Errorf("%d %s", got.code, got.stdout)
	}
}

func TestAKeyIsNeverReplaced(t *testing.T) {
	p := newPlace(t)
	key := filepath.Join(p.keys, "mall-exit.key")
	if err := os.WriteFile(key, []byte("something of mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := p.run(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	if got.code != 1 || !strings.Contains(got.stderr, "--recipient") {
		t.Errorf("%d %s", got.code, got.stderr)
	}
	if data, err := os.ReadFile(key); err != nil || string(data) != "something of mine" {
		t.Errorf("%q, %v", data, err)
	}
	got = p.run(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"), "--recipient", "age1nonsense")
	if got.code != 1 || !strings.Contains(got.stderr, "age1nonsense") {
		t.Errorf("%d %s", got.code, got.stderr)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	first, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	// A new version without the key at hand keeps the recipient of the version before.
	p.keys = t.TempDir()
	if out := p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx")); !strings.Contains(out, "here already") {
		t.Error(out)
	}
	if _, err := os.Stat(filepath.Join(p.keys, "mall-exit.key")); err == nil || len(first) == 0 {
		t.Error("a second key was made for the same study")
	}
}
