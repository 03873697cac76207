package study_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/study"
)

func TestTotalsAndWhatLiesInThem(t *testing.T) {
	t.Parallel()
	young := study.Rule{XPath: "/data/age < 35"}
	s := study.Study{
		Sites: []study.Site{{Name: "north", Region: "city"}, {Name: "south", Region: "city"}, {Name: "beach", Region: "coast"}},
		Quotas: []study.Quota{
			{Name: "all", Kind: study.Hard},
			{Name: "city", Kind: study.Hard, Region: "city"},
			{Name: "north", Kind: study.Hard, Site: "north", Condition: study.Rule{XPath: "true()"}},
			{Name: "young", Kind: study.Hard, Condition: young},
			{Name: "young-north", Kind: study.Hard, Site: "north", Condition: young},
			{Name: "young-south", Kind: study.Hard, Site: "south", Condition: young},
			{Name: "young-beach", Kind: study.Hard, Site: "beach", Condition: young},
			{Name: "soft-north", Kind: study.Soft, Site: "north", Condition: young},
			{Name: "daily-north", Kind: study.Hard, Site: "north", Condition: young, Period: study.EachDay},
			{Name: "daily", Kind: study.Hard, Period: study.EachDay},
		},
	}
	want := map[string][]string{
		// the city and the young overlap, so that the smallest are added up
		"all": {"young-north", "young-south", "young-beach"}, "city": {"north", "young-south"}, "north": {"young-north"}, "daily": {"daily-north"},
		"young": {"young-north", "young-south", "young-beach"},
	}
	if diff := cmp.Diff(want, s.Nested()); diff != "" {
		t.Error(diff)
	}
	twins := study.Study{Quotas: []study.Quota{{Name: "a", Kind: study.Hard}, {Name: "b", Kind: study.Hard}}}
	if n := twins.Nested(); len(n) != 0 {
		t.Errorf("two totals of everybody lie in each other: %v", n)
	}
}

// A grid's margins lie over its cells, and a total over both: it is of cells, since margins overlap.
func TestMarginsAndTheirCells(t *testing.T) {
	t.Parallel()
	rule := func(text string) study.Rule { return study.Rule{XPath: text} }
	sex := func(values ...string) study.Pick { return study.Pick{Question: "sex", Choices: values} }
	age := func(values ...string) study.Pick { return study.Pick{Question: "age", Choices: values} }
	s := study.Study{Quotas: []study.Quota{
		{Name: "wy", Kind: study.Hard, Condition: rule("w and y"), Picks: []study.Pick{sex("w"), age("y")}},
		{Name: "wo", Kind: study.Hard, Condition: rule("w and o"), Picks: []study.Pick{sex("w"), age("o")}},
		{Name: "m", Kind: study.Hard, Condition: rule("m"), Picks: []study.Pick{sex("m")}},
		{Name: "w", Kind: study.Hard, Condition: rule("w"), Picks: []study.Pick{sex("w")}},
		{Name: "y", Kind: study.Hard, Condition: rule("y"), Picks: []study.Pick{age("y")}},
		{Name: "either", Kind: study.Hard, Condition: rule("w or m"), Picks: []study.Pick{sex("w", "m")}},
		{Name: "often", Kind: study.Hard, Condition: rule("w and often"), Picks: []study.Pick{sex("w")}, Further: "often"},
		{Name: "twin", Kind: study.Hard, Condition: rule("w"), Picks: []study.Pick{sex("w")}},
		{Name: "all", Kind: study.Hard},
	}}
	want := map[string][]string{
		"w": {"wy", "wo"}, "twin": {"wy", "wo"}, "y": {"wy"}, "either": {"wy", "wo", "m"}, "all": {"wy", "wo", "m"},
	}
	if diff := cmp.Diff(want, s.Nested()); diff != "" {
		t.Error(diff)
	}
}

// Of two quotas of any kind one takes in the other, or nobody falls in both, or neither can be told.
func TestTwoQuotas(t *testing.T) {
	t.Parallel()
	woman, young := study.Pick{Question: "sex", Choices: []string{"w"}}, study.Pick{Question: "age", Choices: []string{"y"}}
	man, women := study.Pick{Question: "sex", Choices: []string{"m"}}, study.Rule{XPath: "w"}
	s := study.Study{Sites: []study.Site{{Name: "north", Region: "city"}, {Name: "beach", Region: "coast"}}}
	for name, c := range map[string]struct {
		q, o          study.Quota
		covers, apart bool
	}{
		"a site in the whole study": {study.Quota{Kind: study.Soft}, study.Quota{Kind: study.Hard, Site: "north"}, true, false},
		"the other way round":       {study.Quota{Site: "north"}, study.Quota{}, false, false},
		"a site in its region":      {study.Quota{Region: "city"}, study.Quota{Site: "north"}, true, false},
		"a site elsewhere":          {study.Quota{Region: "city"}, study.Quota{Site: "beach"}, false, true},
		"the same":                  {study.Quota{Kind: study.Hard, Condition: women}, study.Quota{Kind: study.Soft, Condition: women}, false, false},
		"another period":            {study.Quota{}, study.Quota{Site: "north", Period: study.EachDay}, false, false},
		"a cell of a margin": {study.Quota{Condition: women, Picks: []study.Pick{woman}},
			study.Quota{Condition: study.Rule{XPath: "w and y"}, Picks: []study.Pick{woman, young}}, true, false},
		"men and women": {study.Quota{Condition: women, Picks: []study.Pick{woman}}, study.Quota{Condition: study.Rule{XPath: "m"}, Picks: []study.Pick{man}}, false, true},
	} {
		if covers, apart := s.Covers(&c.q, &c.o), s.Apart(&c.q, &c.o); covers != c.covers || apart != c.apart || s.Apart(&c.o, &c.q) != apart {
			t.Errorf("%s: covers %v, apart %v", name, covers, apart)
		}
	}
}

// BenchmarkNested is the largest study there may be: 2,000 quotas, with their margins and totals at each site.
func BenchmarkNested(b *testing.B) {
	var s study.Study
	for n := range 80 {
		site := fmt.Sprint("site", n)
		s.Sites = append(s.Sites, study.Site{Name: site, Region: fmt.Sprint("r", n%8)})
		add := func(picks ...study.Pick) {
			text := fmt.Sprint(picks)
			s.Quotas = append(s.Quotas, study.Quota{Name: site + text, Kind: study.Hard, Site: site, Condition: study.Rule{XPath: text}, Picks: picks})
		}
		s.Quotas = append(s.Quotas, study.Quota{Name: site, Kind: study.Hard, Site: site})
		for _, sex := range []string{"w", "m"} {
			of := study.Pick{Question: "sex", Choices: []string{sex}}
			add(of)
			for age := range 8 {
				if was := (study.Pick{Question: "age", Choices: []string{fmt.Sprint(age)}}); sex == "w" {
					add(was)
					add(of, was)
				} else {
					add(of, was)
				}
			}
		}
	}
	s.Quotas = append(s.Quotas[:1999:1999], study.Quota{Name: "all", Kind: study.Hard})
	for b.Loop() {
		s.Nested()
	}
	b.ReportMetric(float64(len(s.Quotas)), "quotas")
}
