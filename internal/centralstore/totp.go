package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/chacha20poly1305"
)

// One-time codes are those of RFC 6238 as every authenticator app makes them: six digits, 30 seconds, SHA-1. pquerna/otp computes them;
// what is done with them is here.
const (
	codePeriod = 30 // seconds
	codeSkew   = 1  // steps that a phone's clock may be off, to either side
)

// Past so many wrong codes in a row the person waits, longer each time: whoever knows the password has a chance of 3 in 1,000,000 with
// each guess, and some 30 guesses a day.
const (
	freeGuesses = 5
	firstWait   = time.Minute
	longestWait = time.Hour
)

// OneTimeSetup is shown to the person this once.
type OneTimeSetup struct {
	URI    string // otpauth://..., for a QR code
	Secret string // the same for typing
}

// BeginOneTime makes a new secret for a person. Codes are asked for once ConfirmOneTime was given one of them; until then those from
// before are.
func (s *store) BeginOneTime(ctx context.Context, user, issuer, actor string) (OneTimeSetup, error) {
	user = strings.ToLower(user)
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: user, Period: codePeriod, Rand: s.p.Rand})
	if err != nil {
		return OneTimeSetup{}, fmt.Errorf("making a secret: %w", err)
	}
	closed, err := s.encrypt(user, []byte(key.Secret()))
	if err != nil {
		return OneTimeSetup{}, err
	}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := grantsOf(ctx, tx, user); err != nil {
			return err
		}
		var active bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM totp WHERE user_name = $1 AND confirmed_at IS NOT NULL)`, user).Scan(&active)
		if err != nil {
			return fmt.Errorf("reading the one-time codes: %w", err)
		}
		if active {
			return fail(Exists, "%s has one-time codes already. Take them away first: central user totp %s --off", user, user)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO totp (user_name, secret, begun_at, last_step, wrong, wrong_at) VALUES ($1, $2, $3, 0, 0, 0)
			ON CONFLICT (user_name) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at, last_step = 0, wrong = 0`, user, closed, s.now())
		if err != nil {
			return fmt.Errorf("keeping the one-time codes: %w", err)
		}
		return s.audit(ctx, tx, actor, "one-time codes begun", "", "user:"+user, "")
	})
	return OneTimeSetup{URI: key.URL(), Secret: key.Secret()}, err
}

// ConfirmOneTime makes one-time codes active, once a code proves that the person's app has the secret. It fails with BadOTP.
func (s *store) ConfirmOneTime(ctx context.Context, user, code, actor string) error {
	user = strings.ToLower(user)
	err := s.useCode(ctx, user, code, false)
	if err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := s.changeUser(ctx, tx, user, `UPDATE totp SET confirmed_at = $1 WHERE user_name = $2`, s.now(), user)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "one-time codes active", "", "user:"+user, "")
	})
}

// DropOneTime takes them away, as for a phone that was lost. It fails with NotFound where there are none.
func (s *store) DropOneTime(ctx context.Context, user, actor string) error {
	user = strings.ToLower(user)
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM totp WHERE user_name = $1`, user)
		if err != nil {
			return fmt.Errorf("taking the one-time codes away: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fail(NotFound, "%s has no one-time codes.", clip(user, 64)))
		}
		return s.audit(ctx, tx, actor, "one-time codes taken away", "", "user:"+user, "")
	})
}

// secondFactor lets a person through who has no one-time codes or gives a right one. The password was right.
func (s *store) secondFactor(ctx context.Context, user, code string) error {
	var active bool
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM totp WHERE user_name = $1 AND confirmed_at IS NOT NULL)`, user).Scan(&active)
	})
	switch {
	case err != nil:
		return fmt.Errorf("reading the one-time codes: %w", err)
	case !active:
		return nil
	case strings.TrimSpace(code) == "":
		return fail(OTPNeeded, "The code of your authenticator app is needed too.")
	}
	return s.useCode(ctx, user, code, true)
}

