package endpoint_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/interview"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// Whoever stole a token can do nothing with it from the moment that the device is revoked.
func TestAStolenTokenEndsWithItsDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stolen := w.inMall.Token
	if got := w.do(t, request{method: http.MethodGet, path: protocol.PathPull, token: stolen}); got.status != http.StatusOK {
		t.Fatal(describe(got))
	}
	if err := w.store.RevokeDevice(context.Background(), w.inMall.Device, "test"); err != nil {
		t.Fatal(err)
	}
	samples := w.samples(t)
	tried := 0
	for _, d := range w.endpoint.Declarations() {
		if d.Anyone {
			continue
		}
		r := samples[d.Method+" "+d.Path]("mall")
		r.token = stolen
		if got := w.do(t, r); got.status != http.StatusUnauthorized || got.problem(t).Code != protocol.CodeRevoked {
			t.Errorf("%s %s: %s", d.Method, d.Path, describe(got))
		}
		tried++
	}
	if tried < 10 {
		t.Errorf("only %d calls", tried)
	}
	if n := w.count(t, "mall"); n != 2 {
		t.Errorf("%d records are stored, 2 were before", n)
	}
	// As the token before of a new device it still proves whose data these are, and gives nothing else without a code.
	got := w.do(t, request{method: http.MethodPost, path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: "2222-2222", Previous: stolen})})
	if got.status != http.StatusForbidden {
		t.Error(describe(got))
	}
}

// count is how many records of a study a researcher is shown.
func (c *central) count(t *testing.T, study string) int {
	t.Helper()
	page, err := c.store.Pull(context.Background(), centralstore.PullQuery{
		Who: centralstore.Principal{User: "test", Grants: []centralstore.Grant{{Role: centralstore.Researcher}}}, Study: study, Limit: 100_000, Bytes: 1 << 30,
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range page.Entries {
		if e.Record != nil {
			n++
		}
	}
	return n
}

// A code works once: again, and in twenty requests at the same instant.
func TestACodeWorksOnce(t *testing.T) {
	t.Parallel()
	c := newCentral(t, func(p *endpoint.Params) { p.Limits.Wrong = endpoint.Rate{PerSecond: 100, AtOnce: 1000} })
	code := c.code(t, "mall")
	start, answers := make(chan struct{}), make(chan answer, 20)
	var ready sync.WaitGroup
	for range cap(answers) {
		ready.Add(1)
		go func() {
			ready.Done()
			<-start
			answers <- c.do(t, request{method: http.MethodPost, path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: code})})
		}()
	}
	ready.Wait()
	close(start)
	won := 0
	for range cap(answers) {
		switch got := <-answers; {
		case got.status == http.StatusOK:
			won++
		case got.status != http.StatusForbidden || got.problem(t).Code != protocol.CodeBadCode:
			t.Error(describe(got))
		}
	}
	devices, err := c.store.ListDevices(context.Background())
	if err != nil || won != 1 || len(devices) != 1 {
		t.Errorf("%d of 20 enrolled, %d devices, %v", won, len(devices), err)
	}
	if got := c.do(t, request{method: http.MethodPost, path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: code})}); got.status != http.StatusForbidden {
		t.Errorf("later: %s", describe(got))
	}
}

// A device that takes another one's record id, epoch or number changes nothing of the other's.
func TestAnotherDevicesRecords(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	victim, thief := c.device(t, "mall"), c.device(t, "mall")
	r := contact(t, victim, 1, "mall")
	c.push(t, victim, r)
	forged := contact(t, thief, 1, "mall")
	forged.Body = bytes.ReplaceAll(r.Body, []byte("2.35"), []byte("3.21"))
	forged.ID, forged.SHA256 = r.ID, protocol.Sum(forged.Body)
	later := forged
	later.Revision = 2
	borrowed := contact(t, victim, 2, "mall") // in the other's epoch
	for name, record := range map[string]protocol.Record{"the same revision": forged, "a later revision": later, "another's epoch": borrowed} {
		got := c.do(t, request{method: http.MethodPost, path: protocol.PathPush, token: thief.Token, body: protocol.AppendBatch(nil, []protocol.Record{record})})
		if !strings.Contains(string(got.body), `"status":"quarantined"`) {
			t.Errorf("%s: %s", name, describe(got))
		}
	}
	if n := c.count(t, "mall"); n != 1 {
		t.Errorf("%d records", n)
	}
	// The number in another's epoch was not counted as come, so a real loss would still show.
	got := c.do(t, request{method: http.MethodGet, path: protocol.PathPull, token: victim.Token, header: map[string]string{protocol.HighSeqHeader: "2"}})
	if !strings.Contains(string(got.body), `"missing":[{"first":2,"last":2}]`) {
		t.Errorf("central believes that record 2 came: %s", describe(got))
	}
}

