// Package conformance holds the questionnaire engine against reference suites: it reads their cases, counts figures, and lists what
// is missed by rule, with the reason for each miss that stays. Only tests use it. It knows nothing of the engine.
package conformance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Variables that name other folders than the shared ones.
const (
	Vectors = "VECTORS" // recorded cases
	Forms   = "FORMS"   // real workbooks
)

// Folder finds the suites of a kind (Vectors or Forms), or skips the test saying why.
func Folder(t testing.TB, kind string) string {
	t.Helper()
	dir := os.Getenv(kind)
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", strings.ToLower(kind))
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no suites to compare with: %v (set %s to a folder that has them)", err, kind)
	}
	return dir
}

// Lines reads a file of one JSON value a line; where it is absent the test is skipped.
func Lines[T any](t testing.TB, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("no cases to compare with: %v", err)
	}
	defer f.Close()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		if len(s.Bytes()) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, v)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Figure is one share of a suite that is met.
type Figure struct {
	Name string
	Kind string // Vectors or Forms
	// Reached is the least share with the shared suites, Promised with any other, in percent.
	Reached, Promised float64
	// Stays tells, by part of a rule's name, why its misses stay.
	Stays    map[string]string
	hit, all int
	misses   map[string][]string
}

// Add counts one case of a rule; miss says what was missed, empty for nothing.
func (f *Figure) Add(rule, miss string) {
	f.all++
	if miss == "" {
		f.hit++
		return
	}
	if f.misses == nil {
		f.misses = map[string][]string{}
	}
	f.misses[rule] = append(f.misses[rule], miss)
}

// Check is Add of a case that holds or not.
func (f *Figure) Check(ok bool, rule, miss string) {
	if ok {
		miss = ""
	}
	f.Add(rule, miss)
}

// Report prints the figure and its misses, and fails below the floor.
func (f *Figure) Report(t *testing.T) {
	t.Helper()
	if f.all == 0 {
		t.Fatalf("%s: no cases", f.Name)
	}
	share := 100 * float64(f.hit) / float64(f.all)
	fmt.Printf("%s: %d/%d %.1f %%\n", f.Name, f.hit, f.all, share)
	for _, rule := range slices.Sorted(maps.Keys(f.misses)) {
		fmt.Printf("  missed: %s (%d): %s\n", rule, len(f.misses[rule]), f.reason(rule))
		for _, m := range f.misses[rule] {
			if testing.Verbose() {
				fmt.Printf("    %s\n", m)
			}
		}
	}
	floor := f.Reached
	if os.Getenv(f.Kind) != "" {
		floor = f.Promised
	}
	if share < floor {
		t.Errorf("%s: %.2f %% is below the floor of %.2f %%", f.Name, share, floor)
	}
}

func (f *Figure) reason(rule string) string {
	for part, reason := range f.Stays {
		if strings.Contains(rule, part) {
			return reason
		}
	}
	return "no reason known; worth a look"
}
