package table

import (
	"bytes"
	"encoding/csv"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func sample() Table {
	return Table{
		Title:   "Interviewers [north/south]: a name longer than Excel takes",
		Columns: []Column{{"who", "Interviewer", Words}, {"n", "=Complete", Number}, {"rr1", "RR1", Share}},
		Rows: []Row{
			{"a", []Cell{Word("=HYPERLINK(\"http://x\")"), Figure(12, "12"), Figure(0.25, "25 %")}},
			{"b", []Cell{Word("Zoë, “0418”"), Figure(-3.5, "-3,5"), None()}},
			{"c", []Cell{Word("0417"), Figure(7, "7"), Figure(0.5, "50 %")}},
		},
	}
}

func TestCSVIsReadBack(t *testing.T) {
	t.Parallel()
	out, err := sample().CSV()
	if err != nil {
		t.Fatal(err)
	}
	text, found := strings.CutPrefix(string(out), "\uFEFF")
	if !found {
		t.Error("no byte-order mark")
	}
	got, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Interviewer", "'=Complete", "RR1"}, {"'=HYPERLINK(\"http://x\")", "12", "0.25"}, {"Zoë, “0418”", "-3.5", ""}, {"0417", "7", "0.5"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestXLSXIsReadBackAndRunsNothing(t *testing.T) {
	t.Parallel()
	out, err := sample().XLSX()
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	name := f.GetSheetName(0)
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Interviewer", "=Complete", "RR1"}, {"=HYPERLINK(\"http://x\")", "12", "25.00%"}, {"Zoë, “0418”", "-3.5"}, {"0417", "7", "50.00%"}}
	if diff := cmp.Diff(want, rows); diff != "" || len([]rune(name)) != 31 {
		t.Error(diff, name)
	}
	for _, cell := range []string{"A2", "B1"} {
		if formula, err := f.GetCellFormula(name, cell); err != nil || formula != "" {
			t.Errorf("%s runs %q, %v", cell, formula, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestSortingPutsWhatHasNoFigureLast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key  string
		down bool
		want string
	}{{"who", false, "cab"}, {"who", true, "bac"}, {"n", false, "bca"}, {"n", true, "acb"}, {"rr1", false, "acb"}, {"rr1", true, "cab"}, {"none", true, "abc"}} {
		got := ""
		for _, r := range sample().Sorted(c.key, c.down).Rows {
			got += r.ID
		}
		if got != c.want {
			t.Errorf("by %s, %v: %s, want %s", c.key, c.down, got, c.want)
		}
	}
	if !math.IsNaN(None().Number) {
		t.Error("none has a figure")
	}
}
