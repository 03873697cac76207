package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "parvis"
	root   = "../.."
)

// order is the order of the rooms inside internal: a room imports only rooms that stand before it.
var order = []string{
	"conformance", "delivery", "picture", "xmltree", "xpath", "xform", "xlsform", "study", "study/importer", "study/folder", "interview", "quota", "quota/fieldwork", "quality", "seal", "sqlitefile", "fieldstore", "fieldstore/desk", "respondent",
	"centralstore/postgrestest", "centralstore", "export/archive", "export", "export/table", "analysis", "report", "report/paper", "report/codesheet", "report/shiftreport",
}

// storesOfSQL are the only rooms that know SQL: the two stores and what opens their files.
var storesOfSQL = []string{"internal/sqlitefile", "internal/fieldstore", "internal/centralstore"}

func TestTopLevelHoldsOnlyTheAgreedEntries(t *testing.T) {
	agreed := []string{"app", "internal", "assets", "sync", "FyneApp.toml", "go.mod", "go.sum", "Makefile", "README.md", "build"}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(agreed, e.Name()) {
			t.Errorf("%s stands at the top level; the house has no room of that name", e.Name())
		}
	}
}

func TestImportsRunOneWay(t *testing.T) {
	for _, f := range sources(t) {
		for _, imported := range f.imports {
			if !strings.HasPrefix(imported, module+"/") {
				continue
			}
			to := strings.TrimPrefix(imported, module+"/")
			if reason := forbidden(f.room, to); reason != "" {
				t.Errorf("%s imports %s: %s", f.path, to, reason)
			}
		}
	}
}

func TestOnlyAppKnowsTheToolkit(t *testing.T) {
	for _, f := range sources(t) {
		for _, imported := range f.imports {
			if strings.HasPrefix(imported, "fyne.io/") && (f.floor() != "app" || within(f.room, "app/central") || within(f.room, "app/research")) {
				t.Errorf("%s imports %s: only the screens draw", f.path, imported)
			}
		}
	}
}

func TestOnlyTheStoresKnowSQL(t *testing.T) {
	for _, f := range sources(t) {
		for _, imported := range f.imports {
			if imported != "database/sql" && !strings.HasPrefix(imported, "modernc.org/sqlite") && !strings.HasPrefix(imported, "github.com/jackc/pgx") {
				continue
			}
			if !slices.ContainsFunc(storesOfSQL, func(store string) bool { return within(f.room, store) }) {
				t.Errorf("%s imports %s: only the stores speak SQL", f.path, imported)
			}
		}
	}
}

func TestTheGuardItselfSees(t *testing.T) {
	wrong := [][2]string{
		{"internal/xpath", "internal/xform"}, {"internal/study", "sync/protocol"}, {"sync/agent", "app/kit"},
		{"sync/protocol", "sync/agent"}, {"sync/agent", "sync/endpoint"}, {"app/kit", "app/screens/today"},
	}
	for _, w := range wrong {
		if forbidden(w[0], w[1]) == "" {
			t.Errorf("%s may import %s, and must not", w[0], w[1])
		}
	}
	if reason := forbidden("internal/study", "internal/xform"); reason != "" {
		t.Errorf("study may not import xform: %s", reason)
	}
}

// forbidden says why the room from must not import the room to; empty means it may.
func forbidden(from, to string) string {
	floors := []string{"assets", "internal", "sync", "app"}
	a, b := slices.Index(floors, floor(from)), slices.Index(floors, floor(to))
	switch {
	case a < b:
		return "imports run app -> sync -> internal"
	case floor(from) == "internal" && floor(to) == "internal":
		return downwards(order, strings.TrimPrefix(from, "internal/"), strings.TrimPrefix(to, "internal/"))
	case floor(from) == "sync" && floor(to) == "sync" && !within(to, "sync/protocol"):
		return "agent and endpoint meet only in the protocol"
	case within(from, "app/look"), within(from, "app/words"):
		return downwards([]string{"app/words", "app/look"}, from, to)
	case (within(from, "app/kit") || within(from, "app/shell")) && within(to, "app/screens"):
		return "shared widgets know no screen"
	}
	return ""
}

func downwards(order []string, from, to string) string {
	f, t := slices.Index(order, from), slices.Index(order, to)
	switch {
	case floor(to) == "assets" || from == to:
		return ""
	case f < 0 || t < 0:
		return "one of the two has no place in the order of the rooms"
	case t >= f:
		return "inside internal, imports run from the lower rooms to the upper ones"
	}
	return ""
}

type source struct {
	path, room string
	imports    []string
}

func (s source) floor() string { return floor(s.room) }

func floor(room string) string {
	first, _, _ := strings.Cut(room, "/")
	return first
}

func within(room, parent string) bool { return room == parent || strings.HasPrefix(room, parent+"/") }

// sources lists every Go file that ships; tests may look wherever they need to.
func sources(t *testing.T) []source {
	t.Helper()
	var found []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "build" || name == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		s := source{path: inside, room: filepath.ToSlash(filepath.Dir(inside))}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, imported)
		}
		found = append(found, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 20 {
		t.Fatalf("the guard found only %d Go files: it looks in the wrong place", len(found))
	}
	return found
}
