package xlsform

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"parvis/internal/conformance"
)

// BenchmarkWHOForm reads and converts the WHO verbal autopsy questionnaire, 592
// rows in several languages.
func BenchmarkWHOForm(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(conformance.Folder(b, conformance.Forms), "whova_form.xlsx"))
	if err != nil {
		b.Skip(err)
	}
	benchmarkWorkbook(b, data)
}

// BenchmarkChoices reads and converts a questionnaire with a long choice list.
func BenchmarkChoices(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			benchmarkWorkbook(b, longList(b, n))
		})
	}
}

func longList(t testing.TB, n int) []byte {
	choices := make([][]any, 0, n+1)
	choices = append(choices, []any{"list_name", "name", "label", "region"})
	for i := range n {
		choices = append(choices, []any{"shops", "s" + strconv.Itoa(i), "Shop number " + strconv.Itoa(i), "r" + strconv.Itoa(i%100)})
	}
	return workbookBytes(t, map[string][][]any{
		"survey": {
			{"type", "name", "label", "choice_filter"},
			{"text", "region", "Which region?", ""},
			{"select_one shops", "shop", "Which shop?", "region = ${region}"},
		},
		"choices": choices,
	}, "survey", "choices")
}

func benchmarkWorkbook(b *testing.B, data []byte) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		w, err := openBytes("form.xlsx", data, Limits{})
		if err != nil {
			b.Fatal(err)
		}
		r, diags := Convert(w, Options{})
		if r == nil {
			b.Fatal(diags)
		}
		b.SetBytes(int64(len(r.XML)))
	}
}
