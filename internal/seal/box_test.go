package seal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cheap is for tests: the real cost is measured by a benchmark.
var cheap = Cost{Passes: 1, MemoryKiB: 64, Lanes: 1}

func TestBoxGivesBackWhatItClosedAndSeesAnyChange(t *testing.T) {
	box, other := NewDataKey().Box(), NewDataKey().Box()
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		place := rapid.String().Draw(t, "place")
		closed := box.Close(place, plain)
		if got, err := box.Open(place, closed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%x, %v", got, err)
		}
		if len(plain) > 8 && bytes.Contains(closed, plain) {
			t.Fatal("the plain text stands in what was closed")
		}
		if bytes.Equal(closed, box.Close(place, plain)) {
			t.Fatal("the same twice is closed alike, so that equal answers would show")
		}
		damaged := bytes.Clone(closed)
		damaged[rapid.IntRange(0, len(closed)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		for name, open := range map[string]func() ([]byte, error){
			"damaged":     func() ([]byte, error) { return box.Open(place, damaged) },
			"cut":         func() ([]byte, error) { return box.Open(place, closed[:len(closed)-1]) },
			"elsewhere":   func() ([]byte, error) { return box.Open(place+"x", closed) },
			"another key": func() ([]byte, error) { return other.Open(place, closed) },
			"nothing":     func() ([]byte, error) { return box.Open(place, nil) },
		} {
			if _, err := open(); !errors.Is(err, ErrBox) {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}

func TestOnlyTheSecretUnwrapsTheKey(t *testing.T) {
	key := NewDataKey()
	w := key.Wrap("482915", cheap)
	if got, err := w.Unwrap("482915"); err != nil || got != key {
		t.Fatalf("the right secret: %v", err)
	}
	for _, wrong := range []string{"", "482914", "4829150", " 482915"} {
		if _, err := w.Unwrap(wrong); !errors.Is(err, ErrSecret) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if again := key.Wrap("482915", cheap); bytes.Equal(again.Salt, w.Salt) || bytes.Equal(again.Key, w.Key) {
		t.Error("wrapping twice gives the same, so that equal PINs would show")
	}
	if _, err := (Wrapped{}).Unwrap(""); !errors.Is(err, ErrSecret) {
		t.Errorf("nothing wrapped: %v", err)
	}
	usual := Cost{}.orUsual()
	if usual.MemoryKiB < 64<<10 || usual.Passes < 3 {
		t.Errorf("the usual cost is below RFC 9106's second choice: %+v", usual)
	}
}

func TestPrintingAKeyShowsNothing(t *testing.T) {
	key := DataKey{secret: [32]byte{0xAB, 0xAB, 0xAB}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if shown := strings.ToLower(fmt.Sprintf(verb, key)); strings.Contains(shown, "ab") || strings.Contains(shown, "171") {
			t.Errorf("%s shows %s", verb, shown)
		}
	}
}

func BenchmarkUnwrap(b *testing.B) {
	w := NewDataKey().Wrap("482915", Cost{})
	for b.Loop() {
		if _, err := w.Unwrap("000000"); err == nil {
			b.Fatal("a wrong PIN opened it")
		}
	}
}

func TestRecoveryCodesAreReadAsTheyAreTyped(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		code := NewRecoveryCode()
		if len(code) != 19 || seen[code] {
			t.Fatalf("%q", code)
		}
		seen[code] = true
		read := ReadRecoveryCode(code)
		for _, typed := range []string{strings.ToLower(code), strings.ReplaceAll(code, "-", " "), strings.ReplaceAll(code, "0", "o"), strings.ReplaceAll(code, "1", "l")} {
			if got := ReadRecoveryCode(typed); got != read || len(got) != 16 {
				t.Errorf("%q was read as %q, not %q", typed, got, read)
			}
		}
	}
}
