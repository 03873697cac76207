package endpoint_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// organisation is a central with a real OpenID Connect provider beside it, over HTTP, that signs its tokens.
type organisation struct {
	*central
	provider *mockoidc.MockOIDC
	claim    string
}

func newOrganisation(t *testing.T, claim string) *organisation {
	t.Helper()
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Shutdown() })
	var mu sync.Mutex
	var central http.Handler
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := central
		mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	o := &organisation{provider: provider, claim: claim}
	o.central = newCentral(t, func(p *endpoint.Params) {
		p.Organisation = &endpoint.Organisation{
			Issuer: provider.Issuer(), ClientID: provider.ClientID, ClientSecret: provider.ClientSecret, Claim: claim, Address: front.URL,
		}
		p.Limits.Stranger = endpoint.Rate{PerSecond: 1e6, AtOnce: 1e6}
		p.Limits.Wrong, p.Limits.WrongEverywhere = p.Limits.Stranger, p.Limits.Stranger
	})
	mu.Lock()
	central = o.endpoint.Handler()
	mu.Unlock()
	o.url = front.URL
	if err := o.store.AddUser(t.Context(), centralstore.NewUser{
		Name: "ines@example.org", NoPassword: true, Grants: []centralstore.Grant{{Role: centralstore.Supervisor, Study: "mall"}}, Actor: "test",
	}); err != nil {
		t.Fatal(err)
	}
	return o
}

// someone is a person of the organisation, whose token may be other than it should be.
type someone struct {
	mockoidc.MockUser
	change func(*mockoidc.IDTokenClaims)
}

func (s *someone) Claims(scope []string, claims *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	if s.change != nil {
		s.change(claims)
	}
	return s.MockUser.Claims(scope, claims)
}

func ines() *someone {
	return &someone{MockUser: mockoidc.MockUser{Subject: "1", Email: "Ines@example.org", EmailVerified: true, PreferredUsername: "ines@example.org"}}
}

const (
	appState    = "a-state-of-the-app-itself"
	appVerifier = "a-verifier-that-only-the-app-has-0123456789ab"
)

// begin is the address that an app opens in a browser.
func (o *organisation) begin(redirect string) string {
	q := url.Values{"redirect": {redirect}, "state": {appState}, "challenge": {centralstore.Challenge(appVerifier)}}
	return o.url + protocol.PathOrganisation + "?" + q.Encode()
}

// browse is a browser that opens the address and follows every redirect but the one to the app, which it returns.
func browse(t *testing.T, client *http.Client, address string) (*http.Response, url.Values) {
	t.Helper()
	res, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return res, to.Query()
}

const app = "http://127.0.0.1:54321/back"

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "127.0.0.1:54321" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

func (o *organisation) finish(t *testing.T, code, verifier string) answer {
	t.Helper()
	return o.do(t, request{method: http.MethodPost, path: protocol.PathOrganisation, body: toJSON(t, protocol.OrganisationRequest{Code: code, Verifier: verifier})})
}

func TestSigningInWithAnOrganisation(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, "")
	var options protocol.SignInOptions
	if got := o.do(t, request{method: http.MethodGet, path: protocol.PathSignInOptions}); json.Unmarshal(got.body, &options) != nil || !options.Organisation {
		t.Fatal(describe(got))
	}
	o.provider.QueueUser(ines())
	res, back := browse(t, browser(t), o.begin(app))
	if !strings.HasPrefix(res.Header.Get("Location"), app+"?") || back.Get("state") != appState || back.Get("error") != "" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	got := o.finish(t, back.Get("code"), appVerifier)
	var in protocol.SignInAnswer
	if err := json.Unmarshal(got.body, &in); err != nil || in.User != "ines@example.org" || in.Role != "supervisor" || in.Token == "" {
		t.Fatal(describe(got))
	}
	if got := o.do(t, request{method: http.MethodGet, path: protocol.PathStudies, token: in.Token}); got.status != http.StatusOK {
		t.Error(describe(got))
	}
	if got := o.finish(t, back.Get("code"), appVerifier); got.status != http.StatusUnauthorized {
		t.Errorf("a code that was used: %s", describe(got))
	}
	// Whoever sees the browser's address has no verifier, and spoils the code by guessing.
	o.provider.QueueUser(ines())
	_, back = browse(t, browser(t), o.begin(app))
	for _, verifier := range []string{"", appVerifier + "x", appVerifier} {
		if got := o.finish(t, back.Get("code"), verifier); got.status != http.StatusUnauthorized {
			t.Errorf("with the verifier %q: %s", verifier, describe(got))
		}
	}
	for _, secret := range []string{in.Token, back.Get("code"), o.provider.ClientSecret, "ines@example.org"} {
		if strings.Contains(o.log.String(), secret) {
			t.Errorf("the log holds %.6s...", secret)
		}
	}
}

