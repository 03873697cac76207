package quota

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/study"
)

// wants makes a quota of its picks, such as "age=a18 sex=woman" with several choices as "age=a18,a35".
func wants(name, site, picks string, target int) study.Quota {
	q := study.Quota{Name: name, Cell: picks, Site: site, Target: target, Kind: study.Hard, Condition: study.Rule{XPath: picks}}
	for _, p := range strings.Fields(picks) {
		question, choices, _ := strings.Cut(p, "=")
		q.Picks = append(q.Picks, study.Pick{Question: question, Choices: strings.Split(choices, ",")})
	}
	return q
}

func places(quotas ...study.Quota) study.Study {
	choices := func(names ...string) (list []study.Phrase) {
		for _, n := range names {
			list = append(list, study.Phrase{Name: n, Label: study.Text{"en": strings.ToUpper(n), "fr": n + "!"}})
		}
		return list
	}
	return study.Study{
		Sites:      []study.Site{{Name: "north", Region: "city"}, {Name: "south", Region: "coast"}},
		Dimensions: []study.Dimension{{Question: "age", Choices: choices("a18", "a35", "a55")}, {Question: "sex", Choices: choices("woman", "man")}, {Question: "work", Choices: choices("yes", "no")}},
		Quotas:     quotas,
	}
}

// sums writes the sums of a study's grids: label, and name of each part in all, then at the north.
func sums(st study.Study) (list []string) {
	said := func(parts []Constraint) string {
		var names []string
		for _, c := range parts {
			names = append(names, c.Name)
		}
		return strings.Join(names, "+")
	}
	for _, g := range Grids(st, Board(st, nil, Shown{Day: "2026-11-29"})) {
		for _, s := range g.Margins {
			list = append(list, fmt.Sprintf("%s: %s; north: %s", g.Label(s).In("en", ""), said(s.Parts(func(Constraint) bool { return true })), said(s.Parts(func(c Constraint) bool { return c.Site == "north" }))))
		}
	}
	return list
}

