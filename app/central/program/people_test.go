package program_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"parvis/app/central/program"
	"parvis/sync/protocol"
)

var uri = regexp.MustCompile(`otpauth://\S+`)

// conversation runs a command that asks, and answers when it has.
func (p place) conversation(t *testing.T, answer func(said string) (string, bool), args ...string) output {
	t.Helper()
	in, out := io.Pipe()
	stdout, stderr := &locked{}, &bytes.Buffer{}
	m := program.New(program.Params{Stdin: in, Stdout: stdout, Stderr: stderr, Now: time.Now, Rand: rand.Reader, Dir: p.keys})
	go func() {
		for {
			if text, ok := answer(stdout.String()); ok {
				_, _ = io.WriteString(out, text+"\n")
				_ = out.Close()
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	code := m.Run(context.Background(), append(args, "--data", p.data))
	return output{code, stdout.String(), stderr.String()}
}

func TestOneTimeCodesAreSetUpAtTheTerminal(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.must(t, "a long enough password\n", "user", "add", "ada", "--role", "administrator", "--password-stdin")
	if got := p.run(t, "000000\n000000\n000000\n", "user", "totp", "ada"); got.code != 1 || !strings.Contains(got.stderr, "nothing was changed") {
		t.Errorf("%d %s", got.code, got.stderr)
	}
	if out := p.must(t, "", "user", "list"); strings.Contains(out, "password and code") {
		t.Errorf("active without a right code:\n%s", out)
	}
	var key *otp.Key
	got := p.conversation(t, func(said string) (string, bool) {
		text := uri.FindString(said)
		if !strings.Contains(said, "It is shown this once") {
			return "", false
		}
		var err error
		if key, err = otp.NewKeyFromURL(text); err != nil {
			t.Error(err)
			return "", true
		}
		code, err := totp.GenerateCode(key.Secret(), time.Now())
		if err != nil {
			t.Error(err)
		}
		return code, true
	}, "user", "totp", "ada")
	if got.code != 0 {
		t.Fatalf("%d\n%s", got.code, got.stderr)
	}
	if scanned := scan(t, drawn(got.stdout)); scanned != uri.FindString(got.stdout) {
		t.Errorf("the QR code says %q", scanned)
	}
	if out := p.must(t, "", "user", "list"); !strings.Contains(out, "password and code") {
		t.Errorf("%s", out)
	}
	s := p.serve(t)
	in := func(code string) (int, []byte) {
		body, err := json.Marshal(protocol.SignInRequest{User: "ada", Password: "a long enough password", OneTime: code})
		if err != nil {
			t.Fatal(err)
		}
		return s.do(t, http.MethodPost, protocol.PathSignIn, "", protocol.ContentJSON, body)
	}
	if status, body := in(""); status != http.StatusUnauthorized || !strings.Contains(string(body), "otp_needed") {
		t.Errorf("%d %s", status, body)
	}
	next, err := totp.GenerateCode(key.Secret(), time.Now().Add(30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if status, body := in(next); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
	p.must(t, "", "user", "totp", "ada", "--off")
	if status, body := in(""); status != http.StatusOK {
		t.Errorf("after --off: %d %s", status, body)
	}
}

func TestPeopleAtTheCommandLine(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	p.must(t, "a long enough password\n", "user", "add", "Rita", "--role", "researcher", "--password-stdin")
	p.must(t, "", "user", "add", "ines@example.org", "--role", "supervisor", "--study", "mall-exit", "--no-password")
	p.must(t, "", "user", "grant", "rita", "--role", "viewer", "--study", "mall-exit")
	out := p.must(t, "", "user", "list")
	for _, want := range []string{"everywhere", "mall-exit", "organisation", "password", "ines@example.org"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	p.must(t, "", "user", "revoke-role", "rita", "--role", "viewer", "--study", "mall-exit")
	if got := p.run(t, "", "user", "revoke-role", "rita", "--role", "researcher"); got.code != 1 || !strings.Contains(got.stderr, "central user disable") {
		t.Errorf("%d %s", got.code, got.stderr)
	}
	s := p.serve(t)
	studies := func(token string) int {
		status, _ := s.do(t, http.MethodGet, protocol.PathStudies, token, "", nil)
		return status
	}
	plain := strings.TrimSpace(p.must(t, "", "token", "--user", "rita", "--quiet"))
	narrow := strings.TrimSpace(p.must(t, "", "token", "new", "--user", "rita", "--role", "viewer", "--study", "mall-exit", "--note", "the wall display", "-q"))
	if studies(plain) != http.StatusOK || studies(narrow) != http.StatusOK {
		t.Error("a new token does not work")
	}
	if status, _ := s.do(t, http.MethodGet, protocol.PathResearch+"mall-exit/records", narrow, "", nil); status != http.StatusForbidden {
		t.Errorf("a viewer's token reads records: %d", status)
	}
	out = p.must(t, "", "token", "list", "--user", "rita")
	id := regexp.MustCompile(`([0-9a-f]{12}) .*viewer mall-exit.*within the hour +the wall display`).FindStringSubmatch(out)
	if id == nil || strings.Count(out, "\n") != 3 {
		t.Fatalf("%s", out)
	}
	p.must(t, "", "token", "revoke", id[1])
	if studies(narrow) != http.StatusUnauthorized || studies(plain) != http.StatusOK {
		t.Error("another token was ended, or none")
	}
	p.must(t, "another long password\n", "user", "password", "rita", "--password-stdin")
	if studies(plain) != http.StatusUnauthorized {
		t.Error("a token outlives its user's password")
	}
	again := strings.TrimSpace(p.must(t, "", "token", "--user", "rita", "-q"))
	p.must(t, "", "user", "disable", "rita")
	if studies(again) != http.StatusUnauthorized || !strings.Contains(p.must(t, "", "user", "list"), "kept out") {
		t.Error("a token outlives its user")
	}
	p.must(t, "", "user", "enable", "rita")
	if studies(again) != http.StatusUnauthorized {
		t.Error("a token that was ended lives again")
	}
}

func TestTheAuditLogAtTheCommandLine(t *testing.T) {
	t.Parallel()
	p, dir := newPlace(t), t.TempDir()
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417")
	out := p.must(t, "", "audit", "verify")
	kept := regexp.MustCompile(`[0-9a-f]{64}`).FindString(out)
	p.must(t, "", "audit", "verify", "--kept", kept)
	if got := p.run(t, "", "audit", "verify", "--kept", strings.Repeat("0", 64)); got.code != 1 || !strings.Contains(got.stderr, "written anew") {
		t.Errorf("%d %s", got.code, got.stderr)
	}
	table, lines := filepath.Join(dir, "log.csv"), filepath.Join(dir, "log.jsonl")
	p.must(t, "", "audit", "export", "--to", table)
	p.must(t, "", "audit", "export", "--to", lines)
	file, err := os.Open(table)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) != 4 || strings.Join(rows[0], " ") != "n at actor action study subject details hash" || rows[1][3] != "study imported" {
		t.Fatal(rows, err)
	}
	if at, err := time.Parse("2006-01-02T15:04:05.000Z", rows[1][1]); err != nil || time.Since(at) > time.Hour {
		t.Error(rows[1][1], err)
	}
	data, err := os.ReadFile(lines)
	if err != nil {
		t.Fatal(err)
	}
	var last map[string]any
	all := strings.Split(strings.TrimSpace(string(data)), "\n")
	if err := json.Unmarshal([]byte(all[len(all)-1]), &last); err != nil || len(all) != 4 || last["action"] != "audit log exported" {
		t.Errorf("%s", data)
	}
	for _, bad := range []string{table, filepath.Join(dir, "log.txt")} {
		if got := p.run(t, "", "audit", "export", "--to", bad); got.code != 1 {
			t.Errorf("%s: %d", bad, got.code)
		}
	}
}

func TestOpenIDConnectIsSetUpWhole(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for _, bad := range [][]string{
		{"--oidc-client-id", "x"},
		{"--oidc-issuer", "http://login.example.org", "--oidc-client-id", "x", "--address", "https://central.example.org"},
		{"--oidc-issuer", "https://login.example.org", "--oidc-client-id", "x"},
		{"--oidc-issuer", "https://login.example.org", "--address", "https://central.example.org"},
	} {
		if got := p.run(t, "", append([]string{"serve", "--listen", "127.0.0.1:0"}, bad...)...); got.code != 1 || got.stderr == "" {
			t.Errorf("%v: %d %s", bad, got.code, got.stderr)
		}
	}
}
