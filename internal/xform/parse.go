package xform

import (
	"fmt"
	"io"
	"strings"

	"parvis/internal/xmltree"
	"parvis/internal/xpath"
)

// Parse reads an XForm. What makes it unusable is an *[Error] with code
// [BadForm] or [BadCycle]; XML that is not well formed is an *xmltree.Error.
func Parse(r io.Reader, o ParseOptions) (*Form, error) {
	limits := o.Limits
	if limits.Bytes <= 0 {
		limits.Bytes = xmltree.DefaultLimits().Bytes
	}
	var b strings.Builder
	if n, err := io.Copy(&b, io.LimitReader(r, limits.Bytes+1)); err != nil {
		return nil, fmt.Errorf("reading the form: %w", err)
	} else if n > limits.Bytes {
		return nil, &Error{Code: Limit, Msg: fmt.Sprintf("the form is longer than %d bytes", limits.Bytes)}
	}
	limits.BareLess = true // in expressions written by hand
	doc, err := xmltree.ParseString(b.String(), limits)
	if err != nil {
		return nil, err
	}
	f := &Form{src: b.String(), paths: map[Ref]*nodeDef{}, called: map[calledKey][]int{}, lists: map[string]*list{}, exprs: map[exprKey]*expression{}, index: &xpath.Index{}}
	p := &parser{f: f, o: o, limits: limits, pipes: map[listKey]bool{}}
	if err := p.form(doc); err != nil {
		return nil, err
	}
	return f, nil
}

// parser carries what is needed only while a form is read.
type parser struct {
	f       *Form
	o       ParseOptions
	limits  xmltree.Limits
	model   *xmltree.Node
	binds   []lateBind
	bindIDs map[string]*nodeDef // what binds with an id stand for
	late    []lateAction
	sets    []lateSet
	pipes   map[listKey]bool // lists whose labels have values in them
	outside *list            // itemsets.csv, once it is needed
	nest    int
}

// lateBind is a bind whose expressions are compiled at the end.
type lateBind struct {
	node *xmltree.Node
	def  *nodeDef
}

// lateSet is a question whose choice list is compiled at the end.
type lateSet struct {
	node *xmltree.Node
	at   *control
}

// lateAction is an action whose target may be defined after it.
type lateAction struct {
	node *xmltree.Node
	at   *control
}

func (p *parser) form(doc *xmltree.Node) error {
	root := doc.Root()
	head, body := root.Child("head"), root.Child("body")
	if root.Name.Local != "html" || head == nil || body == nil {
		return badForm("", "this is not an XForm: it needs <h:html> with <h:head> and <h:body>")
	}
	p.model = head.Child("model")
	if p.model == nil {
		return badForm("", "the form has no <model>")
	}
	if t := head.Child("title"); t != nil {
		p.f.Title = strings.TrimSpace(t.Text())
	}
	p.f.spaces = standardPrefixes()
	for _, n := range p.model.InScope() {
		p.f.spaces[n.Name.Local] = n.Value
	}
	for _, step := range []func() error{p.instances, p.bindings, p.itext} {
		if err := step(); err != nil {
			return err
		}
	}
	if err := p.body(body); err != nil {
		return err
	}
	if err := p.actions(); err != nil {
		return err
	}
	if err := p.finish(); err != nil {
		return err
	}
	return p.f.order()
}

// instances reads the primary instance and the lists.
func (p *parser) instances() error {
	f := p.f
	for n := range p.model.Elements() {
		if n.Name.Local != "instance" {
			continue
		}
		if f.blank == nil {
			if err := p.primary(n); err != nil {
				return err
			}
			continue
		}
		if err := p.secondary(n); err != nil {
			return err
		}
	}
	if f.blank == nil {
		return badForm("", "the model has no <instance>")
	}
	return nil
}

func (p *parser) primary(n *xmltree.Node) error {
	f := p.f
	for c := range n.Elements() {
		f.blank = c
		break
	}
	if f.blank == nil {
		return badForm("", "the primary <instance> is empty")
	}
	f.primaryID, _ = n.Attr("", "id")
	f.ID, _ = f.blank.Attr("", "id")
	f.Version, _ = f.blank.Attr("", "version")
	for _, d := range f.blank.Namespaces {
		if d.Prefix == "" {
			f.space = d.URI
		}
	}
	f.blank.Remove()
	f.declarations(f.blank, map[string]bool{})
	unqualify(f.blank, f.blank.Name.Space)
	if f.ID == "" {
		f.ID = f.blank.Name.Local
	}
	trimLayout(f.blank)
	root, err := f.buildDefs(f.blank, nil)
	if err != nil {
		return err
	}
	f.root = root
	return nil
}

// unqualify takes names that only inherit a default namespace out of it, so
// that the paths of expressions, which have no prefix, find them.
func unqualify(n *xmltree.Node, space string) {
	if n.Prefix == "" && (n.Name.Space == space || n.Name.Space == spaceXForms) {
		n.Name.Space = ""
	}
	if len(n.Namespaces) > 0 {
		kept := n.Namespaces[:0]
		for _, d := range n.Namespaces {
			if d.Prefix != "" {
				kept = append(kept, d)
			}
		}
		n.Namespaces = kept
	}
	for _, c := range n.Children {
		if c.Kind == xmltree.Element {
			unqualify(c, space)
		}
	}
}

// trimLayout drops the white space, comments and instructions between elements.
func trimLayout(n *xmltree.Node) {
	hasElement := false
	for _, c := range n.Children {
		hasElement = hasElement || c.Kind == xmltree.Element
	}
	if !hasElement {
		n.SetText(strings.TrimSpace(n.Text()))
		return
	}
	for i := len(n.Children) - 1; i >= 0; i-- {
		c := n.Children[i]
		if c.Kind == xmltree.Element {
			trimLayout(c)
			continue
		}
		c.Remove()
	}
}

// expand gives a name with a prefix its namespace.
func (f *Form) expand(label string) xmltree.Name {
	if i := strings.IndexByte(label, ':'); i >= 0 {
		return xmltree.Name{Space: f.spaces[label[:i]], Local: label[i+1:]}
	}
	return xmltree.Name{Local: label}
}
