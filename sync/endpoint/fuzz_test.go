package endpoint_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"parvis/internal/centralstore"
	"parvis/internal/study"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// target is a central that is asked without a network, as fast as it goes.
type target struct {
	*central
	handler        http.Handler
	device, person string
	epoch          string // the device's
	supervisor     string
}

func newTarget(f *testing.F) target {
	f.Helper()
	c := newCentral(f, func(p *endpoint.Params) {
		p.Import = importNamed
		p.BehindProxy = true
		often := endpoint.Rate{PerSecond: 1e9, AtOnce: 1e9}
		p.Limits = endpoint.Limits{Token: often, Stranger: often, Wrong: often, WrongEverywhere: often}
		p.Logger = nil
	})
	d := c.device(f, "mall")
	return target{
		central: c, handler: c.endpoint.Handler(), device: d.Token, epoch: d.Epoch, person: c.person(f, "ada", centralstore.Grant{Role: centralstore.Administrator}),
		supervisor: c.person(f, "sam", centralstore.Grant{Role: centralstore.Supervisor, Study: "mall"}),
	}
}

// ask answers a request, and fails where central did not know what to do with it.
func (g target) ask(t *testing.T, method, path, token string, body []byte, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	address, err := url.ParseRequestURI(path)
	if err != nil {
		t.Skip() // a server does not take it either
	}
	r := httptest.NewRequestWithContext(context.Background(), method, "/", bytes.NewReader(body))
	r.URL, r.RequestURI = address, path
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	if w.Code >= http.StatusInternalServerError {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	if w.Code >= 400 && w.Header().Get("Content-Type") == protocol.ContentProblem && w.Header().Get("Content-Encoding") == "" {
		var p protocol.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != w.Code || p.Code == "" {
			t.Fatalf("no problem: %d %s", w.Code, w.Body)
		}
	}
	return w
}

func FuzzCursor(f *testing.F) {
	g := newTarget(f)
	first := g.do(f, request{method: http.MethodGet, path: protocol.PathPull, token: g.device})
	var page protocol.PullAnswer
	if err := json.Unmarshal(first.body, &page); err != nil {
		f.Fatal(err)
	}
	plain, err := base64.RawURLEncoding.DecodeString(page.Cursor)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(plain), true)
	for _, seed := range []string{"", "{}", `{"i":"x","at":{}}`, `{"at":null}`, `{"at":{"mall":-1,"fair":9223372036854775807}}`, "../..", "%00", strings.Repeat("[", 20_000)} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, cursor string, encode bool) {
		if encode {
			cursor = base64.RawURLEncoding.EncodeToString([]byte(cursor))
		}
		w := g.ask(t, http.MethodGet, protocol.PathPull+"?cursor="+url.QueryEscape(cursor), g.device, nil, nil)
		if strings.Contains(w.Body.String(), "fair") {
			t.Fatalf("a cursor shows more than one may see: %s", w.Body)
		}
	})
}

func FuzzEnrolmentCode(f *testing.F) {
	g := newTarget(f)
	for _, seed := range []string{"ABCD-EFGH", "abcd efgh", "", "\x00", "ABCDEFGHJ", "２２２２２２２２", "' OR 1=1 --", strings.Repeat("2", 70), "ı2222222", "\xff\xfe2222222"} {
		f.Add(seed, "pvd_x")
	}
	f.Fuzz(func(t *testing.T, code, previous string) {
		body, err := json.Marshal(protocol.EnrolRequest{Code: code, Previous: previous, Platform: code, AppVersion: previous})
		if err != nil {
			t.Skip()
		}
		if w := g.ask(t, http.MethodPost, protocol.PathEnrol, "", body, nil); w.Code == http.StatusOK {
			t.Fatalf("the code %q was never given out", code)
		}
	})
}

