package xform

import (
	"strings"

	"parvis/internal/xmltree"
)

// Events that actions answer to.
const (
	eventFirstLoad    = "odk-instance-first-load"
	eventReady        = "xforms-ready" // the old name of the first load
	eventLoad         = "odk-instance-load"
	eventNewRepeat    = "odk-new-repeat"
	eventInsert       = "jr-insert" // the old name of a new repeat
	eventValueChanged = "xforms-value-changed"
)

func isAction(n *xmltree.Node) bool {
	switch n.Name.Local {
	case "setvalue", "setgeopoint", "recordaudio":
		return true
	}
	return false
}

// action is a <setvalue>: on an event it gives a node a value. Actions that
// need a sensor are read and left alone.
type action struct {
	target  *nodeDef
	pick    *expression // a target with predicates, which choose among instances
	around  *nodeDef    // the innermost repeat that the action stands in
	value   *expression // nil: literal
	literal string
}

// actions reads the actions of the model and those met in the body.
func (p *parser) actions() error {
	for n := range p.model.Elements() {
		if isAction(n) {
			p.late = append(p.late, lateAction{n, nil})
		}
	}
	for _, l := range p.late {
		if l.node.Name.Local != "setvalue" {
			continue
		}
		if err := p.action(l.node, l.at); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) action(n *xmltree.Node, at *control) error {
	path, _ := n.Attr("", "ref")
	if path == "" {
		path, _ = n.Attr("", "bind")
	}
	a := &action{target: p.target(unfiltered(path), at)}
	for c := at; c != nil && a.around == nil; c = c.parent {
		if c.def != nil {
			a.around = c.def.repeatedAround()
		}
	}
	if a.target == nil {
		return badForm(Ref(strings.TrimSpace(path)), "a <setvalue> refers to a node that the primary instance does not have")
	}
	src, computed := n.Attr("", "value")
	if strings.TrimSpace(src) == "" {
		computed = false
	}
	if strings.Contains(path, "[") {
		x, err := p.f.compile(path, a.target)
		if err != nil {
			return &Error{Code: BadForm, Ref: a.target.path, Msg: "the target of a <setvalue>", Err: err}
		}
		a.pick = x
	}
	a.literal = n.Text()
	if computed {
		x, err := p.f.compile(src, a.target)
		if err != nil {
			return &Error{Code: BadForm, Ref: a.target.path, Msg: "the value of a <setvalue>", Err: err}
		}
		a.value = x
	}
	events, _ := n.Attr("", "event")
	if events == "" {
		events, _ = n.Attr(spaceEvents, "event")
	}
	for _, e := range strings.Fields(events) {
		p.listen(a, e, at)
	}
	return nil
}

// unfiltered is a path without its predicates.
func unfiltered(path string) string {
	var b strings.Builder
	depth, quote := 0, rune(0)
	for _, r := range path {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
			continue
		case depth > 0 && (r == '\'' || r == '"'):
			quote = r
			continue
		case r == '[':
			depth++
			continue
		case r == ']' && depth > 0:
			depth--
			continue
		}
		if depth == 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (p *parser) listen(a *action, event string, at *control) {
	switch event {
	case eventFirstLoad, eventReady:
		p.f.onFirst = append(p.f.onFirst, a)
	case eventLoad:
		p.f.onLoad = append(p.f.onLoad, a)
	case eventNewRepeat, eventInsert:
		for c := at; c != nil; c = c.parent {
			if c.kind == repeatControl {
				c.def.repeat.onNew = append(c.def.repeat.onNew, a)
				return
			}
		}
		p.f.onNew = append(p.f.onNew, a)
	case eventValueChanged:
		if at != nil && at.isQuestion() {
			at.onChange = append(at.onChange, a)
		}
	}
}
