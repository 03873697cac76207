package agent_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// Exchanges between an app and a central, as they went over the wire, are kept in testdata/exchanges of both sides, a folder for each
// pair that ever was: a later app is tried with what an earlier central answered, a later central with what an earlier app asks.
// What was recorded once stays as it is. RECORD=NAME adds a folder with what this app and this central say to each other.

// exchange is one request and its answer, inflated. Names in braces stand where every device has its own: {{token}}, {{code}},
// {{device}}, {{epoch}}, {{recovery}}, {{cursor}}.
type exchange struct {
	Request  message `json:"request"`
	Answer   message `json:"answer"`
	recorded string  // the file's name
}

type message struct {
	Method string            `json:"method,omitempty"`
	Path   string            `json:"path,omitempty"`
	Query  string            `json:"query,omitempty"`
	Status int               `json:"status,omitempty"`
	Header map[string]string `json:"header"`
	Body   string            `json:"body,omitempty"`
	Base64 string            `json:"base64,omitempty"` // of a body that is no text
}

func (m *message) carry(body []byte) {
	if utf8.Valid(body) {
		m.Body = string(body)
		return
	}
	m.Base64 = base64.StdEncoding.EncodeToString(body)
}

// recorder writes down what passes.
type recorder struct {
	next http.RoundTripper
	all  []exchange
}

// RoundTrip records.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	x := exchange{Request: message{Method: req.Method, Path: req.URL.Path, Query: req.URL.RawQuery}}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		if body, err = new(protocol.Inflater).Read(bytes.NewReader(body), req.Header.Get("Content-Encoding"), 1<<24); err != nil {
			return nil, err
		}
		x.Request.carry(body)
	}
	x.Request.Header = plainHeader(req.Header)
	res, err := r.next.RoundTrip(req)
	if err != nil {
		return res, err
	}
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(raw))
	body, err := new(protocol.Inflater).Read(bytes.NewReader(raw), res.Header.Get("Content-Encoding"), 1<<24)
	if err != nil {
		return nil, err
	}
	x.Answer = message{Status: res.StatusCode, Header: plainHeader(res.Header)}
	x.Answer.carry(body)
	r.all = append(r.all, x)
	return res, nil
}

func plainHeader(h http.Header) map[string]string {
	plain := map[string]string{}
	for name := range h {
		switch name {
		case "Date", "Content-Length", "User-Agent", protocol.RequestHeader:
			continue
		}
		plain[name] = h.Get(name)
	}
	return plain
}

// nameless puts names where a device's own words stand.
func (r *recorder) nameless(t *testing.T) {
	t.Helper()
	var pairs []string
	for _, x := range r.all {
		var body map[string]any
		_ = json.Unmarshal([]byte(x.Answer.Body), &body) // not every answer is an object
		for _, name := range []string{"token", "device", "epoch", "recovery", "cursor"} {
			if value, ok := body[name].(string); ok && value != "" {
				pairs = append(pairs, value, "{{"+name+"}}", url.QueryEscape(value), "{{"+name+"}}")
			}
		}
		if code := regexp.MustCompile(`"code":"([^"]+)"`).FindStringSubmatch(x.Request.Body); code != nil && x.Answer.Status == http.StatusOK {
			pairs = append(pairs, code[1], "{{code}}")
		}
	}
	names := strings.NewReplacer(pairs...)
	for i := range r.all {
		for _, m := range []*message{&r.all[i].Request, &r.all[i].Answer} {
			m.Body, m.Query = names.Replace(m.Body), names.Replace(m.Query)
			for name, value := range m.Header {
				m.Header[name] = names.Replace(value)
			}
		}
	}
}

func (r *recorder) write(t *testing.T, folders ...string) {
	t.Helper()
	for _, folder := range folders {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for i, x := range r.all {
			var text bytes.Buffer
			out := json.NewEncoder(&text)
			out.SetEscapeHTML(false)
			out.SetIndent("", "\t")
			if err := out.Encode(x); err != nil {
				t.Fatal(err)
			}
			parts := strings.Split(strings.Trim(x.Request.Path, "/"), "/")
			name := fmt.Sprintf("%02d-%s.json", i+1, parts[min(1, len(parts)-1)])
			if err := os.WriteFile(filepath.Join(folder, name), text.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A day as devices have it: a wrong code, enrolment, the studies, a shift with an approach and an interview, a lost answer, and
// whatever else this version knows.
func TestRecordExchanges(t *testing.T) {
	name := os.Getenv("RECORD")
	if name == "" {
		t.Skip("RECORD=NAME records")
	}
	c := newCentral(t)
	c.card = []byte("a showcard in plain text")
	if _, err := c.store.PutStudy(context.Background(), centralstore.StudyPackage{Study: c.visit(recorded), Files: [][]byte{c.form, c.card}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	d := newDevice(t, c)
	r := &recorder{next: d.net.base}
	pass := func(fault func(*http.Request, http.RoundTripper) (*http.Response, error)) {
		d.net.spoil(func(q *http.Request, _ http.RoundTripper) (*http.Response, error) { return fault(q, r) })
	}
	plain := func(q *http.Request, next http.RoundTripper) (*http.Response, error) { return next.RoundTrip(q) }
	pass(plain)
	if _, err := d.agent.Enrol(context.Background(), c.address, "2222-2222"); err == nil {
		t.Fatal("a wrong code was taken")
	}
	d.ready(t, c)
	d.contact(t)
	d.interview(t)
	d.sync(t)
	d.interview(t)
	pass(on(protocol.PathPush, lostAnswer))
	if _, err := d.agent.Sync(context.Background()); err == nil {
		t.Fatal("the answer was to be lost")
	}
	pass(plain)
	d.sync(t)
	recordMore(t, c, d)
	r.nameless(t)
	r.write(t, filepath.Join("testdata", "exchanges", name), filepath.Join("..", "endpoint", "testdata", "exchanges", name))
}

// recorded is a public key nobody has the other half of.
const recorded = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

// recordings reads a folder of them, in their order.
func recordings(t testing.TB, folder string) (all []exchange) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing recorded in %s, %v", folder, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		x := exchange{recorded: filepath.Base(file)}
		if err := json.Unmarshal(text, &x); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, x)
	}
	return all
}

func (m message) bytes() []byte {
	if m.Base64 != "" {
		body, err := base64.StdEncoding.DecodeString(m.Base64)
		if err == nil {
			return body
		}
	}
	return []byte(m.Body)
}
