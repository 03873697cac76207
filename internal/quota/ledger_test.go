package quota

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func right(cells ...string) map[string]int {
	rights := map[string]int{}
	for _, c := range cells {
		rights[c] = 1
	}
	return rights
}

// A device is written off: its rights are free at once, what it brings later is kept apart, and a person can let it count as far as was
// written off.
func TestWriteOff(t *testing.T) {
	t.Parallel()
	l := NewLedger(map[string]int{"a": 5, "b": 10})
	if n := l.Grant("lost", "a", 9); n != 5 {
		t.Fatalf("%d granted of 5", n)
	}
	l.Grant("lost", "b", 2)
	if n := l.Grant("other", "a", 1); n != 0 {
		t.Fatalf("%d granted of none", n)
	}
	var before Filed
	l.File("lost", &before, 1, []string{"a", "b", "soft"}, right("a", "b"))
	if diff := cmp.Diff([]string{"a", "b"}, before.Counted); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff(map[string]int{"a": 4, "b": 1}, l.WriteOff("lost")); diff != "" {
		t.Error(diff)
	}
	if n := l.Grant("other", "a", 9); n != 4 {
		t.Errorf("%d granted of the 4 that were written off", n)
	}
	var late Filed
	l.File("lost", &late, 1, []string{"a", "b"}, right("a", "b"))
	if !late.Provisional() || l.Accounts["b"].Room() != 9 {
		t.Errorf("%+v with room for %d", late, l.Accounts["b"].Room())
	}
	for range 4 {
		var f Filed
		l.File("other", &f, 1, []string{"a"}, right("a"))
		if f.Provisional() {
			t.Error("an interview with a right is provisional")
		}
	}
	for i := range 6 {
		f := Filed{Cells: []string{"a"}}
		if err := l.Accept(&f); (err == nil) != (i < 4) {
			t.Errorf("accepted beyond the cap: %d, %v", i, err)
		}
	}
	if a := l.Accounts["a"]; a.Used != 9 {
		t.Errorf("%d counted of 5, with 4 written off", a.Used)
	}
}

func TestALowerCapTakesEffectAsLeasesReturn(t *testing.T) {
	t.Parallel()
	l := NewLedger(map[string]int{"a": 10})
	l.Grant("x", "a", 8)
	if err := errors.Join(l.SetCap("a", 3), l.SetCap("none", 1)); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	for _, returned := range []int{3, 5} {
		l.Return("x", "a", returned)
		if n := l.Grant("y", "a", 1); n != 0 {
			t.Errorf("%d granted with %d out of 3", n, l.Accounts["a"].Leased())
		}
	}
	l.Return("x", "a", 6)
	l.Return("x", "a", 2) // an old letter
	if n := l.Grant("y", "a", 5); n != 1 {
		t.Errorf("%d granted of 1", n)
	}
	l.Return("x", "a", 99)
	if out := l.Accounts["a"].Leases["x"].Out(); out != 0 {
		t.Errorf("%d out", out)
	}
}

