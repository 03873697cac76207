package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// player answers as a central did when it was recorded: the same status, headers and bodies, with the names of this device's own
// records where the answer speaks of records. What that central had no address for, it has none for now.
type player struct {
	*httptest.Server
	t   *testing.T
	all []exchange
	// study is where the study and its files come from: the same for all, since the tests conduct interviews of it.
	study []exchange
	// alter changes an answer before it goes out, as a newer central would have it; nil for as recorded.
	alter func(path string, status int, body any) (int, any)
	// version is the number in the header.
	version string

	mu    sync.Mutex
	taken map[delivery.Identity][]byte // records
	files map[string][]byte            // pictures
	asked []string                     // paths
	down  http.HandlerFunc             // answers instead; nil while central is well
}

func newPlayer(t *testing.T, folder string) *player {
	t.Helper()
	p := &player{t: t, all: recordings(t, folder), study: recordings(t, "testdata/exchanges/second"), version: "1", taken: map[delivery.Identity][]byte{}, files: map[string][]byte{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// ServeHTTP plays.
func (p *player) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, r.URL.Path)
	if p.down != nil {
		p.down(w, r)
		return
	}
	x, ok := p.find(r)
	if !ok {
		p.send(w, r.URL.Path, http.StatusNotFound, map[string]any{"title": "There is nothing at this address.", "status": 404, "code": "not_found", "retryable": false})
		return
	}
	if strings.HasPrefix(r.URL.Path, protocol.PathBlob) {
		for name, value := range x.Answer.Header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(x.Answer.Status)
		_, _ = w.Write(x.Answer.bytes())
		return
	}
	var body any
	if err := json.Unmarshal([]byte(x.Answer.Body), &body); err != nil {
		p.t.Errorf("%s: %v", x.recorded, err)
	}
	p.fit(r, body)
	if r.URL.Path == protocol.PathPull && r.URL.Query().Get("cursor") == "" {
		p.teach(body)
	}
	p.send(w, r.URL.Path, x.Answer.Status, body)
}

// teach puts the one study in the place of the recorded one.
func (p *player) teach(body any) {
	for _, x := range p.study {
		var page map[string]any
		if x.Request.Path != protocol.PathPull || json.Unmarshal([]byte(x.Answer.Body), &page) != nil {
			continue
		}
		body.(map[string]any)["items"].([]any)[0].(map[string]any)["body"] = page["items"].([]any)[0].(map[string]any)["body"]
		return
	}
}

// find is the first good exchange of that kind; a page of a later cursor is the last one recorded, where nothing is new.
func (p *player) find(r *http.Request) (found exchange, ok bool) {
	all := p.all
	if strings.HasPrefix(r.URL.Path, protocol.PathBlob) {
		all = p.study
	}
	for _, x := range all {
		same := x.Request.Path == r.URL.Path || strings.HasPrefix(r.URL.Path, protocol.PathAttachment) && strings.HasPrefix(x.Request.Path, protocol.PathAttachment)
		if !same || x.Request.Method != r.Method || x.Answer.Status >= 300 {
			continue
		}
		if r.URL.Path == protocol.PathPull && r.URL.Query().Get("cursor") == "" {
			return x, true
		}
		found, ok = x, true
	}
	return found, ok
}

// fit puts this device's records in the place of the recorded ones.
func (p *player) fit(r *http.Request, body any) {
	answer, _ := body.(map[string]any)
	delete(answer, "missing") // the numbers of another device's records
	sent, err := io.ReadAll(r.Body)
	if err == nil {
		sent, err = new(protocol.Inflater).Read(bytes.NewReader(sent), r.Header.Get("Content-Encoding"), 1<<24)
	}
	if err != nil {
		p.t.Error(err)
		return
	}
	switch {
	case r.URL.Path == protocol.PathPush:
		records, err := protocol.ReadBatch(sent)
		if err != nil {
			p.t.Error(err)
		}
		var ids []delivery.Identity
		for _, one := range records {
			ids = append(ids, one.Identity())
			p.taken[one.Identity()] = one.Body
		}
		p.receipts(answer, ids)
	case r.URL.Path == protocol.PathHave:
		var asked protocol.HaveRequest
		if err := json.Unmarshal(sent, &asked); err != nil {
			p.t.Error(err)
		}
		p.receipts(answer, slices.DeleteFunc(asked.Records, func(id delivery.Identity) bool { return p.taken[id] == nil }))
	case strings.HasPrefix(r.URL.Path, protocol.PathAttachment):
		sum, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, protocol.PathAttachment), "/")
		p.files[sum] = append(p.files[sum], sent...)
		answer["have"], answer["complete"] = len(p.files[sum]), delivery.Sum(p.files[sum]) == sum
	}
}

