package xform

import (
	"fmt"
	"strings"

	"parvis/internal/xpath"
)

// expression is a compiled expression of the form.
type expression struct {
	src string
	x   *xpath.Expr
}

// exprKey names a compiled expression: its text and, inside repeats, where it
// stands, since absolute paths mean other nodes there.
type exprKey struct {
	src string
	at  *nodeDef
}

// keyOf tells apart what a text means in different places: in repeats, and where
// a path starts from the node.
func keyOf(src string, at *nodeDef) exprKey {
	if at != nil && (strings.Contains(src, ".") || at.repeatedAround() != nil) {
		return exprKey{src, at}
	}
	return exprKey{src: src}
}

// compile reads an expression that belongs to a node; nil means none in
// particular.
func (f *Form) compile(src string, at *nodeDef) (*expression, error) {
	if len(src) > maxExpression {
		return nil, fmt.Errorf("the expression is longer than %d bytes", maxExpression)
	}
	key := keyOf(src, at)
	if x := f.exprs[key]; x != nil {
		return x, nil
	}
	x, err := f.compileNew(src, key.at)
	if err == nil {
		f.exprs[key] = x
	}
	return x, err
}

func (f *Form) compileNew(src string, at *nodeDef) (*expression, error) {
	x, err := xpath.Compile(strings.TrimSpace(src), xpath.Options{Namespaces: f.spaces, Dialect: xpath.ODK})
	if err != nil {
		return nil, err
	}
	if at != nil {
		x.Contextualize(at.ancestors())
	}
	return &expression{src: src, x: x}, nil
}

// ancestors is the path to a node as expressions need it.
func (d *nodeDef) ancestors() []xpath.Ancestor {
	out := make([]xpath.Ancestor, d.depth+1)
	for ; d != nil; d = d.parent {
		out[d.depth] = xpath.Ancestor{Name: d.name, Repeats: d.repeat != nil}
	}
	return out
}

// repeatedAround is the node itself or the nearest ancestor that is a repeat.
func (d *nodeDef) repeatedAround() *nodeDef {
	for ; d != nil; d = d.parent {
		if d.repeat != nil {
			return d
		}
	}
	return nil
}

// compiled is compile while an instance runs; the form itself is shared and
// does not change any more.
func (in *Instance) compiled(src string, at *nodeDef) (*expression, error) {
	key := keyOf(src, at)
	if x := in.form.exprs[key]; x != nil {
		return x, nil
	}
	if x := in.late[key]; x != nil {
		return x, nil
	}
	x, err := in.form.compileNew(src, key.at)
	if err == nil {
		in.form.typed(x, at)
		if in.late == nil {
			in.late = map[exprKey]*expression{}
		}
		in.late[key] = x
	}
	return x, err
}

// Eval evaluates an expression at the root of the primary instance, as a study
// does for quotas and conditions.
func (in *Instance) Eval(src string) (xpath.Value, error) {
	x, err := in.compiled(src, in.form.root)
	if err != nil {
		return xpath.Value{}, err
	}
	return in.eval(x, in.root)
}

// EvalExpr is Eval for an expression that is compiled already.
func (in *Instance) EvalExpr(x *xpath.Expr) (xpath.Value, error) {
	return in.eval(&expression{src: x.Source(), x: x}, in.root)
}