// What the organisation hands back is not taken where anything of it is not as it should be.
func TestWhatIsNotToBeTrusted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		person func(*someone)
		want   string
	}{
		"as it should be":         {func(*someone) {}, ""},
		"unknown at central":      {func(s *someone) { s.Email = "stranger@example.org" }, protocol.OrganisationUnknown},
		"an address not verified": {func(s *someone) { s.EmailVerified = false }, protocol.OrganisationFailed},
		"no address":              {func(s *someone) { s.Email = "" }, protocol.OrganisationFailed},
		"another sign-in's nonce": {func(s *someone) { s.change = func(c *mockoidc.IDTokenClaims) { c.Nonce = "another" } }, protocol.OrganisationFailed},
		"no nonce":                {func(s *someone) { s.change = func(c *mockoidc.IDTokenClaims) { c.Nonce = "" } }, protocol.OrganisationFailed},
		"expired": {func(s *someone) {
			s.change = func(c *mockoidc.IDTokenClaims) { c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(-time.Hour)) }
		}, protocol.OrganisationFailed},
		"for another client": {func(s *someone) {
			s.change = func(c *mockoidc.IDTokenClaims) { c.Audience = jwt.ClaimStrings{"another"} }
		}, protocol.OrganisationFailed},
		"of another issuer": {func(s *someone) {
			s.change = func(c *mockoidc.IDTokenClaims) { c.Issuer = "https://elsewhere.example.org" }
		}, protocol.OrganisationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, person := newOrganisation(t, ""), ines()
			tc.person(person)
			o.provider.QueueUser(person)
			_, back := browse(t, browser(t), o.begin(app))
			if back.Get("error") != tc.want || (back.Get("code") == "") != (tc.want != "") || back.Get("state") != appState {
				t.Errorf("%v, want the error %q; %s", back, tc.want, o.log)
			}
		})
	}
	t.Run("signed by somebody else", func(t *testing.T) {
		t.Parallel()
		o := newOrganisation(t, "")
		o.provider.QueueUser(ines())
		_, back := browse(t, browser(t), o.begin(app)) // central knows the provider's keys from here on
		if back.Get("code") == "" {
			t.Fatal(back)
		}
		other, err := mockoidc.RandomKeypair(2048)
		if err != nil {
			t.Fatal(err)
		}
		o.provider.Keypair.PrivateKey = other.PrivateKey // it still calls itself by the right key's id
		o.provider.QueueUser(ines())
		if _, back = browse(t, browser(t), o.begin(app)); back.Get("error") != protocol.OrganisationFailed {
			t.Error(back)
		}
	})
	t.Run("given up at the organisation", func(t *testing.T) {
		t.Parallel()
		o := newOrganisation(t, "")
		client := browser(t)
		state := o.stateOf(t, client)
		_, back := browse(t, client, o.url+protocol.PathOrganisationBack+"?error=access_denied&state="+state)
		if back.Get("error") != protocol.OrganisationRefused {
			t.Error(back)
		}
	})
	t.Run("another issuer answers", func(t *testing.T) {
		t.Parallel()
		o := newOrganisation(t, "")
		for issuer, want := range map[string]string{"https://elsewhere.example.org": protocol.OrganisationFailed, o.provider.Issuer(): ""} {
			client := browser(t)
			o.provider.QueueUser(ines())
			back := o.throughTheDoor(t, client) + "&iss=" + url.QueryEscape(issuer) // RFC 9207
			if _, q := browse(t, client, back); q.Get("error") != want {
				t.Errorf("%s: %v", issuer, q)
			}
		}
	})
	t.Run("by another claim", func(t *testing.T) {
		t.Parallel()
		o, person := newOrganisation(t, "preferred_username"), ines()
		person.Email, person.EmailVerified = "", false
		o.provider.QueueUser(person)
		if _, back := browse(t, browser(t), o.begin(app)); back.Get("code") == "" {
			t.Error(back)
		}
	})
}

// stateOf begins a sign-in and stays at the organisation's door.
func (o *organisation) stateOf(t *testing.T, client *http.Client) string {
	t.Helper()
	at := *client
	at.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, q := browse(t, &at, o.begin(app))
	if res.StatusCode != http.StatusFound || q.Get("state") == "" || q.Get("nonce") == "" || q.Get("code_challenge_method") != "S256" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	return q.Get("state")
}

