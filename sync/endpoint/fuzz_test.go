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
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// target is a central that is asked without a network, as fast as it goes.
type target struct {
	*central
	handler        http.Handler
	device, person string
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
	return target{central: c, handler: c.endpoint.Handler(), device: c.device(f, "mall").Token, person: c.person(f, "ada", centralstore.Grant{Role: centralstore.Administrator})}
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
	paths := []string{protocol.PathEnrol, protocol.PathSignIn, protocol.PathPush, protocol.PathHave, protocol.PathMessages}
	for i, seed := range []string{
		`{"code":"2222-2222"}`, `{"user":"ada","password":"x"}`, `{"records":[{"id":"0197f3a2-9b00-7c01-8f00-00000000c001","kind":"contact","revision":1,"study":"mall","seq":1,"sha256":"","body":{"at":{}}}]}`,
		`{"records":[{"id":"x","revision":1,"sha256":"y"}]}`, `{"study":"mall","interviewer":"0417","text":"x"}`,
	} {
		for n := range paths {
			f.Add(uint8(n), []byte(seed), "")
		}
		f.Add(uint8(i), []byte(strings.Repeat("[", 20_000)), "")
		f.Add(uint8(i), zstded(f, []byte(seed)), "zstd")
		f.Add(uint8(i), gzipped(f, []byte(seed)), "gzip")
	}
	f.Fuzz(func(t *testing.T, n uint8, body []byte, encoding string) {
		for _, token := range []string{g.device, g.person, ""} {
			g.ask(t, http.MethodPost, paths[int(n)%len(paths)], token, body, map[string]string{"Content-Encoding": encoding})
		}
	})
}

func FuzzHeaders(f *testing.F) {
	g := newTarget(f)
	names := []string{"Authorization", protocol.VersionHeader, protocol.ClockHeader, protocol.HighSeqHeader, "X-Forwarded-For", "Range", "Accept-Encoding", "If-None-Match", "If-Range", "Content-Encoding"}
	for n := range names {
		for _, seed := range []string{"", "1", "-1", "9223372036854775808", "bytes=0-", "bytes=-1,0-0,9-", "zstd;q=0.0001, gzip;q=", "::ffff:1.2.3.4, fe80::1%eth0", "Bearer x"} {
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
