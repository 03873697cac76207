package fieldstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parvis/internal/seal"
)

// What a caller can act on.
var (
	// ErrWeakPIN: the PIN would be guessed first.
	ErrWeakPIN = errors.New("a PIN has at least 6 characters, not all alike and not in a row")
	// ErrPINSet: the device has a PIN; change it with the old one.
	ErrPINSet = errors.New("the device has a PIN already")
	// ErrShut: too many wrong PINs; only the recovery code opens the device now. Nothing is lost.
	ErrShut = errors.New("too many wrong PINs: only the recovery code opens this device now; everything is saved")
	// ErrNoRecovery: central gave the device no recovery code.
	ErrNoRecovery = errors.New("this device has no recovery code")
	// ErrRecovery: the code is not this device's.
	ErrRecovery = errors.New("this is not the recovery code of this device")
)

const (
	// MostWrongPINs is how many wrong PINs in a row shut the device.
	MostWrongPINs = 10
	// LeastRefusal is how long refusing a PIN takes at least.
	LeastRefusal = 200 * time.Millisecond
)

// WrongPINError: the PIN was not right.
type WrongPINError struct {
	// Left is how many more may be tried before the device shuts.
	Left int
	// Wait is how long to wait before the next.
	Wait time.Duration
}

func (e *WrongPINError) Error() string {
	return fmt.Sprintf("the PIN is not right; %d more can be tried, the next in %s", e.Left, e.Wait)
}

// TooSoonError: the last PINs were wrong, and the next may be tried only later.
type TooSoonError struct{ Wait time.Duration }

func (e *TooSoonError) Error() string {
	return "the next PIN can be tried in " + e.Wait.Round(time.Second).String()
}

// waits is how long to wait after that many wrong PINs in a row; before the first ones not at all, since fingers slip in the rain.
func waits(wrong int) time.Duration {
	steps := []time.Duration{0, 0, 0, 0, 30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}
	return steps[min(wrong, len(steps)-1)]
}

// HasPIN tells whether a PIN was chosen; before that nothing can be saved that is worth hiding.
func (s *Store) HasPIN(ctx context.Context) (has bool, err error) {
	err = s.Read(ctx, "look for a PIN", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM data_key)`).Scan(&has)
	})
	return has, err
}

// IsLocked tells whether the PIN is needed before anything can be read or saved.
func (s *Store) IsLocked() bool {
	_, err := s.vault.current()
	return err != nil
}

// Lock forgets the data key until the next Unlock.
func (s *Store) Lock() { s.vault.lock() }

// SetPIN makes the device's data key, closes it by its first PIN, and opens the device.
func (s *Store) SetPIN(ctx context.Context, pin string) error {
	if WeakPIN(pin) {
		return ErrWeakPIN
	}
	key := seal.NewDataKey()
	w := key.Wrap(pin, s.pinCost)
	err := s.write(ctx, "set the PIN", func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO data_key (one, pin_passes, pin_memory, pin_lanes, pin_salt, pin_key)
			VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, w.Cost.Passes, w.Cost.MemoryKiB, w.Cost.Lanes, w.Salt, w.Key)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		return errors.Join(err, errorIf(err == nil && n == 0, ErrPINSet))
	})
	if err != nil {
		return err
	}
	s.vault.unlock(key)
	s.copyKey(ctx)
	return nil
}

// Unlock opens the device. It fails with a *WrongPINError after LeastRefusal or more, with a *TooSoonError while the wait after
// wrong ones lasts, with ErrShut after the last. An attempt is counted before it is made, so that a kill gives none for free.
func (s *Store) Unlock(ctx context.Context, pin string) error {
	key, err := s.try(ctx, pin)
	if err != nil {
		return err
	}
	s.vault.unlock(key)
	return nil
}

// UnlockOrSetPIN is Unlock on a device that has a PIN and SetPIN on a new one, for devices that are prepared before somebody holds
// them.
func (s *Store) UnlockOrSetPIN(ctx context.Context, pin string) error {
	has, err := s.HasPIN(ctx)
	if err != nil {
		return err
	}
	if has {
		return s.Unlock(ctx, pin)
	}
	return s.SetPIN(ctx, pin)
}

// ChangePIN replaces the PIN; a wrong old one counts as Unlock's do.
func (s *Store) ChangePIN(ctx context.Context, before, pin string) error {
	if WeakPIN(pin) {
		return ErrWeakPIN
	}
	key, err := s.try(ctx, before)
	if err != nil {
		return err
	}
	return s.rewrap(ctx, key, pin)
}

// Recover opens the device by the recovery code that central keeps for it, and gives it a new PIN.
func (s *Store) Recover(ctx context.Context, code, pin string) error {
	if WeakPIN(pin) {
		return ErrWeakPIN
	}
	var w seal.Wrapped
	err := s.Read(ctx, "read the recovery key", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT recovery_passes, recovery_memory, recovery_lanes, recovery_salt, recovery_key FROM data_key
			WHERE recovery_key IS NOT NULL`).Scan(&w.Cost.Passes, &w.Cost.MemoryKiB, &w.Cost.Lanes, &w.Salt, &w.Key)
	})
	if errors.Is(err, ErrNotFound) {
		return ErrNoRecovery
	}
	if err != nil {
		return err
	}
	began := time.Now()
	key, err := w.Unwrap(seal.ReadRecoveryCode(code))
	if err != nil {
		takeAtLeast(ctx, LeastRefusal-time.Since(began))
		return ErrRecovery
	}
	if err := s.rewrap(ctx, key, pin); err != nil {
		return err
	}
	s.vault.unlock(key)
	return nil
}

