package program_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parvis/sync/protocol"
)

// workbook makes an .xlsx of one sheet, survey, whose XML is written by sheet.
func workbook(t testing.TB, sheet func(write func(string))) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name string, fill func(write func(string))) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fill(func(text string) {
			if _, err := w.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		})
	}
	text := func(s string) func(func(string)) { return func(write func(string)) { write(s) } }
	part("[Content_Types].xml", text(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`))
	part("_rels/.rels", text(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`))
	part("xl/workbook.xml", text(`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="survey" sheetId="1" r:id="rId1"/></sheets></workbook>`))
	part("xl/_rels/workbook.xml.rels", text(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`))
	part("xl/worksheets/sheet1.xml", func(write func(string)) {
		write(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
		sheet(write)
		write(`</sheetData></worksheet>`)
	})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func cell(row int, column, text string) string {
	return fmt.Sprintf(`<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>`, column, row, text)
}

func row(n int, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, n)
	for i, text := range cells {
		b.WriteString(cell(n, string(rune('A'+i)), text))
	}
	return b.String() + `</row>`
}

// Broken files, each with one clear error, at the command line and over the network; central stays up through all of them.
func TestBrokenWorkbooksAreRefusedAndCentralStaysUp(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(samples, "mall-exit.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	megabyte := strings.Repeat(" ", 1<<20)
	broken := []struct {
		name string
		data []byte
	}{
		{"truncated.xlsx", whole[:len(whole)/2]},
		{"bomb.xlsx", workbook(t, func(write func(string)) {
			for range 300 {
				write(megabyte)
			}
		})},
		{"cell.xlsx", workbook(t, func(write func(string)) {
			write(row(1, "type", "name", "label") + `<row r="2"><c r="A2" t="inlineStr"><is><t>`)
			for range 50 {
				write(strings.Repeat("x", 1<<20))
			}
			write(`</t></is></c></row>`)
		})},
		{"picture.xlsx", []byte("\x89PNG\r\n\x1a\n and so on")},
		{"empty.xlsx", nil},
		{"page.xlsx", []byte("<!doctype html><html>not found</html>")},
	}
	p := newPlace(t)
	p.must(t, "a long enough password\n", "user", "add", "ada", "--role", "administrator", "--password-stdin")
	token := strings.TrimSpace(p.must(t, "", "token", "--user", "ada", "-q"))
	s := p.serve(t)
	for _, b := range broken {
		t.Run(b.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), b.name)
			if err := os.WriteFile(path, b.data, 0o600); err != nil {
				t.Fatal(err)
			}
			got := p.run(t, "", "study", "import", path)
			if got.code != 1 || !strings.Contains(got.stderr, b.name) || strings.Count(got.stderr, "\n") > 4 || strings.Contains(got.stderr, "goroutine") {
				t.Errorf("at the command line: %d\n%s", got.code, got.stderr)
			}
			t.Log(strings.TrimSpace(got.stderr))
			status, data := s.upload(t, token, b.name, b.data, "")
			var problem protocol.Problem
			if err := json.Unmarshal(data, &problem); err != nil || status != http.StatusUnprocessableEntity || problem.Code != protocol.CodeBadWorkbook {
				t.Fatalf("over the network: %d %.500s", status, data)
			}
			if len(problem.Diagnostics) != 1 || len(problem.Diagnostics[0].Message) < 10 {
				t.Errorf("%+v", problem.Diagnostics)
			}
			if status, _ := s.do(t, http.MethodGet, protocol.PathReady, "", "", nil); status != http.StatusOK {
				t.Errorf("central: %d", status)
			}
		})
	}
	status, data := s.upload(t, token, "fair-visitor.xlsx", read(t, filepath.Join(samples, "fair-visitor.xlsx")), filepath.Join(samples, "fair-visitor"))
	if status != http.StatusOK && status != http.StatusUnprocessableEntity {
		t.Fatalf("%d %.500s", status, data)
	}
	if status == http.StatusUnprocessableEntity && !strings.Contains(string(data), "recipient") {
		t.Errorf("%.500s", data)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A wrong workbook is refused with all its problems, each with sheet, row, column and remedy.
func TestAWrongWorkbookIsRefusedWithAllItsProblems(t *testing.T) {
	wrong := workbook(t, func(write func(string)) {
		write(row(1, "type", "name", "label", "relevant") + row(2, "txt", "a", "A", "") + row(3, "text", "b c", "B", "") + row(4, "text", "d", "D", "${nobody} = 1"))
	})
	path := filepath.Join(t.TempDir(), "wrong.xlsx")
	if err := os.WriteFile(path, wrong, 0o600); err != nil {
		t.Fatal(err)
	}
	p := newPlace(t)
	got := p.run(t, "", "study", "import", path)
	if got.code != 1 {
		t.Fatalf("%d\n%s", got.code, got.stderr)
	}
	for _, want := range []string{"sheet survey, row 2, column type", "sheet survey, row 3, column name", "sheet survey, row 4, column relevant", "Nothing was changed"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("it does not say %q:\n%s", want, got.stderr)
		}
	}
}
