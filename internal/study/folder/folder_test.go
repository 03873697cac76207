package folder

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/study"
)

func TestWhatIsLaidOutIsRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := Contents{
		Study: study.Study{ID: "mall-exit", Title: study.Text{"English (en)": "Exit"}, Media: []study.Media{{Name: "card.png"}}},
		XForm: []byte("<h:html/>"),
		Media: map[string][]byte{"card.png": {1, 2, 3}},
	}
	if err := Write(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := os.Remove(filepath.Join(dir, mediaDir, "card.png")); err != nil {
		t.Fatal(err)
	}
	if got, err = Read(dir); err != nil || len(got.Media) != 0 {
		t.Errorf("a file is missing: %v, %v", got.Media, err)
	}
	if _, err := Read(t.TempDir()); err == nil {
		t.Error("an empty folder was read as a study")
	}
	if err := Write(dir, Contents{Media: map[string][]byte{"../out.png": nil}}); err == nil {
		t.Error("a name that leads out of the folder was taken")
	}
}
