package question

import (
	"testing"

	"parvis/internal/xform"
)

func TestNumbersWithThousandsApart(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"7": "7", "999": "999", "1000": "1\u00a0000", "1234567": "1\u00a0234\u00a0567", "-42500": "-42\u00a0500", "1234.5678": "1\u00a0234.5678",
	} {
		if got := grouped(value); got != want {
			t.Errorf("%s is shown as %q", value, got)
		}
	}
	for _, c := range []struct {
		kind  Kind
		typed string
		want  string
		ok    bool
	}{
		{Whole, "42\u00a0500", "42500", true},
		{Whole, "42 500", "42500", true},
		{Whole, "3.5", "", false},
		{Whole, "42.500", "", false},
		{Decimal, "1 234,5", "1234.5", true},
		{Decimal, "1.234,5", "", false},
		{Decimal, "-3.25", "-3.25", true},
	} {
		got, ok := stored(Item{Kind: c.kind}, c.typed)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%q is stored as %q, %v", c.typed, got, ok)
		}
	}
	it := Item{Kind: Whole, Question: xform.Question{Value: "42500", Appearance: []string{"thousands-sep"}}}
	if shown(it) != "42\u00a0500" {
		t.Errorf("shown as %q", shown(it))
	}
}
