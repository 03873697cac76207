package xform

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// household is a form with most of what can go wrong: nested repeats, counts,
// sums over repeats, positions, cascades, random orders, values computed once.
const household = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms">
<h:head><h:title>Household</h:title><model>
<itext>
 <translation lang="English (en)" default="true()">
  <text id="hh"><value>Household of <output value="/data/head"/></value></text>
  <text id="kid"><value>Child <output value="position(..)"/></value><value form="image">jr://images/child.png</value></text>
  <text id="fruit-a"><value>Apple</value></text><text id="fruit-b"><value>Banana</value></text><text id="fruit-c"><value>Cherry</value></text>
 </translation>
 <translation lang="French (fr)">
  <text id="hh"><value>Ménage de <output value="/data/head"/></value></text>
  <text id="fruit-a"><value>Pomme</value></text>
 </translation>
</itext>
<instance><data id="household" version="3">
 <start/><head/><size/><adults>no</adults>
 <person jr:template=""><name/><age/><minor/><number/><label/>
   <toy jr:template=""><what/><cost/><share/></toy>
   <toys/><spent/>
 </person>
 <person><name/><age/><minor/><number/><label/><toys/><spent/></person>
 <visit><when/><nth/></visit>
 <fruit/><variety/><total/><eldest/><dice/><secret/><extra><detail/></extra><list><a/><b/></list>
 <meta><instanceID/><instanceName/></meta>
</data></instance>
<instance id="fruits"><root><item><itextId>fruit-a</itextId><name>a</name></item><item><itextId>fruit-b</itextId><name>b</name></item><item><itextId>fruit-c</itextId><name>c</name></item></root></instance>
<instance id="varieties"><root><item><name>a1</name><label>Gala</label><fruit>a</fruit></item><item><name>a2</name><label>Fuji</label><fruit>a</fruit></item><item><name>b1</name><label>Cavendish</label><fruit>b</fruit></item><item><name>c1</name><label>Bing</label><fruit>c</fruit></item></root></instance>
<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/size" type="int" constraint=". &gt;= 0 and . &lt; 20" jr:constraintMsg="From 0 to 19" required="true()"/>
<bind nodeset="/data/person/age" type="int" relevant="../name != ''"/>
<bind nodeset="/data/person/minor" type="string" calculate="if(/data/person/age &lt; 18, 'yes', 'no')"/>
<bind nodeset="/data/person/number" type="int" calculate="position(..)"/>
<bind nodeset="/data/person/label" calculate="concat(../number, '/', count(../../person), ' ', ../name)"/>
<bind nodeset="/data/person/toy" relevant="../minor = 'yes'"/>
<bind nodeset="/data/person/toy/cost" type="decimal"/>
<bind nodeset="/data/person/toy/share" type="decimal" calculate="round(../cost div sum(../../toy/cost), 2)"/>
<bind nodeset="/data/person/toys" type="int" calculate="count(../toy)"/>
<bind nodeset="/data/person/spent" type="decimal" calculate="sum(../toy/cost)"/>
<bind nodeset="/data/visit/nth" type="int" calculate="count(/data/person[age &gt; 17]) + position(..)"/>
<bind nodeset="/data/total" type="decimal" calculate="sum(/data/person/spent)"/>
<bind nodeset="/data/eldest" type="int" calculate="max(/data/person/age)"/>
<bind nodeset="/data/dice" type="decimal" calculate="once(random())"/>
<bind nodeset="/data/secret" type="string" calculate="once(uuid())"/>
<bind nodeset="/data/extra" relevant="/data/total &gt; 10 or /data/adults = 'yes'"/>
<bind nodeset="/data/extra/detail" required="/data/eldest &gt; 50" readonly="/data/adults = 'yes'"/>
<bind nodeset="/data/list/b" relevant="/data/list/a != ''"/>
<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
<bind nodeset="/data/meta/instanceName" type="string" calculate="concat(/data/head, ' ', /data/size)"/>
</model></h:head>
<h:body>
 <input ref="/data/head"><label>Head</label></input>
 <input ref="/data/size"><label ref="jr:itext('hh')"/><setvalue event="xforms-value-changed" ref="/data/list/a" value="/data/size * 2"/></input>
 <select1 ref="/data/adults"><label>Adults only</label><item><label>Yes</label><value>yes</value></item><item><label>No</label><value>no</value></item></select1>
 <group ref="/data/person"><label>Person <output value="/data/person/name"/></label><repeat nodeset="/data/person">
  <input ref="/data/person/name"><label ref="jr:itext('kid')"/></input>
  <input ref="/data/person/age"><label>Age of <output value="../name"/></label></input>
  <group ref="/data/person/toy"><label>Toys</label><repeat nodeset="/data/person/toy" appearance="field-list">
   <input ref="/data/person/toy/what"><label>What</label></input><input ref="/data/person/toy/cost"><label>Cost</label></input>
  </repeat></group>
 </repeat></group>
 <group ref="/data/visit"><label>Visit</label><repeat nodeset="/data/visit" jr:count="/data/size"><input ref="/data/visit/when"><label>When</label></input></repeat></group>
 <select ref="/data/fruit"><label>Fruit</label><itemset nodeset="randomize(instance('fruits')/root/item)"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select>
 <select1 ref="/data/variety"><label>Variety</label><itemset nodeset="instance('varieties')/root/item[selected(/data/fruit, fruit)]"><value ref="name"/><label ref="label"/></itemset></select1>
 <group ref="/data/extra"><input ref="/data/extra/detail"><label>Detail</label></input></group>
 <group ref="/data/list" appearance="field-list"><label>List</label><input ref="/data/list/a"><label>A</label></input><input ref="/data/list/b"><label>B</label></input></group>
