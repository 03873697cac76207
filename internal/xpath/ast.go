package xpath

import "parvis/internal/xmltree"

// expr is a node of the syntax tree; it evaluates itself. Faults go to the
// evaluator, which keeps the first; what is returned after one has no meaning.
type expr interface {
	eval(ev *evaluator, f focus) Value
}

// focus is the context node with position() and last().
type focus struct {
	node      *xmltree.Node
	pos, size int
}

type literalExpr struct{ v Value }

type variableExpr struct {
	name string
	at   int
}

// logicExpr is a chain of and, or of or.
type logicExpr struct {
	or   bool
	args []expr
}

type arithmeticExpr struct {
	op   byte // + - * d m
	a, b expr
}

type negateExpr struct{ a expr }

type compareOp uint8

const (
	opEq compareOp = iota
	opNe
	opLt
	opLe
	opGt
	opGe
)

type compareExpr struct {
	op   compareOp
	a, b expr
}

type unionExpr struct{ args []expr }

type callExpr struct {
	name    string
	args    []expr
	fn      impl // nil: not one of ours
	at      int
	fault   *Error // wrong number of arguments
	nearest string
	odk     bool
	pattern *pattern // of regex(), when it is written out
}

type axis uint8

const (
	axisChild axis = iota
	axisDescendant
	axisParent
	axisAncestor
	axisFollowingSibling
	axisPrecedingSibling
	axisFollowing
	axisPreceding
	axisAttribute
	axisNamespace
	axisSelf
	axisDescendantOrSelf
	axisAncestorOrSelf
)

type testKind uint8

const (
	testName testKind = iota // a name, or * when anyLocal
	testNode
	testText
	testComment
	testPI
)

// nodeTest decides which nodes of an axis a step takes.
type nodeTest struct {
	kind     testKind
	name     xmltree.Name
	anySpace bool // the namespace does not matter
	anyLocal bool
	target   string // of processing-instruction('target')
	hasPI    bool
}

type step struct {
	axis  axis
	test  nodeTest
	preds []predicate
}

// predicate is a filter, with what is known of it before it is evaluated.
type predicate struct {
	e          expr
	positional bool   // may be a number, or asks for position() or last()
	number     int    // a literal number, 0 if it is not
	equal      *equal // a conjunct child = value, if there is one
}

// equal is the test field = value, where value does not depend on the item.
type equal struct {
	field xmltree.Name
	value expr
	whole bool // the predicate asks nothing else
}

// pathExpr is a location path, or with base a filter expression and the steps
// after it.
type pathExpr struct {
	base     expr // nil: from the context node or the root
	preds    []predicate
	absolute bool
	current  bool // from current() rather than the context node
	steps    []step
	at       int
	simple   bool // child, parent and self steps without predicates, no base
}
