package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/study"
)

func waved(waves, quotas string) map[string]string {
	sheets := gridded(quotas)
	sheets["waves"] = waves
	return sheets
}

func waveSheetOf(header string, rows ...string) string {
	return strings.Replace(quotaSheetOf(header, rows...), "| quotas |", "| waves |", 1)
}

func TestWaves(t *testing.T) {
	t.Parallel()
	pkg, ds := read(t, waved(waveSheetOf("name | label::English (en) | label::French (fr) | first_day | last_day",
		"spring | Spring | Printemps | 2026-03-01 | 2026-03-14", "fair | Fair | Foire | 2026-03-15 00:00:00 | 2026-03-15 00:00:00"),
		quotaSheetOf("age | site | period | target", "a18 | | | 100", "a18 | each | Wave | 10")), nil)
	if pkg == nil || len(own(ds)) > 0 {
		t.Fatal(ds)
	}
	en, fr := "English (en)", "French (fr)"
	want := []study.Wave{
		{Name: "spring", Label: study.Text{en: "Spring", fr: "Printemps"}, First: "2026-03-01", Last: "2026-03-14"}, {Name: "fair", Label: study.Text{en: "Fair", fr: "Foire"}, First: "2026-03-15", Last: "2026-03-15"},
	}
	if diff := cmp.Diff(want, pkg.Study.Waves); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, q := range pkg.Study.Quotas {
		got = append(got, fmt.Sprintf("%s %s %s", q.Cell, q.Period, pkg.Study.AccountOn(q, "2026-03-15")))
	}
	if diff := cmp.Diff([]string{"a18  a18", "a18-wave wave a18-wave-north@fair", "a18-wave wave a18-wave-south@fair"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWavesThatCannotBe(t *testing.T) {
	t.Parallel()
	header := "name | first_day | last_day"
	many := make([]string, mostWaves+1)
	for n := range many {
		day := study.DayOf(time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC))
		many[n] = fmt.Sprintf("w%d | %s | %s", n, day, day)
	}
	for name, c := range map[string]struct {
		rows []string
		want string // row, column and rule of the one problem
	}{
		"no name":       {[]string{" | 2026-03-01 | 2026-03-02"}, "2 name study-missing-name"},
		"bad name":      {[]string{"a@b | 2026-03-01 | 2026-03-02"}, "2 name study-bad-name"},
		"a date":        {[]string{"2026-03-01 | 2026-03-01 | 2026-03-02"}, "2 name study-bad-name"},
		"the same":      {[]string{"a | 2026-03-01 | 2026-03-02", "a | 2026-03-03 | 2026-03-04"}, "3 name study-twice"},
		"no first day":  {[]string{"a | | 2026-03-02"}, "2 first_day study-no-value"},
		"no date":       {[]string{"a | 2026-03-01 | 2026-02-30"}, "2 last_day study-bad-date"},
		"another style": {[]string{"a | 1/3/2026 | 2026-03-02"}, "2 first_day study-bad-date"},
		"an hour":       {[]string{"a | 2026-03-01 08:00:00 | 2026-03-02"}, "2 first_day study-bad-date"},
		"backwards":     {[]string{"a | 2026-03-03 | 2026-03-02"}, "2 last_day study-wave-days"},
		"at once":       {[]string{"a | 2026-03-01 | 2026-03-05", "b | 2026-03-05 | 2026-03-09"}, "3 first_day study-wave-days"},
		"out of order":  {[]string{"a | 2026-03-10 | 2026-03-15", "b | 2026-03-05 | 2026-03-09"}, "3 first_day study-wave-days"},
		"too many":      {many, "102  study-too-many-waves"},
	} {
		_, ds := read(t, waved(waveSheetOf(header, c.rows...), quotaSheetOf("age | target", "a18 | 5")), nil)
		found := own(ds)
		if len(found) != 1 || fmt.Sprintf("%d %s %s", found[0].Row, found[0].Column, found[0].Rule) != c.want || found[0].Sheet != "waves" || found[0].Remedy == "" {
			t.Errorf("%s: %v", name, found)
		}
	}
	if _, ds := read(t, gridded(quotaSheetOf("age | period | target", "a18 | wave | 5")), nil); len(own(ds)) != 1 || own(ds)[0].Rule != "study-period" {
		t.Errorf("waves that are not there: %v", own(ds))
	}
	if _, ds := read(t, gridded(quotaSheetOf("age | period | target", "a18 | week | 5")), nil); len(own(ds)) != 1 || !strings.Contains(own(ds)[0].Remedy, "wave") {
		t.Errorf("%v", own(ds))
	}
}

// A hard quota for each wave counts as often as waves are in reach of a device at once.
func TestQuotasOfWavesCountByTheirReach(t *testing.T) {
	t.Parallel()
	for want, waves := range map[int][]study.Wave{
		0: nil, 1: {{First: "2026-03-01", Last: "2026-03-10"}, {First: "2026-03-15", Last: "2026-03-20"}}, 2: {{First: "2026-03-01", Last: "2026-03-10"}, {First: "2026-03-14", Last: "2026-03-20"}},
		3: {{First: "2026-03-01", Last: "2026-03-10"}, {First: "2026-03-11", Last: "2026-03-12"}, {First: "2026-03-14", Last: "2026-03-20"}},
	} {
		if got := wavesAtOnce(waves); got != want {
			t.Errorf("%v: %d", waves, got)
		}
	}
	var rows []string
	for i := range 1001 {
		rows = append(rows, fmt.Sprintf("q%d | wave | ${visits} = %d | 5", i, i))
	}
	_, ds := read(t, waved(waveSheetOf("name | first_day | last_day", "a | 2026-03-01 | 2026-03-10", "b | 2026-03-12 | 2026-03-20"), quotaSheetOf("name | period | condition | target", rows...)), nil)
	if found := own(ds); len(found) != 1 || found[0].Row != 1002 || found[0].Rule != "study-too-many-quotas" {
		t.Errorf("%v", found)
	}
}
