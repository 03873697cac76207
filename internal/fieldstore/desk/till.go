package desk

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"database/sql"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/study"
)

const (
	// served is how long after a tablet was here this laptop keeps rights for tablets, milliseconds; lately is within what time a tablet
	// counts among those that come for rights.
	served = 7 * 24 * 3600 * 1000
	lately = 12 * 3600 * 1000
	// longestPause bounds the time between two questions that counts as time in which rights were asked for, in milliseconds.
	longestPause = 30 * 60 * 1000
	// mostPassed is how many tablets are told of in one statement; the others are in the next.
	mostPassed = 400
	// daysKept is for how many days before the present one it is remembered what there was of a day's rights. It is more than a clock can be
	// ahead with which central grants rights of the present day.
	daysKept = study.DaysAhead + 4
	// visitsKept is how many visits of an epoch are remembered. See fieldstore.Store.Visit.
	visitsKept = 1000
)

// till is the present one of the account that is signed in. ended is 1 where central has said so, or refuses to hear of it, and else 0:
// whether central has heard what was given back, its visits tell.
type till struct {
	epoch, visit, confirmed, laptop string
	acts, visits, visited           int64
	ended                           int
	hours                           float64
	asked                           int64
}

// presentTill reads it; ok is false where nobody is signed in, this laptop has no key yet, or there is none.
func (s *Store) presentTill(ctx context.Context, tx *sql.Tx) (t till, c delivery.Credentials, ok bool, err error) {
	if c, err = s.CredentialsIn(ctx, tx); err != nil || c.User == "" {
		return t, c, false, err
	}
	if t.laptop, err = fingerprint(ctx, tx); err != nil || t.laptop == "" {
		return t, c, false, err
	}
	err = tx.QueryRowContext(ctx, `SELECT epoch, visit, confirmed, acts, visits, visited, ended, hours, asked FROM till
		WHERE central = ? AND account = ? AND gone = 0 ORDER BY number DESC LIMIT 1`, c.Central, c.User).
		Scan(&t.epoch, &t.visit, &t.confirmed, &t.acts, &t.visits, &t.visited, &t.ended, &t.hours, &t.asked)
	if errors.Is(err, sql.ErrNoRows) {
		return t, c, false, nil
	}
	return t, c, err == nil, err
}

// fingerprint is the SHA-256 of this laptop's key; "" where it has none.
func fingerprint(ctx context.Context, tx *sql.Tx) (string, error) {
	var certificate []byte
	err := tx.QueryRowContext(ctx, `SELECT certificate FROM relay_identity`).Scan(&certificate)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(certificate)
	if block == nil {
		return "", errors.New("this laptop's certificate cannot be read")
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", fmt.Errorf("reading this laptop's certificate: %w", err)
	}
	sum := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:]), nil
}

// TillSaid is what is to be said to central of the rights that this laptop passes on; ok is false where there is nothing, since no tablet
// comes for them. When none has come for long, all that is free is given back.
func (s *Store) TillSaid(ctx context.Context) (said delivery.TillSaid, ok bool, err error) {
	studies, err := s.Studies(ctx)
	if err != nil {
		return said, false, err
	}
	err = s.Write(ctx, "state the rights to pass on", func(ctx context.Context, tx *sql.Tx) error {
		said, ok = delivery.TillSaid{}, false
		t, c, here, err := s.presentTill(ctx, tx)
		if err != nil || t.laptop == "" {
			return err
		}
		var tablets int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM tablet WHERE token <> '' AND max(seen, paired) >= ?`, s.p.Now().UnixMilli()-served).Scan(&tablets); err != nil {
			return err
		}
		switch {
		case !here && tablets == 0:
			return nil
		case !here:
			if err := s.beginTill(ctx, tx, c, &t); err != nil {
				return err
			}
		case tablets == 0:
			back, err := s.giveBack(ctx, tx, &t)
			if err != nil || back == 0 && t.visited == t.acts && t.visit == t.confirmed {
				return err // central has heard it all
			}
		}
		said, err = s.state(ctx, tx, &t, studies)
		ok = len(said.Statements) > 0
		return err
	})
	return said, ok, err
}

func (s *Store) beginTill(ctx context.Context, tx *sql.Tx, c delivery.Credentials, t *till) error {
	t.epoch = s.p.NewID()
	_, err := tx.ExecContext(ctx, `INSERT INTO till (epoch, central, account) VALUES (?, ?, ?)`, t.epoch, c.Central, c.User)
	return err
}

// makeVisit makes a visit where something was done since the last, or there was none; one that was not confirmed is made again as it was.
func makeVisit(ctx context.Context, tx *sql.Tx, newID func() string, t *till) (delivery.EpochNumbers, error) {
	if t.visit == "" || t.visit == t.confirmed && t.acts > t.visited {
		random := strings.ReplaceAll(newID(), "-", "")
		t.visits++
		t.visit, t.visited = fmt.Sprintf("%d-%s", t.visits, random[max(len(random)-16, 0):]), t.acts
		if _, err := tx.ExecContext(ctx, `UPDATE till SET visit = ?, visits = ?, visited = ? WHERE epoch = ?`, t.visit, t.visits, t.visited, t.epoch); err != nil {
			return delivery.EpochNumbers{}, err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO till_visit (till, number, name) VALUES (?, ?, ?)`, t.epoch, t.visits, t.visit); err != nil {
			return delivery.EpochNumbers{}, err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM till_visit WHERE till = ? AND number <= ?`, t.epoch, t.visits-visitsKept); err != nil {
			return delivery.EpochNumbers{}, err
		}
	}
	return delivery.EpochNumbers{Epoch: t.epoch, Visit: t.visit, After: t.confirmed}, nil
}

// SaveCredentials keeps who signed in. The same account may find central under a new address; its tills follow, as a tablet's records do.
// That it is the same central is not known: it says itself what it granted.
func (s *Store) SaveCredentials(ctx context.Context, c delivery.Credentials) error {
	return s.Write(ctx, "save the credentials", func(ctx context.Context, tx *sql.Tx) error {
		if err := s.SaveCredentialsIn(ctx, tx, c); err != nil || c.User == "" {
			return err
		}
		var moved []string
		err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var epoch string
			err := rows.Scan(&epoch)
			moved = append(moved, epoch)
			return err
		}, `UPDATE till SET central = ?1 WHERE account = ?2 AND central <> ?1 RETURNING epoch`, c.Central, c.User)
		if err != nil {
			return err
		}
		for _, epoch := range moved {
			if err := tellAnew(ctx, tx, epoch); err != nil {
				return err
			}
		}
		return nil
	})
}
