package centralstore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAStudyHasVersions(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	p := c.study(t, "mall")
	state, err := c.PutStudy(ctx, p)
	if err != nil || !state.Unchanged || state.Version != 1 {
		t.Fatalf("%+v, %v", state, err)
	}
	p.Study.Minutes = 9
	state, err = c.PutStudy(ctx, p)
	if err != nil || state.Unchanged || state.Version != 2 {
		t.Fatalf("%+v, %v", state, err)
	}
	states, err := c.ListStudies(ctx, researcher("mall"))
	if err != nil || len(states) != 1 || states[0].Study.Minutes != 9 {
		t.Fatalf("%+v, %v", states, err)
	}
	for _, id := range []string{"", "../up", "a b", strings.Repeat("x", 65)} {
		p := studyPackage("mall")
		p.Study.ID = id
		_, err := c.PutStudy(ctx, p)
		wantCode(t, err, Invalid)
	}
	p.Files = p.Files[:1]
	_, err = c.PutStudy(ctx, p)
	wantCode(t, err, Invalid)
}

func TestFilesAreForThoseWhoSeeTheStudy(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	p := c.study(t, "mall")
	c.study(t, "fair")
	d, other := c.device(t, "0417", "mall"), c.device(t, "0001", "fair")
	sum := p.Study.Media[0].SHA256
	file, err := c.OpenFile(ctx, d.Principal, sum)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || string(got) != "a picture of mall" {
		t.Errorf("%s, %v", got, err)
	}
	for name, bad := range map[string]string{
		"none": "", "a path": "../central.sqlite", "a long path": "../../" + strings.Repeat("a", 58), "capitals": strings.ToUpper(sum), "unknown": strings.Repeat("0", 64),
	} {
		if _, err := c.OpenFile(ctx, d.Principal, bad); CodeOf(err) != NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = c.OpenFile(ctx, other.Principal, sum)
	wantCode(t, err, NotFound)
}

func TestAFileIsThereWholeOrNotAtAll(t *testing.T) {
	f := folder{filepath.Join(t.TempDir(), "blobs")}
	ctx, data := context.Background(), []byte("a showcard")
	sum, err := f.put(ctx, data)
	if err != nil {
		t.Fatal(err)
	}
	path := f.path(sum)
	// A file that a crash of the disk left short is written anew.
	if err := os.WriteFile(path, data[:3], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.put(ctx, data); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != string(data) {
		t.Errorf("%q, %v", got, err)
	}
	left, err := filepath.Glob(filepath.Join(f.dir, "*", ".new-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	for _, bad := range []string{"", "..", strings.Repeat("/", 64), strings.Repeat("a", 63) + "."} {
		if _, err := f.open(ctx, bad); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q is taken for a sum", bad)
		}
	}
}
