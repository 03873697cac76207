package endpoint_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// What earlier apps and centrals said to each other stands in testdata/exchanges, recorded from both as they were; sync/agent's tests
// record. An app that was installed once may deliver for ever: today's central is asked what an earlier app asked, and its answers
// must have every member, with the same meaning, that the earlier central's had.

// exchange is one request and its answer, inflated; {{names}} stand for what every device has of its own.
type exchange struct {
	Request struct {
		Method, Path, Query, Body, Base64 string
		Header                            map[string]string
	}
	Answer struct {
		Status       int
		Header       map[string]string
		Body, Base64 string
	}
	file string
}

func recordings(t *testing.T, folder string) (all []exchange) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d exchanges in %s, %v", len(files), folder, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		x := exchange{file: filepath.Base(file)}
		if err := json.Unmarshal(text, &x); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, x)
	}
	return all
}

func TestAnEarlierAppDeliversToThisCentral(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/exchanges/*")
	if err != nil || len(folders) == 0 {
		t.Fatal(folders, err)
	}
	for _, folder := range folders {
		for how, change := range map[string]func(http.Header){
			"as recorded": func(http.Header) {},
			// a stranger's client may leave out what it does not want an answer to
			"with the necessary alone": func(h http.Header) {
				for _, name := range []string{protocol.ClockHeader, protocol.VersionHeader, "Accept", "Accept-Encoding"} {
					h.Del(name)
				}
			},
		} {
			t.Run(filepath.Base(folder)+" "+how, func(t *testing.T) {
				t.Parallel()
				talk(t, recordings(t, folder), change)
			})
		}
	}
}

// replayed is a central while an earlier app talks to it.
type replayed struct {
	*central
	names map[string]string // what stands for {{names}}
}

func talk(t *testing.T, all []exchange, change func(http.Header)) {
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	key := &endpoint.HandInKey{Recipient: pair.Recipient, Keys: pair.Keys()}
	r := &replayed{central: newCentral(t, func(p *endpoint.Params) { p.HandIn = key }), names: map[string]string{}}
	def := r.put(t, all)
	code, err := r.store.NewCode(context.Background(), centralstore.CodeOrder{Studies: []string{def.ID}, Interviewer: "0417", Valid: time.Hour, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	r.names["code"] = code.Text
	for _, x := range all {
		r.prepare(t, x)
		got := r.ask(t, x, change)
		if got.status != x.Answer.Status {
			t.Fatalf("%s: %s, recorded: %d", x.file, describe(got), x.Answer.Status)
		}
		if got.header.Get(protocol.VersionHeader) == "" || got.header.Get(protocol.ClockHeader) == "" {
			t.Errorf("%s: a header is missing that an app reads", x.file)
		}
		if x.Answer.Base64 != "" || !json.Valid([]byte(x.Answer.Body)) {
			if string(got.body) != x.Answer.Body || got.header.Get("Content-Range") != x.Answer.Header["Content-Range"] {
				t.Errorf("%s: another file", x.file)
			}
			continue
		}
		r.compare(t, x, got)
	}
	r.stored(t, all)
}

// put gives central the study that was recorded, from the answers.
func (r *replayed) put(t *testing.T, all []exchange) (def study.Study) {
	t.Helper()
	var files [][]byte
	for _, x := range all {
		if strings.HasPrefix(x.Request.Path, protocol.PathBlob) {
			files = append(files, []byte(x.Answer.Body))
		}
		var page protocol.PullAnswer
		if x.Request.Path != protocol.PathPull || json.Unmarshal([]byte(x.Answer.Body), &page) != nil {
			continue
		}
		for _, item := range page.Items {
			if item.Kind == protocol.ItemStudy {
				if err := json.Unmarshal(item.Body, &def); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if _, err := r.store.PutStudy(context.Background(), centralstore.StudyPackage{Study: def, Files: files, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	return def
}

// prepare does at central what had been done there when an answer was recorded.
func (r *replayed) prepare(t *testing.T, x exchange) {
	t.Helper()
	var page protocol.PullAnswer
	if x.Request.Path != protocol.PathPull || json.Unmarshal([]byte(x.Answer.Body), &page) != nil {
		return
	}
	ctx := context.Background()
	for _, item := range page.Items {
		var err error
		switch item.Kind {
		case protocol.ItemMessage:
			var m delivery.Message
			err = json.Unmarshal(item.Body, &m)
			if err == nil {
				who := centralstore.Principal{User: m.From, Grants: []centralstore.Grant{{Role: centralstore.Researcher}}}
				_, err = r.store.SendMessage(ctx, centralstore.MessageOrder{Study: m.Study, Text: m.Text, Who: who})
			}
		case protocol.ItemCard:
			var card delivery.Card
			if err = json.Unmarshal(item.Body, &card); err == nil {
				err = r.store.SetCard(ctx, centralstore.CardOrder{Card: card, Actor: "test"})
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (r *replayed) ask(t *testing.T, x exchange, change func(http.Header)) answer {
	t.Helper()
	header := http.Header{}
	for name, value := range x.Request.Header {
		header.Set(name, r.fill(value))
	}
	change(header)
	if accepted := header.Get("Accept-Encoding"); accepted != "" { // encodings are tested elsewhere; here answers are read
		header.Set("Accept-Encoding", "identity")
	}
	body := []byte(r.fill(x.Request.Body))
	if x.Request.Base64 != "" {
		var err error
		if body, err = base64.StdEncoding.DecodeString(x.Request.Base64); err != nil {
			t.Fatal(err)
		}
	}
	if header.Get("Content-Encoding") == protocol.EncodingZstd {
		zstd, err := protocol.NewCompressor()
		if err != nil {
			t.Fatal(err)
		}
		body = zstd.Compress(body)
	}
	path := x.Request.Path
	if x.Request.Query != "" {
		path += "?" + r.fill(x.Request.Query)
	}
	plain := map[string]string{}
	for name := range header {
		plain[name] = header.Get(name)
	}
	return r.do(t, request{method: x.Request.Method, path: path, body: body, header: plain})
}

func (r *replayed) fill(text string) string {
	for name, value := range r.names {
		text = strings.ReplaceAll(text, "{{"+name+"}}", value)
	}
	return text
}

// compare learns what stands for names, and looks for every member of the recorded answer.
func (r *replayed) compare(t *testing.T, x exchange, got answer) {
	t.Helper()
	var recorded, now any
	if err := json.Unmarshal([]byte(x.Answer.Body), &recorded); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(got.body, &now); err != nil {
		t.Fatalf("%s: %v in %s", x.file, err, describe(got))
	}
	for _, wrong := range r.lacks("", recorded, now) {
		t.Errorf("%s: %s", x.file, wrong)
	}
}

// meaning are the members whose values an app acts on.
var meaning = []string{"status", "kind", "code", "retryable", "have", "complete", "revision", "sha256", "size", "first", "last", "more", "interviewer"}

func (r *replayed) lacks(at string, recorded, now any) (wrong []string) {
	switch recorded := recorded.(type) {
	case map[string]any:
		object, ok := now.(map[string]any)
		if !ok {
			return []string{at + " is no object any more"}
		}
		for name, value := range recorded {
			present, ok := object[name]
			if !ok {
				wrong = append(wrong, fmt.Sprintf("%s.%s is missing", at, name))
				continue
			}
			if slices.Contains(meaning, name) && fmt.Sprint(value) != fmt.Sprint(present) {
				wrong = append(wrong, fmt.Sprintf("%s.%s was %v and is %v", at, name, value, present))
			}
			if text, ok := value.(string); ok && strings.HasPrefix(text, "{{") {
				r.names[strings.Trim(text, "{}")] = fmt.Sprint(present)
			}
			wrong = append(wrong, r.lacks(at+"."+name, value, present)...)
		}
	case []any:
		list, ok := now.([]any)
		if !ok || len(list) != len(recorded) {
			return []string{fmt.Sprintf("%s had %d entries and is %v", at, len(recorded), now)}
		}
		for i := range recorded {
			wrong = append(wrong, r.lacks(fmt.Sprintf("%s[%d]", at, i), recorded[i], list[i])...)
		}
	default:
		if fmt.Sprintf("%T", recorded) != fmt.Sprintf("%T", now) {
			wrong = append(wrong, fmt.Sprintf("%s was a %T and is a %T", at, recorded, now))
		}
	}
	return wrong
}

// stored looks for every record that was pushed, once and to the byte.
func (r *replayed) stored(t *testing.T, all []exchange) {
	t.Helper()
	want := map[delivery.Identity][]byte{}
	for _, x := range all {
		if x.Request.Path != protocol.PathPush {
			continue
		}
		records, err := protocol.ReadBatch([]byte(x.Request.Body))
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range records {
			want[one.Identity()] = one.Body
		}
	}
	page, err := r.store.Pull(context.Background(), centralstore.PullQuery{
		Who: centralstore.Principal{User: "r", Grants: []centralstore.Grant{{Role: centralstore.Researcher}}}, Study: "visit", Limit: 500, Bytes: 1 << 22,
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, e := range page.Entries {
		if e.Record == nil {
			continue
		}
		found++
		if !bytes.Equal(want[e.Record.Identity()], e.Record.Body) {
			t.Errorf("%+v has other bytes", e.Record.Identity())
		}
	}
	if found != len(want) || found < 8 {
		t.Errorf("%d records at central of %d", found, len(want))
	}
}

// The comparison itself must see what an earlier app would miss.
func TestTheComparisonOfAnswersSees(t *testing.T) {
	t.Parallel()
	r := &replayed{names: map[string]string{}}
	parse := func(text string) (v any) {
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	recorded := parse(`{"token":"{{token}}","receipts":[{"id":"1","status":"received"}],"n":1}`)
	if wrong := r.lacks("", recorded, parse(`{"token":"x","receipts":[{"id":"2","status":"received","new":1}],"n":2,"newer":[]}`)); len(wrong) != 0 || r.names["token"] != "x" {
		t.Errorf("%v, %v", wrong, r.names)
	}
	for _, now := range []string{
		`{"receipts":[{"id":"1","status":"received"}],"n":1}`, `{"token":"x","receipts":[],"n":1}`, `{"token":"x","receipts":[{"id":"1","status":"stored"}],"n":1}`,
		`{"token":"x","receipts":[{"id":"1"}],"n":1}`, `{"token":"x","receipts":[{"id":"1","status":"received"}],"n":"1"}`, `[]`,
	} {
		if len(r.lacks("", recorded, parse(now))) == 0 {
			t.Errorf("nothing is missed in %s", now)
		}
	}
}
