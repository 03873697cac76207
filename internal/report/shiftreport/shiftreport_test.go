package shiftreport

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"parvis/internal/export/table"
)

func report(rows int) Report {
	t := table.Table{Columns: []table.Column{{Title: "Enquêteur"}, {Title: "Heures", Kind: table.Number}, {Title: "Pourquoi regarder"}}}
	for n := range rows {
		t.Rows = append(t.Rows, table.Row{Cells: []table.Cell{table.Word(fmt.Sprintf("04%02d", n)), table.Figure(7.5, "7,5"), table.Word(strings.Repeat("réponses identiques ", 12))}})
	}
	return Report{
		Title: "Porte de l’Œuvre", Subtitle: "21 novembre 2026", Parts: []Part{{Heading: "Équipe", Table: &t}, {Heading: "Notes", Lines: []string{"Ευρώ, Łódź, Київ"}}},
		Foot: "Parvis", Made: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC),
		Regular: goregular.TTF, Bold: gobold.TTF,
	}
}

func TestWhatIsPrintedCanBeReadBack(t *testing.T) {
	t.Parallel()
	data, err := report(40).PDF()
	if err != nil {
		t.Fatal(err)
	}
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if n := r.NumPage(); n < 3 {
		t.Errorf("%d pages: rows of four lines need more", n)
	}
	plain, err := r.GetPlainText()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Porte de l’Œuvre", "21 novembre 2026", "Équipe", "0400", "0439", "7,5", "Ευρώ, Łódź, Київ"} {
		if !strings.Contains(string(text), asRead(want)) {
			t.Errorf("%q is not in the text", want)
		}
	}
	if n := strings.Count(string(text), "Pourquoi"); n != r.NumPage() && n != r.NumPage()-1 {
		t.Errorf("the heading stands %d times on %d pages", n, r.NumPage())
	}
}

// asRead is a text as the reader gives it: of the font's table from codes to letters it counts up the last byte only.
func asRead(text string) string {
	var out strings.Builder
	for _, r := range text {
		if r > 0xFF {
			r &= 0xFF
		}
		out.WriteRune(r)
	}
	return out.String()
}

func TestTheSameReportIsTheSameFile(t *testing.T) {
	t.Parallel()
	a, err := report(2).PDF()
	if err != nil {
		t.Fatal(err)
	}
	b, err := report(2).PDF()
	if err != nil || !bytes.Equal(a, b) {
		t.Error("two files differ", err)
	}
}
