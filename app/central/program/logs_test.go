package program_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// enrolled is a device's token.
func enrolled(t *testing.T, p place, s serving, interviewer string) string {
	t.Helper()
	code := strings.TrimSpace(p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", interviewer, "--quiet"))
	client, err := agent.NewClient(agent.ClientParams{Central: s.url, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	given, err := client.Enrol(context.Background(), protocol.EnrolRequest{Code: code, Platform: "test", AppVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	return given.Token
}

// secrets are what no log may hold, by what they are.
type secrets map[string]string

// everything asks central for whatever may come its way, right, wrong and hostile, and notes the secrets in it.
func (s serving) everything(t *testing.T, p place, found secrets) {
	t.Helper()
	post := func(path, token string, body any) []byte {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		_, answer := s.do(t, http.MethodPost, path, token, protocol.ContentJSON, data)
		return answer
	}
	code := strings.TrimSpace(p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--quiet"))
	found["the code"] = code
	var given protocol.EnrolAnswer
	if err := json.Unmarshal(post(protocol.PathEnrol, "", protocol.EnrolRequest{Code: code}), &given); err != nil || given.Token == "" {
		t.Fatal(err)
	}
	found["the device's token"], found["the recovery code"] = given.Token, given.Recovery
	post(protocol.PathEnrol, "", protocol.EnrolRequest{Code: code, Previous: given.Token}) // used already
	post(protocol.PathEnrol, "", protocol.EnrolRequest{Code: "WRNG-CDDE"})
	found["a wrong code"] = "WRNG-CDDE"

	found["the password"], found["a wrong password"] = "a long enough password", "an unlucky guess of a password"
	post(protocol.PathSignIn, "", protocol.SignInRequest{User: "rita", Password: found["a wrong password"]})
	var in protocol.SignInAnswer
	if err := json.Unmarshal(post(protocol.PathSignIn, "", protocol.SignInRequest{User: "rita", Password: found["the password"]}), &in); err != nil || in.Token == "" {
		t.Fatal(err)
	}
	found["the person's token"] = in.Token

	w := &worker{epoch: given.Epoch, made: map[string]string{}}
	var batch []protocol.Record
	for _, r := range w.batch(t, 3) {
		batch = append(batch, protocol.Record(r))
	}
	batch[2].Body = []byte(`{"id":"x","note":"Mrs Respondent of Elm Street"}`) // not its sum's: to quarantine
	found["what somebody answered"] = "Mrs Respondent"
	body := protocol.AppendBatch(nil, batch)
	s.do(t, http.MethodPost, protocol.PathPush, given.Token, protocol.ContentJSON, body)
	s.do(t, http.MethodPost, protocol.PathPush, given.Token, protocol.ContentJSON, []byte(`{"records":["Mrs Respondent of Elm Street"`))
	s.do(t, http.MethodPost, protocol.PathPush, "pvd_this-is-no-token-of-ours", protocol.ContentJSON, body)
	found["a wrong token"] = "this-is-no-token-of-ours"
	s.do(t, http.MethodPost, protocol.PathPush, in.Token, protocol.ContentJSON, body) // a person may not
	s.do(t, http.MethodPost, protocol.PathHandIn, in.Token, "application/octet-stream", body)
	s.do(t, http.MethodGet, protocol.PathResearch+"mall-exit/records?cursor=secret-cursor&token=token-in-the-address", in.Token, "", nil)
	found["what the address holds"], found["a cursor"] = "token-in-the-address", "secret-cursor"
	s.do(t, http.MethodGet, "/somebody/elses/path?token=token-in-the-address", in.Token, "", nil)
	found["a path that is no route"] = "elses"
	s.do(t, http.MethodGet, protocol.PathBlob+strings.Repeat("ab", 32), given.Token, "", nil)
	found["a path's tail"] = strings.Repeat("ab", 32)
	// Shut out while it goes on: its token is refused, and said nowhere.
	p.must(t, "", "device", "revoke", given.Device)
	s.do(t, http.MethodGet, protocol.PathPull, given.Token, "", nil)
}

func TestNoSecretIsLogged(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "text"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t)
			p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
			p.must(t, "a long enough password\n", "user", "add", "rita", "--role", "researcher", "--password-stdin")
			found := secrets{}
			s := p.serve(t, "--log-level", "debug", "--log-format", format, "--metrics", "127.0.0.1:0")
			s.everything(t, p, found)
			s.stop()
			own, err := os.ReadFile(filepath.Join(p.data, "hand-in.key"))
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Fields(string(own)) {
				if strings.HasPrefix(line, "AGE-SECRET") {
					found["the key for handed-in files"] = line
				}
			}
			checkLog(t, s, found, format)
		})
	}
}

// checkLog looks for every secret, and for what each line must say.
func checkLog(t *testing.T, s serving, found secrets, format string) {
	t.Helper()
	log := s.log.String()
	for what, secret := range found {
		for _, text := range []string{secret, strings.ReplaceAll(secret, "-", ""), strings.TrimPrefix(strings.TrimPrefix(secret, "pvd_"), "pvu_")} {
			if len(text) < 5 {
				t.Fatalf("%s is too short to look for: %q", what, text)
			}
			if strings.Contains(strings.ToLower(log+s.text.String()), strings.ToLower(text)) {
				t.Errorf("the log holds %s", what)
			}
		}
	}
	lines := strings.Split(strings.TrimSpace(log), "\n")
	if len(lines) < 14 {
		t.Fatalf("%d lines only:\n%s", len(lines), log)
	}
	for _, line := range lines {
		if format == "json" {
			var one struct{ Msg, Request, Route string }
			if err := json.Unmarshal([]byte(line), &one); err != nil || one.Msg == "request" && (one.Request == "" || one.Route == "") {
				t.Errorf("%v: %s", err, line)
			}
		} else if strings.Contains(line, "msg=request") && (!strings.Contains(line, "request=") || !strings.Contains(line, "route=")) {
			t.Errorf("the line does not say which request: %s", line)
		}
	}
	for _, route := range []string{"/v1/push", "/v1/enrol", "/v1/sign-in", protocol.PathResearch + "{study}/records"} {
		if !strings.Contains(log, route) {
			t.Errorf("no line about %s", route)
		}
	}
}

// The address of a database may hold a password, which no error repeats.
func TestADatabaseThatIsAwayKeepsItsPassword(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for _, address := range []string{
		"postgres://central:pass-word-of-central@127.0.0.1:1/parvis?connect_timeout=2", "postgres://central:pass-word-of-central@[nonsense",
		"host=127.0.0.1 port=1 password=pass-word-of-central what=ever=",
	} {
		if said := p.refused(t, "--db", address); strings.Contains(said, "pass-word") || !strings.Contains(said, "database") {
			t.Error(said)
		}
	}
}
