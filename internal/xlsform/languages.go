package xlsform

import (
	"fmt"
	"sort"
	"strings"

	"golang.org/x/text/language"
)

// translatedColumns lists, for each language of a sheet, the translated columns
// that the sheet has for it; "" stands for columns without a language.
type translatedColumns struct {
	byLanguage map[string]map[string]bool
	columns    map[string]bool
}

func (t *translatedColumns) plainOnly() bool {
	_, plain := t.byLanguage[""]
	return len(t.byLanguage) == 0 || plain && len(t.byLanguage) == 1
}

// translatedColumnName is how authors write a column that can be translated.
func translatedColumnName(tokens []string) (name string, rest []string, ok bool) {
	switch tokens[0] {
	case "label", "hint", "guidance_hint":
		return tokens[0], tokens[1:], true
	case "media":
		if len(tokens) > 1 && isMediaKind(tokens[1]) {
			return tokens[1], tokens[2:], true
		}
	case "bind":
		if len(tokens) > 1 {
			switch tokens[1] {
			case "jr:constraintMsg":
				return "constraint_message", tokens[2:], true
			case "jr:requiredMsg":
				return "required_message", tokens[2:], true
			}
		}
	}
	return "", nil, false
}

func findTranslations(cols []column) *translatedColumns {
	t := &translatedColumns{map[string]map[string]bool{}, map[string]bool{}}
	for _, col := range cols {
		name, rest, ok := translatedColumnName(col.tokens)
		if !ok {
			continue
		}
		lang := strings.Join(rest, "::")
		if t.byLanguage[lang] == nil {
			t.byLanguage[lang] = map[string]bool{}
		}
		t.byLanguage[lang][name] = true
		t.columns[name] = true
	}
	return t
}

func (c *converter) anyTranslation() bool {
	return !findTranslations(c.surveyColumns).plainOnly() || !findTranslations(c.choiceColumns).plainOnly()
}

// checkTranslations warns about a column that is there in one language and not
// in another.
func (c *converter) checkTranslations() {
	c.missingTranslations(c.survey.Name, c.surveyColumns)
	if c.choicesSheet != nil {
		c.missingTranslations(c.choicesSheet.Name, c.choiceColumns)
	}
}

func (c *converter) missingTranslations(sheet string, cols []column) {
	t := findTranslations(cols)
	if t.plainOnly() {
		return
	}
	langs := make([]string, 0, len(t.byLanguage))
	for l := range t.byLanguage {
		langs = append(langs, l)
	}
	sort.Strings(langs)
	for _, l := range langs {
		var missing []string
		for name := range t.columns {
			if !t.byLanguage[l][name] {
				missing = append(missing, name)
			}
		}
		if len(missing) == 0 {
			continue
		}
		sort.Strings(missing)
		lang, suffix := l, "::"+l
		if l == "" {
			lang, suffix = "default", ""
		}
		c.d.warn(sheet, 1, "", "translation-missing",
			fmt.Sprintf("The language %q has no column %s.", lang, quoteAll(missing)),
			fmt.Sprintf("Add the column, for example %q.", missing[0]+suffix))
	}
}

// checkLanguageCodes warns about languages without a code that software knows.
func (c *converter) checkLanguageCodes() {
	for _, l := range c.itext.languages {
		if l.name == "default" || len(l.name) < 3 || hasLanguageCode(l.name) {
			continue
		}
		c.d.warn("", 0, "", "language-code", fmt.Sprintf("The language %q has no code that software knows.", l.name),
			`Write the code in brackets behind the name, as in "English (en)".`)
	}
}

func hasLanguageCode(name string) bool {
	open := strings.IndexByte(name, '(')
	if open < 0 || !strings.HasSuffix(name, ")") {
		return false
	}
	code := name[open+1 : len(name)-1]
	if len(code) < 2 || len(code) > 3 {
		return false
	}
	_, err := language.ParseBase(code)
	return err == nil
}
