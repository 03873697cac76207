package quota

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"parvis/internal/study"
)

// A warning beside a cap for the same people is one with it, in the line and in what is over; another of the same people is none of theirs.
func TestAWarningBesideACapCountsOnce(t *testing.T) {
	t.Parallel()
	women := study.Rule{XPath: "/data/sex = 'w'"}
	warn := study.Quota{Name: "warn", Cell: "women", Condition: study.Rule{XPath: " /data/sex  = 'w'"}, Target: 8, Kind: study.Soft}
	limit := study.Quota{Name: "cap", Cell: "women", Condition: women, Target: 10, Kind: study.Hard}
	watched := study.Quota{Name: "seen", Cell: "women", Condition: women, Kind: study.Watched}
	elsewhere := study.Quota{Name: "apart", Condition: women, Target: 9, Kind: study.Soft} // of another line
	counts := func(n int) (list []Count) {
		for _, name := range []string{"warn", "cap", "seen", "apart"} {
			list = append(list, Count{name, "north", n})
		}
		return list
	}
	for name, c := range map[string]struct {
		quotas             []study.Quota
		done, target, over int
	}{
		"the cap first":       {[]study.Quota{limit, warn, watched}, 12, 10, 2},
		"the cap last":        {[]study.Quota{watched, warn, limit}, 12, 10, 2},
		"no cap":              {[]study.Quota{watched, warn}, 12, 8, 4},
		"watched alone":       {[]study.Quota{watched}, 12, 0, 0},
		"in another line too": {[]study.Quota{elsewhere, limit}, 12, 10, 2},
		"not over the cap":    {[]study.Quota{warn, limit}, 10, 10, 0},
	} {
		st := study.Study{Sites: []study.Site{{Name: "north"}}, Quotas: c.quotas}
		lines := Board(st, counts(c.done), Shown{})
		at := slices.IndexFunc(lines, func(l Line) bool { return l.Cell == "women" })
		if l := lines[at]; l.Done != c.done || l.Target != c.target || Over(&st, lines) != c.over {
			t.Errorf("%s: %d of %d, %d over", name, l.Done, l.Target, Over(&st, lines))
		}
	}
}