// throughTheDoor goes as far as where the organisation sends the browser back to.
func (o *organisation) throughTheDoor(t *testing.T, client *http.Client) string {
	t.Helper()
	at := *client
	at.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if len(via) > 1 {
			return http.ErrUseLastResponse
		}
		return nil
	}
	res, _ := browse(t, &at, o.begin(app))
	back := res.Header.Get("Location")
	if !strings.HasPrefix(back, o.url+protocol.PathOrganisationBack+"?") {
		t.Fatalf("%d %s", res.StatusCode, back)
	}
	return back
}

// A state works once, in the browser that began, and only one that central gave.
func TestAStateIsForOneBrowserAndOnce(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, "")
	client := browser(t)
	back := func(client *http.Client, state string) int {
		res, _ := browse(t, client, o.url+protocol.PathOrganisationBack+"?error=access_denied&state="+url.QueryEscape(state))
		return res.StatusCode
	}
	state := o.stateOf(t, client)
	if got := back(browser(t), state); got != http.StatusBadRequest {
		t.Errorf("in another browser: %d", got)
	}
	for _, wrong := range []string{"", "x", state + "x", strings.Repeat("x", 10_000)} {
		if got := back(client, wrong); got != http.StatusBadRequest {
			t.Errorf("state %.20q: %d", wrong, got)
		}
	}
	if got := back(client, state); got != http.StatusFound {
		t.Errorf("the right one: %d", got)
	}
	if got := back(client, state); got != http.StatusBadRequest {
		t.Errorf("again: %d", got)
	}
}

// The browser is sent to nobody but an app on its own machine.
func TestWhereTheBrowserIsSent(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, "")
	client := browser(t)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for redirect, want := range map[string]int{
		"http://127.0.0.1:54321/back": http.StatusFound, "http://[::1]:54321/": http.StatusFound,
		"": 400, "https://evil.example.org/": 400, "http://127.0.0.1.evil.example.org:54321/": 400, "http://localhost:54321/": 400, "http://10.0.0.1:54321/": 400,
		"http://127.0.0.1/": 400, "http://127.0.0.1:80/": 400, "http://user@127.0.0.1:54321/": 400, "http://127.0.0.1:54321/?x=1": 400, "http://127.0.0.1:54321/#x": 400,
		"http://127.0.0.1:54321\\@evil.example.org/": 400, "javascript:alert(1)": 400, "//evil.example.org": 400,
	} {
		if res, _ := browse(t, client, o.begin(redirect)); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", redirect, res.StatusCode, want)
		}
	}
	for _, query := range []string{"", "?redirect=" + url.QueryEscape(app), "?redirect=" + url.QueryEscape(app) + "&state=short&challenge=short"} {
		if res, _ := browse(t, client, o.url+protocol.PathOrganisation+query); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", query, res.StatusCode)
		}
	}
}

// A provider that is away keeps nobody from anything else, and is found when it comes back.
func TestAnOrganisationThatIsAway(t *testing.T) {
	t.Parallel()
	down, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := down.Addr().String()
	if err := down.Close(); err != nil {
		t.Fatal(err)
	}
	c := newCentral(t, func(p *endpoint.Params) {
		p.Organisation = &endpoint.Organisation{Issuer: "http://" + address + "/oidc", ClientID: "x", Address: "https://central.example.org"}
	})
	o := &organisation{central: c}
	res, err := browser(t).Get(o.begin(app))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusBadGateway || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if got := c.do(t, request{method: http.MethodGet, path: protocol.PathReady}); got.status != http.StatusOK {
		t.Error(describe(got))
	}
}

func TestACentralWithoutAnOrganisation(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	var options protocol.SignInOptions
	if got := c.do(t, request{method: http.MethodGet, path: protocol.PathSignInOptions}); json.Unmarshal(got.body, &options) != nil || options.Organisation {
		t.Error(describe(got))
	}
	for _, r := range []request{
		{method: http.MethodGet, path: protocol.PathOrganisation}, {method: http.MethodPost, path: protocol.PathOrganisation}, {method: http.MethodGet, path: protocol.PathOrganisationBack},
	} {
		if got := c.do(t, r); got.status != http.StatusNotFound {
			t.Errorf("%s %s: %s", r.method, r.path, describe(got))
		}
	}
	for _, bad := range []endpoint.Organisation{
		{},
		{Issuer: "http://login.example.org", ClientID: "x", Address: "https://central.example.org"},
		{Issuer: "https://login.example.org", ClientID: "x"},
		{Issuer: "https://login.example.org", Address: "https://central.example.org"},
		{Issuer: "https://login.example.org", ClientID: "x", Address: "http://central.example.org"},
	} {
		if _, err := endpoint.New(endpoint.Params{Store: c.store, Now: time.Now, NewRequestID: func() string { return "" }, Organisation: &bad}); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}
