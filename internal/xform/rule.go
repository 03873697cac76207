package xform

// ruleKind is what a rule decides about its node.
type ruleKind uint8

const (
	ruleCalculate ruleKind = iota
	ruleRelevant
	ruleRequired
	ruleReadOnly
	ruleKinds
)

// rule computes one property of a node's items from an expression.
type rule struct {
	kind   ruleKind
	target *nodeDef
	x      *expression
	rank   int // place in the order of running
}

// cascades reports whether what the rule decides can be read by expressions.
func (r *rule) cascades() bool { return r.kind == ruleCalculate || r.kind == ruleRelevant }
