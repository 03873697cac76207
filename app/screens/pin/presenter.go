// Package pin is where an interviewer chooses, enters, changes or recovers the PIN that opens a device's memory. The Presenter is
// plain Go and tested without a display; the View draws.
package pin

import (
	"context"
	"errors"
	"time"

	"parvis/internal/fieldstore"
)

// Store keeps the data key that the PIN closes.
type Store interface {
	SetPIN(ctx context.Context, pin string) error
	Unlock(ctx context.Context, pin string) error
	CheckPIN(ctx context.Context, pin string) error
	ChangePIN(ctx context.Context, before, pin string) error
	Recover(ctx context.Context, code, pin string) error
}

// Mode is what the page is for.
type Mode uint8

// The modes.
const (
	Choose  Mode = iota // the first PIN of a device
	Enter               // opens the device
	Confirm             // shows that it is the interviewer who holds the device
	Change              // a new PIN for an old one
	Recover             // a new PIN for the recovery code
)

// chooses tells whether a new PIN is typed, twice.
func (m Mode) chooses() bool { return m == Choose || m == Change || m == Recover }

// Presenter holds what was typed.
type Presenter struct {
	Store Store
	Mode  Mode
	// Before is the PIN until now, or of Recover the code; PIN is the one meant, Again its second writing where it is chosen.
	Before, PIN, Again string
}

// Fault says which field something is wrong with, as a key of the interface's texts and its arguments; Count is set where the text
// has one.
type Fault struct {
	Before, PIN, Again string
	Count              int
}

// None tells that nothing is wrong.
func (f Fault) None() bool { return f == Fault{} }

// Check looks at what was typed before anything is tried.
func (p *Presenter) Check() Fault {
	switch {
	case (p.Mode == Change || p.Mode == Recover) && p.Before == "":
		return Fault{Before: "pin.missing"}
	case p.PIN == "":
		return Fault{PIN: "pin.missing"}
	case p.Mode.chooses() && fieldstore.WeakPIN(p.PIN):
		return Fault{PIN: "pin.weak"}
	case p.Mode.chooses() && p.PIN != p.Again:
		return Fault{Again: "pin.differs"}
	}
	return Fault{}
}

// Try does what the page is for. It takes about half a second on a phone, on purpose.
func (p *Presenter) Try(ctx context.Context) error {
	switch p.Mode {
	case Choose:
		return p.Store.SetPIN(ctx, p.PIN)
	case Enter:
		return p.Store.Unlock(ctx, p.PIN)
	case Confirm:
		return p.Store.CheckPIN(ctx, p.PIN)
	case Change:
		return p.Store.ChangePIN(ctx, p.Before, p.PIN)
	}
	return p.Store.Recover(ctx, p.Before, p.PIN)
}

// FaultOf says where an error of Try belongs on the page; known is false for one that is not about PINs.
func (p *Presenter) FaultOf(err error) (f Fault, known bool) {
	var wrong *fieldstore.WrongPINError
	var soon *fieldstore.TooSoonError
	key := ""
	switch {
	case errors.Is(err, fieldstore.ErrRecovery):
		key = "pin.recovery_wrong"
	case errors.Is(err, fieldstore.ErrNoRecovery):
		key = "pin.recovery_none"
	case errors.Is(err, fieldstore.ErrShut):
		key = "pin.shut"
	case errors.As(err, &wrong):
		key, f.Count = "pin.wrong", wrong.Left
	case errors.As(err, &soon):
		key, f.Count = "pin.wait", minutes(soon.Wait)
	default:
		return f, false
	}
	if p.Mode == Change || p.Mode == Recover {
		f.Before = key
	} else {
		f.PIN = key
	}
	return f, true
}

// minutes is how many minutes a wait is, at least one.
func minutes(d time.Duration) int { return max(1, int((d+time.Minute-1)/time.Minute)) }
