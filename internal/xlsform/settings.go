package xlsform

import (
	"fmt"
	"strings"
)

// settings are the first row of the settings sheet over their defaults.
type settings struct {
	sheet           string
	row             int
	values          map[string]string
	attributes      []param
	defaultLanguage string
	cleanBlanks     bool
	prefixes        [][2]string
}

func (s *settings) get(name string) string { return s.values[name] }

func (c *converter) readSettings() {
	s := &c.settings
	s.sheet, s.row, s.values, s.defaultLanguage, s.cleanBlanks = "settings", 2, map[string]string{}, "default", true
	sheet := c.w.Sheet("settings")
	if sheet == nil || len(sheet.Rows) == 0 {
		if sheet == nil {
			c.suggestSheet("settings")
		}
		return
	}
	s.sheet = sheet.Name
	row := sheet.Rows[0]
	s.row = row.Number
	for _, col := range c.settingsColumns(sheet) {
		v := row.At(col.index)
		if v == "" {
			continue
		}
		v = cleanText(v, false)
		if col.tokens[0] == "attribute" && len(col.tokens) > 1 {
			s.attributes = append(s.attributes, param{strings.Join(col.tokens[1:], ":"), v})
			continue
		}
		s.values[strings.Join(col.tokens, "::")] = v
	}
	if l := s.get("default_language"); l != "" {
		s.defaultLanguage = l
	}
	if v, known := yesNo(s.get("clean_text_values")); known {
		s.cleanBlanks = v
	}
	for _, p := range parsePrefixes(s.get("namespaces")) {
		if !isPlainName(p[0]) || strings.HasPrefix(strings.ToLower(p[0]), "xml") || p[1] == "" {
			c.d.problem(s.sheet, s.row, "namespaces", "namespace-form", fmt.Sprintf("%q cannot be a prefix, or has no address.", p[0]), `Write prefix="https://...".`)
			continue
		}
		s.prefixes = append(s.prefixes, p)
	}
}

// settingsColumns leaves out id_string where form_id is there too.
func (c *converter) settingsColumns(sheet *Sheet) []column {
	both := sheet.Has("form_id") && sheet.Has("id_string")
	if both {
		c.d.warn(sheet.Name, 1, "id_string", "two-ids", "The columns form_id and id_string mean the same; form_id counts.", "Delete the column id_string.")
		trimmed := append([]string(nil), sheet.Header...)
		for i, h := range trimmed {
			if h == "id_string" {
				trimmed[i] = ""
			}
		}
		return settingsVocabulary().columns(&Sheet{Name: sheet.Name, Header: trimmed}, &c.d)
	}
	return settingsVocabulary().columns(sheet, &c.d)
}

// parsePrefixes reads `a="http://..." b="..."`.
func parsePrefixes(s string) [][2]string {
	var out [][2]string
	for _, f := range strings.Fields(s) {
		parts := strings.Split(f, "=")
		if len(parts) == 2 && parts[0] != "" {
			out = append(out, [2]string{parts[0], strings.NewReplacer(`"`, "", "'", "").Replace(parts[1])})
		}
	}
	return out
}

// namespaces are all prefixes of the form, the standard ones first.
func (c *converter) namespaces() [][2]string {
	out := [][2]string{
		{"", "http://www.w3.org/2002/xforms"},
		{"h", "http://www.w3.org/1999/xhtml"},
		{"ev", "http://www.w3.org/2001/xml-events"},
		{"xsd", "http://www.w3.org/2001/XMLSchema"},
		{"jr", "http://openrosa.org/javarosa"},
		{"orx", "http://openrosa.org/xforms"},
		{"odk", "http://www.opendatakit.org/xforms"},
	}
	more := c.settings.prefixes
	if c.entityVersion != "" {
		more = append(more[:len(more):len(more)], [2]string{"entities", "http://www.opendatakit.org/xforms/entities"})
	}
	for _, p := range more {
		known := false
		for _, o := range out {
			known = known || o[0] == p[0]
		}
		if !known {
			out = append(out, p)
		}
	}
	return out
}

// identity settles id, title, version and the name of the root node.
func (c *converter) identity(o Options) {
	s := &c.settings
	c.id = firstOf(s.get("id_string"), o.ID, c.w.Name, "data")
	c.title = firstOf(s.get("title"), c.id)
	c.version = s.get("version")
	name := firstOf(s.get("name"), o.Root, "data")
	if !isName(name) {
		c.d.problem(s.sheet, s.row, "name", "name-invalid",
			fmt.Sprintf("%q cannot name a form.", name), nameRemedy)
		name = "data"
	}
	c.root = &element{kind: rootElement, name: name, typ: "survey"}
	if isYes(s.get("omit_instanceID")) && s.get("public_key") != "" {
		c.d.problem(s.sheet, s.row, "omit_instanceID", "instance-id-needed",
			"An encrypted form needs the instanceID.", `Delete "omit_instanceID" or "public_key".`)
	}
}

const nameRemedy = "Begin with a letter or underscore; go on with letters, digits, hyphens, underscores and periods."

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
