package endpoint_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(protocol.Document)
	if err == nil {
		err = doc.Validate(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// extension reads a member x-... of the document.
func extension[T any](t *testing.T, of map[string]any, name string) (into T) {
	t.Helper()
	data, err := json.Marshal(of[name])
	if err == nil {
		err = json.Unmarshal(data, &into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return into
}

// The document has each route, with who may call it, and none that is not there.
func TestTheDocumentHasTheRoutes(t *testing.T) {
	c := newCentral(t, nil)
	doc := document(t)
	documented := map[string]*openapi3.Operation{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			documented[method+" "+path] = op
		}
	}
	for _, d := range c.endpoint.Declarations() {
		name := d.Method + " " + d.Path
		op := documented[name]
		if op == nil {
			t.Errorf("%s is not in the document", name)
			continue
		}
		delete(documented, name)
		var tokens []string
		for _, s := range *op.Security {
			for scheme := range s {
				tokens = append(tokens, scheme)
			}
		}
		if slices.Contains(tokens, "device") != d.Device || slices.Contains(tokens, "person") != (d.Least != "") || (len(tokens) == 0) != d.Anyone {
			t.Errorf("%s takes %+v, the document says %v", name, d, tokens)
		}
		if role, scope := extension[string](t, op.Extensions, "x-role"), extension[string](t, op.Extensions, "x-scope"); role != string(d.Least) || scope != d.Within {
			t.Errorf("%s needs %q in %q, the document says %q in %q", name, d.Least, d.Within, role, scope)
		}
	}
	for name := range documented {
		t.Errorf("the document has %s, central has not", name)
	}
	rates := extension[map[string]struct {
		PerSecond float64 `json:"per_second"`
		PerMinute float64 `json:"per_minute"`
		AtOnce    int     `json:"at_once"`
		Value     int
	}](t, doc.Extensions, "x-rates")
	limits := endpoint.UsualLimits()
	for name, want := range map[string]endpoint.Rate{"Token": limits.Token, "Stranger": limits.Stranger, "Wrong": limits.Wrong, "WrongEverywhere": limits.WrongEverywhere} {
		if got := (endpoint.Rate{PerSecond: rates[name].PerSecond + rates[name].PerMinute/60, AtOnce: rates[name].AtOnce}); got != want {
			t.Errorf("the document says %s is %v, it is %v", name, got, want)
		}
	}
	if rates["AtOnce"].Value != limits.AtOnce || rates["StrangersAtOnce"].Value != limits.StrangersAtOnce || len(rates) != 6 {
		t.Errorf("%v", rates)
	}
}

// replay is a central as the examples of the document find it.
type replay struct {
	*central
	doc    *openapi3.T
	router routers.Router
	tokens map[string]string // by scheme
	say    *strings.Replacer // what an example has in place of what only this central could give
	handIn seal.Pair
}

func newReplay(t *testing.T) *replay {
	t.Helper()
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	r := &replay{doc: document(t), handIn: pair}
	r.central = newCentral(t, func(p *endpoint.Params) {
		p.HandIn = &endpoint.HandInKey{Recipient: pair.Recipient, Keys: pair.Keys()}
		p.Import = importNamed
	})
	r.doc.Servers = openapi3.Servers{{URL: r.url}}
	if r.router, err = gorillamux.NewRouter(r.doc); err != nil {
		t.Fatal(err)
	}
	form := []byte("<h:html><h:head><h:title>Mall 2026</h:title></h:head></h:html>")
	label := study.Text{"": "North"}
	_, err = r.store.PutStudy(context.Background(), centralstore.StudyPackage{Actor: "test", Files: [][]byte{form}, Study: study.Study{
		ID: "mall", Title: study.Text{"": "Mall 2026"}, Languages: []string{"English (en)"}, Interval: 3,
		Sites: []study.Site{{Name: "north", Label: label, Entrances: []study.Entrance{{Name: "main", Label: label}}}},
		Form:  study.FormRef{ID: "mall", SHA256: protocol.Sum(form), Size: int64(len(form))},
	}})
	if err != nil {
		t.Fatal(err)
	}
	d := r.device(t, "mall")
	r.tokens = map[string]string{"device": d.Token, "person": r.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher}), "administrator": r.person(t, "ada", centralstore.Grant{Role: centralstore.Administrator})}
	// A member of an example that central gives out stands for what this central gave out.
	given := example(t, r.doc.Paths.Value(protocol.PathEnrol).Post)
	r.say = strings.NewReplacer("ABCD-EFGH", r.code(t, "mall"), given["device"].(string), d.Device, given["epoch"].(string), d.Epoch)
	return r
}

func example(t *testing.T, op *openapi3.Operation) map[string]any {
	t.Helper()
	value, ok := op.Responses.Value("200").Value.Content["application/json"].Examples["answer"].Value.Value.(map[string]any)
	if !ok {
		t.Fatal("no example of an answer")
	}
	return value
}

// Each example of a request is sent to the real endpoint over a real store, in the document's order, which is that of a
// synchronisation. Requests and answers are held against the document.
func TestTheExamplesAreReplayed(t *testing.T) {
	r := newReplay(t)
	paths := r.doc.Paths.InMatchingOrder()
	text := string(protocol.Document)
	slices.SortFunc(paths, func(a, b string) int {
		return strings.Index(text, "\n  "+a+":\n") - strings.Index(text, "\n  "+b+":\n")
	})
	replayed := 0
	for _, path := range paths {
		ops := r.doc.Paths.Value(path).Operations()
		for _, method := range []string{"POST", "PUT", "GET"} {
			op := ops[method]
			if op == nil {
				continue
			}
			for _, body := range bodies(op) {
				replayed++
				t.Run(op.OperationID+" "+body.name, func(t *testing.T) { r.one(t, method, path, op, body) })
			}
		}
	}
	if replayed < 20 {
		t.Errorf("only %d examples", replayed)
	}
}

// sample is one example of a body; the zero one is for an operation without a body.
type sample struct {
	name, contentType string
	value             any
	status            int
}

func bodies(op *openapi3.Operation) (all []sample) {
	if op.RequestBody == nil {
		status, _ := op.Extensions["x-answer"].(float64)
		return []sample{{status: int(status)}}
	}
	text := string(protocol.Document)
	for contentType, media := range op.RequestBody.Value.Content {
		for name, e := range media.Examples {
			status, _ := e.Value.Extensions["x-answer"].(float64)
			all = append(all, sample{name, contentType, e.Value.Value, int(status)})
		}
	}
	slices.SortFunc(all, func(a, b sample) int {
		return strings.Index(text, "\n              "+a.name+":\n") - strings.Index(text, "\n              "+b.name+":\n")
	})
	return all
}

func (r *replay) one(t *testing.T, method, path string, op *openapi3.Operation, s sample) {
	body, contentType := r.body(t, op, s)
	query := url.Values{}
	req, err := http.NewRequest(method, r.url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range op.Parameters {
		if p.Value.Example == nil {
			continue
		}
		value := fmt.Sprint(p.Value.Example)
		if f, ok := p.Value.Example.(float64); ok {
			value = fmt.Sprintf("%.0f", f)
		}
		switch p.Value.In {
		case "path":
			if p.Value.Name == "device" { // one that nothing else needs: its token ends
				value = r.device(t, "mall").Device
			}
			path = strings.ReplaceAll(path, "{"+p.Value.Name+"}", value)
		case "query":
			query.Set(p.Value.Name, value)
		case "header":
			req.Header.Set(p.Value.Name, value)
		}
	}
	req.URL.Path, req.URL.RawQuery = path, query.Encode()
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for _, s := range *op.Security {
		for scheme := range s {
			if op.Extensions["x-role"] == "administrator" {
				scheme = "administrator"
			}
			req.Header.Set("Authorization", "Bearer "+r.tokens[scheme])
		}
	}
	status, answer := r.exchange(t, req, body)
	if want := s.status; want != 0 && status != want || want == 0 && status/100 != 2 {
		t.Fatalf("%d %s, want %d", status, answer, want)
	}
	if op.OperationID == "push" && s.name == "batch" && strings.Count(answer, `"received"`) != 3 {
		t.Errorf("the records of the example are not taken: %s", answer)
	}
	if op.OperationID == "decide" && (strings.Count(answer, `"applied"`) != 2 || strings.Count(answer, `"invalid"`) != 1) {
		t.Errorf("the decisions of the example are not taken: %s", answer)
	}
	if op.OperationID == "push" && s.name == "again" && !strings.Contains(answer, `"quarantined"`) {
		t.Errorf("%s", answer)
	}
}

// body makes the bytes of an example. Two are made here: an age file and a form cannot stand in a document.
func (r *replay) body(t *testing.T, op *openapi3.Operation, s sample) (body []byte, contentType string) {
	t.Helper()
	switch {
	case s.value == nil:
		return nil, ""
	case op.OperationID == "handIn":
		return r.handInFile(t), s.contentType
	case op.OperationID == "putStudy":
		return upload(t, map[string]string{"workbook:mall.xlsx": "mall", "recipient": " "})
	case s.contentType != protocol.ContentJSON:
		return []byte(s.value.(string)), s.contentType
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // the bytes of a body count
	if err := encoder.Encode(s.value); err != nil {
		t.Fatal(err)
	}
	return []byte(r.say.Replace(out.String())), s.contentType
}

// handInFile holds what the example of push delivers.
func (r *replay) handInFile(t *testing.T) []byte {
	t.Helper()
	push := r.doc.Paths.Value(protocol.PathPush).Post
	batch, _ := r.body(t, push, sample{contentType: protocol.ContentJSON, value: push.RequestBody.Value.Content["application/json"].Examples["batch"].Value.Value})
	read, err := protocol.ReadBatch(batch)
	if err != nil {
		t.Fatal(err)
	}
	records := make([]protocol.Record, len(read))
	for i := range read {
		records[i] = read[i].Record
	}
	picture := []byte("a picture of a shelf")
	content, err := protocol.WriteHandIn(protocol.HandIn{Token: r.tokens["device"], HighSeq: 4}, records, []protocol.HandInFile{{Study: "mall", SHA256: protocol.Sum(picture), Bytes: picture}})
	if err != nil {
		t.Fatal(err)
	}
	closed, err := seal.File([]string{r.handIn.Recipient}, content)
	if err != nil {
		t.Fatal(err)
	}
	return closed
}

// exchange sends a request and holds both sides against the document.
func (r *replay) exchange(t *testing.T, req *http.Request, body []byte) (status int, answer string) {
	t.Helper()
	route, params, err := r.router.FindRoute(req)
	if err != nil {
		t.Fatal(err)
	}
	options := &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true,
		ExcludeRequestBody: strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/") || req.Header.Get("Content-Type") == protocol.ContentHandIn,
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
		t.Errorf("the request: %v", err)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: res.StatusCode, Header: res.Header, Options: options}
	out.SetBodyBytes(got)
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return res.StatusCode, string(got) // the validator reads no pages
	}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		t.Errorf("the answer %d %.300s: %v", res.StatusCode, got, err)
	}
	return res.StatusCode, string(got)
}

