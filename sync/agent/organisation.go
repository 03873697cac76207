package agent

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// OrganisationSignIn is a person who signs in with the organisation's account, in a browser.
type OrganisationSignIn struct {
	Central string // as a person types it
	// Open shows an address in the person's browser.
	Open func(address string) error
	// Said is what the browser shows in the end, when the person goes back to the app; "" is put in the place of success.
	Said func(Reason) string
	// Accept may refuse who came, before anything of theirs is kept; nil accepts everybody.
	Accept func(context.Context, delivery.Credentials) error
}

// browserTakes is how long a person may be busy in the browser; central waits as long.
const browserTakes = 10 * time.Minute

// OffersOrganisation tells whether a central takes an organisation's accounts. One from before there were such does not.
func (a *Agent) OffersOrganisation(ctx context.Context, central string) (bool, error) {
	client, err := a.client(central, "")
	if err != nil {
		return false, err
	}
	var options protocol.SignInOptions
	err = client.get(ctx, "asking how to sign in", protocol.PathSignInOptions, nil, &options)
	if ReasonOf(err) == Refused {
		return false, nil
	}
	return options.Organisation, err
}

// SignInWithOrganisation opens the browser, waits on this machine's own address for it to come back, and keeps the token. What the
// browser brings is worth nothing to anybody else: the token is for whoever has the verifier, which stays here.
func (a *Agent) SignInWithOrganisation(ctx context.Context, in OrganisationSignIn) (delivery.Credentials, error) {
	const doing = "signing in with the organisation's account"
	client, err := a.client(in.Central, "")
	if err != nil {
		return delivery.Credentials{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, browserTakes)
	defer cancel()
	verifier := rand.Text() + rand.Text()
	code, reason, err := fromBrowser(ctx, in, client.http.BaseURL, verifier)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return delivery.Credentials{}, failed(doing, OrganisationRefused, err)
	case ctx.Err() != nil:
		return delivery.Credentials{}, failed(doing, Cancelled, err)
	case err != nil:
		return delivery.Credentials{}, failed(doing, OrganisationFailed, err)
	case reason != "":
		return delivery.Credentials{}, failed(doing, reason, nil)
	}
	if err := a.begin(ctx, doing); err != nil {
		return delivery.Credentials{}, err
	}
	defer a.end()
	var given protocol.SignInAnswer
	err = client.post(ctx, doing, protocol.PathOrganisation, protocol.OrganisationRequest{Code: code, Verifier: verifier, AppVersion: a.p.AppVersion}, &given)
	if err != nil {
		return delivery.Credentials{}, err
	}
	c := delivery.Credentials{Central: client.http.BaseURL, User: given.User, Role: given.Role, Token: given.Token, Expires: given.Expires}
	if in.Accept != nil {
		if err := in.Accept(ctx, c); err != nil {
			return c, err
		}
	}
	return c, a.adopt(ctx, doing, c)
}

// fromBrowser is what the browser brings back: a code, or a reason why there is none.
func fromBrowser(ctx context.Context, in OrganisationSignIn, central, verifier string) (code string, reason Reason, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", fmt.Errorf("listening for the browser: %w", err)
	}
	r := &returning{state: rand.Text(), host: listener.Addr().String(), said: in.Said, back: make(chan url.Values, 1)}
	server := &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10}
	go func() { _ = server.Serve(listener) }() // it ends when it is shut down
	defer func() {
		// The browser is still shown what was said.
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = server.Shutdown(end)
	}()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"redirect": {"http://" + r.host + "/"}, "state": {r.state}, "challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
	if err := in.Open(central + protocol.PathOrganisation + "?" + q.Encode()); err != nil {
		return "", "", fmt.Errorf("opening the browser: %w", err)
	}
	select {
	case <-ctx.Done():
		return "", "", ctx.Err()
	case got := <-r.back:
		return got.Get("code"), reasonOfBrowser(got), nil
	}
}

func reasonOfBrowser(got url.Values) Reason {
	switch got.Get("error") {
	case "":
		if got.Get("code") != "" {
			return ""
		}
	case protocol.OrganisationUnknown:
		return OrganisationUnknown
	case protocol.OrganisationRefused:
		return OrganisationRefused
	}
	return OrganisationFailed
}

// returning waits for the browser. It takes nothing from anybody who does not know the state.
type returning struct {
	state, host string
	said        func(Reason) string
	back        chan url.Values
}

// ServeHTTP answers the browser.
func (r *returning) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	q := req.URL.Query()
	if req.Method != http.MethodGet || req.URL.Path != "/" || req.Host != r.host || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(r.state)) != 1 {
		http.NotFound(w, req)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	_, _ = fmt.Fprintf(w, `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Parvis</title>`+
		`<body style="font:18px/1.5 system-ui,sans-serif;margin:3em auto;max-width:34em;padding:0 1em"><h1>Parvis</h1><p>%s</p>`,
		template.HTMLEscapeString(r.said(reasonOfBrowser(q))))
	select {
	case r.back <- q:
	default: // it was brought already
	}
}
