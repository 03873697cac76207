package export

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOneBadRecordNeverStopsTheOthers(t *testing.T) {
	damaged := visitInterview("i2", `<data><kid><age>3</age></kid><why>half`)
	got := exported(t, Params{}, Record{Kind: KindInterview, ID: "i1", Body: []byte(`{"id":`)}, Record{Kind: KindInterview, ID: "i2", Body: bodyOf(t, damaged)},
		Record{Kind: KindInterview, ID: "i3", Body: bodyOf(t, visitInterview("i3", `<data><why>fine</why></data>`))}, Record{Kind: KindContact, ID: "c", Body: []byte(`[]`)})
	rows := got.table(t, Interviews)
	if len(rows) != 2 || rows[0]["id"] != "i2" || rows[0]["why"] != "" || rows[1]["why"] != "fine" {
		t.Errorf("rows %v", rows)
	}
	if kids := got.rows(t, "kid.csv"); len(kids) != 1 {
		t.Errorf("rows of damaged answers stay: %q", kids)
	}
	if s := got.summary; s.Unreadable != 3 || len(s.Problems) != 3 || s.Problems[1].ID != "i2" || s.Interviews != 2 {
		t.Errorf("summary %+v", s)
	}
}

func TestRecordsKeepTheirOrderOverAllWorkers(t *testing.T) {
	var records []Record
	padding := strings.Repeat("x", 4000)
	for i := range 3000 {
		records = append(records, Record{Kind: KindInterview, ID: "", Body: bodyOf(t, visitInterview(fmt.Sprint("i", i), "<data><why>"+padding+"</why></data>"))})
	}
	got := exported(t, Params{Workers: 4}, records...)
	rows := got.table(t, Interviews)
	if len(rows) != len(records) {
		t.Fatalf("%d rows of %d", len(rows), len(records))
	}
	for i, row := range rows {
		if row["id"] != fmt.Sprint("i", i) || row["why"] != padding {
			t.Fatalf("row %d is interview %s", i, row["id"])
		}
	}
}

func TestVersionsOfAQuestionnaireShareTheirColumns(t *testing.T) {
	old := visitQuestionnaire()
	old.Version = "2"
	old.Variables = append([]*Variable{text("/data/colour")}, old.Variables...)
	got := exported(t, Params{Questionnaires: []*Questionnaire{old, visitQuestionnaire()}},
		Record{Kind: KindInterview, ID: "i1", Body: bodyOf(t, visitInterview("i1", `<data><colour>red</colour><why>a</why></data>`))},
		Record{Kind: KindInterview, ID: "i2", Body: bodyOf(t, visitInterview("i2", `<data><why>b</why><later>c</later></data>`))})
	rows := got.table(t, Interviews)
	if rows[0]["colour"] != "red" || rows[0]["why"] != "a" || rows[1]["colour"] != "" || rows[1]["why"] != "b" || got.summary.Strays != 1 {
		t.Errorf("rows %v, %d strays", rows, got.summary.Strays)
	}
}

func TestSpreadsheetOptions(t *testing.T) {
	record := Record{Kind: KindInterview, ID: "i1", Body: bodyOf(t, visitInterview("i1", `<data><why>=1+1</why></data>`))}
	plain := exported(t, Params{}, record)
	if row := plain.table(t, Interviews)[0]; row["why"] != "=1+1" {
		t.Errorf("the exact words became %q", row["why"])
	}
	safe := exported(t, Params{ExcelSafe: true, BOM: true}, record)
	if text := safe.raw(t, Interviews); !strings.HasPrefix(text, "\xEF\xBB\xBFid,") || !strings.Contains(text, ",'=1+1\r\n") {
		t.Errorf("%q", text)
	}
	if text := safe.raw(t, Codebook); !strings.HasPrefix(text, "\xEF\xBB\xBFfile,") {
		t.Errorf("the codebook has no mark: %q", text[:20])
	}
}

func TestFilesCanBeLeftOut(t *testing.T) {
	got := exported(t, Params{Without: []string{Paradata, CodebookPage}}, Record{Kind: KindInterview, ID: "i1", Body: bodyOf(t, visitInterview("i1", `<data/>`))})
	for _, name := range []string{Paradata, CodebookPage} {
		if _, err := os.Stat(filepath.Join(got.dir, name)); err == nil {
			t.Errorf("%s is there", name)
		}
	}
	if strings.Contains(got.raw(t, Codebook), Paradata) {
		t.Error("the codebook speaks of a file that is not there")
	}
}

func TestAnExportThatDoesNotFinishChangesNothing(t *testing.T) {
	dir := t.TempDir()
	before := exported(t, Params{Dir: dir}, Record{Kind: KindInterview, ID: "i1", Body: bodyOf(t, visitInterview("i1", `<data><why>first</why></data>`))})
	e, err := New(Params{Dir: dir, Study: exitStudy(), Questionnaires: []*Questionnaire{visitQuestionnaire()}})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Add(Record{Kind: KindInterview, ID: "i2", Body: bodyOf(t, visitInterview("i2", `<data><why>second</why></data>`))}); err != nil {
		t.Fatal(err)
	}
	e.Abort()
	if row := before.table(t, Interviews)[0]; row["why"] != "first" {
		t.Errorf("row %v", row)
	}
	if _, err := os.Stat(filepath.Join(dir, unfinished)); err == nil {
		t.Error("the unfinished files are still there")
	}
}

// A disk that refuses to take rows must end the export with an error and leave the files of the one before.
func TestAFailingDiskLeavesTheFormerFiles(t *testing.T) {
	dir := t.TempDir()
	before := exported(t, Params{Dir: dir}, Record{Kind: KindInterview, ID: "i1", Body: bodyOf(t, visitInterview("i1", `<data><why>first</why></data>`))})
	e, err := New(Params{Dir: dir, Study: exitStudy(), Questionnaires: []*Questionnaire{visitQuestionnaire()}})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.files[0].file.Close(); err != nil { // from now on every write to interviews.csv fails
		t.Fatal(err)
	}
	body := bodyOf(t, visitInterview("i2", `<data><why>`+strings.Repeat("x", 10_000)+`</why></data>`))
	for range 200 {
		if err = e.Add(Record{Kind: KindInterview, ID: "i2", Body: body}); err != nil {
			break
		}
	}
	if _, err := e.Finish(); err == nil || !strings.Contains(err.Error(), Interviews) {
		t.Errorf("Finish said %v", err)
	}
	if row := before.table(t, Interviews)[0]; row["why"] != "first" {
		t.Errorf("row %v", row)
	}
}

func TestLeftoversOfAKilledExportAreClearedAway(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, unfinished), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, unfinished, Interviews), []byte("half a ro"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := exported(t, Params{Dir: dir}, Record{Kind: KindInterview, ID: "i1", Body: bodyOf(t, visitInterview("i1", `<data><why>x</why></data>`))})
	if rows := got.rows(t, Interviews); len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
}
