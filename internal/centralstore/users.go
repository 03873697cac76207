package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var userName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,63}$`)

// UserState is a person as whoever runs central sees them.
type UserState struct {
	Name     string
	Grants   []Grant
	Disabled bool
	// Password tells that there is one; who has none signs in with the organisation's account.
	Password bool
	OneTime  bool  // one-time codes are asked for
	Created  int64 // milliseconds UTC
}

func (s *store) AddUser(ctx context.Context, u NewUser) (err error) {
	u.Name = strings.ToLower(u.Name)
	if !userName.MatchString(u.Name) {
		return fail(Invalid, "A user name has 2 to 64 letters, digits and . _ - @, and begins with a letter or digit.")
	}
	if len(u.Grants) == 0 {
		return fail(Invalid, "A user needs a role.")
	}
	hash := ""
	if !u.NoPassword {
		if hash, err = s.hashPassword(ctx, u.Password); err != nil {
			return err
		}
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := addUser(ctx, tx, u.Name, hash, s.now()); err != nil {
			return err
		}
		for _, g := range u.Grants {
			if err := s.grant(ctx, tx, u.Name, g, u.Actor); err != nil {
				return err
			}
		}
		return nil
	})
}

func addUser(ctx context.Context, tx *sql.Tx, name, hash string, now int64) error {
	done, err := tx.ExecContext(ctx, `INSERT INTO users (name, password, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`, name, hash, now)
	if err != nil {
		return fmt.Errorf("adding the user: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fail(Exists, "There is a user %s already.", name))
	}
	return nil
}

func (s *store) Users(ctx context.Context) (list []UserState, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		if list, err = users(ctx, tx); err != nil {
			return err
		}
		for i := range list {
			if list[i].Grants, err = grantsOfUser(ctx, tx, list[i].Name); err != nil {
				return err
			}
		}
		return nil
	})
	return list, wrap("listing the users", err)
}

func users(ctx context.Context, tx *sql.Tx) (list []UserState, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT u.name, u.password <> '', u.disabled_at IS NOT NULL, t.confirmed_at IS NOT NULL, u.created_at
		FROM users u LEFT JOIN totp t ON t.user_name = u.name ORDER BY u.name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u UserState
		if err := rows.Scan(&u.Name, &u.Password, &u.Disabled, &u.OneTime, &u.Created); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

// SetPassword ends whatever the person is signed in with: whoever knows the old password may have signed in too.
func (s *store) SetPassword(ctx context.Context, name, password, actor string) error {
	name = strings.ToLower(name)
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := s.changeUser(ctx, tx, name, `UPDATE users SET password = $1 WHERE name = $2`, hash, name); err != nil {
			return err
		}
		if err := s.endTokensOf(ctx, tx, name); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "password changed", "", "user:"+name, "")
	})
}

func (s *store) DisableUser(ctx context.Context, name, actor string) error {
	name = strings.ToLower(name)
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := s.changeUser(ctx, tx, name, `UPDATE users SET disabled_at = COALESCE(disabled_at, $1) WHERE name = $2`, s.now(), name); err != nil {
			return err
		}
		if err := s.endTokensOf(ctx, tx, name); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "user disabled", "", "user:"+name, "")
	})
}

func (s *store) EnableUser(ctx context.Context, name, actor string) error {
	name = strings.ToLower(name)
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := s.changeUser(ctx, tx, name, `UPDATE users SET disabled_at = NULL WHERE name = $1`, name); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "user enabled", "", "user:"+name, "")
	})
}

// changeUser fails with NotFound where the update meets nobody.
func (s *store) changeUser(ctx context.Context, tx *sql.Tx, name, update string, args ...any) error {
	done, err := tx.ExecContext(ctx, update, args...)
	if err != nil {
		return fmt.Errorf("changing the user: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, noUser(name))
	}
	return nil
}

func noUser(name string) error { return fail(NotFound, "There is no user %s.", clip(name, 64)) }

func (s *store) endTokensOf(ctx context.Context, tx *sql.Tx, user string) error {
	_, err := tx.ExecContext(ctx, `UPDATE tokens SET revoked_at = $1 WHERE user_name = $2 AND revoked_at IS NULL`, s.now(), user)
	if err != nil {
		return fmt.Errorf("ending the user's tokens: %w", err)
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM sign_in_codes WHERE user_name = $1`, user)
	return wrap("ending the user's sign-ins", err)
}
