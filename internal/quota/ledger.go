package quota

import (
	"errors"
)

// Lease is what one epoch has had of one constraint, as central keeps it. Each number only grows, so that what a device says may come
// late, twice or out of order: the higher number is the truth.
type Lease struct {
	Granted  int `json:"granted"`  // rights ever granted
	Returned int `json:"returned"` // of them, rights the device gave back
	Used     int `json:"used"`     // interviews counted with a right of this lease
	Written  int `json:"written"`  // rights written off with the device
}

// Out is how many rights the device may still use.
func (l Lease) Out() int { return l.Granted - l.Returned - l.Used - l.Written }

// Account is one constraint at central.
type Account struct {
	Cap  int // interviews that may count
	Used int // interviews that count
	// Leases are by epoch.
	Leases map[string]Lease
}

// Leased is the sum of all rights that are out.
func (a *Account) Leased() int {
	n := 0
	for _, l := range a.Leases {
		n += l.Out()
	}
	return n
}

// Written is the sum of all rights that were written off.
func (a *Account) Written() int {
	n := 0
	for _, l := range a.Leases {
		n += l.Written
	}
	return n
}

// Room is how many rights could be granted now; negative after the cap was lowered below what is used and leased.
func (a *Account) Room() int { return a.Cap - a.Used - a.Leased() }

// Ledger is what central knows of the rights in a study's hard constraints, by the constraint's name. It keeps to one law: in every
// constraint used + leased <= cap, unless a person lowered the cap, or accepted an interview that came without a right.
// The ledger has accounts of hard constraints alone; others are nothing to it.
type Ledger struct {
	Accounts map[string]*Account
}

// The reasons why a ledger refuses.
var (
	ErrUnknown = errors.New("there is no such constraint")
	ErrNoRoom  = errors.New("the constraint is full")
)

// NewLedger makes a ledger of empty accounts.
func NewLedger(caps map[string]int) *Ledger {
	l := &Ledger{Accounts: make(map[string]*Account, len(caps))}
	for name, n := range caps {
		l.Accounts[name] = &Account{Cap: n, Leases: map[string]Lease{}}
	}
	return l
}

// Grant adds rights to an epoch's lease, as many as were asked for and there is room for; it returns how many.
func (l *Ledger) Grant(epoch, constraint string, n int) int {
	a := l.Accounts[constraint]
	if a == nil {
		return 0
	}
	n = min(n, a.Room())
	if n <= 0 {
		return 0
	}
	lease := a.Leases[epoch]
	lease.Granted += n
	a.Leases[epoch] = lease
	return n
}

// Return takes up how many rights a device says it has given back, over all its life in the epoch. It never gives back more than is
// out.
func (l *Ledger) Return(epoch, constraint string, total int) {
	a := l.Accounts[constraint]
	if a == nil {
		return
	}
	lease := a.Leases[epoch]
	lease.Returned = max(lease.Returned, min(total, lease.Returned+lease.Out()))
	a.Leases[epoch] = lease
}

// WriteOff ends a lost device's epoch: what it still has may be granted to others. It returns how many rights that are, by constraint;
// by so many may a constraint overshoot if the device is found and its interviews are accepted.
func (l *Ledger) WriteOff(epoch string) map[string]int {
	off := map[string]int{}
	for name, a := range l.Accounts {
		lease := a.Leases[epoch]
		if n := lease.Out(); n > 0 {
			lease.Written += n
			a.Leases[epoch] = lease
			off[name] = n
		}
	}
	return off
}

// SetCap changes how many interviews may count. A cap below what is used and leased takes effect as leases return.
func (l *Ledger) SetCap(constraint string, n int) error {
	a := l.Accounts[constraint]
	if a == nil {
		return ErrUnknown
	}
	a.Cap = max(n, 0)
	return nil
}

// Constraints are the names of all accounts, sorted.
func (l *Ledger) Constraints() []string { return sortedKeys(l.Accounts) }