</h:body></h:html>`

func parseForm(t testing.TB, src string) *Form {
	t.Helper()
	f, err := Parse(strings.NewReader(src), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// step does one thing that a respondent could do.
func step(in *Instance, r *rand.Rand) string {
	pages := in.Pages()
	switch r.IntN(10) {
	case 0:
		in.SetLanguage([...]string{"French (fr)", "English (en)"}[r.IntN(2)])
		return "language " + in.Language()
	case 1, 2:
		var prompts []Position
		for _, p := range pages {
			if p.Kind == KindRepeatPrompt {
				prompts = append(prompts, p)
			}
		}
		if len(prompts) == 0 {
			return "no prompt"
		}
		p := prompts[r.IntN(len(prompts))]
		if _, err := in.AddRepeat(p.Ref); err != nil {
			panic(err)
		}
		return "add " + string(p.Ref)
	case 3:
		var infos []Ref
		for _, p := range pages {
			if ri := in.Page(p).Repeat; ri != nil && p.Kind != KindRepeatPrompt {
				infos = append(infos, ri.Ref)
			}
		}
		if len(infos) == 0 {
			return "nothing to remove"
		}
		ref := infos[r.IntN(len(infos))]
		if err := in.RemoveRepeat(ref); err != nil {
			panic(err)
		}
		return "remove " + string(ref)
	}
	if len(pages) == 0 {
		return "no pages"
	}
	p := pages[r.IntN(len(pages))]
	log := p.String()
	for _, q := range in.Page(p).Questions {
		if q.ReadOnly {
			continue
		}
		v := candidate(q, r)
		if q.DataType == Int {
			v = fmt.Sprint(r.IntN(8) * 9)
		}
		if q.Name == "size" {
			v = fmt.Sprint(r.IntN(4))
		}
		if err := in.Set(q.Ref, v); err != nil {
			panic(fmt.Sprint(q.Ref, " = ", v, ": ", err))
		}
		log += fmt.Sprintf(" %s=%q", q.Ref, v)
	}
	return log
}

// recomputed runs every rule again and reports what changes: nothing, if the
// rules that depend on a change always ran when it happened.
func recomputed(in *Instance) string {
	before := describe(in)
	in.queueAll(in.root)
	in.run()
	if after := describe(in); after != before {
		return before + "\n--- after computing everything again\n" + after
	}
	return ""
}

func TestAnyFillRestoresAndIsFullyComputed(t *testing.T) {
	f := parseForm(t, household)
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		steps := rapid.IntRange(1, 25).Draw(t, "steps")
		in, err := f.New(testWorld(seed))
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(seed, 3))
		var log []string
		for range steps {
			log = append(log, step(in, r))
		}
		if err := in.takeError(); err != nil {
			t.Fatalf("%v\n%s", err, strings.Join(log, "\n"))
		}
		if diff := recomputed(in); diff != "" {
			t.Fatalf("%s\n%s", strings.Join(log, "\n"), diff)
		}
		snap, err := in.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		back, err := f.Restore(snap, testWorld(seed+1))
		if err != nil {
			t.Fatalf("%v\n%s", err, snap)
		}
		back.SetLanguage(in.Language())
		if a, b := describe(in), describe(back); a != b {
			t.Fatalf("%s\n--- kept\n%s\n--- restored\n%s", strings.Join(log, "\n"), a, b)
		}
		forwardIsBackward(t, in)
	})
}

// forwardIsBackward checks that going back visits the pages of going forward.
func forwardIsBackward(t *rapid.T, in *Instance) {
	pages := in.Pages()
	p := Position{Kind: KindEnd}
	for i := len(pages) - 1; i >= 0; i-- {
		prev, ok := in.Prev(p)
		if !ok || prev != pages[i] {
			t.Fatalf("before %s comes %s, want %s (of %v)", p, prev, pages[i], pages)
		}
		p = prev
	}
	if prev, ok := in.Prev(p); ok {
		t.Fatalf("before the first page comes %s", prev)
	}
}
