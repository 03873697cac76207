package xlsform

import (
	"fmt"

	"parvis/internal/xpath"
)

// Options of a conversion.
type Options struct {
	// Root is the name of the primary instance's root element; "data" when empty.
	Root string
	// ID of the form when the settings sheet has none; the workbook's name when empty.
	ID string
	// Strict makes an expression that cannot be understood a problem; without
	// it such an expression is a warning, as the reference converter passes
	// expressions through unread.
	Strict bool
}

// Result is a converted questionnaire.
type Result struct {
	// XML is the XForm.
	XML []byte
	// ID, Version and Title as in the settings sheet or their defaults.
	ID, Version, Title string
	// Languages in order of first use, "English (en)"; empty when nothing is
	// translated. DefaultLanguage is "default" when the settings name none.
	Languages       []string
	DefaultLanguage string
	// Names gives the absolute path of every question, group and repeat whose
	// name is unique, "q1" -> "/data/group/q1".
	Names map[string]string
	// Media are the file names that labels, hints and choices show or play, as
	// written: "smile.png". Files are the data files that the form reads:
	// "shops.csv", "zones.geojson".
	Media []string
	Files []string
	// ItemsetsCSV is the content of itemsets.csv, which select_one_external
	// questions read; nil without such a question.
	ItemsetsCSV []byte

	form *converter
}

// Resolve puts the absolute path of each ${name} into an expression that
// stands outside the questionnaire, such as a quota's condition. An error
// names the reference that cannot be resolved.
func (r *Result) Resolve(expr string) (string, error) {
	if _, ok := references(expr); !ok {
		return "", Diagnostic{Message: fmt.Sprintf("%q holds a ${ that begins no reference.", expr), Remedy: referenceRemedy}
	}
	return r.form.resolve(expr, nil, resolving{})
}

// Convert checks a workbook and writes its XForm. The result is nil when
// anything is a problem; warnings alone do not hinder. Sheets that no XLSForm
// has are passed over.
func Convert(w *Workbook, o Options) (result *Result, diags Diagnostics) {
	defer func() {
		if p := recover(); p != nil {
			result, diags = nil, Diagnostics{{
				Rule:    "internal",
				Message: fmt.Sprintf("The workbook could not be converted: %v.", p),
				Remedy:  "Please report this together with the workbook.",
			}}
		}
	}()
	c := &converter{w: w, strict: o.Strict, lex: newLexer()}
	c.readSettings()
	c.identity(o)
	c.readChoices()
	c.readExternalChoices()
	c.readOSM()
	c.readEntities()
	if !c.openSurvey() {
		return nil, c.d.sorted()
	}
	c.checkUnread()
	c.checkSizes()
	c.checkTranslations()
	c.readSurvey()
	c.finish()
	c.checkForm()
	if c.d.failed() {
		return nil, c.d.sorted()
	}
	xml := c.write()
	if c.d.failed() {
		return nil, c.d.sorted()
	}
	return c.result(xml), c.d.sorted()
}

// converter holds one conversion.
type converter struct {
	w      *Workbook
	strict bool
	lex    *lexer
	d      diagnoser

	settings           settings
	id, title, version string
	root               *element

	survey        *Sheet
	surveyColumns []column

	choicesSheet  *Sheet
	choiceColumns []column
	lists         map[string]*choiceList
	listOrder     []*choiceList
	externalLists map[string]bool
	usesExternal  bool
	osm           map[string][]choice
	orOther       bool

	entities      []*entity
	entityVersion string

	stack      []*frame
	tableList  *string
	meta       []*element
	geoRefs    []rowRef
	triggers   []rowRef
	counted    map[string]int
	questions  map[string]bool
	repeatRows map[string]bool

	byName     map[string]*element
	valueSets  map[string][]setter
	geoSets    map[string][]setter
	itext      itext
	mediaFiles []string
	dataFiles  []string
	instances  []instance
	instanceAt map[string]int
	faults     map[string]*xpath.Error

	suggestions int
	copies      int
}

// rowRef is a name that a row refers to.
type rowRef struct {
	name string
	row  int
}

// setter is a question whose value is set when another changes.
type setter struct {
	target *element
	value  string
}

func (c *converter) openSurvey() bool {
	c.survey = c.w.Sheet("survey")
	if c.survey == nil || len(c.survey.Header) == 0 {
		message, remedy := c.missingSheet("survey", `"type", "name" and "label"`)
		c.d.problem("", 0, "", "sheet-missing", message, remedy)
		return false
	}
	c.surveyColumns = surveyVocabulary().columns(c.survey, &c.d)
	if !hasColumn(c.surveyColumns, "type") {
		c.d.problem(c.survey.Name, 1, "type", "column-missing",
			"The column type is missing.", `Add a column with the header "type" that says what each question is.`)
		return false
	}
	return true
}

// checkUnread warns about rows that a long stretch of empty ones hides.
func (c *converter) checkUnread() {
	for _, s := range c.w.Sheets {
		if s.unread > 0 {
			c.d.warn(s.Name, s.unread, "", "rows-unread", "This row and those below are not read: too many empty rows stand above it.", "Delete the empty rows.")
		}
	}
}

func (c *converter) result(xml []byte) *Result {
	r := &Result{
		XML: xml, ID: c.id, Version: c.version, Title: c.title,
		DefaultLanguage: c.settings.defaultLanguage,
		Names:           map[string]string{},
		Media:           c.mediaFiles, Files: c.dataFiles,
		ItemsetsCSV: c.itemsetsCSV(),
		form:        c,
	}
	for _, l := range c.itext.languages {
		if l.name != "default" {
			r.Languages = append(r.Languages, l.name)
		}
	}
	for name, e := range c.byName {
		if e != nil && e != c.root {
			r.Names[name] = e.xpath()
		}
	}
	return r
}
