package centralstore

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// A sign-in with an organisation's account takes three requests, each of which may reach another central: an app's begin, the
// browser's return from the organisation, and the app's fetching of its token. What lies between them is here.

// The time between two of them.
const (
	signInTakes = 10 * time.Minute // a person types a password and finds a second factor
	codeTakes   = time.Minute      // a browser goes back to the app
)

// OrganisationSignIn is one that has begun.
type OrganisationSignIn struct {
	State    string // what the organisation hands back; it works once
	Browser  string // a secret that only the browser that began has
	Nonce    string // what the organisation's answer must hold
	Verifier string // proves to the organisation that the same central, or one behind the same database, asks
	// Of the app: where its browser goes back to, what is handed back to it there, and the SHA-256 of a secret that only it has.
	Redirect, AppState, Challenge string
}

func (s *store) BeginOrganisationSignIn(ctx context.Context, in OrganisationSignIn) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, table := range []string{"sign_ins", "sign_in_codes"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE expires_at <= $1`, s.now()); err != nil {
				return fmt.Errorf("forgetting sign-ins: %w", err)
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO sign_ins (state, browser, nonce, verifier, redirect, app_state, challenge, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			hashToken(in.State), hashToken(in.Browser), in.Nonce, in.Verifier, in.Redirect, in.AppState, in.Challenge, s.now()+signInTakes.Milliseconds())
		return wrap("beginning a sign-in", err)
	})
}

// ResumeOrganisationSignIn uses a state up. It fails with Unauthorised for one that is unknown, used, too old, or another browser's.
func (s *store) ResumeOrganisationSignIn(ctx context.Context, state, browser string) (in OrganisationSignIn, err error) {
	unknown := fail(Unauthorised, "This sign-in is not known or has taken too long. Please begin again in the app.")
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `DELETE FROM sign_ins WHERE state = $1 AND browser = $2 AND expires_at > $3 RETURNING nonce, verifier, redirect, app_state, challenge`,
			hashToken(state), hashToken(browser), s.now()).Scan(&in.Nonce, &in.Verifier, &in.Redirect, &in.AppState, &in.Challenge)
		if errors.Is(err, sql.ErrNoRows) {
			return unknown
		}
		return wrap("going on with a sign-in", err)
	})
	return in, err
}

// GrantOrganisationSignIn makes the one-time code with which the app that began fetches its token. It fails with NotFound for a person
// central does not know.
func (s *store) GrantOrganisationSignIn(ctx context.Context, user, challenge string) (code string, err error) {
	user = strings.ToLower(user)
	if code, err = s.secret(""); err != nil {
		return "", err
	}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := holdUser(ctx, tx, storable(user), ""); err != nil {
			return err
		}
		if _, err := grantsOf(ctx, tx, storable(user)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO sign_in_codes (hash, user_name, challenge, expires_at) VALUES ($1, $2, $3, $4)`,
			hashToken(code), user, challenge, s.now()+codeTakes.Milliseconds())
		return wrap("keeping a sign-in's code", err)
	})
	return code, err
}

// FinishOrganisationSignIn turns the code into a token for whoever has the secret behind the challenge. The code is used up by any
// attempt. It fails with Unauthorised.
func (s *store) FinishOrganisationSignIn(ctx context.Context, code, verifier string) (Issued, error) {
	unknown := fail(Unauthorised, "This sign-in is not known or has taken too long. Please begin again.")
	var user, challenge string
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `DELETE FROM sign_in_codes WHERE hash = $1 AND expires_at > $2 RETURNING user_name, challenge`, hashToken(code), s.now()).
			Scan(&user, &challenge)
		if errors.Is(err, sql.ErrNoRows) {
			return unknown
		}
		return wrap("ending a sign-in", err)
	})
	if err != nil {
		return Issued{}, err
	}
	if subtle.ConstantTimeCompare([]byte(Challenge(verifier)), []byte(challenge)) != 1 {
		return Issued{}, unknown
	}
	issued, err := s.issue(ctx, TokenOrder{User: user, Valid: signedIn, Actor: "user:" + user}, "organisation", "")
	if CodeOf(err) == NotFound { // disabled in between
		err = unknown
	}
	return issued, err
}

// Challenge is what may be known of a verifier: method S256 of RFC 7636.
func Challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
