package xform

import (
	"testing"
)

func TestLanguagesMessagesAndPipedValues(t *testing.T) {
	in := start(t, form(`<itext><translation lang="English (en)"><text id="q"><value>Hello <output value="/data/name"/>!</value><value form="image">jr://images/q.png</value><value form="audio">jr://audio/q.mp3</value></text>
		<text id="h"><value>Hint</value><value form="guidance">Long</value></text><text id="m"><value>Too old</value></text><text id="r"><value>Needed</value></text><text id="g"><value>Group</value></text></translation>
		<translation lang="French (fr)" default="true()"><text id="q"><value>Bonjour <output value="/data/name"/></value></text></translation></itext>
		<instance><data id="x"><name/><g><age/></g></data></instance>
		<bind nodeset="/data/g/age" type="int" required="true()" constraint=". &lt; 120" jr:constraintMsg="jr:itext('m')" jr:requiredMsg="jr:itext('r')"/>`,
		`<input ref="/data/name"><label>Name</label></input><group ref="/data/g"><label ref="jr:itext('g')"/><input ref="/data/g/age"><label ref="jr:itext('q')"/><hint ref="jr:itext('h')"/></input></group>`), ParseOptions{}, testWorld(1))
	set(t, in, "/data/name", "Ana")
	if in.Language() != "French (fr)" {
		t.Errorf("starts in %q", in.Language())
	}
	p, _ := in.Next(in.First())
	if q := in.Page(p).Questions[0]; q.Label != "Bonjour Ana" || q.Image != "" {
		t.Errorf("in French %+v", q)
	}
	in.SetLanguage("English (en)")
	page := in.Page(p)
	q := page.Questions[0]
	if q.Label != "Hello Ana!" || q.Image != "jr://images/q.png" || q.Audio != "jr://audio/q.mp3" || q.Hint != "Hint" || q.Guidance != "Long" || page.Section != "Group" {
		t.Errorf("in English %+v in %q", q, page.Section)
	}
	if v := in.Check(q.Ref); v == nil || v.Kind != MissingAnswer || v.Message != "Needed" {
		t.Errorf("empty: %+v", v)
	}
	set(t, in, q.Ref, "130")
	if v := in.Check(q.Ref); v == nil || v.Kind != ConstraintBroken || v.Message != "Too old" {
		t.Errorf("130: %+v", v)
	}
	if v := in.CheckValue(q.Ref, "30"); v != nil {
		t.Errorf("30: %+v", v)
	}
	wantValue(t, in, q.Ref, "130")
	if err := in.Set(q.Ref, "old"); CodeOf(err) != BadType {
		t.Errorf("old: %v", err)
	}
	if media := in.Form().Media(); len(media) != 2 || media[1] != "jr://images/q.png" {
		t.Errorf("media %v", media)
	}
	in.SetLanguage("Klingon")
	if in.Language() != "French (fr)" {
		t.Errorf("an unknown language means %q", in.Language())
	}
}