// receipts are the recorded one, for each record.
func (p *player) receipts(answer map[string]any, ids []delivery.Identity) {
	recorded := answer["receipts"].([]any)[0].(map[string]any)
	all := []any{}
	for _, id := range ids {
		one := map[string]any{}
		for name, value := range recorded {
			one[name] = value
		}
		one["id"], one["revision"], one["sha256"] = id.ID, id.Revision, id.SHA256
		all = append(all, one)
	}
	answer["receipts"] = all
}

func (p *player) send(w http.ResponseWriter, path string, status int, body any) {
	if p.alter != nil {
		status, body = p.alter(path, status, body)
	}
	w.Header().Set(protocol.VersionHeader, p.version)
	w.Header().Set(protocol.ClockHeader, fmt.Sprint(time.Now().UnixMilli()))
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (p *player) is(down http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down, p.asked = down, nil
}

// played is a device that enrolled at a recorded central and stands in its shift.
func played(t *testing.T, p *player) *device {
	t.Helper()
	ctx := context.Background()
	d := newDevice(t, &central{form: p.blob(t)})
	if _, err := d.agent.Enrol(ctx, p.URL, "2222-2222"); err != nil {
		t.Fatal(err)
	}
	d.sync(t)
	d.begin(t)
	return d
}

// blob is the questionnaire as recorded.
func (p *player) blob(t *testing.T) []byte {
	t.Helper()
	for _, x := range p.study {
		if strings.HasPrefix(x.Request.Path, protocol.PathBlob) {
			return x.Answer.bytes()
		}
	}
	t.Fatal("no questionnaire was recorded")
	return nil
}

// holds compares what the recorded central took with what the device made.
func (p *player) holds(t *testing.T, d *device) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	made := d.made(t)
	for id, body := range made {
		if !bytes.Equal(p.taken[id], body) {
			t.Errorf("%+v did not arrive", id)
		}
	}
	if len(made) != len(p.taken) || len(made) < 4 {
		t.Errorf("%d records made, %d arrived", len(made), len(p.taken))
	}
}

