package xform

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"parvis/internal/xmltree"
	"parvis/internal/xpath"
)

// environment answers what expressions ask of the world.
type environment struct {
	in       *Instance
	shuffled *rand.Rand // while a choice list is made: the instance's own order
}

// shuffle makes randomness repeatable for one question of this instance, so
// that choices keep their order whenever they are shown.
func (e *environment) shuffle(seed uint64, it *item) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(it.ref()))
	e.shuffled = rand.New(rand.NewPCG(seed, h.Sum64()))
}

func (e *environment) Now() time.Time           { return e.in.world.Now() }
func (e *environment) Location() *time.Location { return e.in.world.Location }
func (e *environment) UUID() string             { return e.in.world.UUID() }
func (e *environment) Language() string         { return e.in.lang }

func (e *environment) Random() float64 {
	if e.shuffled != nil {
		return e.shuffled.Float64()
	}
	return e.in.world.Rand.Float64()
}

func (e *environment) Property(name string) (string, bool) { return e.in.property(name) }

// Instance gives a list; the primary instance answers to its own id too.
func (e *environment) Instance(id string) (*xmltree.Node, error) {
	if doc := e.in.lists[id]; doc != nil {
		return doc, nil
	}
	if l := e.in.form.lists[id]; l != nil {
		return l.doc, nil
	}
	if id == e.in.form.primaryID {
		return e.in.doc, nil
	}
	return nil, fmt.Errorf("the form has no list %q", id)
}

// Lookup finds items of a list by a field, so that long lists are not walked.
// The primary instance changes and is not indexed.
func (e *environment) Lookup(parent *xmltree.Node, item, field xmltree.Name, value string) ([]*xmltree.Node, bool) {
	if parent.Top() == e.in.doc || e.in.lists != nil {
		return nil, false
	}
	return e.in.form.index.Lookup(parent, item, field, value)
}

// Text gives a text; one that the form does not have is empty, since the ids
// may be computed.
func (e *environment) Text(id string) (string, bool) {
	return e.in.text(&text{id: id}, e.in.root), true
}

// ChoiceName finds the label of a choice of the question at a path.
func (e *environment) ChoiceName(c *xpath.Context, value, ref string) (string, error) {
	in := e.in
	d := in.questionAt(c, strings.TrimSpace(ref))
	if d == nil || d.control == nil {
		return "", fmt.Errorf("jr:choice-name: no question at %s", ref)
	}
	it := in.near(in.itemOf(c.Node), d)
	if it == nil {
		return "", nil
	}
	q := d.control
	if q.itemset == nil {
		for _, ch := range q.choices {
			if ch.value == value {
				return in.text(ch.label, it), nil
			}
		}
		return "", nil
	}
	v, err := in.eval(q.itemset.nodes, it)
	if err != nil {
		return "", err
	}
	for _, n := range v.Nodes() {
		if q.itemset.value == nil && !in.keyIs(q.itemset, n, value) {
			continue
		}
		if ch, ok := in.choice(q.itemset, n, it); ok && ch.Value == value {
			return ch.Label, nil
		}
	}
	return "", nil
}

func (in *Instance) keyIs(s *itemset, n *xmltree.Node, value string) bool {
	k := n.Child(s.key)
	return k != nil && strings.TrimSpace(k.Text()) == value
}

// questionAt finds the definition a path refers to from where an expression
// stands.
func (in *Instance) questionAt(c *xpath.Context, path string) *nodeDef {
	base := in.form.root
	if it := in.itemOf(c.Node); it != nil {
		base = it.def
	}
	return in.form.known(resolvePath(path, base))
}

// itemOf finds the item of a node of the primary instance, the root's for any
// other node.
func (in *Instance) itemOf(n *xmltree.Node) *item {
	var chain []*xmltree.Node
	for ; n != nil && n != in.root.node; n = n.Parent {
		chain = append(chain, n)
	}
	it := in.root
	if n == nil {
		return it
	}
down:
	for i := len(chain) - 1; i >= 0; i-- {
		for _, k := range it.kids {
			if k.node == chain[i] {
				it = k
				continue down
			}
		}
		return it
	}
	return it
}

// Call evaluates what only forms know: search(), which stands in appearances.
func (e *environment) Call(name string, _ *xpath.Context, args []xpath.Value) (xpath.Value, bool, error) {
	if name != "search" {
		return xpath.Value{}, false, nil
	}
	v, err := e.in.search(args)
	return v, true, err
}

// visible reports whether expressions see a node.
func (in *Instance) visible(n *xmltree.Node) bool {
	_, hidden := in.hidden[n]
	return !hidden
}
