package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// canned answers every request as told, whatever stands on the way between a device and central.
type canned func(r *http.Request) *http.Response

// RoundTrip answers.
func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	res := c(r)
	res.Request = r
	return res, nil
}

// made is an answer out of pieces.
func made(status int, body []byte, header ...string) *http.Response {
	res := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), ProtoMajor: 1, ProtoMinor: 1}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] != "" {
			res.Header.Set(header[i], header[i+1])
		}
	}
	return res
}

// seedAnswers are bodies that a central sends, and some that none does.
func seedAnswers(f *testing.F) (bodies [][]byte) {
	for _, folder := range []string{"testdata/exchanges/first", "testdata/exchanges/second"} {
		for _, x := range recordings(f, folder) {
			bodies = append(bodies, x.Answer.bytes())
		}
	}
	for _, text := range []string{
		``, `{`, `null`, `[]`, `"x"`, `{"cursor":"c","items":null}`, `{"receipts":null}`, `{"have":-1}`, `{"have":9223372036854775807,"complete":true}`,
		`{"code":"revoked","title":"t","status":401}`, `{"code":7}`, `{"code":"wrong_offset","have":-5,"status":409}`, `<html>sign in</html>`,
		`{"cursor":"c","more":true,"items":[{"kind":"revocation","id":"x"}],"missing":[{"first":-1,"last":9223372036854775807}]}`,
		strings.Repeat("[", 10_001), `{"items":` + strings.Repeat(`{"items":`, 5000),
	} {
		bodies = append(bodies, []byte(text))
	}
	return bodies
}

// Whatever answers a single exchange: it ends in what was asked for, within its limits, or in an error that a person can read.
func FuzzAnswers(f *testing.F) {
	zstd := compressor(f)
	for i, body := range seedAnswers(f) {
		f.Add(uint16(200), "1", "", "", "", body)
		f.Add([]uint16{200, 206, 400, 401, 409, 429, 503, 302}[i%8], []string{"1", "2", "0", "x", ""}[i%5], "zstd", "30", "bytes 0-9/10", zstd.Compress(body))
		f.Add(uint16(206), "1", []string{"", "gzip", "br"}[i%3], "-1", []string{"bytes 0-9/-1", "/", "bytes */99999999999999999999"}[i%3], body)
	}
	ctx, file := context.Background(), delivery.Attachment{Study: "s", SHA256: strings.Repeat("0", 64), Size: 10}
	f.Fuzz(func(t *testing.T, status uint16, version, encoding, retryAfter, contentRange string, body []byte) {
		client, err := agent.NewClient(agent.ClientParams{Central: "https://central.test", Token: "t", Now: time.Now, Transport: canned(func(*http.Request) *http.Response {
			return made(int(status), bytes.Clone(body), protocol.VersionHeader, version, "Content-Encoding", encoding, "Retry-After", retryAfter, "Content-Range", contentRange)
		})})
		if err != nil {
			t.Fatal(err)
		}
		_, pull := client.Pull(ctx, "")
		_, push := client.Push(ctx, nil)
		_, have := client.Have(ctx, nil)
		_, enrol := client.Enrol(ctx, protocol.EnrolRequest{})
		_, signIn := client.SignIn(ctx, protocol.SignInRequest{})
		_, held := client.HaveAttachment(ctx, file)
		_, put := client.PutAttachment(ctx, file, 0, []byte("0123456789"))
		chunk, size, ranged := client.Chunk(ctx, file.SHA256, 0, 10)
		if ranged == nil && status == http.StatusPartialContent && (len(chunk) > 10 || len(chunk) == 0) {
			t.Errorf("%d bytes of 10, size %d", len(chunk), size)
		}
		for _, err := range []error{pull, push, have, enrol, signIn, held, put, ranged} {
			readable(t, err)
		}
	})
}

// readable wants every failure to be one of the agent's own, with words for a person, and a pause that ends.
func readable(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var e *agent.Error
	if !errors.As(err, &e) || e.Reason == "" || e.RetryAfter < 0 || e.RetryAfter > time.Hour || agent.Explain(err).English == "" {
		t.Errorf("%#v", err)
	}
}

// fuzzed is a device with records that wait and a picture, whose central answers as told.
func fuzzed(f *testing.F, answer canned) (*device, *agent.Agent) {
	c := newCentral(f)
	d := newDevice(f, c)
	d.ready(f, c)
	d.contact(f)
	d.interview(f)
	a, err := agent.New(agent.Params{Store: d.Store, Outbox: d.Store, Transport: answer, Now: time.Now, AppVersion: "1", Patience: time.Minute})
	if err != nil {
		f.Fatal(err)
	}
	return d, a
}

