package agent_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oauth2-proxy/mockoidc"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// organised is a central with a real OpenID Connect provider, both over HTTP.
func organised(t *testing.T) (address string, provider *mockoidc.MockOIDC, store centralstore.Store) {
	t.Helper()
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Shutdown() })
	store, err = centralstore.Open(t.Context(), centralstore.Params{Dir: t.TempDir(), Now: time.Now, Rand: rand.Reader, Cost: centralstore.Cost{MemoryKiB: 64, Passes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if err := store.AddUser(t.Context(), centralstore.NewUser{Name: "ines@example.org", NoPassword: true, Grants: []centralstore.Grant{{Role: centralstore.Supervisor}}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	handler := make(chan http.Handler, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := <-handler
		handler <- h
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	e, err := endpoint.New(endpoint.Params{
		Store: store, Now: time.Now, NewRequestID: uuid.NewString,
		Organisation: &endpoint.Organisation{Issuer: provider.Issuer(), ClientID: provider.ClientID, ClientSecret: provider.ClientSecret, Address: server.URL},
	})
	if err != nil {
		t.Fatal(err)
	}
	handler <- e.Handler()
	return server.URL, provider, store
}

// person is a browser with somebody in front of it, who reads what it shows in the end.
type person struct {
	shown chan string
	to    func(address string) string // where they go instead; nil for where they are sent
}

func (p *person) open(address string) error {
	if p.to != nil {
		address = p.to(address)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	go func() {
		res, err := (&http.Client{Jar: jar}).Get(address)
		if err != nil {
			p.shown <- err.Error()
			return
		}
		defer res.Body.Close()
		page, _ := io.ReadAll(res.Body)
		p.shown <- string(page)
	}()
	return nil
}

func said(reason agent.Reason) string { return "said <" + string(reason) + ">" }

func TestSigningInWithTheOrganisationsAccount(t *testing.T) {
	ctx := context.Background()
	address, provider, _ := organised(t)
	laptop := newDevice(t, newCentral(t))
	laptop.agent = laptop.newAgent(t, agent.Params{Store: laptop.Store})
	if offered, err := laptop.agent.OffersOrganisation(ctx, address); err != nil || !offered {
		t.Fatal(offered, err)
	}
	if offered, err := laptop.agent.OffersOrganisation(ctx, newCentral(t).url()); err != nil || offered {
		t.Error(offered, err)
	}
	p := &person{shown: make(chan string, 1)}
	enter := func(accept func(context.Context, delivery.Credentials) error) (delivery.Credentials, error) {
		return laptop.agent.SignInWithOrganisation(ctx, agent.OrganisationSignIn{Central: address, Open: p.open, Said: said, Accept: accept})
	}
	queue := func(email string) {
		provider.QueueUser(&mockoidc.MockUser{Subject: "1", Email: email, EmailVerified: true})
	}
	queue("ines@example.org")
	other := errors.New("somebody else")
	_, err := enter(func(_ context.Context, c delivery.Credentials) error { return other })
	if kept, _ := laptop.Store.Credentials(ctx); !errors.Is(err, other) || !kept.IsZero() {
		t.Errorf("%v, kept %v", err, kept)
	}
	<-p.shown
	queue("ines@example.org")
	who, err := enter(nil)
	if err != nil || who.User != "ines@example.org" || who.Role != "supervisor" || who.Central != address {
		t.Fatalf("%s %s %v", who.User, who.Role, err)
	}
	if page := <-p.shown; !strings.Contains(page, "said &lt;&gt;") {
		t.Errorf("the browser shows %q", page)
	}
	if kept, err := laptop.Store.Credentials(ctx); err != nil || kept.Token != who.Token {
		t.Error(err)
	}
	queue("stranger@example.org")
	_, err = enter(nil)
	wantReason(t, err, agent.OrganisationUnknown)
	if page := <-p.shown; !strings.Contains(page, "organisation_unknown") {
		t.Errorf("the browser shows %q", page)
	}
	// Whoever guesses at the app's own address is not taken for the browser; the person is, afterwards.
	queue("ines@example.org")
	p.to = func(address string) string {
		at, err := url.Parse(address)
		if err != nil {
			t.Error(err)
		}
		back := at.Query().Get("redirect")
		for _, guess := range []string{back, back + "?code=x", back + "?state=x&code=x", back + "other?state=" + at.Query().Get("state")} {
			res, err := http.Get(guess)
			if err != nil || res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %v %v", guess, res, err)
				continue
			}
			_ = res.Body.Close()
		}
		return address
	}
	if _, err := enter(nil); err != nil {
		t.Error(err)
	}
	<-p.shown
	// A person who closes the browser.
	stopped, stop := context.WithCancel(ctx)
	_, err = laptop.agent.SignInWithOrganisation(stopped, agent.OrganisationSignIn{Central: address, Said: said, Open: func(string) error { stop(); return nil }})
	wantReason(t, err, agent.Cancelled)
	_, err = laptop.agent.SignInWithOrganisation(ctx, agent.OrganisationSignIn{Central: address, Said: said, Open: func(string) error { return other }})
	wantReason(t, err, agent.OrganisationFailed)
}

func TestWhatSupervisorsDoOverTheNetwork(t *testing.T) {
	ctx := context.Background()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	for name, role := range map[string]centralstore.Role{"sam": centralstore.Supervisor, "ada": centralstore.Administrator} {
		if err := c.store.AddUser(ctx, centralstore.NewUser{Name: name, Password: "a long enough password", Grants: []centralstore.Grant{{Role: role, Study: "visit"}}}); err != nil {
			t.Fatal(err)
		}
	}
	client := func(name string) *agent.Client {
		one, err := agent.NewClient(agent.ClientParams{Central: c.address, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		given, err := one.SignIn(ctx, protocol.SignInRequest{User: name, Password: "a long enough password"})
		if err != nil {
			t.Fatal(err)
		}
		one.Authorise(given.Token)
		return one
	}
	sam, ada := client("sam"), client("ada")
	codes, err := sam.NewCodes(ctx, protocol.CodesRequest{Studies: []string{"visit"}, Interviewer: "0418", Count: 2})
	if err != nil || len(codes.Codes) != 2 {
		t.Fatal(codes, err)
	}
	list, err := sam.Devices(ctx, "visit")
	if err != nil || len(list.Devices) != 1 {
		t.Fatal(list, err)
	}
	if err := sam.LoseDevice(ctx, list.Devices[0].Device, "left in a tram"); err != nil {
		t.Fatal(err)
	}
	if err := sam.RevokeDevice(ctx, list.Devices[0].Device, ""); err != nil {
		t.Fatal(err)
	}
	if list, err = sam.Devices(ctx, ""); err != nil || !list.Devices[0].Lost || !list.Devices[0].Revoked {
		t.Errorf("%+v %v", list, err)
	}
	if made, err := sam.Codes(ctx, "visit"); err != nil || len(made.Codes) < 2 || !slices.ContainsFunc(made.Codes, func(c protocol.CodeState) bool { return c.ID == codes.IDs[1] && c.Used == 0 }) {
		t.Errorf("%+v, %v", made, err)
	}
	_, err = d.agent.Sync(ctx)
	wantReason(t, err, agent.Revoked)
	_, err = sam.Audit(ctx, "visit", 0)
	wantReason(t, err, agent.Forbidden)
	page, err := ada.Audit(ctx, "visit", 0)
	if err != nil || page.Lines[0].Action != "device revoked" || page.Lines[1].Action != "device lost" {
		t.Errorf("%+v %v", page, err)
	}
	if older, err := ada.Audit(ctx, "visit", page.Lines[0].N); err != nil || older.Lines[0].N != page.Lines[1].N {
		t.Errorf("%+v %v", older, err)
	}
	// A new device of the same interviewer, with a code from the network.
	fresh := newDevice(t, c)
	if _, err := fresh.agent.Enrol(ctx, c.address, codes.Codes[0]); err != nil {
		t.Error(err)
	}
}