func FuzzUpload(f *testing.F) {
	g := newTarget(f)
	good, contentType := upload(f, map[string]string{"workbook:w.xlsx": "fuzz", "media:../card.png": "x", "recipient": "age1"})
	f.Add(good, contentType)
	f.Add(good[:len(good)/2], contentType)
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=workbook; filename*=UTF-8''..%2f..%2f%00\r\n\r\nfuzz\r\n--b--"), "multipart/form-data; boundary=b")
	f.Add([]byte("--b\r\n\r\n--b--"), "multipart/form-data; boundary=b")
	f.Add([]byte("--\r\n"), "multipart/form-data; boundary=")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		g.ask(t, http.MethodPut, protocol.PathStudies, g.person, body, map[string]string{"Content-Type": contentType})
	})
}

func FuzzAttachmentQuery(f *testing.F) {
	g := newTarget(f)
	sum := protocol.Sum([]byte("0123456789"))
	f.Add(sum, "study=mall&size=10&offset=0", []byte("0123456789"))
	f.Add(sum, "study=mall&size=10&offset=5", []byte("56789"))
	f.Add("..%2f..%2fcentral.sqlite", "study=mall&size=10&offset=0", []byte("0123456789"))
	f.Add(sum, "study=mall&size=9223372036854775807&offset=9223372036854775807", []byte("0"))
	f.Add(sum, "study=%00&size=-1&offset=1e3", []byte{})
	f.Add(strings.Repeat("0", 64), "study=mall&size=1&offset=0;offset=1", []byte("x"))
	f.Fuzz(func(t *testing.T, sum, query string, chunk []byte) {
		path := protocol.PathAttachment + sum
		g.ask(t, http.MethodPut, path+"?"+query, g.device, chunk, nil)
		g.ask(t, http.MethodGet, path+"/have?"+query, g.device, nil, nil)
		g.ask(t, http.MethodGet, path, g.person, nil, nil)
		g.ask(t, http.MethodGet, protocol.PathBlob+sum, g.device, nil, nil)
	})
}

// Every body that is JSON, as every kind of caller.
func FuzzBodies(f *testing.F) {
	g := newTarget(f)
	paths := []string{protocol.PathEnrol, protocol.PathSignIn, protocol.PathPush, protocol.PathHave, protocol.PathMessages, protocol.PathDecisions("mall"), protocol.PathCodes}
	for i, seed := range []string{
		`{"code":"2222-2222"}`, `{"user":"ada","password":"x"}`, `{"records":[{"id":"0197f3a2-9b00-7c01-8f00-00000000c001","kind":"contact","revision":1,"study":"mall","seq":1,"sha256":"","body":{"at":{}}}]}`,
		`{"records":[{"id":"x","revision":1,"sha256":"y"}]}`, `{"study":"mall","interviewer":"0417","text":"x"}`,
		`{"decisions":[{"id":"0197f3a2-9b00-7c01-8f00-00000000c001","kind":"assignments","study":"mall","subject":"2026-11-29","made_at":1,"body":{"days":[{"interviewer":"0417","date":"2026-11-29","sites":["north"]}]}}]}`,
		`{"decisions":[{"id":"x","kind":"quota_targets","study":"mall","subject":"mall","made_at":-1,"body":{"aims":{"young":{"target":9223372036854775807}}}}]}`,
	} {
		for n := range paths {
			f.Add(uint8(n), []byte(seed), "")
		}
		f.Add(uint8(i), []byte(strings.Repeat("[", 20_000)), "")
		f.Add(uint8(i), zstded(f, []byte(seed)), "zstd")
		f.Add(uint8(i), gzipped(f, []byte(seed)), "gzip")
	}
	f.Fuzz(func(t *testing.T, n uint8, body []byte, encoding string) {
		for _, token := range []string{g.device, g.person, g.supervisor, ""} {
			g.ask(t, http.MethodPost, paths[int(n)%len(paths)], token, body, map[string]string{"Content-Encoding": encoding})
		}
	})
}