// Whatever a pull brings: nothing that waits is lost or taken for sent, and every study that is kept can be shown.
func FuzzPulledItems(f *testing.F) {
	for _, body := range seedAnswers(f) {
		f.Add(body)
	}
	f.Add([]byte(`{"cursor":"c","items":[{"kind":"study","id":"x","body":{"id":"x","sites":[{"name":"a","entrances":[]}],"form":{"sha256":"` + strings.Repeat("0", 64) + `","size":1}}}]}`))
	for _, day := range []string{`{"study":"visit","interviewer":"0417","date":"2026-11-29","sites":["north"]}`, `{"study":"visit","date":"9999-99-99","sites":null}`, `{"study":1}`, `null`} {
		f.Add([]byte(`{"cursor":"c","items":[{"kind":"assignments","id":"x","body":` + day + `}],"visit":"9-z","trail":["9-z","1-a"],"earlier":[{"epoch":"e","trail":[""]}]}`))
	}
	var body []byte
	d, a := fuzzed(f, func(r *http.Request) *http.Response {
		if r.URL.Path == protocol.PathPull {
			return made(200, body, protocol.VersionHeader, "1")
		}
		return made(503, nil, protocol.VersionHeader, "1")
	})
	ctx := context.Background()
	before := len(d.outbox(f))
	credentials, err := d.Credentials(ctx)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		body = data
		_, err := a.Sync(ctx)
		readable(t, err)
		if reason := agent.ReasonOf(err); reason == agent.Storage || reason == "" {
			t.Errorf("%v", err) // "" cannot be: central takes nothing
		}
		if err := d.SaveCredentials(ctx, credentials); err != nil { // it may have been shut out
			t.Fatal(err)
		}
		if got := states(d.outbox(t)); got["waiting"]+got["in_flight"] != before || len(got) > 2 {
			t.Errorf("%d records became %v", before, got)
		}
		shown(t, d)
	})
}

// shown reads what screens read of studies, messages and cards.
func shown(t *testing.T, d *device) {
	t.Helper()
	ctx := context.Background()
	list, err := d.Studies(ctx)
	if err != nil {
		t.Error(err)
	}
	for _, s := range list {
		for _, site := range s.Sites {
			_ = site.Entrances[0]
		}
		_ = s.Sites[0]
	}
	if _, err := d.Messages(ctx); err != nil {
		t.Error(err)
	}
	if _, err := d.Card(ctx); err != nil && !errors.Is(err, fieldstore.ErrNotFound) {
		t.Error(err)
	}
	if _, err := d.Assignments(ctx, "2026-01-01"); err != nil {
		t.Error(err)
	}
	if _, err := d.WantedBlobs(ctx); err != nil {
		t.Error(err)
	}
}

// Whatever answers a batch: a record counts as sent only where a receipt for its very bytes says so.
func FuzzReceipts(f *testing.F) {
	for _, body := range seedAnswers(f) {
		f.Add(string(body), "1", uint16(200))
	}
	for _, status := range []string{"received", "duplicate", "quarantined", "brand new", ""} {
		f.Add(`{"receipts":[{{0:`+status+`}},{{1:received}}]}`, "1", uint16(200))
		f.Add(`{"receipts":[{{0:`+status+`}}],"missing":[{"first":1,"last":3}]}`, "2", uint16(200))
		f.Add(`{"receipts":[{{1:received}},{{0:`+status+`}}]}`, "1", uint16(200))
	}
	f.Add(`{"code":"revoked"}`, "1", uint16(401))
	f.Add(`{"code":"too_large"}`, "1", uint16(413))
	ctx := context.Background()
	var answered []delivery.Receipt
	var template, version string
	var status uint16
	d, a := fuzzed(f, func(r *http.Request) *http.Response {
		switch r.URL.Path {
		case protocol.PathPull:
			return made(200, []byte(`{"cursor":"c","items":[]}`), protocol.VersionHeader, "1")
		case protocol.PathHave:
			return made(200, []byte(`{"receipts":[]}`), protocol.VersionHeader, "1")
		case protocol.PathPush:
			body := filled(r, template)
			var a protocol.PushAnswer
			_ = json.Unmarshal(body, &a)
			answered = append(answered, a.Receipts...)
			return made(int(status), body, protocol.VersionHeader, version)
		}
		return made(503, nil, protocol.VersionHeader, "1")
	})
	credentials, err := d.Credentials(ctx)
	if err != nil {
		f.Fatal(err)
	}
	was := d.outbox(f)
	f.Fuzz(func(t *testing.T, text, v string, code uint16) {
		template, version, status, answered = text, v, code, nil
		for range 2 {
			if _, err := d.SaveContact(ctx, interview.Contact{Shift: d.shift.ID, Disposition: interview.NoTime}); err != nil {
				t.Fatal(err)
			}
		}
		_, err := a.Sync(ctx)
		readable(t, err)
		if err := d.SaveCredentials(ctx, credentials); err != nil {
			t.Fatal(err)
		}
		now := d.outbox(t)
		for id, row := range now {
			if row.state == "sent" && was[id].state != "sent" && !acknowledged(answered, id) {
				t.Errorf("%+v counts as sent, by %s", id, text)
			}
			if row.state == "quarantined" && row.reason == "" && was[id].state != "quarantined" && !refused(answered, id) {
				t.Errorf("%+v is set apart without a reason", id)
			}
		}
		if len(now) < len(was)+2 {
			t.Errorf("%d records became %d", len(was)+2, len(now))
		}
		was = now
	})
}

