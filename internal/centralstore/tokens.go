package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parvis/internal/delivery"
)

// The prefixes of tokens tell what they are when they turn up where they should not.
const (
	devicePrefix = "pvd_"
	personPrefix = "pvu_"
)

// deviceTrusted is how long a device's token lasts: longer than any study runs, so that it never ends in the middle of one.
const deviceTrusted = 400 * 24 * time.Hour

// hashToken is how a token is kept. The token is 256 random bits, so a plain SHA-256 cannot be tried out, and looking it up by its
// hash compares no secret bytes.
func hashToken(secret string) string { return delivery.Sum([]byte(secret)) }

func (s *store) Authenticate(ctx context.Context, secret string) (Principal, error) {
	var who Principal
	var stale bool
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		who, stale, err = s.principal(ctx, tx, secret)
		return err
	})
	if err == nil && stale {
		s.used(ctx, hashToken(secret))
	}
	return who, err
}

// used notes that a person's token was used. Where that cannot be written, as on a full disk, it may be used all the same.
func (s *store) used(ctx context.Context, hash string) {
	err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE tokens SET used_at = $1 WHERE hash = $2 AND COALESCE(used_at, 0) <= $3`, s.now(), hash, s.now()-usedEvery.Milliseconds())
		return err
	})
	if err != nil {
		s.p.Logger.WarnContext(ctx, "the latest use of a token was not noted", "cause", err)
	}
}

func (s *store) principal(ctx context.Context, tx *sql.Tx, secret string) (who Principal, stale bool, err error) {
	var user, device, epoch sql.NullString
	var expires, usedAt, made int64
	var revoked sql.NullInt64
	var within Grant
	err = tx.QueryRowContext(ctx, `SELECT user_name, device, epoch, expires_at, revoked_at, role, study, region, site, COALESCE(used_at, 0), created_at FROM tokens WHERE hash = $1`, hashToken(secret)).
		Scan(&user, &device, &epoch, &expires, &revoked, &within.Role, &within.Study, &within.Region, &within.Site, &usedAt, &made)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return who, false, fail(Unauthorised, "Please sign in or enrol.")
	case err != nil:
		return who, false, fmt.Errorf("reading the token: %w", err)
	case revoked.Valid:
		return who, false, ended(ctx, tx, device.String)
	case expires <= s.now():
		return who, false, fail(Unauthorised, "This token has expired. Please sign in or enrol again.")
	case device.Valid:
		who, err = devicePrincipal(ctx, tx, device.String, epoch.String)
		return who, false, err
	}
	grants, err := grantsOf(ctx, tx, user.String)
	if err == nil {
		grants, err = narrowed(grants, within, definitions(ctx, tx))
	}
	if CodeOf(err) == NotFound || err == nil && len(grants) == 0 {
		return who, false, fail(Revoked, "This token was ended.")
	}
	return Principal{User: user.String, Grants: grants, Since: made}, s.now()-usedAt >= usedEvery.Milliseconds(), err
}

// ended is what the bearer of an ended token is told.
func ended(ctx context.Context, tx *sql.Tx, device string) error {
	var erase bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM devices WHERE id = $1 AND erase_at IS NOT NULL)`, device).Scan(&erase)
	if err != nil {
		return fmt.Errorf("reading the device: %w", err)
	}
	if erase {
		return fail(Erase, "The owner of the study ordered this device to be erased.")
	}
	return fail(Revoked, "This token was ended.")
}

func devicePrincipal(ctx context.Context, tx *sql.Tx, device, epoch string) (Principal, error) {
	p := Principal{Device: device, Epoch: epoch}
	err := tx.QueryRowContext(ctx, `SELECT interviewer FROM epochs WHERE id = $1`, epoch).Scan(&p.Interviewer)
	if err != nil {
		return Principal{}, fmt.Errorf("reading the epoch: %w", err)
	}
	p.Studies, err = texts(ctx, tx, `SELECT study FROM device_studies WHERE device = $1 ORDER BY study`, device)
	return p, err
}

// texts reads a column of texts.
func texts(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
