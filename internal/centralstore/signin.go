package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// signedIn is how long a person stays signed in.
const signedIn = 30 * 24 * time.Hour

// SignIn is a person who signs in with a password.
type SignIn struct {
	User, Password string
	OneTime        string // the code of an authenticator app; "" where none was asked for yet
}

func (s *store) SignIn(ctx context.Context, in SignIn) (Issued, error) {
	name := strings.ToLower(in.User)
	var hash string
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT password FROM users WHERE name = $1 AND disabled_at IS NULL`, storable(name)).Scan(&hash)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return Issued{}, fmt.Errorf("reading the user: %w", err)
	}
	ok, err := s.checkPassword(ctx, hash, in.Password)
	if err != nil {
		return Issued{}, err
	}
	if !ok {
		return Issued{}, fail(BadPassword, "The user name or the password is not right.")
	}
	if err := s.secondFactor(ctx, name, in.OneTime); err != nil {
		return Issued{}, err
	}
	return s.issue(ctx, TokenOrder{User: name, Valid: signedIn, Actor: "user:" + name}, "sign-in", hash)
}
