package program

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/sync/agent"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// world is a real central behind real HTTP, a device that delivers to it, and a folder for the files.
type world struct {
	t       *testing.T
	store   centralstore.Store
	server  *httptest.Server
	device  *agent.Client
	epoch   string
	seq     int64
	version int
	out     string
	token   string

	mu     sync.Mutex
	refuse func(*http.Request) bool
	asked  []string
}

const surveyID = "mall"

func newWorld(t *testing.T) *world {
	t.Helper()
	ctx := t.Context()
	store, err := centralstore.Open(ctx, centralstore.Params{Dir: t.TempDir(), Now: time.Now, Rand: rand.NewChaCha8([32]byte{7})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	e, err := endpoint.New(endpoint.Params{Store: store, Now: time.Now, NewRequestID: uuid.NewString})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: store, out: filepath.Join(t.TempDir(), "data")}
	central := e.Handler()
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.breaks(r) {
			panic(http.ErrAbortHandler)
		}
		central.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.server.Close)
	w.publish("")
	grants := []centralstore.Grant{{Role: centralstore.Researcher}}
	if err := store.AddUser(ctx, centralstore.NewUser{Name: "ann", Password: "correct horse battery", Grants: grants, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	issued, err := store.IssueToken(ctx, "ann", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	w.token = issued.Secret
	w.enrol()
	return w
}

// breaks tells whether the connection breaks instead of bringing an answer.
func (w *world) breaks(r *http.Request) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, r.URL.Path)
	return w.refuse != nil && w.refuse(r)
}

// network decides for each request to come whether the connection breaks; nil for a network that works.
func (w *world) network(refuse func(*http.Request) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refuse = refuse
}

// requests is how many came so far.
func (w *world) requests() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.asked)
}

func (w *world) enrol() {
	w.t.Helper()
	ctx := w.t.Context()
	code, err := w.store.NewCode(ctx, centralstore.CodeOrder{Studies: []string{surveyID}, Interviewer: "0417", Valid: time.Hour, Actor: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	if w.device, err = agent.NewClient(agent.ClientParams{Central: w.server.URL, Now: time.Now}); err != nil {
		w.t.Fatal(err)
	}
	given, err := w.device.Enrol(ctx, protocol.EnrolRequest{Code: code.Text, Platform: "linux/amd64", AppVersion: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.device.Authorise(given.Token)
	w.epoch = given.Epoch
}

// questionnaire is a form with one question more in each later version.
func questionnaire(version int, extra string) []byte {
	question, body := "", ""
	if extra != "" {
		question = "<" + extra + "/>"
		body = `<input ref="/data/` + extra + `"><label>` + extra + `</label></input>`
	}
	return fmt.Appendf(nil, `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:parvis="https://parvis.dev/xforms"><h:head><h:title>Mall</h:title>
<model><instance><data id="mall" version="%d"><bought/><why/>%s<phone/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/why" type="string" parvis:role="verbatim"/><bind nodeset="/data/phone" type="string" parvis:role="personal"/></model></h:head>
<h:body><select ref="/data/bought"><label>Bought</label><item><label>Shoes</label><value>shoes</value></item><item><label>Food</label><value>food</value></item></select>
<input ref="/data/why"><label>Why?</label></input>%s<input ref="/data/phone"><label>Phone</label></input></h:body></h:html>`, version, question, body)
}

// publish puts the next version of the study at central.
func (w *world) publish(extra string) {
	w.t.Helper()
	w.version++
	xml := questionnaire(w.version, extra)
	s := study.Study{
		ID: surveyID, Title: study.Text{"": "Mall"}, Interval: 1,
		Sites: []study.Site{{Name: "north", Region: "flanders", Entrances: []study.Entrance{{Name: "main"}}}},
		Form:  study.FormRef{ID: "mall", Version: fmt.Sprint(w.version), SHA256: protocol.Sum(xml), Size: int64(len(xml))},
	}
	if _, err := w.store.PutStudy(w.t.Context(), centralstore.StudyPackage{Study: s, Files: [][]byte{xml}, Actor: "test"}); err != nil {
		w.t.Fatal(err)
	}
}

// deliver sends records from the device over the protocol and wants each of them received.
func (w *world) deliver(records ...delivery.Record) {
	w.t.Helper()
	for len(records) > 0 {
		batch := records[:min(len(records), protocol.MaxBatchRecords)]
		records = records[len(batch):]
		answer, err := w.device.Push(w.t.Context(), batch)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range answer.Receipts {
			if r.Status != protocol.Received {
				w.t.Fatalf("record %s: %s %s", r.ID, r.Status, r.Reason)
			}
		}
	}
}

func (w *world) record(kind delivery.Kind, id string, revision int, value any) delivery.Record {
	w.t.Helper()
	body, err := json.Marshal(value)
	if err != nil {
		w.t.Fatal(err)
	}
	w.seq++
	return delivery.Record{ID: id, Kind: kind, Revision: revision, Study: surveyID, Epoch: w.epoch, Seq: w.seq, SHA256: delivery.Sum(body), Body: body}
}

func recordID(n int) string { return fmt.Sprintf("019a0000-0000-7000-8000-%012x", n) }

// interview makes the record of an interview whose answers are the given elements.
func (w *world) interview(n, revision int, answers string) delivery.Record {
	start := time.Date(2026, 5, 2, 14, 0, 0, 0, time.FixedZone("", 7200)).Add(time.Duration(n) * time.Minute)
	return w.record(delivery.KindInterview, recordID(n), revision, interview.Interview{
		ID: recordID(n), Study: surveyID, Form: "mall", FormVersion: fmt.Sprint(w.version), Site: "north", Entrance: "main", Interviewer: "0417",
		Started: interview.MomentOf(start), Ended: interview.MomentOf(start.Add(5 * time.Minute)), DurationMS: 299_000,
		Disposition: interview.Complete, Answers: `<data id="mall">` + answers + `</data>`,
	})
}

// research runs the real program.
func (w *world) research(args ...string) (status int, stdout, stderr string) {
	w.t.Helper()
	return w.researchAs(w.t.Context(), map[string]string{"PARVIS_TOKEN": w.token}, "", args...)
}

func (w *world) researchAs(ctx context.Context, env map[string]string, stdin string, args ...string) (status int, stdout, stderr string) {
	w.t.Helper()
	var out, errs bytes.Buffer
	m := New(Params{
		Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Now: time.Now, Getenv: func(name string) string { return env[name] },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	status = m.Run(ctx, args)
	return status, out.String(), errs.String()
}

func (w *world) pullArgs(more ...string) []string {
	return append([]string{"pull", "--central", w.server.URL, "--study", surveyID, "--format", "csv", "--out", w.out}, more...)
}

// pull wants the pull to work.
func (w *world) pull(more ...string) string {
	w.t.Helper()
	status, stdout, stderr := w.research(w.pullArgs(more...)...)
	if status != 0 {
		w.t.Fatalf("status %d: %s", status, stderr)
	}
	return stdout
}

// rows are the interviews in the file by id, each cell by its heading; a row that stands twice fails the test.
func (w *world) rows() map[string]map[string]string {
	w.t.Helper()
	file, err := os.Open(filepath.Join(w.out, "interviews.csv"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	all, err := csv.NewReader(file).ReadAll()
	if err != nil {
		w.t.Fatal(err)
	}
	rows := map[string]map[string]string{}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, heading := range all[0] {
			row[heading] = line[i]
		}
		if rows[row["id"]] != nil {
			w.t.Fatalf("interview %s stands twice", row["id"])
		}
		rows[row["id"]] = row
	}
	return rows
}
