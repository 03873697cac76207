package endpoint_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// Each address with what it answers to whom.
func TestAnswers(t *testing.T) {
	c := newCentral(t, nil)
	fair := c.study(t, "fair")
	d := c.device(t, "mall")
	researcher := c.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher, Study: "mall"})
	supervisor := c.person(t, "sam", centralstore.Grant{Role: centralstore.Supervisor, Study: "mall", Site: "south"})
	viewer := c.person(t, "vera", centralstore.Grant{Role: centralstore.Viewer, Study: "mall"})
	r := contact(t, d, 1, "mall")
	c.push(t, d, r)
	batch := string(protocol.AppendBatch(nil, []protocol.Record{contact(t, d, 2, "mall")}))
	blob, other := protocol.PathBlob+c.pack.Study.Form.SHA256, protocol.PathBlob+fair.Study.Form.SHA256
	have := string(toJSON(t, protocol.HaveRequest{Records: []protocol.Identity{r.Identity()}}))
	for _, tc := range []struct {
		name, method, path, token, body string
		status                          int
		content                         string // in the body
	}{
		{"health", "GET", "/healthz", "", "", 200, `"ok"`},
		{"ready", "GET", "/readyz", "", "", 200, `"ok"`},
		{"nothing there", "GET", "/wp-admin", "", "", 404, `"not_found"`},
		{"root", "GET", "/", "", "", 404, `"not_found"`},
		{"not clean", "GET", "//v1/pull", d.Token, "", 404, `"not_found"`},
		{"upwards", "GET", "/v1/blobs/../pull", d.Token, "", 404, `"not_found"`},
		{"a slash too many", "GET", "/v1/pull/", d.Token, "", 404, `"not_found"`},
		{"wrong method", "GET", "/v1/push", d.Token, "", 405, `"method_not_allowed"`},
		{"enrol: a wrong code", "POST", "/v1/enrol", "", `{"code":"2222-2222"}`, 403, `"bad_enrolment_code"`},
		{"enrol: no JSON", "POST", "/v1/enrol", "", `code=2222`, 400, `"bad_request"`},
		{"enrol: too long", "POST", "/v1/enrol", "", `{"code":"` + strings.Repeat("2", 70_000) + `"}`, 413, `"too_large"`},
		{"sign in", "POST", "/v1/sign-in", "", `{"user":"Rita","password":"a long enough password"}`, 200, `"role":"researcher"`},
		{"sign in: wrong password", "POST", "/v1/sign-in", "", `{"user":"rita","password":"wrong"}`, 401, `"bad_password"`},
		{"sign in: nobody", "POST", "/v1/sign-in", "", `{"user":"nobody","password":"wrong"}`, 401, `"bad_password"`},
		{"pull: nobody", "GET", "/v1/pull", "", "", 401, `"unauthorised"`},
		{"pull: a made-up token", "GET", "/v1/pull", "pvd_made-up", "", 401, `"unauthorised"`},
		{"pull: a device", "GET", "/v1/pull", d.Token, "", 200, `"kind":"study","id":"mall"`},
		{"pull: a supervisor", "GET", "/v1/pull", supervisor, "", 200, `"kind":"device"`},
		{"pull: a bad cursor", "GET", "/v1/pull?cursor=%3F%3F", d.Token, "", 400, `"bad_request"`},
		{"push", "POST", "/v1/push", d.Token, batch, 200, `"status":"received"`},
		{"push: again", "POST", "/v1/push", d.Token, batch, 200, `"status":"duplicate"`},
		{"push: empty", "POST", "/v1/push", d.Token, `{"records":[]}`, 200, `"receipts":[]`},
		{"push: no batch", "POST", "/v1/push", d.Token, `{"records":{}}`, 400, `"bad_request"`},
		{"push: cut", "POST", "/v1/push", d.Token, batch[:len(batch)-9], 400, `"retryable":false`},
		{"push: a person", "POST", "/v1/push", researcher, batch, 403, `"forbidden"`},
		{"push: nobody", "POST", "/v1/push", "", batch, 401, `"unauthorised"`},
		{"push: one record of rubbish", "POST", "/v1/push", d.Token, `{"records":[17]}`, 200, `"status":"quarantined"`},
		{"push: too many records", "POST", "/v1/push", d.Token, `{"records":[` + strings.Repeat("1,", 200) + `1]}`, 413, `"too_large"`},
		{"push: too long", "POST", "/v1/push", d.Token, strings.Repeat(" ", protocol.MaxBatchBytes+1), 413, `"too_large"`},
		{"have", "POST", "/v1/have", d.Token, have, 200, `"status":"duplicate"`},
		{"have: a person", "POST", "/v1/have", researcher, have, 403, `"forbidden"`},
		{"blob", "GET", blob, d.Token, "", 200, "questionnaire"},
		{"blob: nobody", "GET", blob, "", "", 401, `"unauthorised"`},
		{"blob: of another study", "GET", other, d.Token, "", 404, `"not_found"`},
		{"blob: a path", "GET", protocol.PathBlob + "..%2F..%2Fcentral.sqlite", d.Token, "", 404, `"not_found"`},
		{"blob: more path", "GET", protocol.PathBlob + "a/b", d.Token, "", 404, `"not_found"`},
		{"research", "GET", "/v1/research/mall/records", researcher, "", 200, `"kind":"record"`},
		{"research: one kind", "GET", "/v1/research/mall/records?kind=contact", researcher, "", 200, `"kind":"contact"`},
		{"research: no such kind", "GET", "/v1/research/mall/records?kind=dance", researcher, "", 400, `"bad_request"`},
		{"research: a supervisor", "GET", "/v1/research/mall/records", supervisor, "", 403, `"forbidden"`},
		{"research: a viewer", "GET", "/v1/research/mall/records", viewer, "", 403, `"forbidden"`},
		{"research: a device", "GET", "/v1/research/mall/records", d.Token, "", 403, `"forbidden"`},
		{"research: another study", "GET", "/v1/research/fair/records", researcher, "", 404, `"not_found"`},
		{"research: no such study", "GET", "/v1/research/moon/records", researcher, "", 404, `"not_found"`},
		{"message", "POST", "/v1/messages", supervisor, `{"study":"mall","interviewer":"0417","text":"Well done!"}`, 200, `"text":"Well done!"`},
		{"message: pulled by the device", "GET", "/v1/pull", d.Token, "", 200, `"kind":"message"`},
		{"message: empty", "POST", "/v1/messages", supervisor, `{"study":"mall","text":" "}`, 400, `empty`},
		{"message: a viewer", "POST", "/v1/messages", viewer, `{"study":"mall","text":"x"}`, 403, `"forbidden"`},
		{"message: a device", "POST", "/v1/messages", d.Token, `{"study":"mall","text":"x"}`, 403, `"forbidden"`},
		{"message: too long", "POST", "/v1/messages", supervisor, `{"text":"` + strings.Repeat("x", 9000) + `"}`, 413, `"too_large"`},
		{"studies", "GET", "/v1/studies", researcher, "", 200, `"id":"mall"`},
		{"studies: a device", "GET", "/v1/studies", d.Token, "", 403, `"forbidden"`},
		{"studies: a supervisor imports", "PUT", "/v1/studies", supervisor, "x", 403, `"forbidden"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := c.do(t, request{method: tc.method, path: tc.path, token: tc.token, body: []byte(tc.body)})
			if got.status != tc.status || !strings.Contains(string(got.body), tc.content) {
				t.Fatalf("got %s\nwant %d with %s", describe(got), tc.status, tc.content)
			}
			if got.header.Get(protocol.VersionHeader) != "1" || got.header.Get(protocol.RequestHeader) == "" || got.header.Get(protocol.ClockHeader) == "" {
				t.Errorf("headers %v", got.header)
			}
			if got.status >= 400 {
				p := got.problem(t)
				if got.header.Get("Content-Type") != protocol.ContentProblem || p.Status != got.status || p.Title == "" || p.Request != got.header.Get(protocol.RequestHeader) {
					t.Errorf("problem %+v, headers %v", p, got.header)
				}
			}
		})
	}
}

// What one may not see does not differ from what is not there.
func TestWhatIsForbiddenDoesNotShow(t *testing.T) {
	c := newCentral(t, nil)
	c.study(t, "fair")
	token := c.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher, Study: "mall"})
	there := c.do(t, request{method: "GET", path: "/v1/research/fair/records", token: token}).problem(t)
	absent := c.do(t, request{method: "GET", path: "/v1/research/moon/records", token: token}).problem(t)
	if strings.ReplaceAll(there.Title, "fair", "moon") != absent.Title || there.Status != absent.Status || there.Code != absent.Code {
		t.Errorf("%+v\n%+v", there, absent)
	}
}

func TestBodiesAreCompressedBothWays(t *testing.T) {
	c := newCentral(t, nil)
	d := c.device(t, "mall")
	var records []protocol.Record
	for seq := range 20 {
		records = append(records, contact(t, d, int64(seq+1), "mall"))
	}
	plain := protocol.AppendBatch(nil, records)
	zipped := map[string][]byte{protocol.EncodingGzip: gzipped(t, plain), protocol.EncodingZstd: zstded(t, plain), "": plain}
	for encoding, body := range zipped {
		got := c.do(t, request{
			method: "POST", path: protocol.PathPush, token: d.Token, body: body,
			header: map[string]string{"Content-Encoding": encoding, "Accept-Encoding": encoding},
		})
		if got.status != 200 || got.header.Get("Content-Encoding") != encoding {
			t.Fatalf("%q: %d, answered in %q", encoding, got.status, got.header.Get("Content-Encoding"))
		}
		data, err := new(protocol.Inflater).Read(bytes.NewReader(got.body), encoding, 1<<20)
		var a protocol.PushAnswer
		if err != nil || json.Unmarshal(data, &a) != nil || len(a.Receipts) != 20 {
			t.Errorf("%q: %v %.100s", encoding, err, data)
		}
	}
	for name, tc := range map[string]struct {
		encoding string
		body     []byte
		status   int
	}{
		"unknown":         {"br", plain, 415},
		"not zstd":        {"zstd", plain, 400},
		"cut zstd":        {"zstd", zipped["zstd"][:len(zipped["zstd"])/2], 400},
		"cut gzip":        {"gzip", zipped["gzip"][:len(zipped["gzip"])/2], 400},
		"bomb in zstd":    {"zstd", zstded(t, make([]byte, 200<<20)), 413},
		"bomb in gzip":    {"gzip", gzipped(t, make([]byte, 50<<20)), 413},
		"not quite a lot": {"zstd", zstded(t, bytes.Repeat([]byte{' '}, protocol.MaxBatchBytes)), 400},
	} {
		got := c.do(t, request{method: "POST", path: protocol.PathPush, token: d.Token, body: tc.body, header: map[string]string{"Content-Encoding": tc.encoding}})
		if got.status != tc.status {
			t.Errorf("%s: %s, want %d", name, describe(got), tc.status)
		}
	}
	if got := c.push(t, d, records...); got.Receipts[0].Status != delivery.Duplicate {
		t.Errorf("central does not go on: %+v", got.Receipts[0])
	}
}

func gzipped(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstded(t testing.TB, data []byte) []byte {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(data, nil)
}

func TestBlobsComeInRanges(t *testing.T) {
	c := newCentral(t, nil)
	d := c.device(t, "mall")
	whole := c.pack.Files[0]
	path := protocol.PathBlob + c.pack.Study.Form.SHA256
	for _, tc := range []struct {
		name, ranges string
		status       int
		want         []byte
	}{
		{"all", "", 200, whole},
		{"the beginning", "bytes=0-99", 206, whole[:100]},
		{"the rest", "bytes=100-", 206, whole[100:]},
		{"beyond", "bytes=999999-", 416, nil},
	} {
		got := c.do(t, request{method: "GET", path: path, token: d.Token, header: map[string]string{"Range": tc.ranges}})
		if got.status != tc.status || (tc.want != nil && !bytes.Equal(got.body, tc.want)) {
			t.Errorf("%s: %s", tc.name, describe(got))
		}
	}
}

func TestSkewAndNumbersComeFromHeaders(t *testing.T) {
	c := newCentral(t, nil)
	d := c.device(t, "mall")
	token := c.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher})
	got := c.do(t, request{
		method: "POST", path: protocol.PathPush, token: d.Token, body: protocol.AppendBatch(nil, []protocol.Record{contact(t, d, 2, "mall")}),
		header: map[string]string{protocol.ClockHeader: "1000", protocol.HighSeqHeader: "4"},
	})
	if !strings.Contains(string(got.body), `"missing":[{"first":1,"last":1},{"first":3,"last":4}]`) {
		t.Error(describe(got))
	}
	page := c.do(t, request{method: "GET", path: "/v1/research/mall/records?kind=contact", token: token})
	var a protocol.PullAnswer
	var stored protocol.StoredRecord
	if err := json.Unmarshal(page.body, &a); err != nil || len(a.Items) != 2 || json.Unmarshal(a.Items[1].Body, &stored) != nil {
		t.Fatal(describe(page))
	}
	if want := 1000 - stored.ReceivedAt; stored.SkewMS-want > 5000 || want-stored.SkewMS > 5000 {
		t.Errorf("skew %d ms, received at %d", stored.SkewMS, stored.ReceivedAt)
	}
}

func TestWrongAttemptsRunOut(t *testing.T) {
	c := newCentral(t, func(p *endpoint.Params) { p.BehindProxy = true })
	code := c.code(t, "mall")
	try := func(code, from string) answer {
		return c.do(t, request{
			method: "POST", path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: code}),
			header: map[string]string{"X-Forwarded-For": "9.9.9.9, " + from},
		})
	}
	last := 0
	for range 100 {
		got := try("nonsense", "203.0.113.7")
		if last = got.status; last == http.StatusTooManyRequests {
			if got.header.Get("Retry-After") == "" || !got.problem(t).Retryable {
				t.Errorf("%v %s", got.header, got.body)
			}
			break
		}
	}
	if last != http.StatusTooManyRequests {
		t.Fatalf("after 100 wrong codes: %d", last)
	}
	if got := try(code, "203.0.113.7"); got.status != http.StatusTooManyRequests {
		t.Errorf("the right code after too many wrong ones: %s", describe(got))
	}
	if got := try(code, "203.0.113.8"); got.status != http.StatusOK {
		t.Errorf("another address: %s", describe(got))
	}
}

// A whole team enrols from one connection; what is right costs nothing.
func TestRightCodesDoNotRunOut(t *testing.T) {
	c := newCentral(t, nil)
	for range 25 {
		c.device(t, "mall")
	}
}

func TestNothingSecretIsLogged(t *testing.T) {
	c := newCentral(t, nil)
	code := c.code(t, "mall")
	d := c.device(t, "mall")
	secrets := []string{code, strings.ReplaceAll(code, "-", ""), d.Token, "a long enough password", "wrong password", "rita", "north", "127.0.0.1"}
	token := c.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher})
	secrets = append(secrets, token)
	c.do(t, request{method: "POST", path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: code, Previous: d.Token})})
	c.do(t, request{method: "POST", path: protocol.PathSignIn, body: toJSON(t, protocol.SignInRequest{User: "rita", Password: "a long enough password"})})
	c.do(t, request{method: "POST", path: protocol.PathSignIn, body: toJSON(t, protocol.SignInRequest{User: "rita", Password: "wrong password"})})
	c.push(t, c.device(t, "mall"), contact(t, d, 1, "mall"))
	c.do(t, request{method: "GET", path: protocol.PathPull, token: d.Token})
	c.do(t, request{method: "GET", path: "/v1/research/mall/records", token: token})
	log := c.log.String()
	if strings.Count(log, `"msg":"request"`) < 7 || !strings.Contains(log, `"who":"researcher"`) {
		t.Fatalf("the log misses requests:\n%s", log)
	}
	for _, secret := range secrets {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
