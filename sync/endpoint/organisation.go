package endpoint

import (
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/oauth2"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// signInOptions tells an app whether to offer the organisation's account.
func (e *Endpoint) signInOptions(c *call) error {
	return c.respond(protocol.SignInOptions{Organisation: e.organisation != nil})
}

// browserCookie binds a sign-in to the browser that began it.
const browserCookie = "parvis_sign_in"

var opaque = regexp.MustCompile(`^[A-Za-z0-9_.~-]{16,256}$`)

// beginOrganisation sends an app's browser to the organisation.
func (e *Endpoint) beginOrganisation(c *call) error {
	if e.organisation == nil {
		return noOrganisation()
	}
	q := c.r.URL.Query()
	in := centralstore.OrganisationSignIn{Redirect: q.Get("redirect"), AppState: q.Get("state"), Challenge: q.Get("challenge")}
	if !appAddress(in.Redirect) || !opaque.MatchString(in.AppState) || len(in.Challenge) != 43 || !opaque.MatchString(in.Challenge) {
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "An app signs in with redirect, on this machine's own address, state and challenge.")
	}
	// Each of them is 256 random bits.
	in.State, in.Browser, in.Nonce, in.Verifier = oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	door, err := e.organisation.door(c.r.Context(), in.State, in.Nonce, in.Verifier)
	if err != nil {
		c.note(slog.String("cause", err.Error()))
		return e.pages.show(c, http.StatusBadGateway, "organisation_away")
	}
	if err := e.p.Store.BeginOrganisationSignIn(c.r.Context(), in); err != nil {
		return err
	}
	http.SetCookie(c.w, e.cookie(in.Browser, 600))
	http.Redirect(c.w, c.r, door, http.StatusFound)
	return nil
}

func noOrganisation() error {
	return problem(http.StatusNotFound, protocol.CodeNotFound, "This central takes no organisation's accounts.")
}

func (e *Endpoint) cookie(value string, seconds int) *http.Cookie {
	own, _ := url.Parse(e.organisation.o.Address) // it was looked at before
	return &http.Cookie{
		Name: browserCookie, Value: value, Path: own.Path + protocol.PathOrganisation, MaxAge: seconds, HttpOnly: true, Secure: own.Scheme == "https",
		SameSite: http.SameSiteLaxMode, // the browser comes back from the organisation by a link
	}
}

// appAddress is an address on the loopback interface, in figures, so that no name leads elsewhere; RFC 8252.
func appAddress(text string) bool {
	u, err := url.Parse(text)
	if err != nil || len(text) > 200 || u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(text, "?#\\") {
		return false
	}
	at, err := netip.ParseAddrPort(u.Host)
	return err == nil && at.Addr().IsLoopback() && at.Port() >= 1024
}

// organisationBack takes the browser that comes back from the organisation, and sends it on to the app.
func (e *Endpoint) organisationBack(c *call) error {
	if e.organisation == nil {
		return noOrganisation()
	}
	q, browser := c.r.URL.Query(), ""
	if cookie, err := c.r.Cookie(browserCookie); err == nil {
		browser = cookie.Value
	}
	begun, err := e.p.Store.ResumeOrganisationSignIn(c.r.Context(), q.Get("state"), browser)
	if centralstore.CodeOf(err) == centralstore.Unauthorised {
		return e.pages.show(c, http.StatusBadRequest, "organisation_again")
	}
	if err != nil {
		return err
	}
	http.SetCookie(c.w, e.cookie("", -1))
	answer := url.Values{"state": {begun.AppState}}
	code, refusal, err := e.organisationCode(c, q, begun)
	switch {
	case err != nil:
		return err
	case refusal != "":
		answer.Set("error", refusal)
	default:
		answer.Set("code", code)
	}
	http.Redirect(c.w, c.r, begun.Redirect+"?"+answer.Encode(), http.StatusFound)
	return nil
}

// organisationCode is the one-time code for the app, or why there is none.
func (e *Endpoint) organisationCode(c *call, q url.Values, begun centralstore.OrganisationSignIn) (code, refusal string, err error) {
	if q.Get("error") != "" {
		return "", protocol.OrganisationRefused, nil
	}
	if iss := q.Get("iss"); iss != "" && iss != e.organisation.o.Issuer { // RFC 9207
		c.note(slog.String("cause", "another issuer answered"))
		return "", protocol.OrganisationFailed, nil
	}
	user, err := e.organisation.who(c.r.Context(), q.Get("code"), begun.Nonce, begun.Verifier)
	if err != nil {
		c.note(slog.String("cause", err.Error()))
		return "", protocol.OrganisationFailed, nil
	}
	code, err = e.p.Store.GrantOrganisationSignIn(c.r.Context(), user, begun.Challenge)
	if centralstore.CodeOf(err) == centralstore.NotFound {
		return "", protocol.OrganisationUnknown, nil
	}
	return code, "", err
}

// finishOrganisation gives the app that began its token.
func (e *Endpoint) finishOrganisation(c *call) error {
	if e.organisation == nil {
		return noOrganisation()
	}
	var in protocol.OrganisationRequest
	if err := c.decode(&in, mostSmall); err != nil {
		return err
	}
	given, err := e.p.Store.FinishOrganisationSignIn(c.r.Context(), in.Code, in.Verifier)
	if err != nil {
		return err
	}
	return c.respond(protocol.SignInAnswer{User: given.User, Role: string(given.Role), Token: given.Secret, Expires: given.Expires.UnixMilli()})
}
