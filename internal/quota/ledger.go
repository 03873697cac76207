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
	// Moved are rights passed on to other epochs, which have them among their Granted.
	Moved int `json:"moved,omitempty"`
	// Spent are rights that the device used for interviews which have come, as they say, whether those could be taken from this lease
	// or not. It may be less than Used: a right may be taken for an interview that was made in another epoch.
	Spent int `json:"spent,omitempty"`
}

// Out is how many rights the device may still use.
func (l Lease) Out() int { return l.Granted - l.Returned - l.Used - l.Written - l.Moved }

// Told is how many rights a device hears that it was granted, of which it says that it committed so many. A right it committed that this
// lease never had, as one that a laptop lent twice, is made good to it once the interview has come and waits for a person: it would
// keep one of those it has for ever otherwise. Of interviews that another life of the device made it knows nothing.
func (l Lease) Told(committed int) int {
	return l.Granted + max(min(l.Spent, committed)-l.Used-l.Written, 0)
}

// Sublease is one lessee that passes rights on, and one that has them from it.
type Sublease struct{ Till, Epoch string }

// Account is one constraint at central.
type Account struct {
	Cap  int // interviews that may count
	Used int // interviews that count
	// Provisional are interviews that came without a right and wait for a person.
	Provisional int
	// Leases are by epoch.
	Leases map[string]Lease
	// Heard is how many rights an epoch has said that it was passed on by a till, in all; each number only grows.
	Heard map[Sublease]int
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
// The ledger has accounts of hard constraints alone. In those that hold nobody back it only counts; all others are nothing to it.
type Ledger struct {
	Accounts map[string]*Account
	// More is by how many more interviews count in constraints without an account than when the ledger was made: in those that hold nobody
	// back, or that a newer version of the study has not. MoreProvisional is by how many more are provisional in these.
	More, MoreProvisional map[string]int
	soft                  map[string]bool // those that hold nobody back
}

// The reasons why a ledger refuses.
var (
	ErrUnknown = errors.New("there is no such constraint")
	ErrNoRoom  = errors.New("the constraint is full")
)

// NewLedger makes a ledger of empty accounts.
func NewLedger(caps map[string]int) *Ledger {
	l := &Ledger{Accounts: make(map[string]*Account, len(caps)), More: map[string]int{}, MoreProvisional: map[string]int{}, soft: map[string]bool{}}
	for name, n := range caps {
		l.Accounts[name] = &Account{Cap: n, Leases: map[string]Lease{}, Heard: map[Sublease]int{}}
	}
	return l
}

// Soften takes up constraints that hold nobody back: interviews filed from now on count there too.
func (l *Ledger) Soften(constraints ...string) {
	for _, name := range constraints {
		l.soft[name] = true
	}
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

// Spend notes rights that an epoch's interviews say they used; it tells whether there is such a constraint.
func (l *Ledger) Spend(epoch, constraint string, n int) bool {
	a := l.Accounts[constraint]
	if a == nil {
		return false
	}
	lease := a.Leases[epoch]
	lease.Spent += n
	a.Leases[epoch] = lease
	return true
}

// Claim takes up how many rights a device says it was passed on by a till, over all its life in the epoch, or the till says it passed on to
// it; what they say may come late, twice or out of order. They move from one lease to the other, so that used + leased stays what it is, and no more move than the till has
// out: a till that passes rights on twice, or a device that lies, makes none, and the interviews beyond stay provisional. With a device
// that was lost they are written off as they come. It returns how many moved.
func (l *Ledger) Claim(s Sublease, constraint string, total int, lost bool) (moved int) {
	a := l.Accounts[constraint]
	if a == nil || s.Till == s.Epoch || total <= a.Heard[s] {
		return 0
	}
	till, lease := a.Leases[s.Till], a.Leases[s.Epoch]
	moved = max(min(total-a.Heard[s], till.Out()), 0)
	a.Heard[s] = total
	if moved == 0 {
		return 0
	}
	till.Moved += moved
	lease.Granted += moved
	if lost {
		lease.Written += moved
	}
	a.Leases[s.Till], a.Leases[s.Epoch] = till, lease
	return moved
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
