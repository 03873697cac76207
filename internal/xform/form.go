package xform

import (
	"io"
	"maps"
	"slices"
	"sync"

	"parvis/internal/xmltree"
	"parvis/internal/xpath"
)

// Form is a questionnaire as defined. It does not change after [Parse] and may
// be shared.
type Form struct {
	ID      string // of the primary instance
	Version string
	Title   string

	src        string
	spaces     map[string]string // prefixes in force for expressions
	root       *nodeDef
	defs       []*nodeDef // in document order
	paths      map[Ref]*nodeDef
	called     map[calledKey][]int
	blank      *xmltree.Node // the primary instance without templates
	primaryID  string        // the id of the primary instance's element, rarely given
	space      string        // the default namespace the submission's root declares, if any
	declared   []xmltree.Namespace
	lists      map[string]*list
	index      *xpath.Index // of the lists, made as filters ask for it
	texts      itext
	body       *control
	controls   []*control // in document order
	onFirst    []*action  // odk-instance-first-load
	onLoad     []*action  // odk-instance-load
	onNew      []*action  // odk-new-repeat, written in the model
	rules      []*rule    // in the order they must run
	exprs      map[exprKey]*expression
	booleans   bool     // some node holds booleans
	meta       *nodeDef // nil when the form has none
	instanceID *nodeDef // likewise
	lastSaved  []*list
	describing sync.Once
	questions  []*QuestionDef
	missing    []string
	problems   []error
}

// ParseOptions say how to read a form.
type ParseOptions struct {
	// Limits of the XML of the form and of each attached file; zero means
	// the defaults.
	Limits xmltree.Limits
	// Resource opens an attached file by its URI, "jr://file-csv/towns.csv".
	// Nil, or an error that is fs.ErrNotExist, means that the file is not
	// there: the list is empty and [Form.Missing] names it.
	Resource func(uri string) (io.ReadCloser, error)
	// Tolerant leaves out expressions that cannot be read and lists them in
	// [Form.Problems], so that an author can look at the rest of a form. Without
	// it they are errors, as in the reference.
	Tolerant bool
}

// Languages of the texts, as the form writes them ("English (en)"), default
// first in the form's order; empty when the form has one unnamed language.
func (f *Form) Languages() []string { return slices.Clone(f.texts.languages) }

// DefaultLanguage is the language a new instance speaks, empty when the form
// has one unnamed language.
func (f *Form) DefaultLanguage() string { return f.texts.standard }

// XML is the text the form was read from.
func (f *Form) XML() []byte { return []byte(f.src) }

// Missing names the attached files that [ParseOptions.Resource] did not have.
func (f *Form) Missing() []string { return slices.Clone(f.missing) }

// Audit are the settings of the audit log that the form asks for, the foreign
// attributes of the bind of meta/audit; false when it asks for none.
func (f *Form) Audit() (map[xmltree.Name]string, bool) {
	if f.meta == nil {
		return nil, false
	}
	for _, k := range f.meta.kids {
		if k.name.Local == "audit" && !k.attr {
			return maps.Clone(k.bind.attrs), true
		}
	}
	return nil, false
}

// Problems are the expressions that a tolerant reading left out.
func (f *Form) Problems() []error { return slices.Clone(f.problems) }
