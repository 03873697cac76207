package fieldstore

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"parvis/internal/delivery"
)

// visitsKept is how many visits of an epoch are remembered. Central's latest is among the last of them, unless it was restored from a
// backup that is older than so many visits; then the device begins an epoch for nothing.
const visitsKept = 1000

// Visit makes a visit to central wherever numbers were given out since the last one, and returns what is to be told of each epoch of
// the present central: the present epoch first, at most most of them. A visit that has not been confirmed is made again as it was:
// central must not hear of numbers that a copy of this file could give out for other records. See delivery.EpochNumbers.
func (s *Store) Visit(ctx context.Context, most int) (told []delivery.EpochNumbers, err error) {
	err = s.write(ctx, "visit central", func(ctx context.Context, tx *sql.Tx) error {
		told = nil
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := epochRows(ctx, tx, c.Epoch, most)
		if err != nil {
			return err
		}
		for _, e := range rows {
			n, err := s.visit(ctx, tx, e)
			if err != nil {
				return err
			}
			told = append(told, n)
		}
		return nil
	})
	return told, err
}

type epochRow struct {
	epoch         string
	last, visited int64
	givenUp       bool
	heard         string // the visit that central is known to have heard of last
}

// epochRows reads the epochs of the present central: the present one, those with something unsent, then the latest.
func epochRows(ctx context.Context, tx *sql.Tx, present string, most int) (list []epochRow, err error) {
	err = Each(ctx, tx, func(rows *sql.Rows) error {
		var e epochRow
		err := rows.Scan(&e.epoch, &e.last, &e.visited, &e.givenUp, &e.heard)
		list = append(list, e)
		return err
	}, `SELECT epoch, last, visited, given_up, heard FROM epoch AS e WHERE epoch IN `+here+`
		ORDER BY epoch <> ?, NOT EXISTS (SELECT 1 FROM `+unsent+` WHERE state IN ('waiting', 'in_flight') AND state <> 'sent' AND outbox.epoch = e.epoch), epoch DESC
		LIMIT ?`, present, most)
	return list, err
}

func (s *Store) visit(ctx context.Context, tx *sql.Tx, e epochRow) (n delivery.EpochNumbers, err error) {
	n = delivery.EpochNumbers{Epoch: e.epoch}
	if e.givenUp {
		n.High = e.visited
		err = Each(ctx, tx, func(rows *sql.Rows) error { return rows.Scan(&n.After) },
			`SELECT name FROM visit WHERE epoch = ? AND high <= ? ORDER BY number DESC LIMIT 1`, e.epoch, e.visited)
		return n, err
	}
	n.After = e.heard
	var number int64
	confirmed := true
	err = Each(ctx, tx, func(rows *sql.Rows) error { return rows.Scan(&number, &n.Visit, &n.High, &confirmed) },
		`SELECT number, name, high, confirmed FROM visit WHERE epoch = ? ORDER BY number DESC LIMIT 1`, e.epoch)
	if err != nil || !confirmed || e.last <= n.High {
		return n, err
	}
	random := strings.ReplaceAll(s.newID(), "-", "")
	n.Visit, n.High = strconv.FormatInt(number+1, 10)+"-"+random[max(len(random)-16, 0):], e.last
	_, err = tx.ExecContext(ctx, `INSERT INTO visit (epoch, number, name, high) VALUES (?, ?, ?, ?)`, e.epoch, number+1, n.Visit, n.High)
	return n, err
}

