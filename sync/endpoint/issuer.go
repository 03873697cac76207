package endpoint

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"parvis/sync/protocol"
)

// Organisation is an OpenID Connect provider whose accounts central takes, as a relying party. go-oidc reads its documents and checks
// its tokens: that is where a slip costs most, and it is the library that Kubernetes uses.
type Organisation struct {
	Issuer       string // https://login.example.org
	ClientID     string
	ClientSecret string
	// Claim names the user; "" for the e-mail address, which must be verified. Central's users are called by it.
	Claim string
	// Address is central's own, as browsers reach it; Address + protocol.PathOrganisationBack is registered with the provider.
	Address string
	// Transport is nil for the standard one.
	Transport http.RoundTripper
}

// issuer is the provider as it was found.
type issuer struct {
	o      Organisation
	now    func() time.Time
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider // nil until it has answered once; a provider that is away keeps central from nothing else
}

const (
	issuerWait  = 10 * time.Second
	issuerBytes = 1 << 20 // of one of its answers
)

func newIssuer(o Organisation, now func() time.Time) (*issuer, error) {
	at, err := url.Parse(o.Issuer)
	if err != nil || at.Host == "" || at.Scheme != "https" && !(at.Scheme == "http" && onLoopback(at.Hostname())) {
		return nil, errors.New("the issuer's address begins with https://")
	}
	own, err := url.Parse(o.Address)
	if err != nil || own.Host == "" || own.Scheme != "https" && !(own.Scheme == "http" && onLoopback(own.Hostname())) {
		return nil, errors.New("signing in with an organisation's account needs central's own address, as browsers reach it: https://central.example.org")
	}
	if o.ClientID == "" {
		return nil, errors.New("signing in with an organisation's account needs the client ID that the organisation gave to central")
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	o.Address = strings.TrimRight(o.Address, "/")
	return &issuer{o: o, now: now, client: &http.Client{Transport: bounded{o.Transport}, Timeout: issuerWait}}, nil
}

func onLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost"
}

// bounded reads no more of an answer than it should have.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, issuerBytes), res.Body}
	}
	return res, err
}

func (i *issuer) provider(ctx context.Context) (*oidc.Provider, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.found != nil {
		return i.found, nil
	}
	// The provider keeps the context, for fetching keys later.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), i.client), i.o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("finding the organisation's provider: %w", err)
	}
	i.found = found
	return found, nil
}

func (i *issuer) config(p *oidc.Provider) oauth2.Config {
	scopes := []string{oidc.ScopeOpenID, "email"}
	if i.o.Claim != "" {
		scopes = append(scopes, "profile")
	}
	return oauth2.Config{
		ClientID: i.o.ClientID, ClientSecret: i.o.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: i.o.Address + protocol.PathOrganisationBack, Scopes: scopes,
	}
}

// door is where the browser goes to.
func (i *issuer) door(ctx context.Context, state, nonce, verifier string) (string, error) {
	p, err := i.provider(ctx)
	if err != nil {
		return "", err
	}
	config := i.config(p)
	return config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// who turns what the organisation handed back into the name of a user. Its errors hold nothing of a person.
func (i *issuer) who(ctx context.Context, code, nonce, verifier string) (string, error) {
	p, err := i.provider(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, i.client)
	config := i.config(p)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return "", fmt.Errorf("the organisation refused the code: %d %.40q", refused.Response.StatusCode, refused.ErrorCode)
	}
	if err != nil {
		return "", fmt.Errorf("asking the organisation for its token: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", errors.New("the organisation sent no token that says who it is")
	}
	signed, err := p.Verifier(&oidc.Config{ClientID: i.o.ClientID, Now: i.now}).Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("the organisation's token is not to be trusted: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(signed.Nonce), []byte(nonce)) != 1 {
		return "", errors.New("the organisation's token is not to be trusted: it is of another sign-in")
	}
	return i.name(signed)
}

func (i *issuer) name(signed *oidc.IDToken) (string, error) {
	var claims map[string]json.RawMessage
	if err := signed.Claims(&claims); err != nil {
		return "", errors.New("the organisation's token cannot be read")
	}
	claim := i.o.Claim
	if claim == "" {
		claim = "email"
		// Some providers write it as a text.
		if verified := strings.Trim(string(claims["email_verified"]), `"`); verified != "true" {
			return "", errors.New("the organisation has not verified the person's e-mail address")
		}
	}
	var name string
	if err := json.Unmarshal(claims[claim], &name); err != nil || name == "" {
		return "", fmt.Errorf("the organisation's token has no %s", claim)
	}
	return name, nil
}
