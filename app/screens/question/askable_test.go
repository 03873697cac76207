package question

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parvis/internal/study/importer"
	"parvis/internal/xform"
	"parvis/internal/xlsform"
)

// TestWhatCannotBeAskedIsSaidAtImport holds the importer's word against what this screen does: nothing that would be skipped in
// the field may pass an import in silence, and nothing that can be asked may be called impossible.
func TestWhatCannotBeAskedIsSaidAtImport(t *testing.T) {
	t.Parallel()
	cannot := []string{"audio", "video", "file", "geotrace", "geoshape"}
	can := []string{
		"image", "photo", "text", "integer", "decimal", "date", "time", "datetime", "geopoint", "barcode", "note", "acknowledge", "range", "select_one yn",
		"select_multiple yn", "rank yn",
	}
	for _, kind := range slices.Concat(cannot, can) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			book := fmt.Sprintf("| survey |\n| | type | name | label |\n| | %s | q | Q? |\n| choices |\n| | list_name | name | label |\n| | yn | y | Yes |\n", kind)
			pkg, said, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(book), Size: int64(len(book))})
			if err != nil {
				t.Fatal(err)
			}
			skipped := slices.ContainsFunc(said.Warnings(), func(d xlsform.Diagnostic) bool { return d.Rule == "study-skipped" })
			form, err := xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
			if err != nil {
				t.Fatal(err)
			}
			in, err := form.New(xform.World{})
			if err != nil {
				t.Fatal(err)
			}
			unable := kindOf(in.Page(in.First()).Questions[0]) == Unable
			if unable != slices.Contains(cannot, kind) || unable != skipped {
				t.Errorf("on the screen it cannot be asked: %v; the import warns: %v", unable, skipped)
			}
		})
	}
}
