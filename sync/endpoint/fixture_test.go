package endpoint_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// central is a real endpoint over a real store, on a real socket.
type central struct {
	store    centralstore.Store
	endpoint *endpoint.Endpoint
	url      string
	dir      string // of the store
	log      *safeBuffer
	pack     centralstore.StudyPackage
}

// safeBuffer takes the log from many goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newCentral(t testing.TB, change func(*endpoint.Params)) *central {
	t.Helper()
	dir := t.TempDir()
	store, err := centralstore.Open(context.Background(), centralstore.Params{Dir: dir, Now: time.Now, Rand: rand.Reader, Cost: centralstore.Cost{MemoryKiB: 64, Passes: 1}, Key: []byte("thirty-two bytes of a secret key")})
	if err != nil {
		t.Fatal(err)
	}
	c := &central{store: store, dir: dir, log: &safeBuffer{}}
	p := endpoint.Params{Store: store, Now: time.Now, NewRequestID: uuid.NewString, Logger: slog.New(slog.NewJSONHandler(c.log, nil))}
	if change != nil {
		change(&p)
	}
	e, err := endpoint.New(p)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e.Handler())
	c.endpoint, c.url = e, server.URL
	t.Cleanup(func() {
		server.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	c.pack = c.study(t, "mall")
	return c
}

func (c *central) study(t testing.TB, id string) centralstore.StudyPackage {
	t.Helper()
	form := []byte("<h:html>" + id + strings.Repeat(" a questionnaire", 100) + "</h:html>")
	p := centralstore.StudyPackage{
		Study: study.Study{
			ID: id, Title: study.Text{"": id}, Interval: 3, Sites: []study.Site{{Name: "north", Region: "n"}, {Name: "south", Region: "s"}},
			Form: study.FormRef{ID: id, SHA256: delivery.Sum(form), Size: int64(len(form))},
		},
		Files: [][]byte{form}, Actor: "test",
	}
	if _, err := c.store.PutStudy(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (c *central) code(t testing.TB, studies ...string) string {
	t.Helper()
	code, err := c.store.NewCode(context.Background(), centralstore.CodeOrder{Studies: studies, Interviewer: "0417", Valid: time.Hour, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return code.Text
}

// device enrols over HTTP.
func (c *central) device(t testing.TB, studies ...string) protocol.EnrolAnswer {
	t.Helper()
	return c.enrolWith(t, c.code(t, studies...))
}

func (c *central) enrolWith(t testing.TB, code string) (a protocol.EnrolAnswer) {
	t.Helper()
	got := c.do(t, request{method: http.MethodPost, path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: code})})
	if err := json.Unmarshal(got.body, &a); err != nil || got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	return a
}

// person gets a token for a role.
func (c *central) person(t testing.TB, name string, grants ...centralstore.Grant) string {
	t.Helper()
	ctx := context.Background()
	if err := c.store.AddUser(ctx, centralstore.NewUser{Name: name, Password: "a long enough password", Grants: grants}); err != nil {
		t.Fatal(err)
	}
	issued, err := c.store.IssueToken(ctx, name, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return issued.Secret
}

type request struct {
	method, path, token string
	body                []byte
	header              map[string]string
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (c *central) do(t testing.TB, r request) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), r.method, c.url+r.path, bytes.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	req.Header.Set("Accept-Encoding", "identity")
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer{res.StatusCode, res.Header, body}
	got.check(t)
	return got
}

func (a answer) problem(t testing.TB) protocol.Problem {
	t.Helper()
	var p protocol.Problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("no problem: %d %s", a.status, a.body)
	}
	return p
}

// documented are the statuses that the document gives each problem.
var documented = sync.OnceValues(func() (map[protocol.Code][]int, error) {
	doc, err := openapi3.NewLoader().LoadFromData(protocol.Document)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(doc.Extensions["x-problems"])
	if err != nil {
		return nil, err
	}
	var problems map[protocol.Code]struct{ Status []int }
	err = json.Unmarshal(data, &problems)
	statuses := map[protocol.Code][]int{}
	for code, p := range problems {
		statuses[code] = p.Status
	}
	return statuses, err
})

// check holds every problem that any test here meets against the document.
func (a answer) check(t testing.TB) {
	t.Helper()
	if a.header.Get("Content-Type") != protocol.ContentProblem || a.header.Get("Content-Encoding") != "" {
		return
	}
	statuses, err := documented()
	if err != nil {
		t.Fatal(err)
	}
	if p := a.problem(t); !slices.Contains(statuses[p.Code], a.status) || p.Type != protocol.ProblemType(p.Code) {
		t.Errorf("the document does not have %d with %s, of type %s", a.status, p.Code, p.Type)
	}
}

func toJSON(t testing.TB, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func contact(t testing.TB, d protocol.EnrolAnswer, seq int64, study string) protocol.Record {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	body := toJSON(t, interview.Contact{ID: id, Study: study, Site: "north", Disposition: interview.NoTime, Passed: int(seq)})
	return protocol.Record{ID: id, Kind: protocol.KindContact, Revision: 1, Study: study, Epoch: d.Epoch, Seq: seq, SHA256: protocol.Sum(body), Body: body}
}

func (c *central) push(t testing.TB, d protocol.EnrolAnswer, records ...protocol.Record) protocol.PushAnswer {
	t.Helper()
	got := c.do(t, request{
		method: http.MethodPost, path: protocol.PathPush, token: d.Token, body: protocol.AppendBatch(nil, records),
		header: map[string]string{protocol.HighSeqHeader: strconv.Itoa(len(records))},
	})
	var a protocol.PushAnswer
	if err := json.Unmarshal(got.body, &a); err != nil || got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	return a
}

func describe(a answer) string { return fmt.Sprintf("%d %.300s", a.status, a.body) }

func adminGrant() centralstore.Grant { return centralstore.Grant{Role: centralstore.Administrator} }
