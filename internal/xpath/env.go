package xpath

import (
	"time"

	"parvis/internal/xmltree"
)

// Dialect is the language an expression is read in.
type Dialect uint8

const (
	// XPath10 is XPath 1.0 as recommended, with current() of XSLT.
	XPath10 Dialect = iota
	// ODK is XPath 1.0 with the functions and dates of ODK XForms, as JavaRosa
	// (the engine of ODK Collect) understands them.
	ODK
	// ODKWeb is ODK where the implementations for browsers differ from JavaRosa:
	// days are counted from the start of 1970 in UTC, and what is no date is the
	// value "Invalid Date" rather than an error.
	ODKWeb
)

// Options say how to read an expression.
type Options struct {
	Namespaces map[string]string // prefix -> URI
	Dialect    Dialect
}

// Context is what an expression is evaluated against.
type Context struct {
	// Node is the context node. Nil is allowed for expressions without paths; a
	// path is then an error.
	Node *xmltree.Node
	// Position and Size are position() and last(); 0 means 1.
	Position, Size int
	// Current is what current() gives; nil means Node.
	Current *xmltree.Node
	// Root is where absolute paths start: a document, or an element that stands
	// for one. Nil means the top of Node's tree. In the ODK dialects this holds
	// also inside predicates over another instance.
	Root *xmltree.Node
	// Env answers what the expression asks of the world; nil means World{}.
	Env Env
	// Visible says which elements exist for the expression; nil means all. An
	// element that is not visible is in no node-set, nor is what lies below it.
	Visible func(*xmltree.Node) bool
	// MaxSteps bounds the work: about one step for each node visited and each
	// function called. 0 means DefaultMaxSteps.
	MaxSteps int
}

// DefaultMaxSteps stops an evaluation after a second or two.
const DefaultMaxSteps = 20_000_000

// Env is everything an expression may ask of the world. [World] has workable
// answers to all of it and is made to be embedded.
type Env interface {
	Now() time.Time
	Location() *time.Location
	// Random returns a number in [0, 1).
	Random() float64
	// UUID returns a random UUID in lower case.
	UUID() string
	// Instance returns the node that holds the root element of a secondary
	// instance: a document or an instance element, of which instance(id)/root is
	// the child.
	Instance(id string) (*xmltree.Node, error)
	// Text is jr:itext: the text with this id in the current language.
	Text(itextID string) (string, bool)
	// ChoiceName is jr:choice-name: the label of a choice of the question that
	// ref, a path as written, refers to.
	ChoiceName(c *Context, value, ref string) (string, error)
	// Property is property(): deviceid, username, ...
	Property(name string) (string, bool)
	// Language is the current language, as "English (en)" or "en".
	Language() string
	// Call evaluates functions that the host adds; known is false for others.
	Call(name string, c *Context, args []Value) (v Value, known bool, err error)
}

// Variables is an Env that also has variables ($name).
type Variables interface {
	Variable(name string) (Value, bool)
}

// TextNodes is an Env that can also give jr:itext as the nodes that carry it.
type TextNodes interface {
	TextNodes(itextID string) ([]*xmltree.Node, bool)
}

// Indexer is an Env that can find items by the value of a field faster than by
// walking: the filter of instance('x')/root/item[field = value].
type Indexer interface {
	// Lookup returns, in document order, the child elements of parent called item
	// that have a child element called field with the string-value value. Names
	// with Space "*" match any namespace. ok is false when there is no index, which
	// must be so for lists that change or whose fields Visible may hide; the list is
	// then walked. The result is not changed by the caller.
	Lookup(parent *xmltree.Node, item, field xmltree.Name, value string) (items []*xmltree.Node, ok bool)
}
