package xlsform

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"parvis/internal/xmltree"
)

// FuzzOpen: whatever a file holds, reading and converting it ends with a
// workbook or one clear diagnostic, and what is converted is well-formed XML.
func FuzzOpen(f *testing.F) {
	f.Add(workbookBytes(f, map[string][][]any{
		"survey":  {{"type", "name", "label", "relevant"}, {"select_one c", "q", "Q ${q}", "${q} = 1"}, {"begin repeat", "r", "R"}, {"integer", "n", "N"}, {"end repeat"}},
		"choices": {{"list_name", "name", "label"}, {"c", 1, "One"}},
	}, "survey", "choices"))
	f.Add(sheetXLSX(f, headerRow()+`<row r="2">`+inline("A2", "text")+inline("B2", "q")+`</row>`))
	f.Add([]byte("type,name,label\ntext,q,What\n"))
	f.Add([]byte("survey\n,type,name\n,begin loop over c,l\n,text,q\n,end loop\nchoices\n,list_name,name,label::fr\n,c,a,A\n"))
	f.Add([]byte("| survey |\n| | type | name | default |\n| | range | q | 1+1 |\n"))
	if small, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "forms", "group.xls")); err == nil {
		f.Add(small)
	}
	limits := Limits{Bytes: 1 << 20, Inflated: 4 << 20, Cell: 4 << 10, Rows: 2000, Columns: 100, Cells: 20_000}
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := Open("form", bytes.NewReader(data), int64(len(data)), limits)
		if err != nil {
			var d Diagnostic
			if !errors.As(err, &d) {
				t.Fatalf("error is no diagnostic: %v", err)
			}
			if d.Rule == "unreadable" {
				t.Fatalf("the reader panicked: %v", err)
			}
			return
		}
		checkConversion(t, w)
	})
}

// FuzzConvert varies the text of a questionnaire instead of the file around it.
func FuzzConvert(f *testing.F) {
	for _, md := range []string{
		"| survey |\n| | type | name | label | calculation |\n| | calculate | a | | ${b} + 1 |\n| | integer | b | B ${a} | |\n",
		"| survey |\n| | type | name | label::en | media::image::en | trigger |\n| | text | a | A | x.png | |\n| | dateTime | b | B | | ${a} |\n",
		"| survey |\n| | type | name | label | parameters | choice_filter |\n| | begin_repeat | r | R | | |\n| | text | n | N | | |\n| | end_repeat | | | | |\n| | select_one ${n} | s | S | randomize=true seed=3 | ${n} != '' |\n",
		"| survey |\n| | type | name | label | save_to |\n| | begin_group | g | G | |\n| | text | n | N | p |\n| | end_group | | | |\n| entities |\n| | list_name | label |\n| | e | ${n} |\n",
		"| survey |\n| | type | name | label | appearance |\n| | begin_loop over c | l | L | table-list |\n| | select_one c or_other | n | N %(label)s | |\n| | end_loop | | | |\n| choices |\n| | list_name | name | label |\n| | c | a | A |\n",
		"| survey |\n| | type | name | label | parameters |\n| | range | n | N | start=0 end=1 step=0.1 tick_labelset=c |\n| | audit | | | location-priority=balanced |\n| choices |\n| | list_name | name | label |\n| | c | 1 | A |\n| settings |\n| | namespaces | style |\n| | p=\"http://p\" | pages |\n",
		"| survey |\n| | type | name | label |\n| | select_one c | q | Q |\n| choices |\n| | list_name | name | label | medi::video |\n| | c | a | A | a.mkv |\n| settings |\n| | namespaces | attribute::x:y |\n| | 1=\"u\" | z |\n",
	} {
		f.Add(md)
	}
	f.Fuzz(func(t *testing.T, md string) {
		if len(md) > 20_000 {
			return
		}
		w, err := ReadMarkdown("fuzz", md)
		if err != nil {
			return
		}
		checkConversion(t, w)
	})
}

func checkConversion(t *testing.T, w *Workbook) {
	t.Helper()
	r, diags := Convert(w, Options{})
	for _, d := range diags {
		if d.Rule == "internal" {
			t.Fatal(d)
		}
	}
	if (r == nil) != diags.Failed() {
		t.Fatalf("result %v with diagnostics %v", r != nil, diags)
	}
	if r == nil {
		return
	}
	if _, err := xmltree.ParseString(string(r.XML), xmltree.Limits{}); err != nil {
		t.Fatalf("not well-formed: %v\n%s", err, r.XML)
	}
}