// A cursor gives no rights: one of another study, of another central, forged.
func TestAnotherStudysCursor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := func(token, path string) protocol.PullAnswer {
		var a protocol.PullAnswer
		got := w.do(t, request{method: http.MethodGet, path: path, token: token})
		if err := json.Unmarshal(got.body, &a); err != nil || got.status != http.StatusOK {
			t.Fatal(describe(got))
		}
		return a
	}
	researcher := w.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher, Study: "fair"})
	theirs := page(researcher, "/v1/research/fair/records").Cursor
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"i":"","at":{"fair":0,"mall":-5}}`))
	for name, cursor := range map[string]string{"another study's": theirs, "forged": forged} {
		a := page(w.inMall.Token, protocol.PathPull+"?cursor="+url.QueryEscape(cursor))
		if len(a.Items) == 0 {
			t.Errorf("%s cursor: the own study does not come", name)
		}
		for _, item := range a.Items {
			if item.ID == "fair" || strings.Contains(string(item.Body), "fair") {
				t.Errorf("%s cursor shows %s %s", name, item.Kind, item.ID)
			}
		}
	}
	if got := w.do(t, request{method: http.MethodGet, path: "/v1/research/mall/records?cursor=" + url.QueryEscape(theirs), token: researcher}); got.status != http.StatusNotFound {
		t.Errorf("research: %s", describe(got))
	}
	if got := w.do(t, request{method: http.MethodGet, path: protocol.PathPull + "?cursor=" + strings.Repeat("A", 70_000), token: w.inMall.Token}); got.status != http.StatusBadRequest {
		t.Errorf("a long cursor: %s", describe(got))
	}
}

// tricks are names that lead elsewhere where a program is careless.
func tricks() []string {
	return []string{
		"../../central.sqlite", "..%2f..%2fcentral.sqlite", "%2e%2e/%2e%2e/central.sqlite", "..%5c..%5ccentral.sqlite", "..%252f..%252fcentral.sqlite", "%00", "a%00.jpg", "%2fetc%2fpasswd",
		"/etc/passwd", "C:%5Cwindows", "CON", ".", "..", "~", "%ff%fe", "a%0d%0aSet-Cookie:%20x", strings.Repeat("a", 10_000), strings.Repeat("..%2f", 2000), "%E2%80%AE", strings.Repeat("A", 64),
	}
}

// Names in addresses and forms never become paths: nothing outside is read, nothing outside is written.
func TestPathTricks(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	c := newCentral(t, func(p *endpoint.Params) {
		p.Import = func(ctx context.Context, up endpoint.Upload) (endpoint.Imported, error) {
			names[up.Name] = true
			for _, name := range append(tricks(), "../card.png", "/card.png") {
				if f, err := up.Files.Open(name); err == nil {
					_ = f.Close()
					if strings.ContainsAny(name, `/\`) {
						t.Errorf("the importer is given a file called %q", name)
					}
				}
			}
			up.Workbook = []byte("mall")
			return importNamed(ctx, up)
		}
	})
	before := files(t, c.dir)
	d := c.device(t, "mall")
	ada := c.person(t, "ada", centralstore.Grant{Role: centralstore.Administrator})
	for _, name := range tricks() {
		for _, r := range []request{
			{method: http.MethodGet, path: protocol.PathBlob + name, token: d.Token},
			{method: http.MethodGet, path: protocol.PathAttachment + name, token: ada},
			{method: http.MethodGet, path: protocol.PathAttachment + name + "/have?study=mall", token: d.Token},
			{method: http.MethodPut, path: protocol.PathAttachment + name + "?study=mall&size=4&offset=0", token: d.Token, body: []byte("evil")},
			{method: http.MethodPut, path: protocol.PathAttachment + strings.Repeat("0", 64) + "?study=" + name + "&size=4&offset=0", token: d.Token, body: []byte("evil")},
			{method: http.MethodGet, path: protocol.PathResearch + name + "/records", token: ada},
		} {
			if got := c.do(t, r); got.status < 300 || got.status >= 500 || bytes.Contains(got.body, []byte("SQLite format")) {
				t.Errorf("%s %.60q: %s", r.method, r.path, describe(got))
			}
		}
		plain, err := url.PathUnescape(name)
		if err != nil {
			plain = name
		}
		for _, file := range []string{name, plain} {
			body, contentType := upload(t, map[string]string{"workbook:" + file: "mall", "media:" + file: "evil", "media:../card.png": "evil"})
			if got := c.do(t, request{method: http.MethodPut, path: protocol.PathStudies, token: ada, body: body, header: map[string]string{"Content-Type": contentType}}); got.status >= 500 {
				t.Errorf("uploading %.60q: %s", file, describe(got))
			}
		}
	}
	for name := range names {
		if strings.ContainsAny(name, `/\`) {
			t.Errorf("the importer is given the name %q", name)
		}
	}
	ours := regexp.MustCompile(`^(central\.sqlite.*|[0-9a-f]{2}|[0-9a-f]{64}|[0-9a-f-]{36})$`)
	for name := range files(t, c.dir) {
		if !before[name] && !ours.MatchString(filepath.Base(name)) {
			t.Errorf("there is a new file %q", name)
		}
	}
}

// files lists what is under a folder and beside it.
func files(t *testing.T, dir string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, _ fs.DirEntry, err error) error {
		all[path] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// nasty are texts that are something else elsewhere: SQL, a spreadsheet's formula, a page's script, a terminal's command, a log's line.
func nasty() []string {
	return []string{
		`'; DROP TABLE records; --`, `" OR ""="`, `Robert'); DELETE FROM devices WHERE ('1'='1`, `=cmd|' /C calc'!A0`, `@SUM(1+1)*cmd|' /C calc'!A0`, `+1`, "-2+3", "\t=1", `<script>alert(1)</script>`,
		`<img src=x onerror=alert(1)>`, `{{.}} ${7*7} %s %n %x`, "line\nmsg=request level=ERROR", "\x1b[2J\x1b]0;title\x07", "\u202egnp.exe", "\u0000", strings.Repeat("é", 500), `\u0000"`, "]]>&amp;<!DOCTYPE x>",
	}
}

