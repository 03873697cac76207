package xlsform

import (
	"fmt"
	"strings"
)

// choice is one row of the choices sheet.
type choice struct {
	row   int
	name  string
	label text
	media attrs
	sms   string
	extra []param
}

// choiceList is all choices of one list name.
type choiceList struct {
	name    string
	choices []choice
	// itext: labels need translation, media or references.
	itext bool
	// search: used by a question whose choices come from search().
	search bool
}

func (c *converter) readChoices() {
	c.lists = map[string]*choiceList{}
	sheet := c.w.Sheet("choices")
	if sheet == nil || len(sheet.Rows) == 0 {
		return
	}
	cols := choicesVocabulary().columns(sheet, &c.d)
	c.choiceColumns, c.choicesSheet = cols, sheet
	if !hasColumn(cols, "name") {
		c.d.problem(sheet.Name, 1, "name", "column-missing",
			"The column name is missing.", `Add a column with the header "name" that holds what is stored for each choice.`)
		return
	}
	cols = c.usableColumns(sheet, cols)
	for _, row := range sheet.Rows {
		list, ch := c.readChoice(row, cols)
		if list == "" {
			continue
		}
		l := c.lists[list]
		if l == nil {
			l = &choiceList{name: list}
			c.lists[list] = l
			c.listOrder = append(c.listOrder, l)
		}
		l.choices = append(l.choices, ch)
	}
	for _, l := range c.listOrder {
		c.checkList(sheet, l)
	}
}

// usableColumns drops columns that cannot become XML elements; a header that
// begins with a sign is another program's and not worth a word.
func (c *converter) usableColumns(sheet *Sheet, cols []column) []column {
	var out []column
	known := c.prefixes()
	for _, col := range cols {
		t := col.tokens[0]
		if prefix, _, qualified := strings.Cut(t, ":"); qualified && !known[prefix] || prefix == "xmlns" {
			c.d.warn(sheet.Name, 1, col.header, "choices-header",
				fmt.Sprintf("The column %q is left out: nothing says what its prefix stands for.", col.header),
				"Write the header without colon if expressions use the column.")
			continue
		}
		if t != listName && strings.Contains(t, " ") {
			c.d.warn(sheet.Name, 1, col.header, "choices-header",
				fmt.Sprintf("The column %q is left out: its header has a blank.", col.header),
				"Write the header without blanks if expressions use the column.")
			continue
		}
		out = append(out, col)
	}
	return out
}

func (c *converter) readChoice(row Row, cols []column) (list string, ch choice) {
	ch.row = row.Number
	for _, col := range cols {
		v := row.At(col.index)
		if v == "" {
			continue
		}
		v = cleanText(v, false)
		lang := ""
		if len(col.tokens) > 1 {
			lang = strings.Join(col.tokens[1:], "::")
		}
		switch col.tokens[0] {
		case listName:
			list = v
		case "name":
			ch.name = v
		case "label":
			ch.label.add(lang, v)
		case "media":
			kind, mediaLang, _ := strings.Cut(lang, "::")
			if isMediaKind(kind) {
				ch.media.add(kind, mediaLang, v)
			}
		case "sms_option":
			ch.sms = v
		default:
			if len(col.tokens) == 1 && isName(col.tokens[0]) {
				ch.extra = append(ch.extra, param{col.tokens[0], v})
			}
		}
	}
	ch.label.settle(c.settings.defaultLanguage)
	ch.media.settle(c.settings.defaultLanguage)
	return list, ch
}

// checkList finds missing and repeated names and missing labels.
func (c *converter) checkList(sheet *Sheet, l *choiceList) {
	duplicates := isYes(c.settings.get("allow_choice_duplicates"))
	seen := make(map[string]int, len(l.choices))
	for i := range l.choices {
		ch := &l.choices[i]
		if ch.name == "" {
			c.d.problem(sheet.Name, ch.row, c.choiceHeader("name"), "choice-name-missing",
				fmt.Sprintf("A choice of list %q has no name.", l.name), "Write what is stored when it is chosen, such as a number.")
			continue
		}
		if ch.label.empty() {
			c.d.warn(sheet.Name, ch.row, c.choiceHeader("label"), "choice-label-missing",
				fmt.Sprintf("The choice %q of list %q has no label.", ch.name, l.name), "Write what the respondent chooses.")
		}
		if first, dup := seen[ch.name]; dup && !duplicates {
			c.d.problem(sheet.Name, ch.row, c.choiceHeader("name"), "choice-duplicate",
				fmt.Sprintf("The choice %q of list %q is already in row %d.", ch.name, l.name, first),
				"Give each choice of a list its own name, or write yes under allow_choice_duplicates on the settings sheet.")
		}
		seen[ch.name] = ch.row
		if !l.itext {
			l.itext = len(ch.media) > 0 || ch.label.translated() || hasReference(ch.label.plain())
		}
	}
}

func (c *converter) choiceHeader(token string) string {
	for _, col := range c.choiceColumns {
		if col.tokens[0] == token {
			return col.header
		}
	}
	return token
}

// addOther appends the choice "other" to a list that has none.
func (l *choiceList) addOther() {
	var langs []string
	known := map[string]bool{}
	for _, ch := range l.choices {
		if ch.name == "other" {
			return
		}
		for _, p := range ch.label.parts {
			if p.lang != "" && !known[p.lang] {
				known[p.lang] = true
				langs = append(langs, p.lang)
			}
		}
	}
	other := choice{name: "other", label: plainText("Other")}
	if len(langs) > 0 {
		other.label = text{}
		for _, lang := range langs {
			other.label.add(lang, "Other")
		}
	}
	l.choices = append(l.choices, other)
}
