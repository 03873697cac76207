package quota

import "slices"

// Filed is an interview as the ledger has it.
type Filed struct {
	Revision int      `json:"revision"`          // the newest that came
	Cells    []string `json:"cells"`             // the hard constraints it falls in by that revision
	Counted  []string `json:"counted,omitempty"` // those it counts in; empty while it is provisional or rejected
	// Soft are the constraints it falls in that hold nobody back. It counts there as long as it is neither provisional nor rejected.
	Soft []string `json:"soft,omitempty"`
	// Taken are the rights its device used for it, by constraint.
	Taken    map[string]int `json:"taken,omitempty"`
	Rejected bool           `json:"rejected,omitempty"`
}

// Provisional tells that the interview came without a right in each of its constraints: it does not count until a person accepts it.
func (f *Filed) Provisional() bool { return !f.Rejected && len(f.Counted) == 0 && len(f.Cells) > 0 }

// File takes in a revision of a complete interview. rights are all that its device used for it by then, by constraint: one for each it
// fell in when its screener ended, one more for each it fell in anew when it was corrected. They are totals and only grow, so that
// revisions may come in any order. An interview of whose rights one is missing, as after a write-off, stays provisional; a correction
// for which there is neither a right nor room leaves it where it counts; among those that hold nobody back it counts by its newest one.
func (l *Ledger) File(epoch string, f *Filed, revision int, cells []string, rights map[string]int) {
	if revision <= f.Revision {
		return
	}
	defer l.standing(f)()
	taken := l.take(epoch, f, rights)
	f.Revision, f.Cells, f.Soft = revision, l.hard(cells), l.softAmong(cells)
	if f.Rejected {
		return
	}
	if len(f.Counted) == 0 && len(f.Taken) == 0 && len(f.Cells) > 0 {
		return
	}
	for _, q := range without(f.Cells, f.Counted) {
		// A right that was taken before and not used then is somebody else's by now.
		if taken[q] == 0 && l.Accounts[q].Room() < 1 {
			return
		}
	}
	l.move(f, f.Cells)
}

// take takes up the rights that the device says it used and that have not been taken up, all or none; it returns those.
func (l *Ledger) take(epoch string, f *Filed, rights map[string]int) (taken map[string]int) {
	for q, n := range rights {
		if a := l.Accounts[q]; a != nil && n-f.Taken[q] > a.Leases[epoch].Out() {
			return nil
		}
	}
	for q, n := range rights {
		a := l.Accounts[q]
		if a == nil || n <= f.Taken[q] {
			continue
		}
		lease := a.Leases[epoch]
		lease.Used += n - f.Taken[q]
		a.Leases[epoch] = lease
		taken = plus(taken, q, n-f.Taken[q])
	}
	for q, n := range taken {
		f.Taken = plus(f.Taken, q, n)
	}
	return taken
}

// Accept counts an interview by a person's decision, in those of its constraints that the study still has. Beyond the caps it may count as
// far as rights were written off, of which this may be one; otherwise ErrNoRoom.
func (l *Ledger) Accept(f *Filed) error {
	to := l.hard(f.Cells)
	if !l.takesBack(f, to) {
		return ErrNoRoom
	}
	defer l.standing(f)()
	f.Rejected, f.Cells = false, to
	l.move(f, to)
	return nil
}

// Readmit takes a rejection back without a person's word that the interview is to count: it counts again where it once had rights and
// there is room, and waits for that word elsewhere.
func (l *Ledger) Readmit(f *Filed) {
	to := l.hard(f.Cells)
	defer l.standing(f)()
	f.Rejected = false
	if len(f.Taken) > 0 && l.takesBack(f, to) {
		l.move(f, to)
	}
}

// takesBack tells whether there is room for an interview where it does not count.
func (l *Ledger) takesBack(f *Filed, to []string) bool {
	return !slices.ContainsFunc(without(to, f.Counted), func(q string) bool { return l.Accounts[q].Room()+l.Accounts[q].Written() < 1 })
}

// Reject takes an interview out; where it counted is room again, though not its device's.
func (l *Ledger) Reject(f *Filed) {
	defer l.standing(f)()
	f.Rejected = true
	l.move(f, nil)
}

// FileSoft takes up where nobody is held back an interview that was filed before that was counted, cells being those of its newest
// revision. What it counted in when that was hard still counts once.
func (l *Ledger) FileSoft(f *Filed, cells []string) {
	defer l.standing(f)()
	f.Soft = l.softAmong(cells)
	if !f.Provisional() {
		f.Cells = without(f.Cells, f.Soft)
		l.move(f, without(f.Counted, f.Soft))
	}
}

// standing counts anew what is provisional, and what counts where nobody is held back: before a change and, by what it returns, after it.
func (l *Ledger) standing(f *Filed) (after func()) {
	count := func(by int) {
		switch {
		case f.Rejected:
		case f.Provisional():
			for _, q := range f.Cells {
				if a := l.Accounts[q]; a != nil {
					a.Provisional += by
				} else {
					l.MoreProvisional[q] += by
				}
			}
		default:
			for _, q := range f.Soft {
				l.More[q] += by
			}
		}
	}
	count(-1)
	return func() { count(1) }
}

// move lets an interview count in other constraints.
func (l *Ledger) move(f *Filed, to []string) {
	for _, q := range without(to, f.Counted) {
		l.Accounts[q].Used++
	}
	for _, q := range without(f.Counted, to) {
		if a := l.Accounts[q]; a != nil {
			a.Used--
		} else { // in a newer version of the study it holds nobody back, or is not there
			l.More[q]--
		}
	}
	f.Counted = slices.Clone(to)
}

// hard are those of the constraints that have an account, sorted and once each.
func (l *Ledger) hard(cells []string) (list []string) {
	for _, q := range slices.Compact(slices.Sorted(slices.Values(cells))) {
		if l.Accounts[q] != nil {
			list = append(list, q)
		}
	}
	return list
}

// softAmong are those of the constraints that hold nobody back, sorted and once each.
func (l *Ledger) softAmong(cells []string) (list []string) {
	for _, q := range slices.Compact(slices.Sorted(slices.Values(cells))) {
		if l.soft[q] {
			list = append(list, q)
		}
	}
	return list
}

func without(list, those []string) (rest []string) {
	for _, s := range list {
		if !slices.Contains(those, s) {
			rest = append(rest, s)
		}
	}
	return rest
}

func plus(m map[string]int, key string, n int) map[string]int {
	if m == nil {
		m = map[string]int{}
	}
	m[key] += n
	return m
}
