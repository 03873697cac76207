package centralstore

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The lengths of a password, in characters and bytes.
const (
	MinPassword = 10
	maxPassword = 256
)

// Cost is what hashing a password or a code takes. It is stored with each password's hash, so that it can grow later.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
}

// usual is OWASP's recommendation for Argon2id: 19 MiB, two passes, one thread.
func usual() Cost { return Cost{MemoryKiB: 19 * 1024, Passes: 2} }

const (
	saltBytes = 16
	keyBytes  = 32
)

// hashPassword returns the hash in the usual form, $argon2id$v=19$m=..,t=..,p=..$salt$key.
func (s *store) hashPassword(ctx context.Context, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < MinPassword || len(password) > maxPassword {
		return "", fail(Invalid, "A password has %d characters or more, and at most %d bytes.", MinPassword, maxPassword)
	}
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(s.p.Rand, salt); err != nil {
		return "", fmt.Errorf("reading randomness: %w", err)
	}
	c := s.p.Cost
	key, err := s.derive(ctx, []byte(password), salt, c)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, c.MemoryKiB, c.Passes, b64(salt), b64(key)), nil
}

// derive hashes, a few at a time, since each takes its memory.
func (s *store) derive(ctx context.Context, secret, salt []byte, c Cost) ([]byte, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey(secret, salt, c.Passes, c.MemoryKiB, 1, keyBytes), nil
}

// checkPassword compares in constant time. With an empty hash it takes as long and says no.
func (s *store) checkPassword(ctx context.Context, hash, password string) (bool, error) {
	c, salt, want, err := readHash(hash)
	if err != nil && hash != "" {
		return false, err
	}
	if hash == "" || len(password) > maxPassword {
		c, salt, want = s.p.Cost, make([]byte, saltBytes), nil
		password = ""
	}
	got, err := s.derive(ctx, []byte(password), salt, c)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func readHash(hash string) (c Cost, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, fmt.Errorf("a stored password has an unknown form")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &c.MemoryKiB, &c.Passes); err != nil {
		return c, nil, nil, fmt.Errorf("a stored password has unknown costs: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, fmt.Errorf("a stored password has a broken salt: %w", err)
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return c, nil, nil, fmt.Errorf("a stored password has a broken key: %w", err)
	}
	return c, salt, key, nil
}

// secret makes 256 random bits, written after a prefix that tells what they are when they turn up where they should not.
func (s *store) secret(prefix string) (string, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(s.p.Rand, raw); err != nil {
		return "", fmt.Errorf("reading randomness: %w", err)
	}
	return prefix + base64.RawURLEncoding.EncodeToString(raw), nil
}