// filled puts receipts for records of the batch where the template has {{number:status}}.
func filled(r *http.Request, template string) []byte {
	data, err := io.ReadAll(r.Body)
	if err == nil {
		data, err = new(protocol.Inflater).Read(bytes.NewReader(data), r.Header.Get("Content-Encoding"), 1<<24)
	}
	records, _ := protocol.ReadBatch(data) // what this app sends can be read; an empty batch has none
	if err != nil {
		return nil
	}
	for i, record := range records {
		for _, status := range []string{"received", "duplicate", "quarantined", "brand new", ""} {
			receipt := fmt.Sprintf(`{"id":%q,"revision":%d,"sha256":%q,"status":%q}`, record.ID, record.Revision, record.SHA256, status)
			template = strings.ReplaceAll(template, fmt.Sprintf("{{%d:%s}}", i, status), receipt)
		}
	}
	return []byte(template)
}

func acknowledged(receipts []delivery.Receipt, id delivery.Identity) bool {
	for _, r := range receipts {
		if r.Identity() == id && (r.Status == delivery.Received || r.Status == delivery.Duplicate) {
			return true
		}
	}
	return false
}

func refused(receipts []delivery.Receipt, id delivery.Identity) bool {
	for _, r := range receipts {
		if r.Identity() == id && r.Status == delivery.Quarantined {
			return true
		}
	}
	return false
}

// Whatever central says of a picture: it counts as sent only where central said that it has it whole.
func FuzzPictures(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"have":0}`, `{"have":1000,"complete":true}`},
		{`{"have":1000,"complete":true}`, ``},
		{`{"have":-1}`, ``},
		{`{"have":5}`, `{"have":5}`},
		{`{"have":5}`, `{"have":4}`},
		{`{"have":2000}`, ``},
		{`{"have":1000}`, `{"have":1000}`},
		{`{}`, `{"code":"wrong_offset","have":7,"status":409}`},
		{`{"have":1.5}`, `[]`},
	} {
		f.Add(uint16(200), seed[0], uint16(200), seed[1])
		f.Add(uint16(200), seed[0], uint16(409), seed[1])
		f.Add(uint16(404), seed[0], uint16(413), seed[1])
	}
	var codes [2]uint16
	var bodies [2]string
	ctx, asked, complete := context.Background(), 0, false
	d, a := fuzzed(f, func(r *http.Request) *http.Response {
		switch {
		case r.URL.Path == protocol.PathPull:
			return made(200, []byte(`{"cursor":"c","items":[]}`), protocol.VersionHeader, "1")
		case r.URL.Path == protocol.PathPush:
			return made(200, filled(r, `{"receipts":[{{0:received}},{{1:received}}]}`), protocol.VersionHeader, "1")
		case !strings.HasPrefix(r.URL.Path, protocol.PathAttachment):
			return made(503, nil, protocol.VersionHeader, "1")
		}
		asked++
		which := 0
		if r.Method == http.MethodPut {
			which = 1
		}
		var said protocol.AttachmentAnswer
		_ = json.Unmarshal([]byte(bodies[which]), &said)
		complete = complete || said.Complete
		return made(int(codes[which]), []byte(bodies[which]), protocol.VersionHeader, "1")
	})
	dice := seeded(f, 20)
	credentials, err := d.Credentials(ctx)
	if err != nil {
		f.Fatal(err)
	}
	d.pictured(f, noise(dice, 1000))
	d.sendRecords(f)
	f.Fuzz(func(t *testing.T, code uint16, have string, codePut uint16, put string) {
		codes, bodies, asked, complete = [2]uint16{code, codePut}, [2]string{have, put}, 0, false
		before, err := d.WaitingAttachments(ctx)
		if err != nil {
			t.Fatal(err)
		}
		report, err := a.Sync(ctx)
		readable(t, err)
		after, err := d.WaitingAttachments(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(before)-len(after) != report.Attachments || report.Attachments > 0 && !complete {
			t.Errorf("%d waited, %d wait, %d sent; central said complete: %v", len(before), len(after), report.Attachments, complete)
		}
		if asked > 2000 {
			t.Errorf("central was asked %d times", asked)
		}
		if err := d.SaveCredentials(ctx, credentials); err != nil {
			t.Fatal(err)
		}
		if len(after) == 0 {
			d.pictured(t, noise(dice, 1000))
			d.sendRecords(t)
		}
	})
}

// sendRecords delivers to the real central all but pictures.
func (d *device) sendRecords(t testing.TB) {
	t.Helper()
	d.net.spoil(onPictures(noConnection))
	defer d.net.mend()
	if report, _ := d.agent.Sync(context.Background()); report.Waiting.Records != 0 { // it may not know the cursor that was made up
		t.Fatalf("%+v", report)
	}
}