func TestMargins(t *testing.T) {
	t.Parallel()
	square := []study.Quota{
		wants("n1", "north", "age=a18 sex=woman", 10), wants("s1", "south", "age=a18 sex=woman", 11), wants("n2", "north", "age=a18 sex=man", 12),
		wants("n3", "north", "age=a35 sex=woman", 13), wants("s3", "south", "age=a35 sex=woman", 14),
	}
	with := func(more ...study.Quota) []study.Quota { return append(append([]study.Quota{}, square...), more...) }
	further := func(q study.Quota, rule string) study.Quota {
		q.Further, q.Condition.XPath = rule, q.Condition.XPath+rule
		return q
	}
	kind := func(q study.Quota, k study.Kind) study.Quota { q.Kind = k; return q }
	daily := func(q study.Quota) study.Quota { q.Period = study.EachDay; return q }
	for name, c := range map[string]struct {
		quotas []study.Quota
		want   []string
	}{
		"age by sex at each site": {square, []string{
			"A18: n1+s1+n2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: n1+s1+n3+s3; north: n1+n3", "MAN: n2; north: n2", ": n1+s1+n2+n3+s3; north: n1+n2+n3"}},
		"the author's women in all stand in place of the sum": {with(wants("w", "", "sex=woman", 5)), []string{
			"A18: n1+s1+n2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: w; north: n1+n3", "MAN: n2; north: n2", ": n1+s1+n2+n3+s3; north: n1+n2+n3"}},
		"the author's women of one site": {with(wants("w", "north", "sex=woman", 5)), []string{
			"A18: n1+s1+n2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: w+s1+s3; north: w", "MAN: n2; north: n2", ": n1+s1+n2+n3+s3; north: n1+n2+n3"}},
		"women in all and of one site": {with(wants("w", "north", "sex=woman", 5), wants("ww", "", "sex=woman", 5)), []string{
			"A18: n1+s1+n2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: ww; north: w", "MAN: n2; north: n2", ": n1+s1+n2+n3+s3; north: n1+n2+n3"}},
		"everybody of a region": {with(study.Quota{Name: "all", Region: "city", Target: 9}), []string{
			"A18: n1+s1+n2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: n1+s1+n3+s3; north: n1+n3", "MAN: n2; north: n2", ": all+s1+s3; north: n1+n2+n3"}},
		"an author's margin of another condition or time is none": {with(further(wants("w", "", "sex=woman", 5), "${visits} > 1"), daily(wants("wd", "", "sex=woman", 5))), []string{
			"A18: n1+s1+n2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: n1+s1+n3+s3; north: n1+n3", "MAN: n2; north: n2", ": n1+s1+n2+n3+s3; north: n1+n2+n3"}},
		"a warning beside a cap is not added": {with(kind(wants("warn", "north", "age=a18 sex=woman", 8), study.Soft)), []string{
			"A18: n1+s1+n2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: n1+s1+n3+s3; north: n1+n3", "MAN: n2; north: n2", ": n1+s1+n2+n3+s3; north: n1+n2+n3"}},
		"a warning beside a cap for a margin": {with(kind(wants("warn", "", "sex=woman", 4), study.Soft), wants("w", "", "sex=woman", 5)), []string{
			"A18: n1+s1+n2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: w; north: n1+n3", "MAN: n2; north: n2", ": n1+s1+n2+n3+s3; north: n1+n2+n3"}},
		"warnings for some, and one beside a cap": {with(kind(wants("warn", "north", "age=a18 sex=woman", 8), study.Soft), kind(wants("s2", "south", "age=a18 sex=man", 8), study.Soft)), []string{
			"A18: n1+s1+n2+s2; north: n1+n2", "A35: n3+s3; north: n3", "WOMAN: n1+s1+n3+s3; north: n1+n3", "MAN: n2+s2; north: n2", ": n1+s1+n2+s2+n3+s3; north: n1+n2+n3"}},
		"a cell that takes in another": {with(wants("wide", "north", "age=a18,a35 sex=woman", 8)), nil},
		"ages that are cut otherwise for men": {[]study.Quota{wants("a", "", "age=a18 sex=woman", 1), wants("b", "", "age=a35 sex=woman", 2), wants("c", "", "age=a18,a35 sex=man", 4)}, []string{
			"WOMAN: a+b; north: ", "MAN: c; north: ", ": a+c+b; north: "}},
		"one dimension": {[]study.Quota{wants("a", "", "age=a55", 1), wants("b", "", "age=a18", 2)}, []string{": b+a; north: "}},
		"margins alone are two grids": {[]study.Quota{wants("a", "", "age=a18", 1), wants("b", "", "age=a35", 2), wants("c", "", "sex=man", 4), wants("d", "", "sex=woman", 4)}, []string{
			": a+b; north: ", ": d+c; north: "}},
		"three dimensions": {[]study.Quota{wants("a", "", "age=a18 sex=woman work=no", 1), wants("b", "", "age=a18 sex=woman work=yes", 2), wants("c", "", "age=a18 sex=man work=yes", 4)}, []string{
			"WOMAN: b+a; north: ", "MAN: c; north: ", "YES: b+c; north: ", "NO: a; north: ", ": b+a+c; north: "}},
		"one cell":                    {square[:1], nil},
		"one cell at two places":      {square[:2], nil},
		"without what the sheet said": {[]study.Quota{{Name: "a", Condition: study.Rule{XPath: "x"}, Target: 1}, {Name: "b", Condition: study.Rule{XPath: "y"}, Target: 1}}, nil},
	} {
		if diff := cmp.Diff(c.want, sums(places(c.quotas...))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A board of a wave shows the present one, or the one before, or that which was asked for; grids say which.
func TestBoardOfAWave(t *testing.T) {
	t.Parallel()
	st := places(wants("w", "", "sex=woman", 10), wants("m", "", "sex=man", 20))
	for i := range st.Quotas {
		st.Quotas[i].Period = study.EachWave
	}
	st.Waves = []study.Wave{{Name: "one", First: "2026-11-01", Last: "2026-11-10"}, {Name: "two", First: "2026-11-20", Last: "2026-11-29"}}
	counts := []Count{{"w@one", "north", 3}, {"w@two", "north", 5}, {"w@-", "north", 9}, {"w", "north", 99}}
	for shown, want := range map[Shown]struct {
		done int
		wave string
	}{{Day: "2026-11-05"}: {3, "one"}, {Day: "2026-11-15"}: {3, "one"}, {Day: "2026-11-20"}: {5, "two"}, {Day: "2026-11-20", Wave: "one"}: {3, "one"}, {Day: "2026-10-01"}: {3, "one"}} {
		lines := Board(st, counts, shown)
		grids := Grids(st, lines)
		if len(lines) != 2 || lines[0].Done != want.done || lines[0].Wave.Name != want.wave || len(grids) != 1 || grids[0].Wave.Name != want.wave || grids[0].Period != study.EachWave {
			t.Errorf("%v: %+v", shown, lines)
		}
	}
}

// As many constraints as a study may have are added up while the board opens.
func BenchmarkGrids(b *testing.B) {
	var quotas []study.Quota
	for site := range 20 {
		for n := range 20 {
			quotas = append(quotas, wants(fmt.Sprintf("q%d-%d", site, n), fmt.Sprintf("s%d", site), fmt.Sprintf("age=a%d sex=s%d", n/2, n%2), 10))
		}
	}
	st := places(quotas...)
	lines := Board(st, nil, Shown{Day: "2026-11-29"})
	for b.Loop() {
		if g := Grids(st, lines); len(g) != 1 || len(g[0].Cells) != 20 || len(g[0].Margins) != 13 {
			b.Fatalf("%d grids", len(g))
		}
	}
}
