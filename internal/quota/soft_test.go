package quota

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// softLedger has a hard constraint with rights for e, and two that hold nobody back.
func softLedger(rights int) *Ledger {
	l := NewLedger(map[string]int{"hard": 10})
	l.Grant("e", "hard", rights)
	l.Soften("soft", "watched")
	return l
}

// more leaves out what nothing changed in.
func (l *Ledger) more() map[string]int {
	maps.DeleteFunc(l.More, func(_ string, n int) bool { return n == 0 })
	return l.More
}

// Where nobody is held back an interview counts by its newest revision, once, as long as it is neither provisional nor rejected.
func TestSoftConstraintsCount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rights int
		do     func(*Ledger, *Filed)
		want   map[string]int
	}{
		"no hard cell": {0, func(l *Ledger, f *Filed) { l.File("e", f, 1, []string{"soft", "other"}, nil) }, map[string]int{"soft": 1}},
		"once more": {0, func(l *Ledger, f *Filed) {
			l.File("e", f, 1, []string{"soft"}, nil)
			l.File("e", f, 1, []string{"soft"}, nil)
		}, map[string]int{"soft": 1}},
		"corrected": {0, func(l *Ledger, f *Filed) {
			l.File("e", f, 1, []string{"soft"}, nil)
			l.File("e", f, 2, []string{"watched"}, nil)
		}, map[string]int{"watched": 1}},
		"the correction came first": {0, func(l *Ledger, f *Filed) {
			l.File("e", f, 2, []string{"watched"}, nil)
			l.File("e", f, 1, []string{"soft"}, nil)
		}, map[string]int{"watched": 1}},
		"void":         {0, func(l *Ledger, f *Filed) { l.File("e", f, 1, []string{"soft"}, nil); l.File("e", f, 2, nil, nil) }, map[string]int{}},
		"with a right": {1, func(l *Ledger, f *Filed) { l.File("e", f, 1, []string{"hard", "soft"}, right("hard")) }, map[string]int{"soft": 1}},
		"provisional":  {0, func(l *Ledger, f *Filed) { l.File("e", f, 1, []string{"hard", "soft"}, right("hard")) }, map[string]int{}},
		"provisional, and accepted": {0, func(l *Ledger, f *Filed) {
			l.File("e", f, 1, []string{"hard", "soft"}, right("hard"))
			_ = l.Accept(f) // there is room
		}, map[string]int{"soft": 1}},
		"corrected without a right": {0, func(l *Ledger, f *Filed) {
			l.File("e", f, 1, []string{"soft"}, nil)
			l.File("e", f, 2, []string{"hard", "soft"}, nil)
		}, map[string]int{}},
		"rejected": {0, func(l *Ledger, f *Filed) { l.File("e", f, 1, []string{"soft"}, nil); l.Reject(f) }, map[string]int{}},
		"rejected, then corrected": {0, func(l *Ledger, f *Filed) {
			l.File("e", f, 1, []string{"soft"}, nil)
			l.Reject(f)
			l.File("e", f, 2, []string{"watched"}, nil)
		}, map[string]int{}},
		"rejected and readmitted": {0, func(l *Ledger, f *Filed) {
			l.File("e", f, 1, []string{"soft"}, nil)
			l.Reject(f)
			l.Readmit(f)
		}, map[string]int{"soft": 1}},
		"filed before": {1, func(l *Ledger, f *Filed) {
			*f = Filed{Revision: 1, Cells: []string{"hard"}, Counted: []string{"hard"}}
			l.FileSoft(f, []string{"hard", "soft"})
			l.FileSoft(f, []string{"hard", "soft"})
		}, map[string]int{"soft": 1}},
		"hard when it was filed": {0, func(l *Ledger, f *Filed) {
			*f = Filed{Revision: 1, Cells: []string{"soft"}, Counted: []string{"soft"}} // which counts it already
			l.FileSoft(f, []string{"soft"})
		}, map[string]int{}},
		"hard when it was filed, and rejected since": {0, func(l *Ledger, f *Filed) {
			*f = Filed{Revision: 1, Cells: []string{"soft"}, Counted: []string{"soft"}}
			l.Reject(f)
		}, map[string]int{"soft": -1}},
	} {
		l, f := softLedger(c.rights), Filed{}
		c.do(l, &f)
		if diff := cmp.Diff(c.want, l.more()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
