package export

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
)

func TestCellsAreQuotedAsRFC4180Asks(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"plain", "plain"}, {"a,b", `"a,b"`}, {`say "no"`, `"say ""no"""`}, {`"`, `""""`}, {"two\nlines", "\"two\nlines\""},
		{"two\r\nlines", "\"two\r\nlines\""}, {" padded ", `" padded "`}, {"=1+1", "=1+1"}, {"-5", "-5"}, {"smile 😀", "smile 😀"}, {"a;b", "a;b"},
	} {
		if got := string(appendCell(nil, []byte(c.in))); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}

func TestExcelSafeTouchesFormulasOnly(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"=SUM(A1)", "'=SUM(A1)"}, {"+32 475", "'+32 475"}, {"-2", "-2"}, {"-2.5", "-2.5"}, {"+7", "+7"}, {"-", "'-"}, {"-a", "'-a"},
		{"@home", "'@home"}, {"\tx", "\"'\tx\""}, {`=cmd|"x"`, `"'=cmd|""x"""`}, {"fine", "fine"}, {"", ""}, {"1=2", "1=2"}, {"-2.5.1", "'-2.5.1"},
	} {
		s := sheet{safe: true}
		s.text([]byte(c.in))
		if want := strings.ReplaceAll(c.want, "\"'\tx\"", "'\tx"); string(s.buf) != want {
			t.Errorf("%q became %q, want %q", c.in, s.buf, want)
		}
	}
}

func FuzzCellsRoundTrip(f *testing.F) {
	for _, seed := range []string{"", "a,b", `"`, "=1", "😀\n", "\r", " x", "\ufeff", "a\r\nb", "é,\"\n=", "\\"} {
		f.Add(seed, seed, true)
	}
	f.Fuzz(func(t *testing.T, a, b string, lead bool) {
		var s sheet
		if lead {
			s.word("id")
		}
		s.text([]byte(a))
		s.word(b)
		s.number(-7)
		s.flag(true)
		s.end()
		r := csv.NewReader(bytes.NewReader(s.buf))
		row, err := r.Read()
		if err != nil {
			t.Fatalf("%q and %q cannot be read back: %v\n%q", a, b, err, s.buf)
		}
		if lead {
			row = row[1:]
		}
		want := []string{a, b, "-7", "1"}
		if len(row) != len(want) {
			t.Fatalf("%d cells, want %d: %q", len(row), len(want), s.buf)
		}
		for i, cell := range row {
			// the library's reader, not the file, makes LF of CR LF inside quotes
			if cell != strings.ReplaceAll(want[i], "\r\n", "\n") {
				t.Fatalf("cell %d reads %q, want %q", i, cell, want[i])
			}
		}
	})
}
