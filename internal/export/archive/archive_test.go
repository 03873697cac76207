package archive

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	central = "https://central.example"
	survey  = "mall"
)

func opened(t *testing.T, dir string) *Archive {
	t.Helper()
	a, err := Open(Params{Dir: dir, Central: central, Study: survey})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func id(n int) string { return fmt.Sprintf("019a0000-0000-7000-8000-%012x", n) }

func record(n, revision int) Record {
	return Record{
		Kind: "interview", ID: id(n), Revision: revision, ReceivedAt: 1_777_000_000_000 + int64(n), SkewMS: -12,
		Body: []byte(fmt.Sprintf(`{"id":%q,"revision":%d,"said":"\"x\" {\\"}`, id(n), revision)),
	}
}

// current lists what Current gives as "id@revision", and checks that bodies are what was put in.
func current(t *testing.T, a *Archive) []string {
	t.Helper()
	var all []string
	err := a.Current(func(r Record) error {
		var n int
		if _, err := fmt.Sscanf(r.ID, "019a0000-0000-7000-8000-%x", &n); err != nil {
			return err
		}
		if want := record(n, r.Revision); string(r.Body) != string(want.Body) || r.Kind != want.Kind {
			return fmt.Errorf("%s came back as %s %s", r.ID, r.Kind, r.Body)
		}
		all = append(all, fmt.Sprintf("%d@%d", n, r.Revision))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheHighestRevisionIsCurrent(t *testing.T) {
	dir := t.TempDir()
	a := opened(t, dir)
	for i, page := range []Page{
		{Cursor: "1", Records: []Record{record(1, 1), record(2, 1), record(3, 2)}},
		{Cursor: "2", Records: []Record{record(2, 3), record(3, 1), record(4, 1)}},
		{Cursor: "3", Records: []Record{record(2, 2), record(4, 1)}},
	} {
		if err := a.Append(page); err != nil {
			t.Fatal(i, err)
		}
	}
	if got := strings.Join(current(t, a), " "); got != "1@1 3@2 2@3 4@1" {
		t.Errorf("current: %s", got)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	b := opened(t, dir)
	if got := strings.Join(current(t, b), " "); got != "1@1 3@2 2@3 4@1" {
		t.Errorf("after opening again: %s", got)
	}
	if s := b.State(); s.Cursor != "3" || s.Records != 8 {
		t.Errorf("state %+v", s)
	}
}

func TestWhatAKillLeavesIsCutOff(t *testing.T) {
	const seed = 3
	rng := rand.New(rand.NewPCG(seed, seed))
	dir := t.TempDir()
	a := opened(t, dir)
	if err := a.Append(Page{Cursor: "c1", Records: []Record{record(1, 1), record(2, 1)}}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	lines, index, err := encode([]Record{record(3, 1), record(1, 2)})
	if err != nil {
		t.Fatal(err)
	}
	for range 60 { // a kill after any part of either file, or with a state that was not yet put in its place
		tear(t, filepath.Join(dir, recordsName), lines[:rng.IntN(len(lines)+1)])
		tear(t, filepath.Join(dir, indexName), index[:rng.IntN(len(index)+1)])
		if err := os.WriteFile(filepath.Join(dir, stateName+".new"), []byte(`{"cur`), 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := Open(Params{Dir: dir, Central: central, Study: survey})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got := strings.Join(current(t, b), " "); got != "1@1 2@1" || b.State().Cursor != "c1" {
			t.Fatalf("seed %d: current %s at %s", seed, got, b.State().Cursor)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	b := opened(t, dir)
	if err := b.Append(Page{Cursor: "c2", Records: []Record{record(3, 1), record(1, 2)}}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(current(t, b), " "); got != "2@1 3@1 1@2" {
		t.Errorf("the same page pulled again: %s", got)
	}
}

func tear(t *testing.T, path string, tail []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(tail); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// A write that fails must leave the archive as it was, so that the page can come again, in the same run too.
func TestAFailedAppendChangesNothing(t *testing.T) {
	for _, blocked := range []string{stateName + ".new", filepath.Join(studiesName, "000000.json.new")} {
		t.Run(filepath.Base(blocked), func(t *testing.T) {
			dir := t.TempDir()
			a := opened(t, dir)
			if err := os.Mkdir(filepath.Join(dir, blocked), 0o700); err != nil {
				t.Fatal(err)
			}
			page := Page{Cursor: "c1", Studies: [][]byte{[]byte(`{"id":"mall"}`)}, Records: []Record{record(1, 1), record(2, 1)}}
			if err := a.Append(page); err == nil {
				t.Fatal("a write that failed went unnoticed")
			}
			if s := a.State(); s.Cursor != "" || s.Records != 0 || s.Studies != 0 {
				t.Fatalf("state %+v", s)
			}
			if err := os.Remove(filepath.Join(dir, blocked)); err != nil {
				t.Fatal(err)
			}
			if err := a.Append(page); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(current(t, a), " "); got != "1@1 2@1" {
				t.Errorf("current %s", got)
			}
			if studies, err := a.Studies(); err != nil || len(studies) != 1 {
				t.Errorf("%d studies, %v", len(studies), err)
			}
		})
	}
}

func TestDamageIsNoticed(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"a byte turned": func(dir string) error {
			path := filepath.Join(dir, recordsName)
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text[len(text)/2] ^= 4
			return os.WriteFile(path, text, 0o600)
		},
		"records too short": func(dir string) error { return os.Truncate(filepath.Join(dir, recordsName), 10) },
		"index gone":        func(dir string) error { return os.Remove(filepath.Join(dir, indexName)) },
		"state unreadable":  func(dir string) error { return os.WriteFile(filepath.Join(dir, stateName), []byte("{"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a := opened(t, dir)
			if err := a.Append(Page{Cursor: "1", Records: []Record{record(1, 1), record(2, 1)}}); err != nil {
				t.Fatal(err)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			if err := damage(dir); err != nil {
				t.Fatal(err)
			}
			b, err := Open(Params{Dir: dir, Central: central, Study: survey})
			if err == nil {
				err = errors.Join(b.Current(func(Record) error { return nil }), b.Close())
			}
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAFolderBelongsToOneStudyOfOneCentral(t *testing.T) {
	dir := t.TempDir()
	a := opened(t, dir)
	if err := a.Append(Page{Cursor: "1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Params{Dir: dir, Central: central, Study: survey}); !errors.Is(err, ErrLocked) {
		t.Errorf("a second pull at the same time: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	for _, other := range [][2]string{{central, "fair"}, {"https://other.example", survey}} {
		if _, err := Open(Params{Dir: dir, Central: other[0], Study: other[1]}); err == nil || !strings.Contains(err.Error(), "another folder") {
			t.Errorf("%v: %v", other, err)
		}
	}
	moved, err := Open(Params{Dir: dir, Central: "https://new.example", Study: survey, Moved: true})
	if err != nil || moved.State().Cursor != "1" || moved.State().Central != "https://new.example" {
		t.Errorf("a central that moved: %v", err)
	}
	if err := moved.Close(); err != nil {
		t.Error(err)
	}
}

func TestFormsAreKept(t *testing.T) {
	a := opened(t, t.TempDir())
	if _, found, err := a.Form("ab12"); found || err != nil {
		t.Fatal(found, err)
	}
	if err := a.SaveForm("ab12", []byte("<x/>")); err != nil {
		t.Fatal(err)
	}
	if xml, found, err := a.Form("ab12"); !found || err != nil || string(xml) != "<x/>" {
		t.Errorf("%q %v %v", xml, found, err)
	}
}

func TestIDsThatAreNoUUIDsAndBodiesOfSeveralLines(t *testing.T) {
	a := opened(t, t.TempDir())
	odd := "a \"quoted\"\nid, \"id\":"
	page := Page{Cursor: "1", Records: []Record{{Kind: "contact", ID: odd, Revision: 1, Body: []byte("{\n \"a\": 1 }")}, {Kind: "contact", ID: "b", Revision: 1, Body: []byte("{}")}}}
	if err := a.Append(page); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := a.Current(func(r Record) error { got = append(got, r.ID+string(r.Body)); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != odd+`{"a":1}` || got[1] != "b{}" {
		t.Errorf("%q", got)
	}
	text, err := os.ReadFile(a.path(recordsName))
	if err != nil || strings.Count(string(text), "\n") != 2 {
		t.Errorf("%d lines for two records: %v", strings.Count(string(text), "\n"), err)
	}
}

// TestWhatIsProvisionalIsToldAsOfTheLastPage keeps the mark over a restart, and takes it back where a decision or a later revision does.
func TestWhatIsProvisionalIsToldAsOfTheLastPage(t *testing.T) {
	dir := t.TempDir()
	says := func(r Record, provisional bool) Record {
		r.Interview, r.Provisional = id(1), provisional
		return r
	}
	told := func(a *Archive) (said string) {
		err := a.Current(func(r Record) error {
			if r.Provisional {
				said += r.ID
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	for n, page := range []struct {
		records []Record
		want    string
	}{
		{[]Record{says(record(1, 1), true), record(2, 1)}, id(1)},
		{[]Record{record(3, 1)}, id(1)},
		{[]Record{says(record(4, 1), false)}, ""}, // somebody accepted it
		{[]Record{says(record(1, 2), true)}, id(1)},
		{[]Record{says(record(5, 1), true), says(record(1, 3), false)}, ""},
	} {
		a := opened(t, dir)
		if err := a.Append(Page{Cursor: fmt.Sprint(n), Records: page.records}); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		a = opened(t, dir)
		if said := told(a); said != page.want {
			t.Errorf("after page %d %q is provisional", n+1, said)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