// Texts that a device or a person sends are kept byte for byte, given back byte for byte, run by nobody, and break no line of the log.
func TestNastyTextsAreOnlyTexts(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	d := c.device(t, "mall")
	sam := c.person(t, "sam", centralstore.Grant{Role: centralstore.Supervisor, Study: "mall"})
	researcher := c.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher, Study: "mall"})
	sent := map[string]json.RawMessage{}
	var records []protocol.Record
	for n, text := range nasty() {
		i := interview.Interview{
			ID: uuid.Must(uuid.NewV7()).String(), Study: "mall", Site: text, Entrance: text, Interviewer: text, Form: text, FormVersion: text, Shift: text, Contact: text, Language: text,
			Disposition: interview.Complete, Answers: text, BreakOffReason: text, Void: text, Cells: []string{text}, Hasty: []string{text},
			Observations: []interview.Observation{{ID: text, Question: text, Cue: text, Note: text}},
			Attachments:  []interview.Attachment{{Name: text, SHA256: text, Question: text, Size: 1}},
		}
		body := toJSON(t, i)
		sent[i.ID] = body
		records = append(records, protocol.Record{ID: i.ID, Kind: protocol.KindInterview, Revision: 1, Study: "mall", Epoch: d.Epoch, Seq: int64(n + 1), SHA256: protocol.Sum(body), Body: body})
	}
	for _, r := range c.push(t, d, records...).Receipts {
		if r.Status != protocol.Received {
			t.Errorf("%+v", r)
		}
	}
	for _, text := range nasty() {
		c.nastyEnvelope(t, d, text)
		c.nastyPeople(t, sam, text)
	}
	got := c.do(t, request{method: http.MethodGet, path: "/v1/research/mall/records", token: researcher})
	var page protocol.PullAnswer
	if err := json.Unmarshal(got.body, &page); err != nil {
		t.Fatal(describe(got))
	}
	for _, item := range page.Items {
		if item.Kind != protocol.ItemRecord {
			continue
		}
		var stored protocol.StoredRecord
		if err := json.Unmarshal(item.Body, &stored); err != nil || !bytes.Equal(stored.Body, sent[stored.ID]) || protocol.Sum(stored.Body) != stored.SHA256 {
			t.Errorf("%v: sent %s\ngot %s", err, sent[stored.ID], stored.Body)
		}
		delete(sent, stored.ID)
	}
	if len(sent) != 0 {
		t.Errorf("%d records did not come back", len(sent))
	}
	if got.header.Get("Content-Type") != protocol.ContentJSON || got.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("a browser may take the answer for a page: %v", got.header)
	}
	c.logIsWhole(t)
}