// Visited keeps what central answered to what it was told. Where central knows of a visit that is not here, the epoch is given up; where
// it knows of an earlier one than this device thought, as after it was restored from a backup, it did not believe the new one; and of an
// epoch that was given up it may know yet another life. In all these cases restored is true, and central is to be told anew before
// anything is delivered.
func (s *Store) Visited(ctx context.Context, told []delivery.EpochNumbers, answers []delivery.EpochGaps) (restored bool, err error) {
	err = s.write(ctx, "keep the visit", func(ctx context.Context, tx *sql.Tx) error {
		restored = false
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		for _, n := range told {
			var before string
			var trail []string
			for _, a := range answers {
				if a.Epoch == n.Epoch {
					before, trail = a.Visit, a.Trail
				}
			}
			own, err := visitMade(ctx, tx, n, before)
			if err != nil {
				return err
			}
			switch {
			case !own:
				restored = true
				err = s.giveUp(ctx, tx, &c, n.Epoch, trail)
			case n.Visit == "" && len(trail) > 0:
				restored = true
				err = s.part(ctx, tx, c, n.Epoch, trail)
			case before != "" && n.Visit != "" && before != n.After:
				restored = true
				_, err = tx.ExecContext(ctx, `UPDATE epoch SET heard = ? WHERE epoch = ?`, before, n.Epoch)
			default:
				err = confirm(ctx, tx, n)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return restored, err
}

// visitMade tells whether the device made the visit that central knew before; "" is nobody's.
func visitMade(ctx context.Context, tx *sql.Tx, n delivery.EpochNumbers, before string) (made bool, err error) {
	if before == "" || n.Visit == "" {
		return true, nil
	}
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM visit WHERE epoch = ? AND name = ?)`, n.Epoch, before).Scan(&made)
	return made, err
}

// confirm lets the numbers go out that central has heard of.
func confirm(ctx context.Context, tx *sql.Tx, n delivery.EpochNumbers) error {
	if _, err := tx.ExecContext(ctx, `UPDATE epoch SET visited = ? WHERE epoch = ? AND visited < ? AND NOT given_up`, n.High, n.Epoch, n.High); err != nil {
		return err
	}
	if n.Visit == "" {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `UPDATE epoch SET heard = ? WHERE epoch = ?`, n.Visit, n.Epoch); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE visit SET confirmed = 1 WHERE epoch = ? AND name = ? AND NOT confirmed`, n.Epoch, n.Visit); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM visit WHERE epoch = ?1 AND number < (SELECT max(number) FROM visit WHERE epoch = ?1) - ?2`, n.Epoch, visitsKept)
	return err
}

// giveUp ends an epoch whose numbers another life of this device gives out too, since the latest visit on central's trail that was made
// here.
func (s *Store) giveUp(ctx context.Context, tx *sql.Tx, c *delivery.Credentials, epoch string, trail []string) error {
	s.logger.Warn("the device was set back to a copy of itself, or copied")
	if _, err := tx.ExecContext(ctx, `UPDATE epoch SET given_up = 1 WHERE epoch = ?`, epoch); err != nil {
		return err
	}
	// Its free rights are the other life's.
	if _, err := tx.ExecContext(ctx, `UPDATE holding SET granted = reserved + committed + returned, lent = 0 WHERE epoch = ?`, epoch); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE loan SET heard = total WHERE epoch = ?`, epoch); err != nil {
		return err
	}
	if c.Epoch == epoch {
		c.Epoch = s.newID()
		if _, err := tx.ExecContext(ctx, `INSERT INTO epoch (epoch, central, device) VALUES (?, ?, ?)`, c.Epoch, c.Central, c.Device); err != nil {
			return err
		}
		if err := s.saveCredentials(ctx, tx, *c); err != nil {
			return err
		}
	}
	return s.part(ctx, tx, *c, epoch, trail)
}

// part leaves to the other life what was given out since the latest visit on the trail that was made here, however long ago central was
// told of it. An older central shows no trail: then it is what central was not told of.
func (s *Store) part(ctx context.Context, tx *sql.Tx, c delivery.Credentials, epoch string, trail []string) error {
	if len(trail) > 0 {
		var common int64
		for _, visit := range trail {
			err := tx.QueryRowContext(ctx, `SELECT high FROM visit WHERE epoch = ? AND name = ?`, epoch, visit).Scan(&common)
			if err == nil {
				break
			}
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE epoch SET visited = min(visited, ?) WHERE epoch = ?`, common, epoch); err != nil {
			return err
		}
	}
	return renumber(ctx, tx, c.Epoch)
}

// renumber gives what waits under another life's numbers new ones of the present epoch.
func renumber(ctx context.Context, tx *sql.Tx, present string) error {
	var numbers []int64
	if err := Each(ctx, tx, func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		numbers = append(numbers, n)
		return err
	}, `SELECT number FROM `+unsent+` JOIN epoch USING (epoch) WHERE state = 'waiting' AND state <> 'sent' AND given_up AND seq > visited AND epoch IN `+here+`
		ORDER BY number`); err != nil {
		return err
	}
	for _, n := range numbers {
		seq, err := nextSeq(ctx, tx, present)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE outbox SET epoch = ?, seq = ? WHERE number = ?`, present, seq, n); err != nil {
			return err
		}
		// A laptop may carry it under the number before: it is to come to central under this one too.
		if _, err := tx.ExecContext(ctx, `DELETE FROM carried_record WHERE (id, revision) = (SELECT id, revision FROM outbox WHERE number = ?)`, n); err != nil {
			return err
		}
	}
	return nil
}

// renumberHere does the same where it is not known whether anything waits so.
func (s *Store) renumberHere(ctx context.Context, tx *sql.Tx) error {
	c, err := s.credentials(ctx, tx)
	if err != nil {
		return err
	}
	return renumber(ctx, tx, c.Epoch)
}

// Unvisited tells whether something waits that was made since the last visit.
func (s *Store) Unvisited(ctx context.Context) (more bool, err error) {
	err = s.Read(ctx, "look for what is new", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM epoch WHERE last > visited AND epoch IN `+here+`
			AND EXISTS (SELECT 1 FROM `+unsent+` WHERE state = 'waiting' AND state <> 'sent' AND outbox.epoch = epoch.epoch AND seq > visited))`).Scan(&more)
	})
	return more, err
}
