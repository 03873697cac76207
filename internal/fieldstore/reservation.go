package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// reservation is what an interview has of rights.
type reservation struct {
	study, epoch string
	cells        []string       // in which a right is reserved
	blocked      []string       // in which none was left
	used         map[string]int // all that were ever used for it
	here         bool
}

func readReservation(ctx context.Context, tx *sql.Tx, id string) (r reservation, err error) {
	var cells, blocked, used string
	err = tx.QueryRowContext(ctx, `SELECT study, epoch, reserved, blocked, used FROM reservation WHERE interview = ?`, id).
		Scan(&r.study, &r.epoch, &cells, &blocked, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	r.here = true
	return r, errors.Join(err, json.Unmarshal([]byte(cells), &r.cells), json.Unmarshal([]byte(blocked), &r.blocked), json.Unmarshal([]byte(used), &r.used))
}

func (r reservation) put(ctx context.Context, tx *sql.Tx, id string) error {
	cells, err := json.Marshal(r.cells)
	if err != nil {
		return err
	}
	blocked, err := json.Marshal(r.blocked)
	if err != nil {
		return err
	}
	used, err := json.Marshal(r.used)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO reservation (interview, study, epoch, reserved, blocked, used) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (interview) DO UPDATE SET epoch = excluded.epoch, reserved = excluded.reserved, blocked = excluded.blocked, used = excluded.used`,
		id, r.study, r.epoch, string(cells), string(blocked), string(used))
	return err
}

// SaveReserving saves a change of a draft and brings what the interview has reserved to cells, all in one transaction.
func (s *Store) SaveReserving(ctx context.Context, c interview.Saving, cells []string) (full []string, err error) {
	err = s.write(ctx, "save the answer", func(ctx context.Context, tx *sql.Tx) error {
		full = nil
		if err := s.save(ctx, tx, c); err != nil {
			return err
		}
		r, err := readReservation(ctx, tx, c.Draft)
		if err != nil {
			return err
		}
		if !r.here {
			if r, err = s.firstReservation(ctx, tx, c.Draft, cells); err != nil {
				return err
			}
		}
		wallet, err := readWallet(ctx, tx, r.study, r.epoch)
		if err != nil || len(wallet) == 0 { // central has not said what this device may do
			return err
		}
		// An interview whose ending was taken back has used some already.
		wanted := slices.DeleteFunc(slices.Clone(cells), func(name string) bool { return r.used[name] > 0 })
		touched := slices.Concat(r.cells, wanted)
		wallet.Release(r.cells)
		r.cells, r.blocked = nil, wallet.Full(wanted)
		if wallet.Reserve(wanted) {
			r.cells = wanted
		}
		full = r.blocked
		if err := putHoldings(ctx, tx, r, wallet, touched); err != nil {
			return err
		}
		return r.put(ctx, tx, c.Draft)
	})
	return full, err
}

// firstReservation counts a respondent whom the screener has told the constraints of.
func (s *Store) firstReservation(ctx context.Context, tx *sql.Tx, draft string, cells []string) (r reservation, err error) {
	c, err := s.credentials(ctx, tx)
	if err != nil {
		return r, err
	}
	r.epoch = c.Epoch
	if err := tx.QueryRowContext(ctx, `SELECT study FROM draft WHERE id = ?`, draft).Scan(&r.study); err != nil {
		return r, err
	}
	for _, name := range append([]string{""}, cells...) {
		name, _ = study.ParseAccount(name) // whom one meets does not depend on the day or wave
		if _, err := tx.ExecContext(ctx, `INSERT INTO met (study, epoch, quota, n) VALUES (?, ?, ?, 1)
			ON CONFLICT (study, epoch, quota) DO UPDATE SET n = n + 1`, r.study, r.epoch, name); err != nil {
			return r, err
		}
	}
	return r, r.put(ctx, tx, draft)
}

func putHoldings(ctx context.Context, tx *sql.Tx, r reservation, wallet quota.Wallet, names []string) error {
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		if err := putHolding(ctx, tx, r.study, r.epoch, name, wallet[name]); err != nil {
			return err
		}
	}
	return nil
}

// settleRights turns what an interview has reserved into what it used, or gives it back where it is not complete. A correction that moves
// it to another cell takes a right there where one is left.
func settleRights(ctx context.Context, tx *sql.Tx, i interview.Interview) error {
	r, err := readReservation(ctx, tx, i.ID)
	if err != nil || !r.here {
		return err
	}
	wallet, err := readWallet(ctx, tx, r.study, r.epoch)
	if err != nil || len(wallet) == 0 {
		return err
	}
	names := r.cells
	if i.Disposition == interview.Complete && i.Void == "" {
		moved := hardOf(wallet, i.Cells, r)
		if wallet.Reserve(moved) {
			r.cells = slices.Concat(r.cells, moved)
		}
		names = r.cells
		wallet.Commit(r.cells)
		if r.used == nil {
			r.used = map[string]int{}
		}
		for _, name := range r.cells {
			r.used[name]++
		}
	} else {
		wallet.Release(r.cells)
	}
	r.cells, r.blocked = nil, nil
	if err := putHoldings(ctx, tx, r, wallet, names); err != nil {
		return err
	}
	return r.put(ctx, tx, i.ID)
}

// hardOf are the hard constraints among cells for which the interview has neither reserved nor used a right.
func hardOf(wallet quota.Wallet, cells []string, r reservation) (list []string) {
	for _, name := range cells {
		if _, hard := wallet[name]; hard && r.used[name] == 0 && !slices.Contains(r.cells, name) {
			list = append(list, name)
		}
	}
	return list
}

// rightsOf fills in the rights that an interview used, what laptops had passed on of such that central has not heard of, and whether it had
// none where it needed some.
func rightsOf(ctx context.Context, tx *sql.Tx, i *interview.Interview) error {
	r, err := readReservation(ctx, tx, i.ID)
	if err != nil {
		return err
	}
	i.Rights, i.Provisional = r.used, false
	if len(r.used) > 0 {
		i.Lent, err = lentFor(ctx, tx, r)
		return err
	}
	if !r.here || i.Disposition != interview.Complete || i.Void != "" {
		return nil
	}
	wallet, err := readWallet(ctx, tx, r.study, r.epoch)
	i.Provisional = len(hardOf(wallet, i.Cells, r)) > 0
	return err
}

func readHeld(ctx context.Context, tx *sql.Tx, id string) (h interview.Held, err error) {
	r, err := readReservation(ctx, tx, id)
	if err != nil || !r.here {
		return h, err
	}
	return interview.Held{Decided: true, Cells: append(slices.Clone(r.cells), r.blocked...), Full: r.blocked}, nil
}