func TestARejectedInterviewGivesItsPlaceBack(t *testing.T) {
	t.Parallel()
	l := NewLedger(map[string]int{"a": 1})
	l.Grant("x", "a", 1)
	var f Filed
	l.File("x", &f, 1, []string{"a"}, right("a"))
	l.Reject(&f)
	l.File("x", &f, 2, []string{"a"}, right("a"))
	if f.Provisional() || len(f.Counted) != 0 || l.Grant("y", "a", 1) != 1 {
		t.Errorf("%+v", f)
	}
	if err := l.Accept(&f); !errors.Is(err, ErrNoRoom) {
		t.Errorf("its place was given to another: %v", err)
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n        int
		expected []float64
		want     []int
	}{
		{0, []float64{2, 2}, []int{0, 0}},
		{1, []float64{0.2, 1, 0.9}, []int{0, 1, 0}},
		{3, []float64{0.2, 1, 0.9}, []int{0, 2, 1}},
		{2, []float64{0.01, 0}, []int{1, 0}}, // at least one while plenty remain, none where nobody is expected
		{3, []float64{4, 0.05}, []int{3, 0}},
		{100, []float64{4}, []int{8}}, // about 4 + 1.65 sqrt(4)
		// Where everybody meets far more than there is, nobody gets everything.
		{9, []float64{60, 60, 60}, []int{3, 3, 3}},
		{10, []float64{2000, 2000}, []int{5, 5}},
		{10, []float64{1000, 990, 2}, []int{6, 4, 0}},
	} {
		if got := Shares(c.n, c.expected); !slices.Equal(got, c.want) {
			t.Errorf("%d among %v: %v, not %v", c.n, c.expected, got, c.want)
		}
	}
	for _, mean := range []float64{0.3, 1, 3, 10, 40} {
		got, rule := float64(Shares(1000, []float64{mean})[0]), mean+1.65*math.Sqrt(mean)
		if math.Abs(got-rule) > 1.3 {
			t.Errorf("for %v expected %v rights; rate + 1.65 sqrt(rate) is %.1f", mean, got, rule)
		}
	}
}

// What others have used by now, unheard, is not shared again; what a device holds that nobody expects to hear of is not shared at all.
func TestTargetsLeaveOutWhatIsUsed(t *testing.T) {
	t.Parallel()
	l := NewLedger(map[string]int{"a": 20})
	l.Grant("x", "a", 10)
	l.Grant("gone", "a", 5)
	target := func(name, epoch string, needs map[string]Need) int {
		return l.Targets(epoch, map[string]map[string]Need{name: needs}, nil)[name]
	}
	fresh := target("a", "y", map[string]Need{"x": {Expected: 6}, "y": {Expected: 6}})
	later := target("a", "y", map[string]Need{"x": {Expected: 6, Unheard: 30}, "y": {Expected: 6}})
	if fresh != 7 && fresh != 8 || later > 3 || target("a", "z", nil) != 0 || target("b", "y", nil) != 0 {
		t.Errorf("%d, and later %d", fresh, later)
	}
}

func TestRatesAreDrawnTowardsTheStudyWhileLittleIsKnown(t *testing.T) {
	t.Parallel()
	caps := map[string]int{"a": 60, "b": 60}
	rates := Rates(map[string]Pace{
		"new": {}, "old": {Hours: 100, Respondents: 200, Met: map[string]int{"a": 200}},
	}, caps, 3)
	if got := rates["old"]["a"]; math.Abs(got-2) > 0.1 {
		t.Errorf("who met 2 an hour meets %v", got)
	}
	if a, b := rates["new"]["a"], rates["new"]["b"]; a < b || math.Abs(a+b-2) > 0.1 {
		t.Errorf("a new device is expected to meet %v and %v", a, b)
	}
	if got := Rates(map[string]Pace{"new": {}}, caps, 3)["new"]["a"]; math.Abs(got-1.5) > 0.01 {
		t.Errorf("before anybody has worked: %v", got)
	}
}

func TestReservingIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := Wallet{"a": {Granted: 1}, "b": {Granted: 2}}
	if !w.Reserve([]string{"a", "b", "b"}) || w.Reserve([]string{"a", "b"}) {
		t.Fatal(w)
	}
	if diff := cmp.Diff([]string{"a", "c"}, w.Full([]string{"a", "b", "c"})); diff != "" {
		t.Error(diff)
	}
	w.Release([]string{"a"})
	w.Commit([]string{"b"})
	if n := w.Keep("b", 0); n != 1 || w.Keep("a", 1) != 0 {
		t.Errorf("%d given back", n)
	}
	w.Told("b", 5)
	w.Told("b", 4)
	if diff := cmp.Diff(Wallet{"a": {Granted: 1}, "b": {Granted: 5, Committed: 1, Returned: 1}}, w); diff != "" {
		t.Error(diff)
	}
}

