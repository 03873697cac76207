package archive

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// earlier makes a folder as an earlier version left it, with two records and a version of the study.
func earlier(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	a := opened(t, dir)
	page := Page{Cursor: "5", Studies: [][]byte{[]byte(`{"v":"old"}`)}, Records: []Record{record(1, 1), record(2, 1)}}
	if err := errors.Join(a.Append(page), a.Close()); err != nil {
		t.Fatal(err)
	}
	age(t, dir)
	return dir
}

// age makes a folder one of the layout before.
func age(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, stateName)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	older := strings.Replace(string(text), `"format": 2`, `"format": 1`, 1)
	if err := os.WriteFile(file, []byte(older), 0o600); err != nil || older == string(text) {
		t.Fatalf("%s, %v", text, err)
	}
}

// holds looks at all that a folder says.
func holds(t *testing.T, doing string, a *Archive, cursor, records, study string) {
	t.Helper()
	studies, err := a.Studies()
	if err != nil || len(studies) != 1 || string(studies[0]) != study {
		t.Errorf("%s: studies %s, %v", doing, studies, err)
	}
	if got := strings.Join(current(t, a), " "); got != records || a.Cursor() != cursor {
		t.Errorf("%s: %q at %q", doing, got, a.Cursor())
	}
}

// again opens a folder, looks at it and lets go of it.
func again(t *testing.T, doing, dir, cursor, records, study string) {
	t.Helper()
	a := opened(t, dir)
	holds(t, doing, a, cursor, records, study)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

// beginning is what central answers first to whoever begins again.
func beginning() Page {
	return Page{Cursor: "1", Studies: [][]byte{[]byte(`{"v":"new"}`)}, Records: []Record{record(3, 1)}}
}

// An earlier folder lacks what cannot be made up, and is pulled anew, more than once where there are more layouts.
func TestAnEarlierFolderIsPulledAnew(t *testing.T) {
	dir := earlier(t)
	for range 2 { // central cannot be reached the first time
		again(t, "before central answered", dir, "", "1@1 2@1", `{"v":"old"}`)
	}
	for _, folder := range []string{anewName, "", anewName} {
		a := opened(t, dir)
		if err := a.Append(beginning()); err != nil {
			t.Fatal(err)
		}
		holds(t, "after the first page", a, "1", "3@1", `{"v":"new"}`)
		if err := errors.Join(a.Append(Page{Cursor: "2", Records: []Record{record(4, 1)}}), a.MarkExported("x"), a.Close()); err != nil {
			t.Fatal(err)
		}
		again(t, "opened again", dir, "2", "3@1 4@1", `{"v":"new"}`)
		if _, err := os.Stat(filepath.Join(dir, recordsName)); (err == nil) != (folder == "") {
			t.Errorf("in %q: %v", folder, err)
		}
		if _, err := os.Stat(filepath.Join(dir, anewName, recordsName)); (err == nil) != (folder == anewName) {
			t.Errorf("in %q: %v", folder, err)
		}
		age(t, dir)
	}
}

// Wherever the disk refuses the first page, what was there stays whole, in the same run and in the next, and the page can come again.
func TestWhatAnEarlierFolderHeldStaysUntilTheFirstPageIsSafe(t *testing.T) {
	for _, blocked := range []string{
		filepath.Join(anewName, recordsName), filepath.Join(anewName, indexName), filepath.Join(anewName, studiesName, "000000.json.new"), stateName + ".new",
	} {
		t.Run(blocked, func(t *testing.T) {
			dir := earlier(t)
			a := opened(t, dir)
			if err := os.MkdirAll(filepath.Join(dir, blocked), 0o700); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := a.Append(beginning()); err == nil {
					t.Fatal("a write that failed went unnoticed")
				}
				holds(t, "in the same run", a, "", "1@1 2@1", `{"v":"old"}`)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			again(t, "in the next run", dir, "", "1@1 2@1", `{"v":"old"}`)
			if err := os.RemoveAll(filepath.Join(dir, blocked)); err != nil {
				t.Fatal(err)
			}
			a = opened(t, dir)
			if err := errors.Join(a.Append(beginning()), a.Close()); err != nil {
				t.Fatal(err)
			}
			again(t, "at last", dir, "1", "3@1", `{"v":"new"}`)
		})
	}
}

// A kill before the state is replaced leaves what was there, one after it what is new; the other half is cleared away.
func TestAKillWhileAFolderIsPulledAnewLeavesOneOfTheTwo(t *testing.T) {
	dir := earlier(t)
	a := opened(t, dir)
	before := saved(t, dir)
	if err := errors.Join(a.Append(beginning()), a.Close()); err != nil {
		t.Fatal(err)
	}
	after := saved(t, dir)
	for name, both := range map[string][2]map[string][]byte{"killed before": {after, before}, "killed after": {before, after}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, half := range both { // the state of the second counts
				for file, text := range half {
					path := filepath.Join(dir, file)
					if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, text, 0o600)); err != nil {
						t.Fatal(err)
					}
				}
			}
			if name == "killed after" {
				again(t, name, dir, "1", "3@1", `{"v":"new"}`)
			} else {
				again(t, name, dir, "", "1@1 2@1", `{"v":"old"}`)
			}
			if left := saved(t, dir); len(left) != len(both[1]) {
				t.Errorf("it leaves %d files, not %d", len(left), len(both[1]))
			}
		})
	}
}

// saved are the files of a folder, but for its lock.
func saved(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == lockName {
			return err
		}
		files[name], err = fs.ReadFile(root, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
