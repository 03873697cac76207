package words_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"parvis/app/words"
	"parvis/assets"
)

var argument = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// forms are the texts of one key by plural form; a plain text is "other".
func read(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	raw, err := fs.ReadFile(assets.Translations, "translations/"+lang+".json")
	if err != nil {
		t.Fatal(err)
	}
	var loose map[string]any
	if err := json.Unmarshal(raw, &loose); err != nil {
		t.Fatalf("%s.json: %v", lang, err)
	}
	all := map[string]map[string]string{}
	for key, v := range loose {
		all[key] = map[string]string{}
		switch v := v.(type) {
		case string:
			all[key]["other"] = v
		case map[string]any:
			for form, text := range v {
				all[key][form], _ = text.(string)
			}
		}
	}
	return all
}

func arguments(forms map[string]string) []string {
	set := map[string]bool{}
	for _, m := range argument.FindAllStringSubmatch(forms["other"], -1) {
		set[m[1]] = true
	}
	var names []string
	for n := range set {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func TestAllFilesSayTheSame(t *testing.T) {
	en := read(t, "en")
	for _, l := range words.Languages() {
		other := read(t, l.Code)
		for key, forms := range other {
			if _, ok := en[key]; !ok {
				t.Errorf("%s.json has %q, en.json has not", l.Code, key)
			}
			for form, text := range forms {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s.json: %q (%s) is empty", l.Code, key, form)
				}
			}
		}
		for key, forms := range en {
			if _, ok := other[key]; !ok {
				t.Errorf("%s.json lacks %q", l.Code, key)
				continue
			}
			if got, want := arguments(other[key]), arguments(forms); !slices.Equal(got, want) {
				t.Errorf("%s.json: %q takes %v, in English %v", l.Code, key, got, want)
			}
			_, plural := forms["one"]
			if _, also := other[key]["one"]; plural != also {
				t.Errorf("%s.json: %q must have plural forms as in English: %v", l.Code, key, plural)
			}
		}
	}
}

// TestFilesAreEasyToMerge wants one key a line, sorted, so that two people who
// add keys rarely meet.
func TestFilesAreEasyToMerge(t *testing.T) {
	for _, l := range words.Languages() {
		raw, err := fs.ReadFile(assets.Translations, "translations/"+l.Code+".json")
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, line := range bytes.Split(raw, []byte("\n")) {
			if _, after, ok := strings.Cut(string(line), `  "`); ok {
				key, _, _ := strings.Cut(after, `"`)
				keys = append(keys, key)
			}
		}
		if len(keys) != len(read(t, l.Code)) {
			t.Errorf("%s.json: %d lines for %d keys: one key a line, two spaces before it, none twice", l.Code, len(keys), len(read(t, l.Code)))
		}
		for i := 1; i < len(keys); i++ {
			if keys[i] <= keys[i-1] {
				t.Errorf("%s.json: %q stands after %q; keep keys sorted", l.Code, keys[i], keys[i-1])
			}
		}
	}
}

// TestEveryKeyInTheCodeHasAText reads the sources of all screens and looks up
// each key that is written out in a call of T or N.
func TestEveryKeyInTheCodeHasAText(t *testing.T) {
	en := read(t, "en")
	found := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			method, key := translation(n)
			if key == "" {
				return true
			}
			found++
			forms, ok := en[key]
			_, plural := forms["one"]
			switch {
			case !ok:
				t.Errorf("%s: no text for key %q", files.Position(n.Pos()), key)
			case method == "N" && !plural:
				t.Errorf("%s: N(%q), but the text has no plural forms", files.Position(n.Pos()), key)
			case method == "T" && plural:
				t.Errorf("%s: T(%q), but the text has plural forms: use N", files.Position(n.Pos()), key)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 3 {
		t.Errorf("only %d keys found in the code: the search is broken", found)
	}
}

// translation recognises x.T("key.name", ...) and x.N("key.name", ...).
func translation(n ast.Node) (method, key string) {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", ""
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || (sel.Sel.Name != "T" && sel.Sel.Name != "N") {
		return "", ""
	}
	lit, ok := call.Args[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", ""
	}
	key, err := strconv.Unquote(lit.Value)
	if err != nil || !strings.Contains(key, ".") {
		return "", ""
	}
	return sel.Sel.Name, key
}
