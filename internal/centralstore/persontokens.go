package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parvis/internal/study"
)

// TokenOrder asks for a token for command-line use.
type TokenOrder struct {
	User  string
	Valid time.Duration
	Note  string // what it is for, for whoever looks through the list later
	// Within narrows what the person may do: the token's roles are no stronger than its role, and within its study, region or site.
	// The zero Grant narrows nothing.
	Within Grant
	Actor  string
}

// TokenState is a token as a list shows it.
type TokenState struct {
	ID, User, Note, Purpose string
	Within                  Grant
	Created, Expires, Used  int64 // milliseconds UTC; Used is coarse, 0 for never
	Ended                   bool
}

// Moments of tokens.
const (
	usedEvery  = time.Hour                // how old the time of the latest use may get before it is written anew
	longestFor = 5 * 365 * 24 * time.Hour // a token for command-line use
	tokenID    = 12                       // hex digits of the hash that name a token: they tell nothing of it
)

func (s *store) IssueToken(ctx context.Context, user string, valid time.Duration) (Issued, error) {
	return s.NewToken(ctx, TokenOrder{User: user, Valid: valid, Actor: "user:" + strings.ToLower(user)})
}

func (s *store) NewToken(ctx context.Context, o TokenOrder) (Issued, error) {
	o.User = strings.ToLower(o.User)
	if o.Valid <= 0 || o.Valid > longestFor {
		return Issued{}, fail(Invalid, "A token is valid for some time, at most %d days.", longestFor/(24*time.Hour))
	}
	if utf8.RuneCountInString(o.Note) > 80 || !utf8.ValidString(o.Note) || strings.ContainsFunc(o.Note, unicode.IsControl) {
		return Issued{}, fail(Invalid, "A note has at most 80 characters, in one line.")
	}
	return s.issue(ctx, o, "command line", "")
}

// issue makes a token. With a password's hash it does so only while that is the person's: a password that was changed meanwhile has
// ended all tokens, and this must not be one that outlives it.
func (s *store) issue(ctx context.Context, o TokenOrder, purpose, password string) (Issued, error) {
	secret, err := s.secret(personPrefix)
	if err != nil {
		return Issued{}, err
	}
	now := s.p.Now()
	issued := Issued{User: o.User, Secret: secret, Expires: now.Add(o.Valid)}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := holdUser(ctx, tx, o.User, password); err != nil {
			return err
		}
		grants, err := grantsWithin(ctx, tx, o)
		if err != nil {
			return err
		}
		issued.Role = Principal{Grants: grants}.Role()
		w := o.Within
		_, err = tx.ExecContext(ctx, `INSERT INTO tokens (hash, user_name, purpose, created_at, expires_at, note, role, study, region, site) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			hashToken(secret), o.User, purpose, now.UnixMilli(), issued.Expires.UnixMilli(), o.Note, w.Role, w.Study, w.Region, w.Site)
		if err != nil {
			return fmt.Errorf("keeping the token: %w", err)
		}
		return s.audit(ctx, tx, o.Actor, "token issued", w.Study, "user:"+o.User, strings.TrimSpace(purpose+" "+hashToken(secret)[:tokenID]+" "+string(w.Role)+scopeWords(w)))
	})
	if err != nil {
		return Issued{}, err
	}
	return issued, nil
}

// holdUser keeps whoever disables the user or changes the password waiting until the token is there to be ended.
func holdUser(ctx context.Context, tx *sql.Tx, user, password string) error {
	done, err := tx.ExecContext(ctx, `UPDATE users SET password = password WHERE name = $1 AND ($2 = '' OR password = $2)`, user, password)
	if err != nil {
		return fmt.Errorf("reading the user: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 && password != "" {
		return errors.Join(err, fail(BadPassword, "The user name or the password is not right."))
	}
	return nil
}

// grantsWithin is what a new token would allow; it fails where that is nothing.
func grantsWithin(ctx context.Context, tx *sql.Tx, o TokenOrder) ([]Grant, error) {
	grants, err := grantsOf(ctx, tx, o.User)
	if err != nil || o.Within == (Grant{}) {
		return grants, err
	}
	whole := o.Within
	if whole.Role == "" {
		whole.Role = Viewer
	}
	if err := whole.valid(); err != nil {
		return nil, err
	}
	if err := checkPlace(ctx, tx, whole); err != nil {
		return nil, err
	}
	if grants, err = narrowed(grants, o.Within, definitions(ctx, tx)); err != nil {
		return nil, err
	}
	if o.Within.Role != "" && (Principal{Grants: grants}).Role() != o.Within.Role || len(grants) == 0 {
		return nil, fail(Forbidden, "%s does not have this role there, so no token can.", clip(o.User, 64))
	}
	return grants, nil
}

func definitions(ctx context.Context, tx *sql.Tx) func(string) (*study.Study, error) {
	return func(id string) (*study.Study, error) { return newestStudy(ctx, tx, id) }
}

// Tokens lists the tokens of a person, or of everybody, that have neither ended nor expired; the newest first.
func (s *store) Tokens(ctx context.Context, user string) (list []TokenState, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT hash, user_name, note, purpose, role, study, region, site, created_at, expires_at, COALESCE(used_at, 0)
			FROM tokens WHERE user_name IS NOT NULL AND ($1 = '' OR user_name = $1) AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, hash`,
			strings.ToLower(user), s.now())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t TokenState
			err := rows.Scan(&t.ID, &t.User, &t.Note, &t.Purpose, &t.Within.Role, &t.Within.Study, &t.Within.Region, &t.Within.Site, &t.Created, &t.Expires, &t.Used)
			if err != nil {
				return err
			}
			t.ID = t.ID[:tokenID]
			list = append(list, t)
		}
		return rows.Err()
	})
	return list, wrap("listing the tokens", err)
}

// RevokeToken ends a person's token, which its id names; it fails with NotFound.
func (s *store) RevokeToken(ctx context.Context, id, actor string) error {
	if len(id) != tokenID || strings.Trim(id, "0123456789abcdef") != "" {
		return fail(NotFound, "A token is named by %d digits, as central token list shows them.", tokenID)
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var user string
		err := tx.QueryRowContext(ctx, `UPDATE tokens SET revoked_at = $1 WHERE substr(hash, 1, 12) = $2 AND user_name IS NOT NULL AND revoked_at IS NULL RETURNING user_name`,
			s.now(), id).Scan(&user)
		if errors.Is(err, sql.ErrNoRows) {
			return fail(NotFound, "There is no token %s, or it was ended already.", id)
		}
		if err != nil {
			return fmt.Errorf("ending the token: %w", err)
		}
		return s.audit(ctx, tx, actor, "token ended", "", "user:"+user, id)
	})
}
