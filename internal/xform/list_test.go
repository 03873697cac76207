package xform

import (
	"io"
	"io/fs"
	"strings"
	"testing"
)

func TestLastSaved(t *testing.T) {
	src := form(`<instance><data id="x"><street/></data></instance><instance id="__last-saved" src="jr://instance/last-saved"/>
		<setvalue ref="/data/street" event="odk-instance-first-load" value="instance('__last-saved')/data/street"/>`, `<input ref="/data/street"/>`)
	first := start(t, src, ParseOptions{}, testWorld(1))
	wantValue(t, first, "/data/street", "")
	set(t, first, "/data/street", "Rue Neuve")
	saved, err := first.Submission(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := testWorld(2)
	w.LastSaved = saved
	wantValue(t, start(t, src, ParseOptions{}, w), "/data/street", "Rue Neuve")
}

func files(m map[string]string) func(string) (io.ReadCloser, error) {
	return func(uri string) (io.ReadCloser, error) {
		s, ok := m[uri]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(strings.NewReader(s)), nil
	}
}

func TestListsFromFiles(t *testing.T) {
	src := form(`<instance><data id="x"><state/><city/><town/><place/><plot/></data></instance>
		<instance id="towns" src="jr://file-csv/towns.csv"/><instance id="places" src="jr://file/places.geojson"/><instance id="plots" src="jr://file/plots.xml"/><instance id="gone" src="jr://file-csv/gone.csv"/>`,
		`<input ref="/data/state"/><input ref="/data/city" query="instance('cities')/root/item[state=/data/state]"/>
		<select1 ref="/data/town"><itemset nodeset="instance('towns')/root/item[size &gt; 10]"><value ref="name"/><label ref="label"/></itemset></select1>
		<select1 ref="/data/place"><itemset nodeset="instance('places')/root/item"><value ref="id"/><label ref="title"/></itemset></select1>
		<select1 ref="/data/plot"><itemset nodeset="instance('plots')/list/plot"><value ref="@code"/><label ref="."/></itemset></select1>`)
	in := start(t, src, ParseOptions{Resource: files(map[string]string{
		"jr://file-csv/towns.csv":    "\xef\xbb\xbfname;label;size\r\ngent;Gent;263\r\nolen;\"Olen; de\";12\r\nx;X;3\r\n",
		"jr://file/places.geojson":   `{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":{"title":"Square"},"geometry":{"type":"Point","coordinates":[4.35,50.85]}}]}`,
		"jr://file/plots.xml":        `<?xml version="1.0"?><list xmlns="urn:plots"><plot code="p1">One</plot><plot code="p2">Two</plot></list>`,
		"jr://file-csv/itemsets.csv": "list_name,name,label,state\ncities,bxl,Brussels,be\ncities,par,Paris,fr\nothers,zz,Z,be\n",
	})}, testWorld(1))
	set(t, in, "/data/state", "be")
	for ref, want := range map[Ref]string{
		"/data/city": "bxl=Brussels", "/data/town": "gent=Gent olen=Olen; de", "/data/place": "7=Square", "/data/plot": "p1=One p2=Two",
	} {
		got, err := in.Choices(ref)
		if err != nil {
			t.Fatal(err)
		}
		var s []string
		for _, c := range got {
			s = append(s, c.Value+"="+c.Label)
		}
		if strings.Join(s, " ") != want {
			t.Errorf("%s offers %q, want %q", ref, s, want)
		}
	}
	if v, err := in.Eval("string(instance('places')/root/item/geometry)"); err != nil || v.String() != "50.85 4.35 0 0" {
		t.Errorf("geometry %q %v", v.String(), err)
	}
	if m := in.Form().Missing(); len(m) != 1 || m[0] != "jr://file-csv/gone.csv" {
		t.Errorf("missing %v", m)
	}
}

func TestSearchOverATable(t *testing.T) {
	in := start(t, form(`<instance><data id="x"><region/><town/><meta><audit/></meta></data></instance><bind nodeset="/data/meta/audit" type="binary" odk:track-changes="true"/>`,
		`<input ref="/data/region"/><select1 ref="/data/town" appearance="minimal search('towns', 'matches', 'region', /data/region)"><label>Town</label><item><label>name</label><value>code</value></item><item><label>Elsewhere</label><value>99</value></item></select1>`),
		ParseOptions{Resource: files(map[string]string{"jr://file-csv/towns.csv": "code,name,region\ng,Gent,east\nb,Brugge,west\na,Aalst,east\n"})}, testWorld(1))
	set(t, in, "/data/region", "East")
	got, err := in.Choices("/data/town")
	if err != nil || len(got) != 3 || got[0].Label != "Elsewhere" || got[1] != (Choice{Value: "g", Label: "Gent"}) || got[2].Value != "a" {
		t.Errorf("%v %v", got, err)
	}
	q, _ := in.Question("/data/town")
	if len(q.Appearance) != 2 || q.Appearance[0] != "minimal" {
		t.Errorf("appearance %q", q.Appearance)
	}
	if a, ok := in.Form().Audit(); !ok || len(a) != 1 {
		t.Errorf("audit %v %v", a, ok)
	}
}
