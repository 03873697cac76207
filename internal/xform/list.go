package xform

import (
	"errors"
	"io"
	"io/fs"
	"strings"

	"parvis/internal/xmltree"
)

// list is a secondary instance. doc is a document whose element is the list's
// root, so that instance('towns')/root/item finds it.
type list struct {
	id, src   string
	doc       *xmltree.Node
	lastSaved bool // filled for each instance from [World.LastSaved]
}

// secondary reads one <instance> after the first.
func (p *parser) secondary(n *xmltree.Node) error {
	f := p.f
	id, _ := n.Attr("", "id")
	if id == "" {
		return nil // nothing can refer to it
	}
	if _, again := f.lists[id]; again {
		return badForm("", "the instance %q is declared twice", id)
	}
	l := &list{id: id, doc: xmltree.NewDocument()}
	f.lists[id] = l
	l.src, _ = n.Attr("", "src")
	l.src = strings.TrimSpace(l.src)
	if l.src == "jr://instance/last-saved" {
		l.lastSaved = true
		f.lastSaved = append(f.lastSaved, l)
		return nil
	}
	for c := range n.Elements() {
		c.Remove()
		unqualify(c, spaceXForms)
		l.doc.Append(c)
		return nil
	}
	if l.src == "" {
		return nil
	}
	return p.attached(l)
}

// attached reads the file of a list; a file that is not there leaves the list
// empty, as in the reference.
func (p *parser) attached(l *list) error {
	if p.o.Resource == nil {
		p.f.missing = append(p.f.missing, l.src)
		return nil
	}
	r, err := p.o.Resource(l.src)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && r == nil) {
		p.f.missing = append(p.f.missing, l.src)
		return nil
	}
	if err != nil {
		return &Error{Code: BadForm, Msg: "the attached file " + l.src, Err: err}
	}
	defer r.Close()
	doc, err := p.readList(l.src, r)
	if err != nil {
		return &Error{Code: BadForm, Msg: "the attached file " + l.src, Err: err}
	}
	l.doc = doc
	return nil
}

func (p *parser) readList(uri string, r io.Reader) (*xmltree.Node, error) {
	lower := strings.ToLower(uri)
	switch {
	case strings.HasPrefix(lower, "jr://file-csv/"), strings.HasSuffix(lower, ".csv"):
		return readCSV(r, p.limits)
	case strings.HasSuffix(lower, ".geojson"), strings.HasSuffix(lower, ".json"):
		return readGeoJSON(r, p.limits)
	}
	doc, err := xmltree.Parse(r, p.limits)
	if err != nil {
		return nil, err
	}
	if root := doc.Root(); root != nil {
		unqualify(root, root.Name.Space)
	}
	return doc, nil
}
