package agent_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

func TestAddresses(t *testing.T) {
	for typed, want := range map[string]string{
		"central.example.org":                "https://central.example.org",
		" https://central.example.org/ ":     "https://central.example.org",
		"https://example.org/parvis/":        "https://example.org/parvis",
		"127.0.0.1:8080":                     "http://127.0.0.1:8080",
		"localhost:8080":                     "http://localhost:8080",
		"http://[::1]:8080":                  "http://[::1]:8080",
		"https://127.0.0.1":                  "https://127.0.0.1",
		"http://central.example.org":         "insecure",
		"http://127.0.0.1.example.org":       "insecure",
		"http://192.168.1.5:8080":            "insecure",
		"ftp://central.example.org":          "bad_address",
		"":                                   "bad_address",
		"https://":                           "bad_address",
		"https://user:secret@example.org":    "bad_address",
		"https://example.org/?next=evil.org": "bad_address",
		"two words":                          "bad_address",
	} {
		got, err := agent.Address(typed)
		if err != nil {
			got = string(agent.ReasonOf(err))
		}
		if got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
}

func TestWhatAnswersInsteadOfCentral(t *testing.T) {
	var stolen string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { stolen = r.Header.Get("Authorization") }))
	defer elsewhere.Close()
	for _, tc := range []struct {
		name   string
		answer func(w http.ResponseWriter, r *http.Request)
		reason agent.Reason
	}{
		{"the sign-in page of a hotel", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>Welcome!</html>")) }, agent.NotCentral},
		{"a redirection", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, agent.NotCentral},
		{"a proxy whose central is down", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, agent.NotCentral},
		{"an older central", versioned("0", 200, "{}"), agent.CentralTooOld},
		{"a central that no longer takes this app", versioned("9", 400, `{"code":"protocol_version"}`), agent.AppTooOld},
		{"rubbish", versioned("1", 200, "{"), agent.BadAnswer},
		{"a cursor that stands still", versioned("1", 200, `{"cursor":"","more":true,"items":[]}`), agent.BadAnswer},
		{"a record with a wrong sum", versioned("1", 200, `{"cursor":"c","items":[{"kind":"record","id":"1","body":{"sha256":"00","body":{}}}]}`), agent.BadAnswer},
		{"an endless answer", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(protocol.VersionHeader, "1")
			for range protocol.MaxAnswerBytes>>20 + 1 {
				_, _ = w.Write(make([]byte, 1<<20))
			}
		}, agent.BadAnswer},
		{"too many attempts", versioned("1", 429, `{"code":"too_many_requests","retryable":true}`), agent.TooMany},
		{"an expired token", versioned("1", 401, `{"code":"unauthorised"}`), agent.SignInAgain},
		{"no right to it", versioned("1", 403, `{"code":"forbidden"}`), agent.Forbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(tc.answer))
			defer server.Close()
			d := newDevice(t, &central{form: minimalForm(t)})
			if err := d.SaveCredentials(context.Background(), delivery.Credentials{Central: server.URL, Device: "d", Epoch: "e", Token: "pvd_secret"}); err != nil {
				t.Fatal(err)
			}
			_, err := d.agent.Sync(context.Background())
			wantReason(t, err, tc.reason)
			if strings.Contains(err.Error(), "pvd_secret") {
				t.Error("the error holds the token")
			}
		})
	}
	if stolen != "" {
		t.Error("the token went where a redirection pointed")
	}
}

func versioned(version string, status int, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(protocol.VersionHeader, version)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func minimalForm(t testing.TB) []byte {
	t.Helper()
	return []byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title><model><instance><data id="t"><q/></data></instance><bind nodeset="/data/q" type="string"/></model></h:head><h:body><input ref="/data/q"><label>q</label></input></h:body></h:html>`)
}

// A supervisor's laptop signs in and pulls through the same agent; research reads through the client alone.
func TestPeoplePull(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	d.sync(t)
	ctx := context.Background()
	const password = "a long enough password"
	for name, role := range map[string]centralstore.Role{"sam": centralstore.Supervisor, "rita": centralstore.Researcher} {
		if err := c.store.AddUser(ctx, centralstore.NewUser{Name: name, Password: password, Grants: []centralstore.Grant{{Role: role, Study: "visit"}}}); err != nil {
			t.Fatal(err)
		}
	}
	laptop := newDevice(t, c)
	laptop.agent = laptop.newAgent(t, agent.Params{Store: laptop.Store})
	_, err := laptop.agent.SignIn(ctx, c.address, "sam", "wrong")
	wantReason(t, err, agent.BadPassword)
	who, err := laptop.agent.SignIn(ctx, c.address, "sam", password)
	if err != nil || who.Role != "supervisor" || who.IsDevice() {
		t.Fatal(who.Role, err)
	}
	report := laptop.sync(t)
	if report.Pulled != 6 || report.Blobs != 2 { // the study, four records, the device
		t.Errorf("%+v", report)
	}
	if again := laptop.sync(t); again.Pulled != 0 {
		t.Errorf("%+v", again)
	}
	client, err := agent.NewClient(agent.ClientParams{Central: c.address, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	given, err := client.SignIn(ctx, protocol.SignInRequest{User: "rita", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	client.Authorise(given.Token)
	page, err := client.Records(ctx, "visit", protocol.KindInterview, "")
	if err != nil || page.More || len(page.Items) != 2 {
		t.Fatalf("%+v, %v", page, err)
	}
	list, err := client.Studies(ctx)
	if err != nil || len(list.Studies) != 1 || list.Studies[0].Interviews != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	data, size, err := client.Chunk(ctx, delivery.Sum(c.form), 10, 20)
	if err != nil || size != int64(len(c.form)) || string(data) != string(c.form[10:30]) {
		t.Errorf("%q of %d, %v", data, size, err)
	}
	_, err = client.Records(ctx, "moon", "", "")
	wantReason(t, err, agent.Refused)
}