// nastyEnvelope puts a text where a record's envelope, an address and an enrolment have texts.
func (c *central) nastyEnvelope(t *testing.T, d protocol.EnrolAnswer, text string) {
	t.Helper()
	r := protocol.Record{ID: text, Kind: protocol.Kind(text), Revision: 1, Study: text, Epoch: text, Seq: 1, SHA256: text, Body: []byte(`{}`)}
	if got := c.push(t, d, r); got.Receipts[0].Status != protocol.Quarantined {
		t.Errorf("%q: %+v", text, got.Receipts[0])
	}
	enrolled := c.do(t, request{method: http.MethodPost, path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: c.code(t, "mall"), Platform: text, AppVersion: text, Previous: text})})
	if enrolled.status != http.StatusOK {
		t.Errorf("%q: %s", text, describe(enrolled))
	}
	for _, path := range []string{protocol.PathResearch + url.PathEscape(text) + "/records", protocol.PathPull + "?cursor=" + url.QueryEscape(text), "/" + url.PathEscape(text)} {
		if got := c.do(t, request{method: http.MethodGet, path: path, token: d.Token}); got.status < 400 || got.status >= 500 {
			t.Errorf("%q: %s", path, describe(got))
		}
	}
}

// nastyPeople puts a text where a person writes.
func (c *central) nastyPeople(t *testing.T, token, text string) {
	t.Helper()
	said := "said: " + text + "."
	got := c.do(t, request{method: http.MethodPost, path: protocol.PathMessages, token: token, body: toJSON(t, protocol.MessageRequest{Study: "mall", Text: said})})
	var m protocol.Message
	if err := json.Unmarshal(got.body, &m); err != nil || m.Text != said {
		t.Errorf("%q: %s", text, describe(got))
	}
	for _, r := range []protocol.MessageRequest{{Study: text, Text: "x"}, {Study: "mall", Interviewer: text, Text: "x"}, {Study: "mall", Device: text, Text: "x"}} {
		if got := c.do(t, request{method: http.MethodPost, path: protocol.PathMessages, token: token, body: toJSON(t, r)}); got.status < 400 || got.status >= 500 {
			t.Errorf("%+v: %s", r, describe(got))
		}
	}
	body := toJSON(t, protocol.SignInRequest{User: text, Password: text, AppVersion: text})
	if got := c.do(t, request{method: http.MethodPost, path: protocol.PathSignIn, body: body}); got.status != http.StatusUnauthorized && got.status != http.StatusTooManyRequests {
		t.Errorf("%q: %s", text, describe(got))
	}
}

// logIsWhole wants each line of the log to be one entry, and none of what was sent in it.
func (c *central) logIsWhole(t *testing.T) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(c.log.String()), "\n")
	for _, line := range lines {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry["msg"] != "request" {
			t.Errorf("a line of the log is not central's own: %q", line)
		}
		if strings.Contains(line, "script") || strings.Contains(line, "DROP") || strings.Contains(line, "calc") {
			t.Errorf("what was sent is in the log: %s", line)
		}
	}
	if len(lines) < 100 {
		t.Error(fmt.Sprint(len(lines), " lines in the log"))
	}
}
