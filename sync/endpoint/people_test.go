package endpoint_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

func TestSigningInWithAOneTimeCode(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t, func(p *endpoint.Params) { p.Limits.Wrong = endpoint.Rate{PerSecond: 1e-6, AtOnce: 3} })
	c.person(t, "rita", centralstore.Grant{Role: centralstore.Researcher})
	setup, err := c.store.BeginOneTime(ctx, "rita", "Parvis", "test")
	if err != nil {
		t.Fatal(err)
	}
	code := func(off time.Duration) string {
		code, err := totp.GenerateCode(setup.Secret, time.Now().Add(off))
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	if err := c.store.ConfirmOneTime(ctx, "rita", code(-30*time.Second), "test"); err != nil {
		t.Fatal(err)
	}
	in := func(password, code string) answer {
		return c.do(t, request{method: http.MethodPost, path: protocol.PathSignIn, body: toJSON(t, protocol.SignInRequest{User: "rita", Password: password, OneTime: code})})
	}
	for range 5 { // half an attempt is none
		if got := in("a long enough password", ""); got.status != http.StatusUnauthorized || got.problem(t).Code != protocol.CodeOTPNeeded {
			t.Fatal(describe(got))
		}
	}
	if got := in("another password", ""); got.problem(t).Code != protocol.CodeBadPassword {
		t.Error(describe(got))
	}
	if got := in("a long enough password", "000000"); got.problem(t).Code != protocol.CodeBadOTP {
		t.Error(describe(got))
	}
	if got := in("a long enough password", code(30*time.Second)); got.status != http.StatusOK {
		t.Error(describe(got))
	}
	if got := in("a long enough password", code(30*time.Second)); got.problem(t).Code != protocol.CodeBadOTP {
		t.Errorf("a code that was used: %s", describe(got))
	}
	// A wrong code counts as a wrong password does.
	if got := in("a long enough password", "000000"); got.status != http.StatusTooManyRequests {
		t.Error(describe(got))
	}
}

func TestASupervisorMakesCodesAndEndsDevices(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	sam := c.person(t, "sam", centralstore.Grant{Role: centralstore.Supervisor, Study: "mall"})
	post := func(path string, body any) answer {
		return c.do(t, request{method: http.MethodPost, path: path, token: sam, body: toJSON(t, body)})
	}
	got := post(protocol.PathCodes, protocol.CodesRequest{Studies: []string{"mall"}, Interviewer: "0417", Count: 2, Minutes: 5})
	var codes protocol.CodesAnswer
	if err := json.Unmarshal(got.body, &codes); err != nil || len(codes.Codes) != 2 || time.Until(time.UnixMilli(codes.Expires)) > 5*time.Minute {
		t.Fatal(describe(got))
	}
	for _, bad := range []protocol.CodesRequest{
		{Studies: []string{"mall"}, Interviewer: "0417", Count: protocol.MaxCodes + 1},
		{Studies: []string{"mall"}, Interviewer: "0417", Count: -1},
		{Studies: []string{"mall"}, Interviewer: "0417", Minutes: 1 << 40},
		{Studies: []string{"mall"}, Interviewer: "0417", Minutes: 31 * 24 * 60},
		{Interviewer: "0417"},
		{Studies: []string{"mall"}},
	} {
		if got := post(protocol.PathCodes, bad); got.status != http.StatusBadRequest {
			t.Errorf("%+v: %s", bad, describe(got))
		}
	}
	if got := post(protocol.PathCodes, protocol.CodesRequest{Studies: []string{"mall"}, Interviewer: " "}); !strings.Contains(got.problem(t).Title, "name the interviewer") {
		t.Errorf("a code for nobody: %s", describe(got))
	}
	enrol := func(code, previous string) (a protocol.EnrolAnswer) {
		got := c.do(t, request{method: http.MethodPost, path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: code, Previous: previous})})
		if err := json.Unmarshal(got.body, &a); err != nil || got.status != http.StatusOK {
			t.Fatal(describe(got))
		}
		return a
	}
	d := enrol(codes.Codes[0], "")
	devices := func() protocol.DeviceState {
		got := c.do(t, request{method: http.MethodGet, path: protocol.PathDevices + "?study=mall", token: sam})
		var list protocol.DeviceList
		if err := json.Unmarshal(got.body, &list); err != nil || len(list.Devices) != 1 || list.Devices[0].Device != d.Device {
			t.Fatal(describe(got))
		}
		return list.Devices[0]
	}
	if s := devices(); s.Lost || s.Revoked || s.Interviewer != "0417" {
		t.Errorf("%+v", s)
	}
	if got := post(protocol.PathDevices+"/"+d.Device+"/lost", nil); got.status != http.StatusOK {
		t.Fatal(describe(got))
	}
	if s := devices(); !s.Lost || !s.Revoked {
		t.Errorf("%+v", s)
	}
	if got := c.do(t, request{method: http.MethodGet, path: protocol.PathPull, token: d.Token}); got.status != http.StatusUnauthorized || got.problem(t).Code != protocol.CodeRevoked {
		t.Errorf("the lost device: %s", describe(got))
	}
	again := enrol(codes.Codes[1], d.Token)
	held := contact(t, d, 1, "mall")
	if again.Device != d.Device || c.push(t, again, held).Receipts[0].Status != protocol.Received {
		t.Error("what it held was not taken")
	}
	if late, err := c.store.LateRecords(context.Background(), "mall", 10); err != nil || len(late) != 1 || late[0].ID != held.ID {
		t.Errorf("%+v, %v", late, err)
	}
	if got := post(protocol.PathDevices+"/"+d.Device+"/revoke", nil); got.status != http.StatusOK {
		t.Fatal(describe(got))
	}
	if s := devices(); s.Lost || !s.Revoked {
		t.Errorf("%+v", s)
	}
	ada := c.person(t, "ada", centralstore.Grant{Role: centralstore.Administrator, Study: "mall"})
	got = c.do(t, request{method: http.MethodGet, path: protocol.PathAudit + "?study=mall", token: ada})
	var page protocol.AuditPage
	if err := json.Unmarshal(got.body, &page); err != nil {
		t.Fatal(describe(got))
	}
	var deeds []string
	for _, l := range page.Lines {
		if l.Actor == "user:sam" {
			deeds = append(deeds, l.Action)
		}
	}
	if strings.Join(deeds, ", ") != "device revoked, device lost, enrolment code made, enrolment code made" {
		t.Error(deeds)
	}
}

