package centralstore

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// code is what the person's authenticator app shows.
func (c *central) code(t testing.TB, secret string, off time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.UnixMilli(c.clock.Load()).Add(off))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// withOneTime sets up one-time codes for rita and returns their secret.
func withOneTime(t *testing.T) (*central, string) {
	t.Helper()
	ctx, c := context.Background(), newCentral(t)
	c.user(t, "rita", Grant{Role: Researcher})
	setup, err := c.BeginOneTime(ctx, "Rita", "Parvis", "test")
	if err != nil || !strings.HasPrefix(setup.URI, "otpauth://totp/Parvis:rita?") {
		t.Fatal(setup.URI, err)
	}
	if _, err := c.SignIn(ctx, SignIn{User: "rita", Password: password}); err != nil {
		t.Fatalf("codes are asked for before one was confirmed: %v", err)
	}
	wantCode(t, c.ConfirmOneTime(ctx, "rita", "000000", "test"), BadOTP)
	if err := c.ConfirmOneTime(ctx, "rita", c.code(t, setup.Secret, 0), "test"); err != nil {
		t.Fatal(err)
	}
	return c, setup.Secret
}

func TestOneTimeCodes(t *testing.T) {
	t.Parallel()
	c, secret := withOneTime(t)
	ctx := context.Background()
	in := func(code string) error {
		_, err := c.SignIn(ctx, SignIn{User: "rita", Password: password, OneTime: code})
		return err
	}
	wantCode(t, in(""), OTPNeeded)
	wantCode(t, in(c.code(t, secret, 0)), BadOTP) // it confirmed the setup
	_, err := c.SignIn(ctx, SignIn{User: "rita", Password: "another password", OneTime: "000000"})
	wantCode(t, err, BadPassword) // a code tells nothing to who has no password
	c.pass(time.Minute)
	next := c.code(t, secret, 30*time.Second) // of a phone whose clock is fast
	if err := in(next[:3] + " " + next[3:]); err != nil {
		t.Fatal(err)
	}
	wantCode(t, in(next), BadOTP)
	wantCode(t, in(c.code(t, secret, 0)), BadOTP) // older than one that was used
	c.pass(time.Minute)
	wantCode(t, in(c.code(t, secret, -time.Minute)), BadOTP)
	if err := in(c.code(t, secret, 0)); err != nil {
		t.Fatal(err)
	}
	_, err = c.BeginOneTime(ctx, "rita", "Parvis", "test")
	wantCode(t, err, Exists)
	if err := c.DropOneTime(ctx, "rita", "test"); err != nil {
		t.Fatal(err)
	}
	if err := in(""); err != nil {
		t.Fatalf("after an administrator took them away: %v", err)
	}
	wantCode(t, c.DropOneTime(ctx, "rita", "test"), NotFound)
	_, err = c.BeginOneTime(ctx, "nobody", "Parvis", "test")
	wantCode(t, err, NotFound)
	for path, data := range c.bytes(t) {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s holds the secret", path)
		}
	}
}

// Whoever knows the password and guesses codes waits, longer each time; a right code is refused meanwhile too.
func TestGuessingOneTimeCodes(t *testing.T) {
	t.Parallel()
	c, secret := withOneTime(t)
	ctx := context.Background()
	guesses := 0
	for range 24 * 60 {
		for range 3 {
			if _, err := c.SignIn(ctx, SignIn{User: "rita", Password: password, OneTime: "123456"}); CodeOf(err) == BadOTP {
				guesses++
			}
		}
		c.pass(time.Minute)
	}
	if guesses < freeGuesses || guesses > 40 {
		t.Errorf("%d guesses in a day", guesses)
	}
	_, err := c.SignIn(ctx, SignIn{User: "rita", Password: password, OneTime: c.code(t, secret, 0)})
	wantCode(t, err, TooMany)
	c.pass(longestWait)
	if _, err := c.SignIn(ctx, SignIn{User: "rita", Password: password, OneTime: c.code(t, secret, 0)}); err != nil {
		t.Error(err)
	}
}

// The same code at two centrals at the same moment counts once.
func TestAOneTimeCodeWorksOnceUnderARace(t *testing.T) {
	t.Parallel()
	c, secret := withOneTime(t)
	second := c.open(t)
	c.pass(time.Minute)
	code := c.code(t, secret, 0)
	results := make(chan error, 4)
	var wg sync.WaitGroup
	for i := range cap(results) {
		wg.Go(func() {
			_, err := []Store{c.Store, second}[i%2].SignIn(context.Background(), SignIn{User: "rita", Password: password, OneTime: code})
			results <- err
		})
	}
	wg.Wait()
	close(results)
	in := 0
	for err := range results {
		if err == nil {
			in++
			continue
		}
		wantCode(t, err, BadOTP)
	}
	if in != 1 {
		t.Errorf("%d came in with one code", in)
	}
}

// A secret that is put in the place of another person's does not open, nor with another key.
func TestASecretIsBoundToItsPersonAndKey(t *testing.T) {
	t.Parallel()
	s := newCentral(t).insides()
	closed, err := s.encrypt("rita", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.decrypt("rita", closed); err != nil || string(got) != "secret" {
		t.Fatal(err)
	}
	if _, err := s.decrypt("sam", closed); err == nil {
		t.Error("it opens for sam")
	}
	s.p.Key = []byte("another thirty-two bytes of key!")
	if _, err := s.decrypt("rita", closed); err == nil || !strings.Contains(err.Error(), "hand-in.key") {
		t.Error("with another key:", err)
	}
	s.p.Key = nil
	_, err = s.encrypt("rita", nil)
	wantCode(t, err, Invalid)
}