// The sums in the examples are those of their bodies, so that a client can be tried on them.
func TestTheSumsOfTheExamples(t *testing.T) {
	push := document(t).Paths.Value(protocol.PathPush).Post
	batch := push.RequestBody.Value.Content["application/json"].Examples["batch"].Value.Value.(map[string]any)
	for _, one := range batch["records"].([]any) {
		record := one.(map[string]any)
		var body []byte
		if raw, ok := record["raw"].(string); ok {
			body, _ = base64.StdEncoding.DecodeString(raw)
		} else {
			var out bytes.Buffer
			encoder := json.NewEncoder(&out)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(record["body"]); err != nil {
				t.Fatal(err)
			}
			body = bytes.TrimSpace(out.Bytes())
		}
		if protocol.Sum(body) != record["sha256"] {
			t.Errorf("%s: %s", record["id"], body)
		}
	}
}

// The document comes without a token, as it is, and says what it is.
func TestTheDocumentIsServed(t *testing.T) {
	c := newCentral(t, nil)
	got := c.do(t, request{method: http.MethodGet, path: protocol.PathDocument})
	if got.status != http.StatusOK || !bytes.Equal(got.body, protocol.Document) || got.header.Get("Content-Type") != protocol.ContentDocument {
		t.Errorf("%d %v", got.status, got.header)
	}
}

// A version that central does not speak is refused with those it does; none means the first.
func TestVersions(t *testing.T) {
	c := newCentral(t, nil)
	for version, status := range map[string]int{"": 200, "1": 200, "2": 400, "0": 400, "-1": 400, "x": 400, "1.0": 400, strings.Repeat("9", 60): 400} {
		got := c.do(t, request{method: http.MethodGet, path: protocol.PathHealth, header: map[string]string{protocol.VersionHeader: version}})
		if got.status != status || got.header.Get(protocol.VersionHeader) != "1" {
			t.Errorf("%q: %s", version, describe(got))
		}
		if status == 400 {
			if p := got.problem(t); p.Code != protocol.CodeVersion || !slices.Equal(p.Versions, []int{1}) || p.Retryable {
				t.Errorf("%q: %s", version, describe(got))
			}
		}
	}
}