func TestTheAuditLogComesPageByPage(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	for range protocol.AuditLines + 20 {
		if _, err := c.store.SendMessage(context.Background(), centralstore.MessageOrder{Study: "mall", Text: "hello", Actor: "test"}); err != nil {
			t.Fatal(err)
		}
	}
	ada := c.person(t, "ada", centralstore.Grant{Role: centralstore.Administrator})
	seen, before := map[int64]bool{}, ""
	for {
		got := c.do(t, request{method: http.MethodGet, path: protocol.PathAudit + before, token: ada})
		var page protocol.AuditPage
		if err := json.Unmarshal(got.body, &page); err != nil || got.status != http.StatusOK {
			t.Fatal(describe(got))
		}
		for _, l := range page.Lines {
			if seen[l.N] {
				t.Fatalf("line %d comes twice", l.N)
			}
			seen[l.N] = true
		}
		if page.Before == 0 {
			break
		}
		before = "?before=" + string(toJSON(t, page.Before))
	}
	if len(seen) < protocol.AuditLines+20 || !seen[1] {
		t.Errorf("%d lines", len(seen))
	}
}

var inline = regexp.MustCompile(`(?s)<(script|style)>(.*?)</`)

// The page is in the person's language, fetches nothing, and its browser is told so.
func TestTheEnrolmentPage(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	for accept, want := range map[string]string{
		"": "en", "fr-BE,fr;q=0.9,en;q=0.8": "fr", "nl": "nl", "nl-BE;q=0.9, fr;q=0.5": "nl", "de": "en", strings.Repeat("x", 5000): "en", ",,;q=": "en",
	} {
		got := c.do(t, request{method: http.MethodGet, path: protocol.PathEnrolPage, header: map[string]string{"Accept-Language": accept}})
		page, policy := string(got.body), got.header.Get("Content-Security-Policy")
		if got.status != http.StatusOK || !strings.Contains(page, `<html lang="`+want+`">`) || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%.20q: %s", accept, describe(got))
		}
		for _, m := range inline.FindAllStringSubmatch(page, -1) {
			sum := sha256.Sum256([]byte(m[2]))
			if !strings.Contains(policy, m[1]+"-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
				t.Errorf("the browser would not take the page's own %s: %s", m[1], policy)
			}
		}
		if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") || strings.Contains(page, "http://") || strings.Contains(page, "https://") {
			t.Errorf("the page may fetch: %s", policy)
		}
		if len(inline.FindAllString(page, -1)) != 2 || strings.Count(page, "<li>") != 2 || strings.Contains(page, "<li></li>") || strings.Contains(page, "<h1></h1>") {
			t.Errorf("%s", page)
		}
	}
	got := c.do(t, request{method: http.MethodGet, path: protocol.PathEnrolPage, header: map[string]string{"Accept-Encoding": "gzip"}})
	if got.header.Get("Content-Encoding") != "gzip" || got.header.Get("Referrer-Policy") != "no-referrer" {
		t.Error(got.header)
	}
}