// Whatever a tablet or a laptop says of its rights: no more are out and used than are wanted.
func FuzzRights(f *testing.F) {
	g, ctx := newTarget(f), context.Background()
	const wanted = 10
	g.pack.Study.Quotas = []study.Quota{{Name: "young", Target: wanted, Kind: study.Hard, Condition: study.Rule{XPath: "/data/age < 35"}}}
	if _, err := g.store.PutStudy(ctx, g.pack); err != nil {
		f.Fatal(err)
	}
	laptop := strings.Repeat("0a", 32)
	for _, till := range []bool{false, true} {
		for _, said := range []string{
			`{"study":"mall","epoch":"EPOCH","number":1,"hours":2,"respondents":3,"holdings":{"young":{"met":3,"committed":1,"reserved":1,"returned":0}}}`,
			`{"study":"mall","epoch":"EPOCH","number":9223372036854775807,"hours":1e308,"respondents":-1,"holdings":{"young":{"met":9223372036854775807,"committed":-1,"reserved":9223372036854775807,"returned":9223372036854775807}}}`,
			`{"study":"mall","epoch":"EPOCH","number":2,"lent":{"t":{"young":9}},"passed":{"e":{"young":9223372036854775807},"EPOCH":{"young":-1}},"periods":["","9999-99-99"]}`,
			`{"study":"fair","epoch":"other","holdings":{"":{}}}`, `null`,
		} {
			f.Add(till, "EPOCH;high=2;visit=1-a", []byte(`{"laptop":"`+laptop+`","statements":[`+said+`]}`))
			f.Add(till, "EPOCH;visit=2-b;after=1-a, e;high=1", []byte(`{"laptop":"x","platform":"x","statements":[`+said+`,`+said+`]}`))
		}
	}
	f.Fuzz(func(t *testing.T, till bool, epochs string, body []byte) {
		path, token, epoch := protocol.PathLeases, g.device, g.epoch
		if till {
			path, token, epoch = protocol.PathTill, g.supervisor, "0197f3a2-9d2f-7b22-9b3c-2d3e4f5a6b7c"
		}
		g.ask(t, http.MethodPost, path, token, bytes.ReplaceAll(body, []byte("EPOCH"), []byte(epoch)), map[string]string{protocol.EpochsHeader: strings.ReplaceAll(epochs, "EPOCH", epoch)})
		states, err := g.store.QuotaStates(ctx, centralstore.Principal{User: "sam", Grants: []centralstore.Grant{{Role: centralstore.Supervisor, Study: "mall"}}}, "mall")
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range states.Quotas {
			if q.Used < 0 || q.Busy < 0 || q.Leased < q.Busy || q.Used+q.Leased > wanted {
				t.Fatalf("%+v after %s", q, body)
			}
		}
	})
}

func FuzzHeaders(f *testing.F) {
	g := newTarget(f)
	names := []string{"Authorization", protocol.VersionHeader, protocol.ClockHeader, protocol.HighSeqHeader, protocol.EpochsHeader, "X-Forwarded-For", "Range", "Accept-Encoding", "If-None-Match", "If-Range", "Content-Encoding"}
	for n := range names {
		for _, seed := range []string{"", "1", "-1", "9223372036854775808", "bytes=0-", "bytes=-1,0-0,9-", "zstd;q=0.0001, gzip;q=", "::ffff:1.2.3.4, fe80::1%eth0", "Bearer x", "e;high=1;visit=1-a;after=0-b, f;high=9;after=1-c"} {
			f.Add(uint8(n), seed)
		}
	}
	form := protocol.PathBlob + g.pack.Study.Form.SHA256
	f.Fuzz(func(t *testing.T, n uint8, value string) {
		header := map[string]string{names[int(n)%len(names)]: value}
		g.ask(t, http.MethodGet, form, g.device, nil, header)
		g.ask(t, http.MethodGet, protocol.PathPull, g.device, nil, header)
		g.ask(t, http.MethodPost, protocol.PathPush, g.device, []byte(`{"records":[]}`), header)
	})
}
