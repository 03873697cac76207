package xform

import (
	"math/rand/v2"
	"time"

	"parvis/internal/xmltree"
	"parvis/internal/xpath"
)

// World is what an instance may know of its surroundings. Every field may be
// left out.
type World struct {
	Now       func() time.Time
	Location  *time.Location
	Rand      *rand.Rand
	DeviceID  string
	Username  string
	Phone     string
	Email     string
	UUID      func() string // version 4, 36 characters
	LastSaved []byte        // the XML of the last submission of this form, for last-saved
}

// Instance is one questionnaire being filled. It is not safe for use by several
// goroutines at once.
type Instance struct {
	form    *Form
	world   World
	root    *item
	doc     *xmltree.Node
	single  []*item                    // by definition, for what never repeats
	size    int                        // items
	hidden  map[*xmltree.Node]struct{} // nodes that are not relevant
	lang    string
	seed    uint64 // of choices in random order
	env     environment
	nest    int              // of evaluations within evaluations
	ctxs    []*xpath.Context // one for each level, used again
	see     func(*xmltree.Node) bool
	queue   queue
	acted   int                      // actions since the last answer
	depth   int                      // of actions setting off actions
	lists   map[string]*xmltree.Node // last-saved, which is this instance's own
	kept    map[*control]keptChoices // lists that depend on no answer
	ownID   string                   // instanceID where the form has no node for it
	started bool                     // the first recomputation is done
	late    map[exprKey]*expression  // compiled while running
	failed  error                    // the first error of a recomputation
}

// Form is the form this instance fills.
func (in *Instance) Form() *Form { return in.form }

// New starts a questionnaire: defaults, preloads, the actions of the first load,
// then all calculations and conditions.
func (f *Form) New(w World) (*Instance, error) {
	in := f.instance(w)
	in.seed = in.world.Rand.Uint64()
	in.plant(f.blank.Clone())
	if f.instanceID == nil {
		in.ownID = "uuid:" + in.world.UUID()
	}
	if in.size > maxItems {
		return nil, &Error{Code: Limit, Msg: "the primary instance has too many nodes"}
	}
	in.preload(in.root)
	in.fire(f.onFirst, in.root)
	in.fire(f.onLoad, in.root)
	in.started = true
	in.queueAll(in.root)
	in.run()
	return in, in.takeError()
}

// instance makes an instance without nodes.
func (f *Form) instance(w World) *Instance {
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.Location == nil {
		w.Location = time.Local
	}
	if w.Rand == nil {
		w.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if w.UUID == nil {
		w.UUID = func() string { return uuid4(w.Rand) }
	}
	in := &Instance{form: f, world: w, lang: f.texts.standard}
	in.single = make([]*item, len(f.defs))
	in.hidden = map[*xmltree.Node]struct{}{}
	in.env = environment{in: in}
	in.see = in.visible
	in.queue.init(len(f.rules))
	in.kept = map[*control]keptChoices{}
	in.readLastSaved()
	return in
}

func (in *Instance) plant(root *xmltree.Node) {
	in.doc = xmltree.NewDocument()
	in.doc.Append(root)
	in.root = in.grow(root, in.form.root, nil)
}

// Language is the language of labels and messages.
func (in *Instance) Language() string { return in.lang }

// SetLanguage switches the language of labels and messages; one that the form
// does not have means the default.
func (in *Instance) SetLanguage(lang string) {
	if _, ok := in.form.texts.entries[lang]; !ok {
		lang = in.form.texts.standard
	}
	in.lang = lang
}

// Value is the value of a node in ODK's text form, empty for none or when there
// is no such node. Values of nodes that are not relevant are still there.
func (in *Instance) Value(r Ref) string {
	it := in.lookup(r)
	if it == nil || !it.isLeaf() {
		return ""
	}
	return it.value()
}

// Exists reports whether the instance has the node.
func (in *Instance) Exists(r Ref) bool { return in.lookup(r) != nil }

// Relevant reports whether the node is there and relevant, with all groups
// around it.
func (in *Instance) Relevant(r Ref) bool {
	it := in.lookup(r)
	return it != nil && !it.hidden
}

// Required reports whether the node must have a value.
func (in *Instance) Required(r Ref) bool {
	it := in.lookup(r)
	return it != nil && it.required
}

// ReadOnly reports whether the node, or a group around it, takes no answer.
func (in *Instance) ReadOnly(r Ref) bool {
	it := in.lookup(r)
	return it != nil && it.locked()
}

func (in *Instance) takeError() error {
	err := in.failed
	in.failed = nil
	return err
}
