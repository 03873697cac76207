package xform

import (
	"strconv"
	"strings"
	"testing"
)

func TestActions(t *testing.T) {
	in := start(t, form(`<instance><data id="x"><a/><b/><c>1</c><r jr:template=""><n/><m/></r></data></instance>
		<setvalue ref="/data/c" event="odk-instance-first-load" value="2 + 3"/>
		<setvalue ref="/data/r/n" event="odk-new-repeat" value="position(..) * 10"/>`,
		`<input ref="/data/a"><setvalue ref="/data/b" event="xforms-value-changed" value="concat('was ', /data/a)"/></input>
		<input ref="/data/b"><setvalue ref="/data/c" event="xforms-value-changed">chained</setvalue></input>
		<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/n"/><input ref="/data/r/m"><setvalue ref="/data/r/n" event="xforms-value-changed" value="../m"/></input></repeat></group>`), ParseOptions{}, testWorld(1))
	wantValue(t, in, "/data/c", "5")
	set(t, in, "/data/a", "x")
	wantValue(t, in, "/data/b", "was x")
	wantValue(t, in, "/data/c", "chained")
	for range 2 {
		if _, err := in.AddRepeat("/data/r"); err != nil {
			t.Fatal(err)
		}
	}
	wantValue(t, in, "/data/r[1]/n", "20")
	set(t, in, "/data/r[0]/m", "7")
	wantValue(t, in, "/data/r[0]/n", "7")
	wantValue(t, in, "/data/r[1]/n", "20")
}

func TestActionsFromOutsideARepeat(t *testing.T) {
	in := start(t, form(`<instance><data id="x"><a/><b/><r><n/></r><r><n/></r><r><n/></r></data></instance>
		<setvalue event="odk-instance-first-load" ref="/data/b" value="count(/data/r)"/>`,
		`<input ref="/data/a"><setvalue ref="/data/r[position() = 2]/n" event="xforms-value-changed" value="/data/a * 2"/></input>
		<input ref="/data/b"><setvalue ref="/data/r/n" event="xforms-value-changed">first</setvalue></input>
		<repeat nodeset="/data/r"><input ref="/data/r/n"><setvalue event="odk-instance-load" ref="/data/r/n" value="position(..)"/></input></repeat>`), ParseOptions{}, testWorld(1))
	for i, want := range []string{"1", "2", "3"} {
		wantValue(t, in, Ref("/data/r["+strconv.Itoa(i)+"]/n"), want)
	}
	wantValue(t, in, "/data/b", "3")
	set(t, in, "/data/a", "4")
	set(t, in, "/data/b", "x")
	for i, want := range []string{"first", "8", "3"} {
		wantValue(t, in, Ref("/data/r["+strconv.Itoa(i)+"]/n"), want)
	}
}

func TestActionsThatNeverEndAreStopped(t *testing.T) {
	in := start(t, form(`<instance><data id="x"><a/><b/></data></instance>`,
		`<input ref="/data/a"><setvalue ref="/data/b" event="xforms-value-changed" value="concat(/data/b, 'x')"/></input>
		<input ref="/data/b"><setvalue ref="/data/a" event="xforms-value-changed" value="concat(/data/a, 'x')"/></input>`), ParseOptions{}, testWorld(1))
	if err := in.Set("/data/a", "x"); err == nil {
		t.Error("no error")
	}
}

func TestEntitiesStayWhole(t *testing.T) {
	in := start(t, form(`<instance><data id="x" version="1"><name/><meta><instanceID/><entity dataset="trees" id="" create="1" update=""><label/></entity></meta></data></instance>
		<bind nodeset="/data/name" entities:saveto="name"/><bind nodeset="/data/meta/entity/@id" readonly="true()"/><bind nodeset="/data/meta/entity/@create" calculate="if(/data/name != '', 1, '')"/>
		<bind nodeset="/data/meta/entity/@update" relevant="false()"/>
		<setvalue event="odk-instance-first-load" ref="/data/meta/entity/@id" value="uuid()"/><bind nodeset="/data/meta/entity/label" calculate="concat('Tree ', /data/name)"/>
		<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>`, `<input ref="/data/name"/>`), ParseOptions{}, testWorld(1))
	wantValue(t, in, "/data/meta/entity/@create", "")
	set(t, in, "/data/name", "Oak")
	id := in.Value("/data/meta/entity/@id")
	b, err := in.Submission(nil)
	if err != nil || len(id) != 36 || !strings.Contains(string(b), `<entity dataset="trees" id="`+id+`" create="1"><label>Tree Oak</label></entity>`) {
		t.Errorf("%s %v", b, err)
	}
	restored(t, in.Form(), in)
}