// CheckPIN tells whether this is the PIN without opening or closing anything; a wrong one counts as Unlock's do.
func (s *Store) CheckPIN(ctx context.Context, pin string) error {
	_, err := s.try(ctx, pin)
	return err
}

func (s *Store) rewrap(ctx context.Context, key seal.DataKey, pin string) error {
	w := key.Wrap(pin, s.pinCost)
	defer s.copyKey(ctx)
	return s.write(ctx, "change the PIN", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE data_key SET pin_passes = ?, pin_memory = ?, pin_lanes = ?, pin_salt = ?, pin_key = ?, wrong = 0`,
			w.Cost.Passes, w.Cost.MemoryKiB, w.Cost.Lanes, w.Salt, w.Key)
		return err
	})
}

// saveRecovery closes the data key by a further secret, which central keeps and the device forgets.
func (s *Store) saveRecovery(ctx context.Context, code string) error {
	key, err := s.vault.dataKey()
	if err != nil {
		return err
	}
	w := key.Wrap(seal.ReadRecoveryCode(code), s.pinCost)
	defer s.copyKey(ctx)
	return s.write(ctx, "keep the recovery key", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE data_key SET recovery_passes = ?, recovery_memory = ?, recovery_lanes = ?, recovery_salt = ?, recovery_key = ?`,
			w.Cost.Passes, w.Cost.MemoryKiB, w.Cost.Lanes, w.Salt, w.Key)
		return err
	})
}

func (s *Store) try(ctx context.Context, pin string) (key seal.DataKey, err error) {
	w, wrong, err := s.countAttempt(ctx)
	if err != nil {
		return key, err
	}
	began := time.Now()
	if key, err = w.Unwrap(pin); err == nil {
		return key, s.write(ctx, "unlock", func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE data_key SET wrong = 0`)
			return err
		})
	}
	takeAtLeast(ctx, LeastRefusal-time.Since(began))
	if wrong >= MostWrongPINs {
		return key, ErrShut
	}
	return key, &WrongPINError{Left: MostWrongPINs - wrong, Wait: waits(wrong)}
}

func (s *Store) countAttempt(ctx context.Context) (w seal.Wrapped, wrong int, err error) {
	err = s.write(ctx, "count the attempt", func(ctx context.Context, tx *sql.Tx) error {
		var last int64
		if err := tx.QueryRowContext(ctx, `SELECT pin_passes, pin_memory, pin_lanes, pin_salt, pin_key, wrong, wrong_at FROM data_key`).
			Scan(&w.Cost.Passes, &w.Cost.MemoryKiB, &w.Cost.Lanes, &w.Salt, &w.Key, &wrong, &last); err != nil {
			return err
		}
		if wrong >= MostWrongPINs {
			return ErrShut
		}
		// A clock that was put back makes nobody wait for years; one put forward wins a wait, not an attempt.
		now := s.now().UnixMilli()
		if left := last + waits(wrong).Milliseconds() - now; left > 0 && now >= last {
			return &TooSoonError{Wait: time.Duration(left) * time.Millisecond}
		}
		wrong++
		_, err := tx.ExecContext(ctx, `UPDATE data_key SET wrong = ?, wrong_at = ?`, wrong, now)
		return err
	})
	return w, wrong, err
}

// takeAtLeast lets guessing by hand or by machine take its time.
func takeAtLeast(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// WeakPIN tells PINs that would be guessed first: too short, one character over and over, or a row such as 123456.
func WeakPIN(pin string) bool {
	runes := []rune(pin)
	if len(runes) < 6 {
		return true
	}
	for _, step := range []rune{0, 1, -1} {
		row := true
		for i := 1; i < len(runes); i++ {
			row = row && runes[i]-runes[i-1] == step
		}
		if row {
			return true
		}
	}
	return false
}
