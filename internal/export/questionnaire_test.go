package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parvis/internal/study"
	"parvis/internal/xform"
)

const shortForm = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
 xmlns:orx="http://openrosa.org/xforms" xmlns:parvis="https://parvis.dev/xforms"><h:head><h:title>Short</h:title><model>
<itext><translation lang="English (en)" default="true()"><text id="visit:label"><value>Your visit</value></text>
<text id="why:label"><value>Why <output value="/data/name"/>?</value><value form="guidance">no</value></text><text id="c-0"><value>Shoes</value></text></translation>
<translation lang="French (fr)"><text id="visit:label"><value>Votre visite</value></text><text id="why:label"><value>Pourquoi ?</value></text>
<text id="c-0"><value>Chaussures</value></text></translation></itext>
<instance><data id="short" version="7"><today/><site/><site_label/><hello/><name/><visit><bought/><why/><nps/></visit>
<kid jr:template=""><age/><toy jr:template=""><what/></toy></kid><kid><age/><toy><what/></toy></kid><score>1</score>
<orx:meta><orx:instanceID/></orx:meta></data></instance>
<instance id="things"><root><item><name>shoes</name><itextId>c-0</itextId></item></root></instance>
<bind nodeset="/data/today" type="date" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/site" type="string" readonly="true()"/><bind nodeset="/data/site_label" type="string" readonly="true()"/>
<bind nodeset="/data/hello" type="string" readonly="true()"/>
<bind nodeset="/data/name" type="string" parvis:role="personal"/>
<bind nodeset="/data/visit/bought" type="string"/>
<bind nodeset="/data/visit/why" type="string" relevant=" /data/visit/bought ='no'" parvis:role="verbatim screener"/>
<bind nodeset="/data/visit/nps" type="int" parvis:role="satisfaction" parvis:object="staff"/>
<bind nodeset="/data/kid/age" type="int"/><bind nodeset="/data/kid/toy/what" type="string"/>
<bind nodeset="/data/score" type="decimal" calculate="/data/visit/nps * 2"/>
</model></h:head><h:body>
<input ref="/data/site"><label>Site</label></input><input ref="/data/site_label"><label>Where</label></input><input ref="/data/hello"><label>Hello</label></input><input ref="/data/name"><label>Name</label></input>
<group ref="/data/visit"><label ref="jr:itext('visit:label')"/>
<select ref="/data/visit/bought"><label>Bought</label><itemset nodeset="instance('things')/root/item"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select>
<input ref="/data/visit/why"><label ref="jr:itext('why:label')"/></input><input ref="/data/visit/nps"><label>NPS</label></input></group>
<group ref="/data/kid"><label>Child</label><repeat nodeset="/data/kid"><input ref="/data/kid/age"><label>Age</label></input>
<group ref="/data/kid/toy"><label>Toy</label><repeat nodeset="/data/kid/toy"><input ref="/data/kid/toy/what"><label>What</label></input></repeat></group>
</repeat></group></h:body></h:html>`

func TestAFormIsReadForResearch(t *testing.T) {
	q, err := ReadQuestionnaire([]byte(shortForm))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	by := map[string]*Variable{}
	for _, v := range q.Variables {
		computed := ""
		if v.Computed {
			computed = " computed"
		}
		lines = append(lines, strings.TrimSpace(v.Ref+" "+string(v.Kind)+" "+v.Repeat)+computed)
		by[v.Name] = v
	}
	want := `/data/today date computed
/data/site_label text computed
/data/name text
/data/visit/bought multiple
/data/visit/why text
/data/visit/nps integer
/data/kid/age integer /data/kid
/data/kid/toy/what text /data/kid/toy
/data/score decimal computed`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("variables\n%s\nwant\n%s", got, want)
	}
	if q.ID != "short" || q.Version != "7" || strings.Join(q.Languages, ",") != "English (en),French (fr)" {
		t.Errorf("%s %s %v", q.ID, q.Version, q.Languages)
	}
	if got := strings.Join(q.Silent, " "); got != "/data/site /data/hello" {
		t.Errorf("silent: %s", got)
	}
	if len(q.Repeats) != 2 || q.Repeats[0].Label.In("", "") != "Child" || q.Repeats[1].Parent != "/data/kid" {
		t.Errorf("repeats %+v", q.Repeats)
	}
	why := by["why"]
	if why.Label["English (en)"] != "Why …?" || why.Label["French (fr)"] != "Pourquoi ?" || why.Relevant != "/data/visit/bought ='no'" ||
		len(why.Sections) != 1 || why.Sections[0]["French (fr)"] != "Votre visite" || !why.Roles.Has(study.RoleScreener) {
		t.Errorf("why: %+v", why)
	}
	if c := by["bought"].Choices; len(c) != 1 || c[0].Value != "shoes" || c[0].Label["French (fr)"] != "Chaussures" {
		t.Errorf("choices %+v", c)
	}
	if by["nps"].Roles.Object != "staff" || !by["name"].Roles.Has(study.RolePersonal) {
		t.Errorf("roles %+v %+v", by["nps"].Roles, by["name"].Roles)
	}
}

func TestAPersonalGroupIsPersonalThroughout(t *testing.T) {
	form := strings.Replace(shortForm, `<bind nodeset="/data/kid/age"`, `<bind nodeset="/data/kid" parvis:role="personal"/><bind nodeset="/data/kid/age"`, 1)
	q, err := ReadQuestionnaire([]byte(form))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range q.Variables {
		if want := v.Name == "name" || v.Repeat != ""; v.Roles.Has(study.RolePersonal) != want {
			t.Errorf("%s personal: %t, want %t", v.Ref, !want, want)
		}
	}
}

func TestWhatIsNoFormIsRefused(t *testing.T) {
	for _, text := range []string{"", "<a/>", "not xml", `<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:head/><h:body/></h:html>`} {
		if _, err := ReadQuestionnaire([]byte(text)); err == nil {
			t.Errorf("%q passed for a questionnaire", text)
		}
	}
}

// Every question of the real forms has exactly one column, and every submission of a blank instance is read without strays.
func TestQuestionnairesOfTheRealForms(t *testing.T) {
	paths, err := filepath.Glob("../../../shared/forms/*.xform.xml")
	if err != nil || len(paths) == 0 {
		t.Skip("skipped: ../shared/forms is not on this machine")
	}
	read := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := xform.Parse(strings.NewReader(string(text)), xform.ParseOptions{})
		if err != nil {
			continue // whether a form is sound is tested where forms are read
		}
		read++
		q, err := ReadQuestionnaire(text)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
			continue
		}
		columns := map[string]int{}
		for _, ref := range q.Silent {
			columns[ref]++
		}
		for _, v := range q.Variables {
			columns[v.Ref]++
		}
		for _, def := range f.Questions() {
			if n := columns[string(def.Ref)]; n != 1 {
				t.Errorf("%s: %d columns for %s", filepath.Base(path), n, def.Ref)
			}
		}
		for _, v := range q.Variables {
			for _, def := range f.Questions() {
				if string(def.Ref) == v.Ref && def.Repeats != (v.Repeat != "") {
					t.Errorf("%s: %s stands in repeat %q", filepath.Base(path), v.Ref, v.Repeat)
				}
			}
		}
		newLayout(NewDictionary([]*Questionnaire{q}))
	}
	if read < len(paths)*9/10 {
		t.Errorf("only %d of %d forms could be read", read, len(paths))
	}
}
