package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parvis/internal/study"
)

func (s *store) GrantRole(ctx context.Context, user string, g Grant, actor string) error {
	user = strings.ToLower(user)
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		known, err := texts(ctx, tx, `SELECT name FROM users WHERE name = $1`, user)
		if err != nil {
			return fmt.Errorf("reading the user: %w", err)
		}
		if len(known) == 0 {
			return noUser(user)
		}
		return s.grant(ctx, tx, user, g, actor)
	})
}

func (s *store) grant(ctx context.Context, tx *sql.Tx, user string, g Grant, actor string) error {
	if err := g.valid(); err != nil {
		return err
	}
	if err := checkPlace(ctx, tx, g); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO grants (user_name, role, study, region, site) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		user, g.Role, g.Study, g.Region, g.Site)
	if err != nil {
		return fmt.Errorf("granting the role: %w", err)
	}
	return s.audit(ctx, tx, actor, "role granted", g.Study, "user:"+user, string(g.Role)+scopeWords(g))
}

// RevokeRole takes exactly the named grant away, at once: roles are looked at with every request.
func (s *store) RevokeRole(ctx context.Context, user string, g Grant, actor string) error {
	user = strings.ToLower(user)
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `DELETE FROM grants WHERE user_name = $1 AND role = $2 AND study = $3 AND region = $4 AND site = $5`,
			user, g.Role, g.Study, g.Region, g.Site)
		if err != nil {
			return fmt.Errorf("taking the role away: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fail(NotFound, "%s has no such role; central user list shows which there are.", clip(user, 64)))
		}
		left, err := grantsOfUser(ctx, tx, user)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			return fail(Invalid, "This is the only role of %s. To keep somebody out, use central user disable.", user)
		}
		return s.audit(ctx, tx, actor, "role taken away", g.Study, "user:"+user, string(g.Role)+scopeWords(g))
	})
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

// grantsOf reads what a person may do; it fails with NotFound for nobody and for who is disabled.
func grantsOf(ctx context.Context, tx *sql.Tx, user string) ([]Grant, error) {
	known, err := texts(ctx, tx, `SELECT name FROM users WHERE name = $1 AND disabled_at IS NULL`, user)
	if err != nil {
		return nil, fmt.Errorf("reading the user: %w", err)
	}
	if len(known) == 0 {
		return nil, noUser(user)
	}
	grants, err := grantsOfUser(ctx, tx, user)
	if err == nil && len(grants) == 0 {
		err = noUser(user)
	}
	return grants, err
}

func grantsOfUser(ctx context.Context, tx *sql.Tx, user string) (grants []Grant, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT role, study, region, site FROM grants WHERE user_name = $1 ORDER BY study, role, region, site`, user)
	if err != nil {
		return nil, fmt.Errorf("reading the roles: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var g Grant
		if err := rows.Scan(&g.Role, &g.Study, &g.Region, &g.Site); err != nil {
			return nil, fmt.Errorf("reading the roles: %w", err)
		}
		grants = append(grants, g)
	}
	return grants, wrap("reading the roles", rows.Err())
}

// narrowed is what of the grants lies within another one, of which an empty member narrows nothing. def reads a study's newest
// version; it is asked only where a region meets a site.
func narrowed(grants []Grant, to Grant, def func(study string) (*study.Study, error)) ([]Grant, error) {
	if to == (Grant{}) {
		return grants, nil
	}
	var kept []Grant
	for _, g := range grants {
		within, ok, err := narrow(g, to, def)
		if err != nil {
			return nil, err
		}
		if ok && !slices.Contains(kept, within) {
			kept = append(kept, within)
		}
	}
	return kept, nil
}

// narrow is what two grants have in common.
func narrow(g, to Grant, def func(study string) (*study.Study, error)) (Grant, bool, error) {
	if slices.Index(Roles(), to.Role) > slices.Index(Roles(), g.Role) { // the roles stand from the strongest to the weakest
		g.Role = to.Role
	}
	switch {
	case to.Study == "":
		return g, true, nil
	case g.Study != "" && g.Study != to.Study:
		return g, false, nil
	}
	g.Study = to.Study
	switch {
	case to.Region == "" && to.Site == "":
		return g, true, nil
	case g.Region == "" && g.Site == "":
		g.Region, g.Site = to.Region, to.Site
		return g, true, nil
	case g.Region == to.Region && g.Site == to.Site:
		return g, true, nil
	case g.Region != "" && to.Region != "", g.Site != "" && to.Site != "":
		return g, false, nil
	}
	// A region here and a site there: what they have in common is the site, where it is of the region.
	region, site := g.Region+to.Region, g.Site+to.Site
	of, err := def(g.Study)
	if err != nil {
		return g, false, err
	}
	g.Region, g.Site = "", site
	return g, slices.Contains(sitesOf(of, []string{region}, nil), site), nil
}
