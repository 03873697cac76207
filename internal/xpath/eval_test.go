package xpath

import (
	"math"
	"sync"
	"testing"
	"time"

	"parvis/internal/xmltree"
)

func parse(t testing.TB, src string) *xmltree.Node {
	t.Helper()
	doc, err := xmltree.ParseString(src, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func compile(t testing.TB, src string, d Dialect) *Expr {
	t.Helper()
	e, err := Compile(src, Options{Dialect: d, Namespaces: map[string]string{"x": "urn:x"}})
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return e
}

const household = `<data version="3"><town>Bruges</town><n>2</n>
<person id="p1"><name>Ann</name><age>31</age><likes>a c</likes></person>
<person id="p2"><name>Ben</name><age>9</age><likes/></person>
<person id="p3"><name>Cy</name><age></age><likes>b</likes></person>
<x:other xmlns:x="urn:x">o</x:other><other>p</other><mixed>one<b>two</b>three</mixed></data>`

func TestXPath(t *testing.T) {
	doc := parse(t, household)
	for _, c := range []struct{ src, want string }{
		{`count(//person)`, "3"},
		{`count(//*)`, "19"},
		{`string(//person[2]/name)`, "Ben"},
		{`//person[last()]/name`, "Cy"},
		{`//person[position() > 1][1]/name`, "Ben"},
		{`//person[age > 10]/name`, "Ann"},
		{`/data/person[name = 'Cy']/preceding-sibling::person[1]/name`, "Ben"},
		{`(/data/person/name)[3]`, "Cy"},
		{`count(/data/person/name[1])`, "3"},
		{`count((//name | //age | //name))`, "6"},
		{`name(//@id/..)`, "person"},
		{`count(//@*)`, "4"},
		{`//@id[. = 'p2']/../name`, "Ben"},
		{`/data/mixed`, "onetwothree"},
		{`/data/mixed/text()[2]`, "three"},
		{`count(/data/town/text())`, "1"},
		{`count(/data/town/text() | /data/town/node())`, "1"},
		{`/data/x:other`, "o"},
		{`/data/other`, "p"},
		{`namespace-uri(/data/*[name() = 'x:other'])`, "urn:x"},
		{`local-name(/data/x:*)`, "other"},
		{`count(//name/ancestor::*)`, "4"},
		{`count(/data/person[1]/following::*)`, "12"},
		{`count(/data/person[3]/preceding::person)`, "2"},
		{`name(//age[. = 9]/ancestor-or-self::*[1])`, "age"},
		{`name(//age[. = 9]/ancestor-or-self::*[2])`, "person"},
		{`sum(/data/person[age != '']/age)`, "40"},
		{`sum(/data/person/age)`, "NaN"},
		{`//person[1]/age = //person/age`, "true"},
		{`//person/age != //person/age`, "true"},
		{`//nothing = //person`, "false"},
		{`not(//nothing)`, "true"},
		{`//person/age < 10`, "true"},
		{`10 > //person/age`, "true"},
		{`substring('12345', 1.5, 2.6)`, "234"},
		{`substring('12345', 0 div 0, 3)`, ""},
		{`substring('héllo', 2, 3)`, "éll"},
		{`translate('--aaa--', 'abc-', 'ABC')`, "AAA"},
		{`string(1 div 3)`, "0.3333333333333333"},
		{`string(1e3)`, "error"},
		{`1000000 * 1000000 * 1000000 * 1000000`, "1000000000000000000000000"},
		{`round(-0.5)`, "0"},
		{`1 div round(-0.5)`, "-Infinity"},
		{`round(2.5) + round(-2.5)`, "1"},
		{`7 mod -3`, "1"},
		{`- - 3`, "3"},
		{`2 - -3`, "5"},
		{`normalize-space(' a  b ')`, "a b"},
		{`string-length('héé')`, "3"},
		{`"it's" = "it's"`, "true"},
		{`div + mod`, "NaN"},
		{`count(descendant-or-self::node()) > 20`, "true"},
		{`boolean('false')`, "true"},
		{`id('p2')/name`, "Ben"},
		{`count(id('p1 p3'))`, "2"},
		{`count(/data/node()[self::comment()])`, "0"},
		{`count(/descendant::person[2] | /data/person[2])`, "1"},
		{`count(//person//name)`, "3"},
		{`/data/person[2][1]/@id`, "p2"},
		{`/data/person[name = 'Ben' or age = 31][2]/@id`, "p2"},
		{`count(/data/person[1]/name/following-sibling::*)`, "2"},
		{`$nothing`, "error"},
		{`'a' | //name`, "error"},
		{`count('a')`, "error"},
		{`today()`, "error"},
	} {
		got := "error"
		e, err := Compile(c.src, Options{Namespaces: map[string]string{"x": "urn:x"}})
		if err == nil {
			var v Value
			if v, err = e.Eval(&Context{Node: doc}); err == nil {
				got = v.String()
			}
		}
		if got != c.want {
			t.Errorf("%s = %q (%v), want %q", c.src, got, err, c.want)
		}
	}
}

// testWorld is a fixed world for the ODK dialect.
func testWorld(t testing.TB) World {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return World{
		Clock:      func() time.Time { return time.Date(2026, 7, 14, 22, 30, 0, 0, time.UTC) },
		Zone:       zone,
		Rand:       func() float64 { return 0.5 },
		NewUUID:    func() string { return "018f0000-0000-4000-8000-000000000000" },
		Texts:      map[string]string{"hello": "Bonjour"},
		Properties: map[string]string{"deviceid": "d1", "version": "7"},
		Lang:       "French (fr)",
		Instances: map[string]*xmltree.Node{
			"towns": parse(t, `<root><item><name>bg</name><label>Bruges</label><pop>118</pop></item><item><name>gt</name><label>Ghent</label><pop>265</pop></item></root>`),
		},
	}
}

func TestODK(t *testing.T) {
	w := testWorld(t)
	doc := parse(t, `<data><town>gt</town><dob>1984-02-29</dob><when>2026-07-14T23:59:59.000+02:00</when><empty/>
<rep><a>1</a><b>x</b></rep><rep><a>2</a><b>y</b></rep><rep><a>3</a><b/></rep><likes>a c  d</likes>
<trace>50.85 4.35;50.86 4.35;50.86 4.36</trace><bow>0 0;1 1;1 0;0 1</bow><shape>0 0;0 2;2 2;2 0;0 0</shape></data>`)
	for _, c := range []struct{ src, want string }{
		{`today()`, "2026-07-15"},
		{`now()`, "2026-07-15T00:30:00.000+02:00"},
		{`number(today())`, "20649"},
		{`today() - date('2026-07-01')`, "14"},
		{`date('2026-03-30') - date('2026-03-28')`, "2"},
		{`date(today() + 20)`, "2026-08-04"},
		{`date(20649.9)`, "2026-07-15"},
		{`date-time(20649.5)`, "2026-07-15T14:00:00.000+02:00"},
		{`int((today() - /data/dob) div 365.25)`, "42"},
		{`/data/when < now()`, "true"},
		{`/data/dob < today()`, "true"},
		{`/data/dob = '1984-02-29'`, "true"},
		{`/data/empty < today()`, "false"},
		{`date('')`, ""},
		{`date('2026-02-30')`, "error"},
		{`date(true())`, "error"},
		{`decimal-date-time('2026-07-14T12:00:00Z')`, "20648.5"},
		{`decimal-time('06:00:00.000+02:00')`, "0.25"},
		{`decimal-time('18:00')`, "0.75"},
		{`format-date('2026-08-03', '%a %e %b %Y')`, "lun. 3 août 2026"},
		{`format-date-time('2026-08-03T09:05:07.045', '%Y-%m-%d %H:%M:%S.%3 %h %n %y')`, "2026-08-03 09:05:07.045 9 8 26"},
		{`format-date('2026-08-03', '%Q')`, "error"},
		{`format-date('', '%Y')`, ""},
		{`format-date(/data/empty, '%Y')`, ""},
		{`if(/data/town = 'gt', 'yes', unknown())`, "yes"},
		{`if(/data/town = 'xx', 'yes', unknown())`, "error"},
		{`coalesce(/data/empty, '', /data/town)`, "gt"},
		{`once('new')`, "new"},
		{`selected(/data/likes, 'c') and not(selected(/data/likes, 'b'))`, "true"},
		{`selected('ab abc', 'bc')`, "false"},
		{`selected-at(/data/likes, 2)`, "d"},
		{`count-selected(/data/likes)`, "3"},
		{`count(/data/rep)`, "3"},
		{`count-non-empty(/data/rep/b)`, "2"},
		{`sum(/data/rep/a)`, "6"},
		{`sum(/data/rep/b)`, "0"},
		{`max(/data/rep/a)`, "3"},
		{`min(-1, -3)`, "-3"},
		{`max(-1, -3)`, "-1"},
		{`min(/data/empty)`, "NaN"},
		{`join(', ', /data/rep/a)`, "1, 2, 3"},
		{`join('-', 'a', /data/rep/b, 7)`, "a-x-y--7"},
		{`concat(/data/rep/a)`, "123"},
		{`indexed-repeat(/data/rep/b, /data/rep, 2)`, "y"},
		{`indexed-repeat(/data/rep/b, /data/rep, 9)`, ""},
		{`indexed-repeat(/data/rep/b, /data/town, 1)`, "error"},
		{`/data/rep[a = 2]/b`, "y"},
		{`position(/data/rep[a = 3])`, "3"},
		{`regex('abc', '[a-z]+')`, "true"},
		{`regex('abc1', '[a-z]+')`, "false"},
		{`regex('Passw0rd', '^(?=.*[A-Z])(?=.*\d)(?!.*\s).{8,}$')`, "true"},
		{`regex('passw0rd', '^(?=.*[A-Z])(?=.*\d).{8,}$')`, "false"},
		{`regex('Élan', '\p{Lu}\p{IsAlphabetic}++')`, "true"},
		{`regex('aab', 'a?+a*+b{1,2}+')`, "true"},
		{`regex('a.b', '[\p{Alpha}.]+')`, "true"},
		{`regex('aa', '(a)\1')`, "error"},
		{`substr('hello', 1, 3)`, "el"},
		{`substr('hello', -3)`, "llo"},
		{`round(2.345, 2)`, "2.35"},
		{`round(1.005, 2)`, "1.01"},
		{`round(1234, -2)`, "1200"},
		{`round(-2.5)`, "-2"},
		{`int(-3.9)`, "-3"},
		{`pow(2, 10) + sqrt(16) + exp10(2)`, "1128"},
		{`number('1,5') + 1`, "2.5"},
		{`boolean-from-string('TRUE')`, "true"},
		{`checklist(1, 2, true(), false(), true())`, "true"},
		{`weighted-checklist(3, 5, true(), 2, true(), 2)`, "true"},
		{`uuid()`, "018f0000-0000-4000-8000-000000000000"},
		{`string-length(uuid(12))`, "12"},
		{`random()`, "0.5"},
		{`property('deviceid')`, "d1"},
		{`version()`, "7"},
		{`jr:itext('hello')`, "Bonjour"},
		{`jr:itext('nope')`, "error"},
		{`instance('towns')/root/item[name = /data/town]/label`, "Ghent"},
		{`instance('towns')/root/item[name = current()/../town]/label`, "Ghent"},
		{`count(instance('towns')/root/item[pop > 100])`, "2"},
		{`instance('nope')/root`, "error"},
		{`pulldata('towns', 'label', 'name', 'bg')`, "Bruges"},
		{`pulldata('towns.csv', 'label', 'name', 'xx')`, ""},
		{`digest('abc', 'SHA-1', 'hex')`, "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{`digest('abc', 'SHA-7')`, "error"},
		{`base64-decode('SGVsbG8')`, "Hello"},
		{`round(distance('0 0;0 1'), 2)`, "111318.85"},
		{`area('0 0;0 0')`, "0"},
		{`area('')`, "0"},
		{`area('here')`, "error"},
		{`geofence('1 1', /data/shape)`, "true"},
		{`geofence('3 1', /data/shape)`, "false"},
		{`intersects(/data/bow)`, "true"},
		{`intersects(/data/shape)`, "false"},
		{`intersects(/data/trace)`, "false"},
		{`depend(1, /data/a)`, "1"},
		{`0.1 + 0.2 = 0.3`, "true"},
		{`6.1 - 7.8 != -1.7`, "false"},
		{`true() or date('')`, "true"},
		{`string-length()`, "0"},
	} {
		e, err := Compile(c.src, Options{Dialect: ODK})
		got := "error"
		if err == nil {
			var v Value
			node := doc.Root().Child("empty")
			if v, err = e.Eval(&Context{Node: node, Root: doc, Env: w}); err == nil {
				got = v.String()
			}
		}
		if got != c.want {
			t.Errorf("%s = %q (%v), want %q", c.src, got, err, c.want)
		}
	}
}

func TestRepeatsAround(t *testing.T) {
	doc := parse(t, `<data><rep><a>1</a><in><b>p</b></in><in><b>q</b></in></rep><rep><a>2</a><in><b>r</b></in><in><b>s</b></in></rep></data>`)
	at := doc.Root().Children[1].Children[2].Child("b") // s
	for _, c := range []struct{ src, odk, web string }{
		{`/data/rep/a`, "2", "1"},
		{`/data/rep/in/b`, "s", "p"},
		{`count(/data/rep/a)`, "1", "2"},
		{`../../a`, "2", "2"},
		{`position(..)`, "2", "2"},
		{`position(../..)`, "2", "2"},
		{`count(../../../rep/a)`, "2", "2"},
		{`/data/rep[1]/a`, "1", "1"},
		{`current()/../../a`, "2", "2"},
		{`count(/data/rep[a > current()/../../a - 1])`, "1", "1"},
	} {
		for d, want := range map[Dialect]string{ODK: c.odk, ODKWeb: c.web} {
			got, err := compile(t, c.src, d).EvalString(&Context{Node: at, Root: doc})
			if err != nil || got != want {
				t.Errorf("dialect %d: %s = %q (%v), want %q", d, c.src, got, err, want)
			}
		}
	}
}

func TestVisible(t *testing.T) {
	doc := parse(t, `<data><a>1</a><g><b>2</b></g><g><b>3</b></g></data>`)
	hidden := doc.Root().Children[1]
	c := &Context{Node: doc.Root(), Root: doc, Visible: func(n *xmltree.Node) bool { return n != hidden }}
	for src, want := range map[string]string{
		`count(/data/g)`: "1", `/data/g/b`: "3", `sum(//b)`: "3", `count(/data/*)`: "2", `/data/g[1]/b`: "3",
		`count(/data/a/following::b)`: "1", `count(/data/g[b = 2])`: "0", `count(/data/descendant::node())`: "5",
	} {
		if got, err := compile(t, src, ODK).EvalString(c); err != nil || got != want {
			t.Errorf("%s = %q (%v), want %q", src, got, err, want)
		}
	}
}

func TestConcurrent(t *testing.T) {
	doc := benchDocument(t)
	w := indexedWorld{World{Instances: map[string]*xmltree.Node{"list": benchList(t, 500)}}, &Index{}}
	e := compile(t, `instance('list')/root/item[name = 'choice_77' and region = /data/town]/label or /data/intro/age > 40`, ODK)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if b, err := e.EvalBool(&Context{Node: doc.Root(), Root: doc, Env: w}); err != nil || !b {
					t.Error(b, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestSimpleDoesNotAllocate(t *testing.T) {
	doc := benchDocument(t)
	c := &Context{Node: doc.Root().Child("k"), Root: doc}
	for _, src := range simpleExpressions[:7] {
		e := compile(t, src, ODK)
		if n := testing.AllocsPerRun(200, func() {
			if _, err := e.EvalBool(c); err != nil {
				t.Fatal(err)
			}
		}); n >= 1 {
			t.Errorf("%s allocates %v times", src, n)
		}
	}
}

func TestFormatNumber(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1e21: "1000000000000000000000", 1e-7: "0.0000001", -1.5: "-1.5", math.Inf(-1): "-Infinity",
		123456789.123: "123456789.123", 0.1: "0.1", 1 << 53: "9007199254740992",
	} {
		if got := FormatNumber(f); got != want {
			t.Errorf("FormatNumber(%g) = %s, want %s", f, got, want)
		}
	}
}
