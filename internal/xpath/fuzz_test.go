package xpath

import (
	"errors"
	"testing"
	"time"

	"parvis/internal/xmltree"
)

// FuzzCompile looks for expressions that crash or hang the parser or the
// evaluator, and for errors that do not say where.
func FuzzCompile(f *testing.F) {
	for _, s := range append([]string{
		`//person[position() > 1][last()]/@id | id('x')/..`,
		`instance('towns')/root/item[name = current()/../town and pop > 5]/label`,
		`indexed-repeat(/data/rep/a, /data/rep, 2) + pulldata('towns', 'a', 'b', .)`,
		`format-date(today() - 7, '%a %d %b %Y %3') = date('2026-01-01T10:00+02:00')`,
		`regex(., '^(?=.*\d)[\p{Alpha}&&x]++(?!y)$') or selected-at('a b', -1)`,
		`-(1 div 0) mod round(2.5, -30) * --.5 = '0017.'`,
		`ancestor-or-self::node()/following::text()[. != ''] > true()`,
		`randomize(//a, 'seed')[1] = uuid(9999999) or digest(., 'MD5', 'hex')`,
		`area('1 1;2 2;3 1') + distance(.) > geofence('1 1', ';') and intersects('0 0')`,
		`processing-instruction('x')|comment()|node()/namespace::*`,
		`jr:choice-name(/data/q, '/data/q') = "it’s"`,
		`a[b[c[d[e='1']]]]//f[1][2]`, `1mod2`, `$v`, `((((`, `@*`, `/`, `//`, `..`, `a:b:c`, `1e5`, `"`, `count(`,
	}, simpleExpressions...) {
		f.Add(s, uint8(1))
	}
	doc, err := xmltree.ParseString(`<data id="1"><a>1<b>2</b>3</a><rep><a>x</a></rep><rep><a>2026-01-02</a></rep><!--c--><?p i?></data>`, xmltree.Limits{})
	if err != nil {
		f.Fatal(err)
	}
	w := World{Clock: func() time.Time { return time.Unix(0, 0) }, Rand: func() float64 { return 0.25 }, Instances: map[string]*xmltree.Node{"towns": doc}}
	f.Fuzz(func(t *testing.T, src string, dialect uint8) {
		o := Options{Dialect: Dialect(dialect % 3), Namespaces: map[string]string{"x": "urn:x"}}
		e, err := Compile(src, o)
		var x *Error
		if err != nil {
			if !errors.As(err, &x) || x.Offset < 0 || x.Offset > len(src) || x.Error() == "" {
				t.Fatalf("%q: %#v", src, err)
			}
			return
		}
		e.Problems()
		for _, r := range e.ReferencesFrom("/data/rep/a") {
			if r.Path == "" {
				t.Fatalf("%q: a reference without path", src)
			}
		}
		start := time.Now()
		v, err := e.Eval(&Context{Node: doc.Root().Children[1], Root: doc, Env: w, MaxSteps: 20_000})
		if err == nil {
			_ = v.String() + FormatNumber(v.Number())
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Fatalf("%q took %v", src, d)
		}
	})
}
