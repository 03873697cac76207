package xpath

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		src      string
		offset   int
		expected string
	}{
		{``, 0, "a value or a path"},
		{`1 +`, 3, "a value or a path"},
		{`(1`, 2, ")"},
		{`/data/a = “x”`, 10, "straight quotes"},
		{`/data/a[`, 8, "a value or a path"},
		{`/data/a[1`, 9, "]"},
		{`'abc`, 0, "a closing '"},
		{`a b`, 2, "an operator"},
		{`1 & 2`, 2, "and"},
		{`nope::a`, 0, "child, parent"},
		{`/data/count(a)`, 6, "node(), text()"},
		{`y:a`, 0, "a prefix that the form declares"},
		{`if(1, 2,)`, 8, "another argument of if()"},
		{`concat('a' 'b')`, 11, ", or ) in concat()"},
		{`$`, 0, "a name after $"},
		{`a//`, 3, "the name of an element"},
	} {
		_, err := Compile(c.src, Options{Dialect: ODK})
		var e *Error
		if !errors.As(err, &e) || e.Offset != c.offset || !strings.Contains(e.Expected, c.expected) {
			t.Errorf("%q: %v; want offset %d, expected %q", c.src, err, c.offset, c.expected)
		}
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{
		"slected": "selected", "Selected": "selected", "contians": "contains", "len": "string-length", "IF": "if", "concatenate": "concat",
		"format-dat": "format-date", "jr:choicename": "jr:choice-name", "count_selected": "count-selected", "xyzzyplugh": "",
	} {
		e := compile(t, "1 + "+name+"(1)", ODK)
		p := e.Problems()
		if len(p) != 1 || p[0].Nearest != want || p[0].Offset != 4 {
			t.Errorf("%s: %v, want %q", name, p, want)
		}
		if len(e.Problems(name)) != 0 {
			t.Errorf("%s: still a problem when the host knows it", name)
		}
	}
	e := compile(t, "substr('a') or true()", ODK)
	if p := e.Problems(); len(p) != 1 || p[0].Expected != "2 or 3 arguments" {
		t.Errorf("problems = %v", p)
	}
}

func TestLimits(t *testing.T) {
	for name, src := range map[string]string{
		"brackets":  strings.Repeat("(", 100_000) + "1" + strings.Repeat(")", 100_000),
		"calls":     strings.Repeat("not(", 10_000) + "1" + strings.Repeat(")", 10_000),
		"filters":   strings.Repeat("a[", 10_000) + "1" + strings.Repeat("]", 10_000),
		"operators": "1" + strings.Repeat("+1", 60_000),
		"length":    strings.Repeat(" ", MaxLength) + "1",
	} {
		if _, err := Compile(src, Options{Dialect: ODK}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, src := range map[string]string{
		"or":    "1" + strings.Repeat(" or 1", 40_000),
		"minus": strings.Repeat("-", 100_000) + "1",
		"union": "a" + strings.Repeat("|a", 60_000),
		"steps": "a" + strings.Repeat("/a", 60_000),
	} {
		e, err := Compile(src, Options{Dialect: ODK})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := e.Eval(&Context{Node: parse(t, "<a><a/></a>")}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBudget(t *testing.T) {
	list := benchList(t, 3000)
	for _, src := range []string{
		`count(/root/item[count(/root/item[name != current()/x]) > count(/root/item[region = 'r1'])])`,
		`count(//*[//*[//*]/x])`,
		`count(//item/following::*/preceding::*)`,
		`/root/item/name = //label[. != /root/item/region]`,
		`count(//item[string(/) != string(/root)])`,
		`string-length(join(string(/), //item))`,
		`count(//item[regex(/, '.*(a|b|ab)*[^x]{1,500}c.*')])`,
		`count(//item[regex(., concat('(x{500}|', name, ')'))])`,
	} {
		e := compile(t, src, ODKWeb)
		start := time.Now()
		_, err := e.Eval(&Context{Node: list, MaxSteps: 500_000})
		var x *Error
		if !errors.As(err, &x) || !strings.Contains(x.Msg, "too long") && !strings.Contains(x.Msg, "grows") {
			t.Errorf("%s: %v after %v", src, err, time.Since(start))
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s stopped only after %v", src, d)
		} else {
			t.Logf("%s: %v", src, d)
		}
	}
}
