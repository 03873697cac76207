package tour

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parvis/app/words"
	"parvis/assets"
)

// keyInCode matches what looks like a key of the interface's texts; the first word is a screen's.
var keyInCode = regexp.MustCompile(`"((?:board|closing|common|contact|count|enrol|error|health|interviewers|interviews|nav|observe|question|review|settings|shift|signin|sync|verbatim|weather)\.[a-z0-9_.]+[a-z0-9])"`)

// Every text that a screen asks for exists, so that nobody ever reads a key in brackets.
func TestEveryKeyOfTheScreensHasItsText(t *testing.T) {
	texts, err := words.New(assets.Translations, "en")
	must(t, err)
	seen := 0
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range keyInCode.FindAllStringSubmatch(string(source), -1) {
			seen++
			if !texts.Has(found[1]) {
				t.Errorf("%s asks for %q, which has no text", path, found[1])
			}
		}
		return nil
	})
	must(t, err)
	if seen < 100 {
		t.Fatalf("only %d keys found in the code: the test looks in the wrong place", seen)
	}
}
