package importer

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xlsform"
)

// importer gathers a study and everything worth telling its author.
type importer struct {
	book     *xlsform.Workbook
	files    fs.FS
	limits   Limits
	result   *xlsform.Result // nil where the questionnaire has problems
	form     *xform.Form     // likewise
	survey   *surveyIndex
	langs    []string // of the questionnaire, default first
	standard string   // the default one
	diags    xlsform.Diagnostics
	seen     map[string]bool     // warnings that are given once
	readings map[string]*reading // of questions that can be left without an answer, by name
	compared []*regexp.Regexp    // an answer compared with a text, made when first needed
}

// place is where in the workbook something stands; zero fields are left out.
type place struct {
	sheet  string
	row    int
	column string
}

func (in *importer) problem(at place, rule, message, remedy string) {
	in.diags = append(in.diags, xlsform.Diagnostic{Severity: xlsform.Problem, Sheet: at.sheet, Row: at.row, Column: at.column, Rule: "study-" + rule, Message: message, Remedy: remedy})
}

func (in *importer) warning(at place, rule, message, remedy string) {
	in.diags = append(in.diags, xlsform.Diagnostic{Severity: xlsform.Warning, Sheet: at.sheet, Row: at.row, Column: at.column, Rule: "study-" + rule, Message: message, Remedy: remedy})
}

// once reports whether this is the first time that key is asked for.
func (in *importer) once(key string) bool {
	first := !in.seen[key]
	in.seen[key] = true
	return first
}

// rows gives the rows of a sheet that hold something in a known column, after a word about columns that are not known
// and about required ones that are missing. ok is false when there are no rows to
// be had: the sheet or a required column is absent.
func (in *importer) rows(name string, required, known []string) (rows []xlsform.Row, ok bool) {
	s := in.book.Sheet(name)
	if s == nil {
		return nil, false
	}
	in.unknownColumns(s, known, nil, nil)
	if !in.hasColumns(s, required) {
		return nil, false
	}
	return s.Rows, true
}

// unknownColumns warns of columns that are not known. claimed are headers that somebody else looks at, nearby further ones that may have
// been meant; all in lower case but nearby.
func (in *importer) unknownColumns(s *xlsform.Sheet, known, claimed, nearby []string) {
	for _, h := range s.Header {
		base, _, _ := strings.Cut(h, "::")
		if base = strings.ToLower(strings.TrimSpace(base)); base == "" || contains(known, base) || contains(claimed, strings.ToLower(strings.TrimSpace(h))) {
			continue
		}
		otherwise := "The columns are " + strings.Join(known, ", ") + "."
		if len(nearby) > 0 {
			otherwise = "The columns are " + strings.Join(known, ", ") + ", and questions of the screener: " + shortList(nearby) + "."
		}
		in.warning(place{s.Name, 1, h}, "unknown-column", fmt.Sprintf("There is no column %q in this sheet; it is passed over.", h), remedyNearest(base, slices.Concat(known, nearby), otherwise))
	}
}

// hasColumns reports columns that are missing.
func (in *importer) hasColumns(s *xlsform.Sheet, required []string) bool {
	lacking := false
	for _, c := range required {
		if !s.Has(c) {
			in.problem(place{sheet: s.Name, row: 1}, "missing-column", fmt.Sprintf("The column %q is missing.", c), fmt.Sprintf("Write %s in a cell of the first row.", c))
			lacking = true
		}
	}
	return !lacking
}

// text reads a translated cell. Languages are named as in the questionnaire; a cell without a language counts for the
// default one. A translation that is missing is a warning, since the default language stands in.
func (in *importer) text(sheet string, row xlsform.Row, column string) study.Text {
	t := study.Text{}
	cells := row.Translated(column)
	for _, lang := range slices.Sorted(maps.Keys(cells)) {
		s := cells[lang]
		key, known := in.language(lang)
		if !known && in.once(sheet+"/"+column+"/"+lang) {
			in.warning(place{sheet, 1, column + "::" + lang}, "unknown-language", fmt.Sprintf("The questionnaire has no language %q.", lang), in.languageRemedy())
		}
		if _, taken := t[key]; !taken || lang != "" {
			t[key] = s
		}
	}
	if len(t) == 0 {
		return nil
	}
	for _, l := range in.langs {
		if t[l] == "" {
			in.warning(place{sheet, row.Number, column + "::" + l}, "missing-translation", fmt.Sprintf("%q has no translation into %s.", shorten(t.In(in.standard, "")), study.LanguageName(l)), "Write it; until then the "+study.LanguageName(in.standard)+" text is shown.")
		}
	}
	return t
}

func (in *importer) languageRemedy() string {
	if len(in.langs) == 0 {
		return "The questionnaire is not translated: leave the language out of this header, or add one to the labels of the survey sheet."
	}
	return "Name it as the labels of the survey sheet do: " + strings.Join(in.langs, ", ") + "."
}

// language is the questionnaire's name of a language.
func (in *importer) language(name string) (string, bool) {
	if name == "" || len(in.langs) == 0 {
		if len(in.langs) > 0 {
			return in.standard, true
		}
		return name, name == ""
	}
	for _, l := range in.langs {
		if strings.EqualFold(l, name) {
			return l, true
		}
	}
	for _, l := range in.langs {
		if study.LanguageCode(l) == study.LanguageCode(name) {
			return l, true
		}
	}
	return name, false
}

// whole reads a whole number from a cell that is not empty.
func (in *importer) whole(at place, cell string, from, to int) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(cell, ".0"))
	if err != nil || n < from || n > to {
		in.problem(at, "whole-number", fmt.Sprintf("%q is not a whole number from %d to %d.", shorten(cell), from, to), fmt.Sprintf("Write a whole number, such as %d.", max(from, min(to, 5))))
		return from, false
	}
	return n, true
}

// name reads the name of a thing, which records and files will carry.
func (in *importer) name(at place, cell, what string) bool {
	switch {
	case cell == "":
		in.problem(at, "missing-name", fmt.Sprintf("The %s has no name.", what), "Write a short name without spaces, such as "+exampleName(what)+".")
	case !validName(cell):
		in.problem(at, "bad-name", fmt.Sprintf("%q cannot be the name of the %s.", shorten(cell), what), "Use up to 64 letters without accents, digits, - and _, starting with a letter or digit.")
	default:
		return true
	}
	return false
}

const longestName = 64 // bytes

// validName reports whether a name is safe in records, columns and file names.
func validName(s string) bool {
	for i, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case i > 0 && (r == '_' || r == '-'):
		default:
			return false
		}
	}
	return s != "" && len(s) <= longestName
}

func exampleName(what string) string {
	switch what {
	case "site":
		return "central_station"
	case "entrance":
		return "north"
	case "quota":
		return "women_18_34"
	}
	return "first_one"
}

// shorten cuts a cell for a message.
func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
