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

func (s *store) issue(ctx context.Context, user, purpose string, valid time.Duration) (Issued, error) {
	secret, err := s.secret(personPrefix)
	if err != nil {
		return Issued{}, err
	}
	now := s.p.Now()
	issued := Issued{User: user, Secret: secret, Expires: now.Add(valid)}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		grants, err := grantsOf(ctx, tx, user)
		if err != nil {
			return err
		}
		issued.Role = Principal{Grants: grants}.Role()
		_, err = tx.ExecContext(ctx, `INSERT INTO tokens (hash, user_name, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
			hashToken(secret), user, purpose, now.UnixMilli(), issued.Expires.UnixMilli())
		if err != nil {
			return fmt.Errorf("keeping the token: %w", err)
		}
		return s.audit(ctx, tx, "user:"+user, "token issued", "", "user:"+user, purpose)
	})
	if err != nil {
		return Issued{}, err
	}
	return issued, nil
}

func (s *store) Authenticate(ctx context.Context, secret string) (Principal, error) {
	var who Principal
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		who, err = s.principal(ctx, tx, secret)
		return err
	})
	return who, err
}

func (s *store) principal(ctx context.Context, tx *sql.Tx, secret string) (Principal, error) {
	var user, device, epoch sql.NullString
	var expires int64
	var revoked sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT user_name, device, epoch, expires_at, revoked_at FROM tokens WHERE hash = $1`, hashToken(secret)).
		Scan(&user, &device, &epoch, &expires, &revoked)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Principal{}, fail(Unauthorised, "Please sign in or enrol.")
	case err != nil:
		return Principal{}, fmt.Errorf("reading the token: %w", err)
	case revoked.Valid:
		return Principal{}, ended(ctx, tx, device.String)
	case expires <= s.now():
		return Principal{}, fail(Unauthorised, "This token has expired. Please sign in or enrol again.")
	case device.Valid:
		return devicePrincipal(ctx, tx, device.String, epoch.String)
	}
	grants, err := grantsOf(ctx, tx, user.String)
	if CodeOf(err) == NotFound {
		return Principal{}, fail(Revoked, "This token was ended.")
	}
	return Principal{User: user.String, Grants: grants}, err
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
