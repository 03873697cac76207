package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

var userName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,63}$`)

// signedIn is how long a person stays signed in.
const signedIn = 30 * 24 * time.Hour

func (s *store) AddUser(ctx context.Context, u NewUser) error {
	u.Name = strings.ToLower(u.Name)
	if !userName.MatchString(u.Name) {
		return fail(Invalid, "A user name has 2 to 64 letters, digits and . _ - @, and begins with a letter or digit.")
	}
	if len(u.Grants) == 0 {
		return fail(Invalid, "A user needs a role.")
	}
	hash, err := s.hashPassword(ctx, u.Password)
	if err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := addUser(ctx, tx, u.Name, hash, s.now()); err != nil {
			return err
		}
		for _, g := range u.Grants {
			if err := s.grant(ctx, tx, u, g); err != nil {
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

func (s *store) grant(ctx context.Context, tx *sql.Tx, u NewUser, g Grant) error {
	if err := g.valid(); err != nil {
		return err
	}
	if err := checkPlace(ctx, tx, g); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO grants (user_name, role, study, region, site) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		u.Name, g.Role, g.Study, g.Region, g.Site)
	if err != nil {
		return fmt.Errorf("granting the role: %w", err)
	}
	return s.audit(ctx, tx, u.Actor, "role granted", g.Study, "user:"+u.Name, string(g.Role)+scopeWords(g))
}

// checkPlace refuses a scope that does not exist, since a mistyped one would show nothing and say nothing.
func checkPlace(ctx context.Context, tx *sql.Tx, g Grant) error {
	if g.Study == "" {
		return nil
	}
	def, err := newestStudy(ctx, tx, g.Study)
	if err != nil {
		return err
	}
	if g.Site != "" {
		if _, ok := def.SiteByName(g.Site); !ok {
			return fail(NotFound, "Study %s has no site %q.", g.Study, g.Site)
		}
	}
	if g.Region != "" && len(sitesOf(def, []string{g.Region}, nil)) == 0 {
		return fail(NotFound, "Study %s has no region %q.", g.Study, g.Region)
	}
	return nil
}

func scopeWords(g Grant) string {
	switch {
	case g.Site != "":
		return " at site " + g.Site
	case g.Region != "":
		return " in region " + g.Region
	}
	return ""
}

func (s *store) SignIn(ctx context.Context, name, password string) (Issued, error) {
	name = strings.ToLower(name)
	var hash string
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT password FROM users WHERE name = $1 AND disabled_at IS NULL`, name).Scan(&hash)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return Issued{}, fmt.Errorf("reading the user: %w", err)
	}
	ok, err := s.checkPassword(ctx, hash, password)
	if err != nil {
		return Issued{}, err
	}
	if !ok {
		return Issued{}, fail(BadPassword, "The user name or the password is not right.")
	}
	return s.issue(ctx, name, "sign-in", signedIn)
}

func (s *store) IssueToken(ctx context.Context, user string, valid time.Duration) (Issued, error) {
	if valid <= 0 {
		return Issued{}, fail(Invalid, "A token is valid for some time.")
	}
	return s.issue(ctx, strings.ToLower(user), "command line", valid)
}

// grantsOf reads what a person may do; it fails with NotFound for nobody.
func grantsOf(ctx context.Context, tx *sql.Tx, user string) ([]Grant, error) {
	rows, err := tx.QueryContext(ctx,
		`SELECT g.role, g.study, g.region, g.site FROM users u JOIN grants g ON g.user_name = u.name
		 WHERE u.name = $1 AND u.disabled_at IS NULL ORDER BY g.study, g.role, g.region, g.site`, user)
	if err != nil {
		return nil, fmt.Errorf("reading the roles: %w", err)
	}
	defer rows.Close()
	var grants []Grant
	for rows.Next() {
		var g Grant
		if err := rows.Scan(&g.Role, &g.Study, &g.Region, &g.Site); err != nil {
			return nil, fmt.Errorf("reading the roles: %w", err)
		}
		grants = append(grants, g)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the roles: %w", err)
	}
	if len(grants) == 0 {
		return nil, fail(NotFound, "There is no user %s.", user)
	}
	return grants, nil
}
