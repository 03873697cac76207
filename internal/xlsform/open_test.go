package xlsform

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbookBytes writes a real .xlsx: each sheet as rows of values.
func workbookBytes(t testing.TB, sheets map[string][][]any, order ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, name := range order {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				t.Fatal(err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		w, err := f.NewStreamWriter(name)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range sheets[name] {
			if err := w.SetRow(fmt.Sprintf("A%d", r+1), row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func openBytes(name string, b []byte, l Limits) (*Workbook, error) {
	return Open(name, bytes.NewReader(b), int64(len(b)), l)
}

func TestOpenXLSXValues(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	date, err := f.NewStyle(&excelize.Style{NumFmt: 22})
	if err != nil {
		t.Fatal(err)
	}
	percent, err := f.NewStyle(&excelize.Style{NumFmt: 9})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet("quotas"); err != nil {
		t.Fatal(err)
	}
	set := func(cell string, v any) {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for i, h := range []string{"type", "label::French (fr)", "name", "n"} {
		set(ColumnLetter(i)+"1", h)
	}
	set("A3", "  text ")
	set("B3", "l\u2019\u00e2ge\u00a0?")
	set("C3", true)
	set("D3", 0.1)
	set("A4", 7.0)
	set("B4", time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))
	set("C4", 0.5)
	set("D4", 1e6)
	if err := errors.Join(f.SetCellStyle("Sheet1", "B4", "B4", date), f.SetCellStyle("Sheet1", "C4", "C4", date),
		f.SetCellStyle("Sheet1", "D3", "D3", percent), f.SetSheetName("Sheet1", "Survey")); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	w, err := openBytes("folder/study.v2.xlsx", b.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if w.Name != "study.v2" || len(w.Names) != 2 || w.Sheet("quotas") == nil {
		t.Errorf("name %q, sheets %v", w.Name, w.Names)
	}
	s := w.Sheet("survey")
	if s == nil || len(s.Rows) != 2 || s.Rows[0].Number != 3 || s.Rows[1].Number != 4 {
		t.Fatalf("survey %+v", s)
	}
	for _, c := range []struct {
		row          int
		header, want string
	}{
		{0, "TYPE", "text"}, {0, "label::french (FR)", "l\u2019\u00e2ge ?"}, {0, "name", "TRUE"}, {0, "n", "0.1"},
		{1, "type", "7"}, {1, "label :: French (fr)", "2026-03-04 05:06:07"}, {1, "name", "12:00:00"}, {1, "n", "1000000"},
		{1, "nothing", ""},
	} {
		if got := s.Rows[c.row].Get(c.header); got != c.want {
			t.Errorf("row %d %q = %q, want %q", c.row, c.header, got, c.want)
		}
	}
	if got := s.Rows[0].Translated("label"); len(got) != 1 || got["French (fr)"] == "" {
		t.Errorf("translated = %v", got)
	}
	if s.Column("n") != "D" || s.Column("x") != "" || s.Languages("label")[0] != "French (fr)" {
		t.Errorf("column %q, languages %v", s.Column("n"), s.Languages("label"))
	}
}

func TestOpenByContentNotName(t *testing.T) {
	t.Parallel()
	b := workbookBytes(t, map[string][][]any{"survey": {{"type", "name"}, {"text", "q"}}}, "survey")
	for _, name := range []string{"a.xls", "a.csv", "a", `C:\forms\a.xlsx`} {
		w, err := openBytes(name, b, Limits{})
		if err != nil || w.Sheet("survey").Rows[0].Get("name") != "q" || w.Name != "a" {
			t.Errorf("%s: %v, %v", name, w, err)
		}
	}
}

func TestOpenText(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"sheets":    "survey,,\n,type,name\n,text,q\nchoices,,\n,list_name,name\n,a,1\n",
		"plain":     "type,name,label\ntext,q,\"What, now?\"\n",
		"semicolon": "\ufefftype;name;label\ntext;q;What\n",
		"markdown":  "| survey |\n| | type | name |\n|---|---|---|\n| | text | q |\n",
	} {
		w, err := openBytes(name+".csv", []byte(text), Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := w.Sheet("survey"); s == nil || len(s.Rows) != 1 || s.Rows[0].Get("type") != "text" || s.Rows[0].Get("name") != "q" {
			t.Errorf("%s: %+v", name, w.Sheets)
		}
	}
}

// zipOf packs parts as they are.
func zipOf(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		p, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sheetXLSX is the smallest workbook, its one sheet given as XML.
func sheetXLSX(t testing.TB, sheetData string) []byte {
	return zipOf(t, map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="survey" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>`,
		"xl/worksheets/s.xml":        `<worksheet><sheetData>` + sheetData + `</sheetData></worksheet>`,
	})
}

func inline(ref, text string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

func headerRow() string {
	return `<row r="1">` + inline("A1", "type") + inline("B1", "name") + `</row>`
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	good := workbookBytes(t, map[string][][]any{"survey": {{"type", "name"}, {"text", "q"}}}, "survey")
	var manyRows strings.Builder
	manyRows.WriteString(headerRow())
	for i := 2; i < 30; i++ {
		fmt.Fprintf(&manyRows, `<row r="%d">%s</row>`, i, inline(fmt.Sprintf("A%d", i), "text"))
	}
	for _, c := range []struct {
		name, rule string
		data       []byte
		limits     Limits
	}{
		{"empty", "empty-file", nil, Limits{}},
		{"blank text", "empty-file", []byte(" \n \n"), Limits{}},
		{"too long", "file-size", good, Limits{Bytes: 100}},
		{"truncated", "damaged-file", good[:len(good)/2], Limits{}},
		{"picture", "not-a-workbook", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), Limits{}},
		{"prose", "not-a-workbook", []byte("Dear all"), Limits{}},
		{"latin-1", "not-a-workbook", []byte("type,name\ntext,\xe9t\xe9"), Limits{}},
		{"web page", "not-a-workbook", []byte("<html><table></table></html>"), Limits{}},
		{"other zip", "not-a-workbook", zipOf(t, map[string]string{"a.txt": "hello"}), Limits{}},
		{"open document", "other-format", zipOf(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), Limits{}},
		{"binary workbook", "other-format", zipOf(t, map[string]string{"xl/workbook.bin": "x"}), Limits{}},
		{"old container", "other-format", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 2000)...), Limits{}},
		{"zip bomb", "inflated-size", zipOf(t, map[string]string{"xl/workbook.xml": strings.Repeat(" ", 20<<20)}), Limits{}},
		{"inflated", "inflated-size", good, Limits{Inflated: 1000}},
		{"long cell", "cell-size", sheetXLSX(t, headerRow()+`<row r="2">`+inline("A2", strings.Repeat("x", 200<<10))+`</row>`), Limits{}},
		{"long cell in csv", "cell-size", []byte("type,name\ntext," + strings.Repeat("x", 200<<10)), Limits{}},
		{"rows", "sheet-size", sheetXLSX(t, manyRows.String()), Limits{Rows: 20}},
		{"cells", "workbook-size", sheetXLSX(t, manyRows.String()), Limits{Cells: 20}},
		{"all text", "workbook-size", sheetXLSX(t, manyRows.String()), Limits{Text: 50}},
		{"columns", "sheet-size", []byte("type,name,a,b\n"), Limits{Columns: 3}},
		{"same header", "duplicate-column", []byte("type,name,label,label\ntext,q,a,b\n"), Limits{}},
		{"entities", "damaged-file", sheetXLSX(t, `<!DOCTYPE x [<!ENTITY a "aaaa">]>`+headerRow()), Limits{}},
		{"no end", "damaged-file", sheetXLSX(t, headerRow()+`<row r="2"><c r="A2"><v>1`), Limits{}},
		{"row backwards", "damaged-file", sheetXLSX(t, headerRow()+`<row r="9"/><row r="3"/>`), Limits{}},
		{"row too far", "damaged-file", sheetXLSX(t, headerRow()+`<row r="99999999"/>`), Limits{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := openBytes("form.xlsx", c.data, c.limits)
			var d Diagnostic
			if !errors.As(err, &d) || d.Rule != c.rule || d.Remedy == "" {
				t.Errorf("error = %v (rule %q), want rule %q", err, d.Rule, c.rule)
			}
			if strings.Contains(d.Error(), strings.Repeat("x", 1000)) {
				t.Error("the error repeats the cell")
			}
		})
	}
}

func TestOpenManyBlankRows(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(headerRow() + `<row r="2">` + inline("A2", "text") + inline("B2", "q1") + `</row>`)
	b.WriteString(`<row r="62">` + inline("A62", "text") + inline("B62", "q2") + `</row>`)
	for i := 63; i <= 1<<20; i += 9 {
		fmt.Fprintf(&b, `<row r="%d" s="1"/>`, i)
	}
	w, err := openBytes("form.xlsx", sheetXLSX(t, b.String()), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(w.Sheet("survey").Rows); n != 2 {
		t.Errorf("%d rows, want the two before the blank ones", n)
	}
}

func TestRowsBehindBlankOnesAreTold(t *testing.T) {
	t.Parallel()
	w, err := openBytes("form.xlsx", sheetXLSX(t, headerRow()+
		`<row r="2">`+inline("A2", "text")+inline("B2", "q1")+`</row><row r="200">`+inline("A200", "text")+inline("B200", "q2")+`</row>`), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	_, diags := Convert(w, Options{})
	for _, d := range diags {
		if d.Rule == "rows-unread" && d.Row == 200 && d.Severity == Warning {
			return
		}
	}
	t.Errorf("no word about row 200: %v", diags)
}