// What is over in a cell and in the total over it is over once; a site that has too many does not hide where the whole study has not.
func TestOverIsOfPeopleNotOfConstraints(t *testing.T) {
	t.Parallel()
	women := study.Rule{XPath: "w"}
	st := study.Study{Sites: []study.Site{{Name: "north"}, {Name: "south"}}, Quotas: []study.Quota{
		{Name: "women", Cell: "women", Condition: women, Target: 30, Kind: study.Hard},
		{Name: "wn", Cell: "women", Condition: women, Site: "north", Target: 10, Kind: study.Hard, Tolerance: 1},
		{Name: "ws", Cell: "women", Condition: women, Site: "south", Target: 10, Kind: study.Soft},
		{Name: "all", Target: 40, Kind: study.Hard},
		{Name: "day", Target: 1, Kind: study.Watched},
	}}
	for name, c := range map[string]struct{ north, south, men, want int }{
		"nobody":                         {11, 10, 0, 0},
		"a site, the whole study not":    {15, 9, 0, 4},
		"both sites, of them some twice": {20, 16, 0, 15}, // 9 and 6; 6 of these are over 30 also
		"in all more than at the sites":  {14, 11, 20, 5}, // 3 and 1, of 5 beyond 40
	} {
		lines := Board(st, []Count{
			{"women", "north", c.north}, {"women", "south", c.south}, {"wn", "north", c.north}, {"ws", "south", c.south}, {"all", "north", c.north + c.south + c.men}, {"day", "", 99},
		}, Shown{})
		if got := Over(&st, lines); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// person is somebody interviewed.
type person struct{ site, age, sex int }

// row is a quota with whom it counts.
type row struct {
	study.Quota
	falls func(person) bool
}

// The sites of drawn studies, two in each region, and their regions.
var sitesDrawn = []study.Site{{Name: "a", Region: "city"}, {Name: "b", Region: "city"}, {Name: "c", Region: "coast"}, {Name: "d", Region: "coast"}}

// drawn makes a quota of any place, people and kind.
func drawn(r *rand.Rand, n int) row {
	q := study.Quota{Name: fmt.Sprint("q", n), Target: r.IntN(12), Tolerance: r.IntN(3), Kind: []study.Kind{study.Hard, study.Soft, study.Watched}[r.IntN(3)]}
	level, site, age, sex := r.IntN(3), r.IntN(4), r.IntN(4)-1, r.IntN(3)-1
	switch level {
	case 1:
		q.Region = sitesDrawn[site].Region
	case 2:
		q.Site = sitesDrawn[site].Name
	}
	for question, choice := range map[string]int{"age": age, "sex": sex} {
		if choice >= 0 {
			q.Picks = append(q.Picks, study.Pick{Question: question, Choices: []string{fmt.Sprint(question, choice)}})
		}
	}
	slices.SortFunc(q.Picks, func(a, b study.Pick) int { return int(a.Question[0]) - int(b.Question[0]) })
	if len(q.Picks) > 0 {
		q.Condition.XPath = fmt.Sprint(q.Picks)
	}
	return row{q, func(p person) bool {
		return (age < 0 || p.age == age) && (sex < 0 || p.sex == sex) && (level == 0 || level == 1 && sitesDrawn[p.site].Region == q.Region || p.site == site)
	}}
}

// everyone is one of each kind of person.
func everyone() (all []person) {
	for site := range sitesDrawn {
		for age := range 3 {
			for sex := range 2 {
				all = append(all, person{site, age, sex})
			}
		}
	}
	return all
}

// nestedOrApart tells whether one of two counts all whom the other does, or nobody falls in both.
func nestedOrApart(a, b row) bool {
	both, onlyA, onlyB := 0, 0, 0
	for _, p := range everyone() {
		switch inA, inB := a.falls(p), b.falls(p); {
		case inA && inB:
			both++
		case inA:
			onlyA++
		case inB:
			onlyB++
		}
	}
	return both == 0 || onlyA == 0 || onlyB == 0
}

// board draws quotas that lie in each other or apart, some the same for other kinds, and people; and counts.
func board(r *rand.Rand, cell string) (st study.Study, rows []row, people []person, lines []Line) {
	st.Sites = sitesDrawn
	for n := range 40 {
		one := drawn(r, n)
		one.Cell = cell
		if !slices.ContainsFunc(rows, func(o row) bool { return !nestedOrApart(one, o) }) {
			rows = append(rows, one)
			st.Quotas = append(st.Quotas, one.Quota)
		}
	}
	kinds := everyone()
	for range r.IntN(150) {
		people = append(people, kinds[r.IntN(len(kinds))])
	}
	var counts []Count
	for _, one := range rows {
		for _, p := range people {
			if one.falls(p) {
				counts = append(counts, Count{one.Name, sitesDrawn[p.site].Name, 1})
			}
		}
	}
	return st, rows, people, Board(st, counts, Shown{})
}

// Where a cell's rows lie in each other or apart, its line has done as many as there are people who fall in any of them.
func TestALineCountsEachPersonOnce(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 500 {
		st, rows, people, lines := board(r, "cell")
		want := 0
		for _, p := range people {
			if slices.ContainsFunc(rows, func(o row) bool { return o.falls(p) }) {
				want++
			}
		}
		if lines[0].Done != want {
			t.Fatalf("%d done, and there are %d: %+v", lines[0].Done, want, st.Quotas)
		}
		target := 0
		for _, c := range Widest(&st, lines[0].Constraints) {
			if target += c.Target; slices.ContainsFunc(rows, func(o row) bool { return o.Kind == study.Hard && c.Kind != study.Hard && same(o.Quota, c.Quota) }) {
				t.Fatalf("%s stands for a hard one: %+v", c.Name, st.Quotas)
			}
		}
		if target != lines[0].Target {
			t.Fatalf("%d wanted, %d in sum", lines[0].Target, target)
		}
	}
}

func same(a, b study.Quota) bool {
	return a.Site == b.Site && a.Region == b.Region && a.Condition == b.Condition
}

// Where quotas lie in each other or apart, as many are over as must go for none to have too many; whether they share lines or not.
func TestOverIsHowManyMustGo(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	for n := range 500 {
		st, rows, people, lines := board(r, []string{"", "cell"}[n%2])
		rows = slices.DeleteFunc(slices.Clone(rows), func(o row) bool {
			return o.Kind == study.Watched || slices.ContainsFunc(rows, func(x row) bool {
				return x.Name != o.Name && same(x.Quota, o.Quota) && (x.Kind == study.Hard && o.Kind == study.Soft || x.Kind == o.Kind && before(rows, x, o))
			})
		})
		size := func(o row) (n int) {
			for _, p := range everyone() {
				if o.falls(p) {
					n++
				}
			}
			return n
		}
		slices.SortFunc(rows, func(a, b row) int { return size(a) - size(b) }) // what lies in others first: who goes there is gone for them too
		stay := slices.Clone(people)
		for _, o := range rows {
			room := o.Target + o.Tolerance
			stay = slices.DeleteFunc(stay, func(p person) bool {
				if !o.falls(p) {
					return false
				}
				room--
				return room < 0
			})
		}
		if got, want := Over(&st, lines), len(people)-len(stay); got != want {
			t.Fatalf("%d over, and %d must go: %+v", got, want, st.Quotas)
		}
	}
}

func before(rows []row, a, b row) bool {
	at := func(o row) int { return slices.IndexFunc(rows, func(x row) bool { return x.Name == o.Name }) }
	return at(a) < at(b)
}

// As many constraints as a study may have, all of them over, as after a target was lowered everywhere.
func BenchmarkOver(b *testing.B) {
	st := places()
	var counts []Count
	add := func(q study.Quota) {
		st.Quotas = append(st.Quotas, q)
		counts = append(counts, Count{q.Name, q.Site, 9})
	}
	add(study.Quota{Name: "all"})
	for site := range 80 {
		name := fmt.Sprint("s", site)
		st.Sites = append(st.Sites, study.Site{Name: name})
		add(study.Quota{Name: "all-" + name, Site: name})
		for n := range 23 {
			add(wants(fmt.Sprint(name, "-", n), name, fmt.Sprintf("age=a%d sex=s%d", n/2, n%2), 1))
		}
	}
	lines := Board(st, counts, Shown{})
	for b.Loop() {
		if n := Over(&st, lines); n < 80*23 {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(len(st.Quotas)), "quotas")
}
