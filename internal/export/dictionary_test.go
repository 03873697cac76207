package export

import (
	"slices"
	"strings"
	"testing"

	"parvis/internal/study"
)

func version(v string, variables ...*Variable) *Questionnaire {
	return &Questionnaire{ID: "f", Version: v, Variables: variables}
}

func columnsOf(d *Dictionary) string {
	var names []string
	for _, v := range d.Variables {
		names = append(names, v.Column)
	}
	return strings.Join(names, " ")
}

func text(ref string, roles ...study.Role) *Variable {
	return with(Variable{Ref: ref, Kind: Text}, roles...)
}

func TestColumnsOfUnitedVersions(t *testing.T) {
	for _, c := range []struct {
		name     string
		versions []*Questionnaire
		want     string
	}{
		{"one version", []*Questionnaire{version("1", text("/d/a"), text("/d/g/b"))}, "a b"},
		{"order of the newest", []*Questionnaire{version("1", text("/d/a"), text("/d/b"), text("/d/c")), version("2", text("/d/c"), text("/d/a"))}, "c a b"},
		{"dropped at the start", []*Questionnaire{version("1", text("/d/old"), text("/d/a")), version("2", text("/d/a"), text("/d/new"))}, "old a new"},
		{"inserted", []*Questionnaire{version("1", text("/d/a"), text("/d/c")), version("2", text("/d/a"), text("/d/b"), text("/d/c"))}, "a b c"},
		{"same name twice", []*Questionnaire{version("1", text("/d/g/x"), text("/d/h/x"))}, "g.x h.x"},
		{"same name twice, one at the top", []*Questionnaire{version("1", text("/d/x"), text("/d/h/x"))}, "d.x h.x"},
		{"moved keeps its column", []*Questionnaire{version("1", text("/d/g/x")), version("2", text("/d/h/x"))}, "x"},
		{"a second one later", []*Questionnaire{version("1", text("/d/g/x")), version("2", text("/d/g/x"), text("/d/h/x"))}, "x h.x"},
		{"named as one of ours", []*Questionnaire{version("1", text("/d/site"), text("/d/started"), text("/d/q_site"))}, "q_site q_started d.q_site"},
		{"personal", []*Questionnaire{version("1", text("/d/a"), text("/d/phone", study.RolePersonal))}, "a"},
		{"personal later", []*Questionnaire{version("1", text("/d/a"), text("/d/phone")), version("2", text("/d/a"), text("/d/phone", study.RolePersonal))}, "a"},
		{"personal before", []*Questionnaire{version("1", text("/d/a"), text("/d/phone", study.RolePersonal)), version("2", text("/d/a"), text("/d/phone"))}, "a"},
		{"personal and moved", []*Questionnaire{version("1", text("/d/a"), text("/d/phone")), version("2", text("/d/a"), text("/d/re/phone", study.RolePersonal))}, "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := columnsOf(NewDictionary(c.versions)); got != c.want {
				t.Errorf("columns %q, want %q", got, c.want)
			}
		})
	}
}

func TestRepeatsHaveTheirOwnNames(t *testing.T) {
	q := version("1", text("/d/name"), with(Variable{Ref: "/d/kid/name", Kind: Text, Repeat: "/d/kid"}),
		with(Variable{Ref: "/d/kid/index", Kind: Text, Repeat: "/d/kid"}))
	q.Repeats = []Repeat{{Ref: "/d/kid", Name: "kid"}}
	d := NewDictionary([]*Questionnaire{q})
	if got := columnsOf(d); got != "name name q_index" {
		t.Errorf("columns %q: the same name in two files is no clash", got)
	}
	l := newLayout(d)
	if got := strings.Join(l.header(l.tables[1]), " "); got != "interview index name q_index" {
		t.Errorf("header of the repeat: %q", got)
	}
}

func TestChoicesOfVersionsAreUnited(t *testing.T) {
	q := func(v string, names ...string) *Questionnaire {
		return version(v, with(Variable{Ref: "/d/m", Kind: Multiple, Choices: options(names...)}))
	}
	d := NewDictionary([]*Questionnaire{q("1", "a", "b"), q("2", "c", "b")})
	v := d.Variables[0]
	var names []string
	for _, c := range v.Choices {
		names = append(names, c.Value)
	}
	if strings.Join(names, " ") != "c b a" || strings.Join(v.Versions, " ") != "1 2" {
		t.Errorf("choices %v in versions %v", names, v.Versions)
	}
	l := newLayout(d)
	if got := l.tables[0].columns[0].flags; !slices.Equal(got, []string{"m__c", "m__b", "m__a"}) {
		t.Errorf("flags %v", got)
	}
}

func TestAMultipleChoiceThatBecameSingleKeepsItsFlags(t *testing.T) {
	d := NewDictionary([]*Questionnaire{
		version("1", with(Variable{Ref: "/d/m", Kind: Multiple, Choices: options("a", "b")})),
		version("2", with(Variable{Ref: "/d/m", Kind: Single, Choices: options("a", "b")})),
	})
	if !d.Variables[0].flagged() {
		t.Error("interviews of the first version lose what else was chosen")
	}
}

func TestFlagsNeverShareAHeading(t *testing.T) {
	l := newLayout(NewDictionary([]*Questionnaire{version("1", text("/d/m__a"), with(Variable{Ref: "/d/m", Kind: Multiple, Choices: options("a", "b")}))}))
	header := l.header(l.tables[0])
	slices.Sort(header)
	if len(slices.Compact(slices.Clone(header))) != len(header) {
		t.Errorf("a heading stands twice: %v", header)
	}
}

func TestLongListsGetNoFlags(t *testing.T) {
	v := Variable{Kind: Multiple, Choices: make([]Choice, MostFlags+1)}
	if v.flagged() {
		t.Error("a list of towns would fill the file")
	}
	if v.Choices = v.Choices[:MostFlags]; !v.flagged() {
		t.Error("a list at the limit has lost its flags")
	}
}

func TestFilesOfRepeatsDoNotClash(t *testing.T) {
	q := version("1")
	for _, ref := range []string{"/d/contacts", "/d/kid", "/d/g/kid", "/d/Kid"} {
		q.Repeats = append(q.Repeats, Repeat{Ref: ref, Name: ref[strings.LastIndexByte(ref, '/')+1:]})
	}
	l := newLayout(NewDictionary([]*Questionnaire{q}))
	if got := strings.Join(l.nameFiles(), " "); got != "interviews.csv repeat_d.contacts.csv kid.csv repeat_d.g.kid.csv repeat_d.Kid.csv" {
		t.Errorf("files %q", got)
	}
}