func folders(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/exchanges/*")
	if err != nil || len(all) < 2 {
		t.Fatal(all, err)
	}
	return all
}

// A central as it was delivers and takes what it did then; what it did not know waits and blocks nothing.
func TestThisAppDeliversToAnEarlierCentral(t *testing.T) {
	t.Parallel()
	for _, folder := range folders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			p := newPlayer(t, folder)
			d := played(t, p)
			d.contact(t)
			d.interview(t)
			d.pictured(t, []byte("a picture"))
			report := d.sync(t)
			p.holds(t, d)
			knowsPictures := slices.ContainsFunc(p.all, func(x exchange) bool { return strings.HasPrefix(x.Request.Path, protocol.PathAttachment) })
			if want := map[bool]int{true: 0, false: 1}[knowsPictures]; report.Waiting.Records != 0 || report.Interviews != 2 || report.Waiting.Attachments != want || report.AttachmentsRefused != want {
				t.Errorf("%+v", report)
			}
			p.is(nil)
			if again := d.sync(t); again.Sent != 0 || slices.Contains(p.asked, protocol.PathPush) {
				t.Errorf("a synchronisation with nothing to do did %+v over %v", again, p.asked)
			}
		})
	}
}

// The first central knew no pictures. They stay until it has learnt, and go then, with nothing done by anybody.
func TestPicturesWaitForACentralThatKnowsThem(t *testing.T) {
	t.Parallel()
	p := newPlayer(t, "testdata/exchanges/first")
	d := played(t, p)
	body := []byte("a picture")
	d.pictured(t, body)
	if report := d.sync(t); report.Waiting.Attachments != 1 || report.Interviews != 1 {
		t.Fatalf("%+v", report)
	}
	_, err := d.agent.HandIn(context.Background())
	wantReason(t, err, agent.CentralTooOld) // it gave no key for such files either
	p.mu.Lock()
	p.all = recordings(t, "testdata/exchanges/second")
	p.mu.Unlock()
	if report := d.sync(t); report.Attachments != 1 || report.Waiting.Attachments != 0 || !bytes.Equal(p.files[delivery.Sum(body)], body) {
		t.Errorf("%+v", report)
	}
}

// newer is a later central's answer: members nobody knows in every object, items of kinds nobody knows.
func newer(path string, status int, body any) (int, any) {
	if answer, ok := body.(map[string]any); ok && path == protocol.PathPull {
		items, _ := answer["items"].([]any)
		answer["items"] = append([]any{
			map[string]any{"kind": "weather", "id": "w1", "body": map[string]any{"rain": true}},
			map[string]any{"kind": "mood", "id": "m1"},
			map[string]any{"kind": "poem", "id": "p1", "body": "a rose"},
		}, items...)
	}
	return status, strangers(body)
}

func strangers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		texts := len(v) > 0 // by language: every member is one
		for name, value := range v {
			if _, text := value.(string); !text {
				texts = false
			}
			v[name] = strangers(value)
		}
		if texts {
			return v
		}
		v["stranger"] = map[string]any{"of": []any{1, "two", nil}}
		v["Stranger2"] = nil
	case []any:
		for i := range v {
			v[i] = strangers(v[i])
		}
	}
	return v
}

// A central of later years, with whatever it says beside what this app reads.
func TestThisAppDeliversToALaterCentral(t *testing.T) {
	t.Parallel()
	p := newPlayer(t, "testdata/exchanges/second")
	p.alter, p.version = newer, "7"
	d := played(t, p)
	d.interview(t)
	body := []byte("a picture")
	d.pictured(t, body)
	if report := d.sync(t); report.Waiting != (delivery.Waiting{}) || len(report.Quarantined) != 0 || !bytes.Equal(p.files[delivery.Sum(body)], body) {
		t.Errorf("%+v", report)
	}
	p.holds(t, d)
}

// A receipt in words this app does not know: the record stays whole and is set apart with what to do; the others go.
func TestAReceiptNobodyKnowsBlocksNothing(t *testing.T) {
	t.Parallel()
	p := newPlayer(t, "testdata/exchanges/second")
	p.alter = func(path string, status int, body any) (int, any) {
		if path == protocol.PathPush {
			receipts := body.(map[string]any)["receipts"].([]any)
			receipts[len(receipts)-1].(map[string]any)["status"] = "provisional"
		}
		return status, body
	}
	d := played(t, p)
	d.contact(t)
	d.interview(t)
	report := d.sync(t)
	if len(report.Quarantined) != 1 || report.Interviews != 1 || report.Waiting.Records != 0 {
		t.Fatalf("%+v", report)
	}
	apart := 0
	for _, row := range d.rows(t) {
		if row.state == "quarantined" {
			apart++
			if !strings.Contains(row.reason, "update the app") || len(row.body) == 0 {
				t.Errorf("%q, %d bytes", row.reason, len(row.body))
			}
		}
	}
	if apart != 1 {
		t.Errorf("%d records apart", apart)
	}
	if unsent, err := d.Unsent(context.Background()); err != nil || len(unsent) != 1 {
		t.Errorf("%d can be handed in, %v", len(unsent), err)
	}
}

// Refusals in words nobody knows are told apart by their status; nothing is lost by any, and afterwards everything goes.
func TestARefusalNobodyKnowsLosesNothing(t *testing.T) {
	t.Parallel()
	p := newPlayer(t, "testdata/exchanges/second")
	d := played(t, p)
	d.contact(t)
	d.interview(t)
	made := len(d.rows(t))
	for _, c := range []struct {
		status    int
		retryable bool
		reason    agent.Reason
	}{
		{400, false, agent.Refused},
		{401, false, agent.SignInAgain},
		{403, false, agent.Forbidden},
		{404, false, agent.Refused},
		{409, true, agent.CentralTrouble},
		{418, false, agent.Refused},
		{426, false, agent.AppTooOld},
		{429, false, agent.TooMany},
		{500, false, agent.CentralTrouble},
		{503, true, agent.CentralTrouble},
		{599, false, agent.CentralTrouble},
		{304, false, agent.Refused},
		{208, false, agent.BadAnswer},
	} {
		p.is(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(protocol.VersionHeader, "7")
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(c.status)
			_ = json.NewEncoder(w).Encode(map[string]any{"code": "brand_new", "title": "Nobody knows.", "status": c.status, "retryable": c.retryable, "stranger": []int{1}})
		})
		_, err := d.agent.Sync(context.Background())
		if agent.ReasonOf(err) != c.reason {
			t.Errorf("%d: %v, want %s", c.status, err, c.reason)
		}
		if text := agent.Explain(err); text.English == "" || !strings.HasPrefix(text.Key, "sync.error.") {
			t.Errorf("%d: nothing to read in %+v", c.status, text)
		}
		if got := states(d.rows(t)); got["waiting"]+got["in_flight"] != made || got["quarantined"] != 0 {
			t.Fatalf("%d: %v", c.status, got)
		}
	}
	p.is(nil)
	d.sync(t)
	p.holds(t, d)
}

// An app that was updated knows what it had to skip, and gets it.
func TestAnUpdatedAppPullsWhatItHadToSkip(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	if report := d.sync(t); report.Pulled != 0 {
		t.Fatalf("%+v", report)
	}
	updated, err := agent.New(agent.Params{Store: d.Store, Outbox: d.Store, Transport: d.net, Now: d.now, AppVersion: "2"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} {
		if report, err := updated.Sync(context.Background()); err != nil || report.Pulled != want {
			t.Errorf("%d items pulled, want %d, %v", report.Pulled, want, err)
		}
	}
}
