package question

import (
	"context"
	"slices"
	"testing"
)

const limitBook = `| | type | name | label | bind::parvis:min | bind::parvis:max | bind::parvis:exclusive |
| | select_multiple l | q | Which? | 2 | 3 | none |
| | rank l | r | In which order? | 2 | 2 | |
| | text | after | After? | | | |
`

const limitList = "| | l | a | A |\n| | l | b | B |\n| | l | c | C |\n| | l | d | D |\n| | l | none | None |\n"

func TestAMultipleAnswerKeepsItsLimits(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, _ := ask(t, limitBook, limitList)
	item := func() Item { return p.Model().Items[0] }
	tap := func(values ...string) {
		for _, v := range values {
			must(t, p.Toggle(ctx, item(), v))
		}
	}
	steps := []struct {
		tap  []string
		want string
		goes bool
	}{
		{nil, "", true}, // no answer is for required to judge
		{[]string{"c"}, "c", false},
		{[]string{"a"}, "a c", true},
		{[]string{"b", "d"}, "a b c", true}, // the fourth is not taken
		{[]string{"none"}, "none", true},    // stands alone, and is enough
		{[]string{"d"}, "d", false},
	}
	for _, s := range steps {
		tap(s.tap...)
		if got := item().Value; got != s.want {
			t.Fatalf("after %q the answer is %q, want %q", s.tap, got, s.want)
		}
		if moved := next(t, p); moved != s.goes {
			t.Errorf("with %q it goes on: %v", s.want, moved)
		} else if moved {
			must(t, p.Back(ctx))
		} else if !item().Short {
			t.Errorf("with %q nothing is said", s.want)
		}
	}
}

func TestWhatAnExclusiveChoiceReplacesCanComeBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, _ := ask(t, limitBook, limitList)
	item := func() Item { return p.Model().Items[0] }
	for _, v := range []string{"a", "c"} {
		must(t, p.Toggle(ctx, item(), v))
	}
	had := item().Value
	if got := Replaces(item(), "none"); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("none would replace %q", got)
	}
	if got := Replaces(item(), "a"); len(got) > 0 {
		t.Errorf("taking a out would also replace %q", got)
	}
	must(t, p.Toggle(ctx, item(), "none"))
	must(t, p.Restore(ctx, item().Ref, had))
	if got := item().Value; got != had {
		t.Errorf("came back as %q", got)
	}
}

func TestARankingIsMoved(t *testing.T) {
	t.Parallel()
	order := []string{"a", "b", "c"}
	for _, c := range []struct {
		value string
		by    int
		want  []string
	}{
		{"a", 1, []string{"b", "a", "c"}}, {"a", 9, []string{"b", "c", "a"}}, {"c", -1, []string{"a", "c", "b"}}, {"b", 0, order}, {"x", 1, order},
	} {
		if got := shifted(order, c.value, c.by); !slices.Equal(got, c.want) {
			t.Errorf("%s by %d: %q, want %q", c.value, c.by, got, c.want)
		}
	}
	if got := ranked(order, "b"); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("a tap on a placed one leaves %q", got)
	}
	if !slices.Equal(order, []string{"a", "b", "c"}) {
		t.Error("the order given was changed")
	}
}