// useCode uses a code up. A wrong one is counted, and that is kept: so the transaction commits whatever the outcome.
func (s *store) useCode(ctx context.Context, user, code string, confirmed bool) error {
	var outcome error
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		outcome = nil
		// The row is held first: the same code at two centrals at once is looked at one after the other.
		var closed []byte
		var last, wrong, wrongAt int64
		err := tx.QueryRowContext(ctx, `UPDATE totp SET wrong = wrong WHERE user_name = $1 AND (confirmed_at IS NOT NULL) = $2 RETURNING secret, last_step, wrong, wrong_at`,
			user, confirmed).Scan(&closed, &last, &wrong, &wrongAt)
		if errors.Is(err, sql.ErrNoRows) {
			return fail(NotFound, "%s has no one-time codes that wait for this.", clip(user, 64))
		}
		if err != nil {
			return fmt.Errorf("reading the one-time codes: %w", err)
		}
		if wait := s.waits(wrong, wrongAt); wait > 0 {
			return fail(TooMany, "There were too many wrong codes. Please wait %s.", wait.Round(time.Second))
		}
		secret, err := s.decrypt(user, closed)
		if err != nil {
			return err
		}
		step, ok := matching(string(secret), code, s.p.Now())
		if !ok || step <= last { // a code that was used is as wrong as any
			outcome = fail(BadOTP, "The code is not right, or was used already. Please wait for the next one.")
			_, err = tx.ExecContext(ctx, `UPDATE totp SET wrong = wrong + 1, wrong_at = $1 WHERE user_name = $2`, s.now(), user)
			return wrap("counting a wrong code", err)
		}
		_, err = tx.ExecContext(ctx, `UPDATE totp SET last_step = $1, wrong = 0 WHERE user_name = $2`, step, user)
		return wrap("using the code", err)
	})
	return errors.Join(err, outcome)
}

// waits is how long a person still waits after wrong codes.
func (s *store) waits(wrong, wrongAt int64) time.Duration {
	if wrong < freeGuesses {
		return 0
	}
	wait := min(firstWait<<min(wrong-freeGuesses, 10), longestWait)
	return wait - time.Duration(s.now()-wrongAt)*time.Millisecond
}

// matching finds the step of time whose code was given.
func matching(secret, code string, now time.Time) (step int64, ok bool) {
	code = strings.ReplaceAll(code, " ", "") // as apps show it
	at := now.Unix() / codePeriod
	for step := at - codeSkew; step <= at+codeSkew; step++ {
		if right, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}); err == nil && right {
			return step, true
		}
	}
	return 0, false
}

// encrypt closes a secret with the key that lies apart from the database; what for is bound to it, so that nobody puts one person's in
// the place of another's.
func (s *store) encrypt(what string, secret []byte) ([]byte, error) {
	if len(s.p.Key) == 0 {
		return nil, fail(Invalid, "Central has no key to keep such a secret with.")
	}
	box, err := chacha20poly1305.NewX(s.p.Key)
	if err != nil {
		return nil, fmt.Errorf("encrypting a secret: %w", err)
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := io.ReadFull(s.p.Rand, nonce); err != nil {
		return nil, fmt.Errorf("reading randomness: %w", err)
	}
	return box.Seal(nonce, nonce, secret, []byte(what)), nil
}

func (s *store) decrypt(what string, closed []byte) ([]byte, error) {
	if len(s.p.Key) == 0 {
		return nil, errors.New("opening a secret: this central has no key")
	}
	box, err := chacha20poly1305.NewX(s.p.Key)
	if err != nil || len(closed) < box.NonceSize() {
		return nil, errors.Join(errors.New("opening a secret"), err)
	}
	secret, err := box.Open(nil, closed[:box.NonceSize()], closed[box.NonceSize():], []byte(what))
	if err != nil {
		return nil, errors.New("opening a secret: it was closed with another key; hand-in.key must be the same in the data folder of every central")
	}
	return secret, nil
}
