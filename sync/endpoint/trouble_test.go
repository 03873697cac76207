package endpoint_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

func upload(t testing.TB, parts map[string]string) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, content := range parts {
		field, file, _ := strings.Cut(name, ":")
		var part io.Writer
		var err error
		if file == "" {
			part, err = w.CreateFormField(field)
		} else {
			part, err = w.CreateFormFile(field, file)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

// The real importer is tested with the program; here it is what comes in and goes out.
func TestUploads(t *testing.T) {
	var got endpoint.Upload
	var card string
	c := newCentral(t, func(p *endpoint.Params) {
		p.Import = func(_ context.Context, up endpoint.Upload) (endpoint.Imported, error) {
			got = up
			if data, err := up.Files.Open("card.png"); err == nil {
				all, _ := io.ReadAll(data)
				card = string(all)
			}
			if string(up.Workbook) == "panic" {
				panic("with a secret inside")
			}
			if string(up.Workbook) == "bad" {
				return endpoint.Imported{Refused: true, Diagnostics: []protocol.Diagnostic{{Severity: "problem", Sheet: "survey", Row: 7, Column: "type", Message: "No such type.", Remedy: "Write text."}}}, nil
			}
			pack := centralstore.StudyPackage{Actor: up.Actor}
			pack.Study.ID = string(up.Workbook)
			pack.Files = [][]byte{[]byte("form")}
			pack.Study.Form.SHA256, pack.Study.Form.Size = protocol.Sum([]byte("form")), 4
			return endpoint.Imported{Package: pack}, nil
		}
	})
	everywhere := c.person(t, "ada", centralstore.Grant{Role: centralstore.Administrator})
	mall := c.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher, Study: "mall"})
	put := func(token string, parts map[string]string) answer {
		body, contentType := upload(t, parts)
		return c.do(t, request{method: "PUT", path: protocol.PathStudies, token: token, body: body, header: map[string]string{"Content-Type": contentType}})
	}
	for _, tc := range []struct {
		name, token string
		parts       map[string]string
		status      int
		content     string
	}{
		{"new", everywhere, map[string]string{"workbook:../../fair.xlsx": "fair", `media:C:\pictures\card.png`: "picture", "recipient": " age1x "}, 200, `"study":"fair","version":1`},
		{"same again", everywhere, map[string]string{"workbook:fair.xlsx": "fair"}, 200, `"unchanged":true`},
		{"refused", everywhere, map[string]string{"workbook:fair.xlsx": "bad"}, 422, `"sheet":"survey","row":7,"column":"type"`},
		{"a panic inside", everywhere, map[string]string{"workbook:fair.xlsx": "panic"}, 500, `"code":"internal"`},
		{"one's own study", mall, map[string]string{"workbook:m.xlsx": "mall"}, 200, `"study":"mall"`},
		{"another's study", mall, map[string]string{"workbook:m.xlsx": "fair"}, 403, `"forbidden"`},
		{"no workbook", everywhere, map[string]string{"media:m.png": "x"}, 400, "no part named workbook"},
		{"a study_id that is none", everywhere, map[string]string{"workbook:m.xlsx": "a b"}, 400, "study_id"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := put(tc.token, tc.parts)
			if a.status != tc.status || !strings.Contains(string(a.body), tc.content) {
				t.Fatalf("%s", describe(a))
			}
			if tc.name == "new" && (got.Name != "fair.xlsx" || card != "picture" || fmt.Sprint(got.Recipients) != "[age1x]" || got.Actor != "user:ada") {
				t.Errorf("%+v, %q", got, card)
			}
		})
	}
	a := c.do(t, request{method: "PUT", path: protocol.PathStudies, token: everywhere, body: []byte("plain")})
	if a.status != 400 {
		t.Error(describe(a))
	}
	if strings.Contains(c.log.String(), "with a secret inside") || !strings.Contains(c.log.String(), `"msg":"panic"`) {
		t.Error("the panic is not logged, or too much of it")
	}
}

// A client that stops in the middle of its batch leaves nothing, and central goes on.
func TestACutBodyLeavesNothing(t *testing.T) {
	c := newCentral(t, nil)
	d := c.device(t, "mall")
	r := contact(t, d, 1, "mall")
	body := protocol.AppendBatch(nil, []protocol.Record{r})
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", d.Token, len(body), body[:len(body)/2])
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if got := c.push(t, d, r); got.Receipts[0].Status != protocol.Received {
		t.Errorf("%+v", got)
	}
}

// Ending finishes what has begun.
func TestServeEndsGracefully(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	c := newCentral(t, nil)
	admin := c.person(t, "ada", centralstore.Grant{Role: centralstore.Administrator})
	e, err := endpoint.New(endpoint.Params{
		Store: c.store, Now: time.Now, NewRequestID: uuid.NewString,
		Import: func(context.Context, endpoint.Upload) (endpoint.Imported, error) {
			close(entered)
			<-leave
			return endpoint.Imported{Refused: true}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- e.Serve(ctx, listener) }()
	c.url = "http://" + listener.Addr().String()
	body, contentType := upload(t, map[string]string{"workbook:w.xlsx": "w"})
	answered := make(chan answer, 1)
	go func() {
		answered <- c.do(t, request{method: "PUT", path: protocol.PathStudies, token: admin, body: body, header: map[string]string{"Content-Type": contentType}})
	}()
	<-entered
	stop()
	select {
	case err := <-served:
		t.Fatalf("it ended in the middle of a request: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(leave)
	if a := <-answered; a.status != 422 {
		t.Error(describe(a))
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if _, err := http.Get(c.url + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

// A store that fails is a problem that may be tried again, and what is inside stays inside.
func TestAFailingStoreIsAProblem(t *testing.T) {
	c := newCentral(t, nil)
	d := c.device(t, "mall")
	e, err := endpoint.New(endpoint.Params{Store: broken{c.store}, Now: time.Now, NewRequestID: uuid.NewString})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go e.Serve(ctx, listener)
	c.url = "http://" + listener.Addr().String()
	a := c.do(t, request{method: "POST", path: protocol.PathPush, token: d.Token, body: []byte(`{"records":[]}`)})
	if p := a.problem(t); a.status != 500 || !p.Retryable || p.Code != protocol.CodeInternal || strings.Contains(string(a.body), "disk") {
		t.Error(describe(a))
	}
}

// broken is a store whose disk fails while it stores records.
type broken struct{ centralstore.Store }

func (broken) Push(context.Context, centralstore.Push) (centralstore.Pushed, error) {
	return centralstore.Pushed{}, errors.New("disk I/O error at /secret/path")
}
