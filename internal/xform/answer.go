package xform

import "strings"

// Set answers a question and recomputes what depends on the answer. The value
// is ODK's text: "2026-11-22", "3.5", choices parted by spaces; empty clears.
// Whether the answer is allowed is for [Instance.Check] to say.
//
// Errors have the codes [UnknownRef], [ReadOnly], [BadType]; an expression that
// cannot be evaluated gives [BadForm] with the answer kept.
func (in *Instance) Set(r Ref, value string) error {
	it := in.lookup(r)
	if it == nil || !it.isLeaf() {
		return &Error{Code: UnknownRef, Ref: r, Msg: "there is no such question"}
	}
	if it.locked() {
		return &Error{Code: ReadOnly, Ref: r, Msg: "this question takes no answer"}
	}
	text, err := normal(value, it.def.valueType())
	if err != nil {
		return &Error{Code: BadType, Ref: r, Msg: err.Error()}
	}
	if it.value() == text {
		in.touch(it) // an answer given again computes again, as in the reference
		in.run()
		return in.takeError()
	}
	in.change(it, text)
	return in.takeError()
}

// valueType is the type that answers to a node must have.
func (d *nodeDef) valueType() DataType {
	if c := d.asked(0); c != nil {
		switch c.kind {
		case Select, Rank:
			return SelectMany
		case Select1:
			return SelectOne
		}
	}
	return d.bind.dataType
}

// Violation is what is wrong with a question's answer.
type Violation struct {
	Ref     Ref
	Kind    ViolationKind
	Message string // of the form, in the current language; empty when it has none
}

// ViolationKind says which rule an answer breaks.
type ViolationKind uint8

// The rules an answer can break.
const (
	MissingAnswer ViolationKind = iota + 1
	ConstraintBroken
	WrongType
)

// Check says what is wrong with the answer to a question, nil when nothing is.
// A question that is not relevant has nothing wrong.
func (in *Instance) Check(r Ref) *Violation {
	it := in.lookup(r)
	if it == nil || it.hidden || !it.isLeaf() {
		return nil
	}
	return in.check(it, it.value())
}

// CheckValue is Check for a value that is not stored yet.
func (in *Instance) CheckValue(r Ref, value string) *Violation {
	it := in.lookup(r)
	if it == nil || it.hidden || !it.isLeaf() {
		return nil
	}
	text, err := normal(value, it.def.valueType())
	if err != nil {
		return &Violation{Ref: r, Kind: WrongType}
	}
	old := it.value()
	it.node.SetText(text)
	v := in.check(it, text)
	it.node.SetText(old)
	return v
}

// CheckAll lists what is wrong with the whole instance, in document order.
// Choices that are no longer offered are taken out of answers first.
func (in *Instance) CheckAll() []Violation {
	var out []Violation
	in.checkBelow(in.root, func(v *Violation) bool {
		out = append(out, *v)
		return true
	})
	return out
}

// Validate is the first of CheckAll, nil when nothing is wrong. What stands
// after it is not looked at.
func (in *Instance) Validate() *Violation {
	var first *Violation
	in.checkBelow(in.root, func(v *Violation) bool {
		first = v
		return false
	})
	return first
}

// checkBelow calls found for each violation and stops when that says so.
func (in *Instance) checkBelow(it *item, found func(*Violation) bool) bool {
	if it.hidden {
		return true
	}
	if it.isLeaf() {
		if c := it.def.asked(0); c != nil && c.itemset != nil && !c.itemset.static && it.value() != "" {
			in.choices(c, it)
		}
		if v := in.check(it, it.value()); v != nil && !found(v) {
			return false
		}
	}
	for i := 0; i < len(it.kids); i++ { // pruning may change what stands behind
		if !in.checkBelow(it.kids[i], found) {
			return false
		}
	}
	return true
}

func (in *Instance) check(it *item, value string) *Violation {
	b := &it.def.bind
	if strings.TrimSpace(value) == "" {
		if it.required {
			return &Violation{it.ref(), MissingAnswer, in.text(b.requiredMsg, it)}
		}
		return nil
	}
	if _, err := normal(value, it.def.valueType()); err != nil {
		return &Violation{it.ref(), WrongType, ""}
	}
	if b.constraint == nil {
		return nil
	}
	yes, err := in.holds(b.constraint, it)
	if err != nil {
		in.fail(it, err)
		return nil
	}
	if yes {
		return nil
	}
	return &Violation{it.ref(), ConstraintBroken, in.text(b.constraintMsg, it)}
}