// A total goes where its cells go, as far as it reaches; who falls in none of them is not forgotten.
func TestATotalGoesWithItsCells(t *testing.T) {
	t.Parallel()
	needs := map[string]map[string]Need{
		"all": {"x": {Expected: 10}, "y": {Expected: 10}}, "old": {"x": {Expected: 9}, "y": {Expected: 1}}, "young": {"x": {Expected: 1}, "y": {Expected: 9}},
	}
	within := Within{"all": {"old", "young"}}
	for name, c := range map[string]struct {
		caps map[string]int
		x, y [3]int // all, old, young
	}{
		"redundant":     {map[string]int{"all": 6, "old": 5, "young": 1}, [3]int{5, 5, 0}, [3]int{1, 0, 1}},
		"scarcer":       {map[string]int{"all": 4, "old": 5, "young": 1}, [3]int{4, 5, 0}, [3]int{0, 0, 1}},
		"not all of it": {map[string]int{"all": 8, "old": 0, "young": 1}, [3]int{0, 0, 0}, [3]int{1, 0, 1}},
	} {
		l := NewLedger(c.caps)
		for epoch, want := range map[string][3]int{"x": c.x, "y": c.y} {
			got := l.Targets(epoch, needs, within)
			if [3]int{got["all"], got["old"], got["young"]} != want {
				t.Errorf("%s, %s: %v, not %v", name, epoch, got, want)
			}
		}
	}
	needs["all"] = map[string]Need{"x": {Expected: 14}, "y": {Expected: 10}} // x meets people of neither age
	l := NewLedger(map[string]int{"all": 20, "old": 5, "young": 1})
	if got := l.Targets("x", needs, within)["all"]; got != 5+8 {
		t.Errorf("%d rights for those within cells and without", got)
	}
	if got := l.Targets("y", needs, Within{"all": {"old", "all", "young"}})["all"]; got != 1 {
		t.Errorf("one that lies within itself gets %d", got)
	}
}

// A newer workbook may have dropped a constraint: whoever is accepted counts in the others, and in none where there is none left.
func TestAcceptingWhereTheStudyHasChanged(t *testing.T) {
	l := NewLedger(map[string]int{"men": 1})
	f := &Filed{Revision: 1, Cells: []string{"men", "young"}}
	if err := l.Accept(f); err != nil || !slices.Equal(f.Counted, []string{"men"}) || l.Accounts["men"].Used != 1 {
		t.Errorf("%+v, %v", f, err)
	}
	gone := &Filed{Revision: 1, Cells: []string{"young"}}
	if err := l.Accept(gone); err != nil || gone.Provisional() {
		t.Errorf("%+v, %v", gone, err)
	}
	if err := l.Accept(&Filed{Revision: 1, Cells: []string{"men"}}); !errors.Is(err, ErrNoRoom) {
		t.Errorf("one more than is wanted: %v", err)
	}
}

// A rejection that is taken back is no acceptance: only what once had rights counts again by itself, where there is room.
func TestARejectionTakenBack(t *testing.T) {
	for name, c := range map[string]struct {
		f    Filed
		used int // by others in the meantime
		want bool
	}{
		"with rights":       {Filed{Cells: []string{"men"}, Taken: map[string]int{"men": 1}, Rejected: true}, 0, true},
		"its place is gone": {Filed{Cells: []string{"men"}, Taken: map[string]int{"men": 1}, Rejected: true}, 1, false},
		"provisional":       {Filed{Cells: []string{"men"}, Rejected: true}, 0, false},
	} {
		l := NewLedger(map[string]int{"men": 1})
		l.Accounts["men"].Used = c.used
		if l.Readmit(&c.f); c.f.Rejected || c.f.Provisional() == c.want || l.Accounts["men"].Used != max(c.used, len(c.f.Counted)) {
			t.Errorf("%s: %+v, %d used", name, c.f, l.Accounts["men"].Used)
		}
	}
}
