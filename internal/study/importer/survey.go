package importer

import (
	"regexp"
	"slices"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xlsform"
)

// surveyIndex is what the rules of a study need to know of the sheets survey and choices, as the author wrote them: it
// also works where the questionnaire has problems.
type surveyIndex struct {
	sheet    string // its name in the workbook
	prefix   string // of Parvis' own attributes, "parvis" as a rule
	declared bool   // the prefix is declared in the settings
	byName   map[string]*surveyRow
	names    []string
	lists    map[string][]string // names of choices by list
}

// surveyRow is one question, calculation or group.
type surveyRow struct {
	name, kind, list string // kind is the first word of the type, in lower case
	number           int
	copies           int // rows of this name
	orOther          bool
	required         bool // always or on a condition
	filled           bool // it has an answer from the start
	calculation      string
	roles            []study.Role
	unknownRoles     []string
	object           string
	exclusive        string // choices that stand alone
	min, max         string // how many choices are wanted
	minSeconds       string
}

func indexSurvey(in *importer) *surveyIndex {
	x := &surveyIndex{byName: map[string]*surveyRow{}, lists: map[string][]string{}}
	x.findPrefix(in.book.Sheet("settings"))
	s := in.book.Sheet("survey")
	if s == nil {
		return x
	}
	x.sheet = s.Name
	for _, row := range s.Rows {
		x.add(row)
	}
	if c := in.book.Sheet("choices"); c != nil {
		for _, row := range c.Rows {
			list := firstOf(row, "list_name", "list name")
			x.lists[list] = append(x.lists[list], firstOf(row, "name", "value"))
		}
	}
	return x
}

func (x *surveyIndex) add(row xlsform.Row) {
	words := typeWords(row.Get("type"))
	name := row.Get("name")
	if len(words) == 0 || name == "" {
		return
	}
	if old := x.byName[name]; old != nil {
		old.copies++
		return
	}
	r := &surveyRow{name: name, kind: strings.ToLower(words[0]), number: row.Number, copies: 1}
	if len(words) > 1 {
		r.list = words[1]
		r.orOther = strings.HasPrefix(words[len(words)-1], "or_other")
	}
	if r.kind == "begin" || strings.HasPrefix(r.kind, "begin_") {
		r.kind = "group"
	}
	switch strings.ToLower(firstOf(row, "required", "bind::required")) {
	case "", "no", "false", "false()":
	default:
		r.required = true
	}
	r.filled = row.Get("default") != ""
	r.calculation = firstOf(row, "calculation", "calculate", "bind::calculate")
	r.roles, r.unknownRoles = study.ParseRoles(row.Get("bind::" + x.prefix + ":role"))
	r.object = row.Get("bind::" + x.prefix + ":object")
	r.exclusive = row.Get("bind::" + x.prefix + ":exclusive")
	r.min, r.max = row.Get("bind::"+x.prefix+":min"), row.Get("bind::"+x.prefix+":max")
	r.minSeconds = row.Get("bind::" + x.prefix + ":" + study.MinSecondsAttr)
	x.byName[name] = r
	x.names = append(x.names, name)
}

// typeWords are the words of a type, with "select one from" and its like in the usual spelling.
func typeWords(cell string) []string {
	words := strings.Fields(cell)
	if len(words) < 3 || !strings.EqualFold(words[0], "select") || !strings.EqualFold(words[1], "one") && !strings.EqualFold(words[1], "multiple") {
		return words
	}
	kind, rest := "select_"+words[1], words[2:]
	if strings.EqualFold(rest[0], "from") && len(rest) > 1 {
		rest = rest[1:]
		if strings.EqualFold(rest[0], "file") && len(rest) > 1 {
			kind, rest = kind+"_from_file", rest[1:]
		}
	}
	return append([]string{kind}, rest...)
}

// find is the question of a name whatever its case, and its place in the survey; -1 where there is none.
func (x *surveyIndex) find(name string) (string, int) {
	if i := slices.Index(x.names, name); i >= 0 {
		return name, i
	}
	if i := slices.IndexFunc(x.names, func(n string) bool { return strings.EqualFold(n, name) }); i >= 0 {
		return x.names[i], i
	}
	return "", -1
}

// findPrefix looks in the settings for the prefix that stands for Parvis.
func (x *surveyIndex) findPrefix(settings *xlsform.Sheet) {
	x.prefix = "parvis"
	if settings == nil || len(settings.Rows) == 0 {
		return
	}
	declaration := regexp.MustCompile(`([A-Za-z_][\w.-]*)\s*=\s*["']([^"']*)["']`)
	for _, m := range declaration.FindAllStringSubmatch(settings.Rows[0].Get("namespaces"), -1) {
		if m[2] == study.Namespace {
			x.prefix, x.declared = m[1], true
		}
	}
}

// asked reports whether a respondent is asked: not a group, a calculation or a value filled in by the app.
func (r *surveyRow) asked() bool {
	switch r.kind {
	case "group", "calculate", "hidden", "start", "end", "today", "deviceid", "username", "phonenumber", "email",
		"audit", "note", "csv-external", "xml-external", "start-geopoint", "background-geopoint", "background-audio":
		return false
	}
	return true
}

func (r *surveyRow) has(role study.Role) bool { return study.Roles{Set: r.roles}.Has(role) }

// lateIn names the first question that a value depends on and that is not asked in the screener; "" if there is none.
func (x *surveyIndex) lateIn(name string, visited map[string]bool) string {
	r := x.byName[name]
	if r == nil || visited[name] {
		return ""
	}
	visited[name] = true
	if r.asked() {
		if r.has(study.RoleScreener) || r.has(study.RoleConsent) {
			return ""
		}
		return name
	}
	for _, ref := range references(r.calculation) {
		if late := x.lateIn(ref, visited); late != "" {
			return late
		}
	}
	return ""
}

func firstOf(row xlsform.Row, columns ...string) string {
	for _, c := range columns {
		if s := row.Get(c); s != "" {
			return s
		}
	}
	return ""
}
