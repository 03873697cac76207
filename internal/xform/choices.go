package xform

import (
	"strings"

	"parvis/internal/xmltree"
)

// Choice is one of the answers a question offers, in the current language.
type Choice struct {
	Value string
	Label string
	Image string // jr:// name of a picture, if any
	Audio string
}

// Choices are the choices a question offers now. Values that were chosen before
// and are no longer offered are taken out of the answer, as the reference does
// when it shows a list; what depends on the answer is recomputed.
func (in *Instance) Choices(r Ref) ([]Choice, error) {
	it := in.lookup(r)
	if it == nil || it.def.control == nil {
		return nil, &Error{Code: UnknownRef, Ref: r, Msg: "no such question"}
	}
	return in.choices(it.def.control, it), in.takeError()
}

func (in *Instance) choices(c *control, it *item) []Choice {
	if c.itemset == nil {
		return in.fixed(c.choices, it, 0)
	}
	if got, ok := in.kept[c]; ok && got.lang == in.lang {
		return got.choices
	}
	in.env.shuffle(in.seed, it)
	v, err := in.eval(c.itemset.nodes, it)
	in.env.shuffled = nil
	if err != nil {
		in.fail(it, err)
		return nil
	}
	nodes := v.Nodes()
	out := in.fixed(c.itemset.front, it, len(nodes))
	for _, n := range nodes {
		if ch, ok := in.choice(c.itemset, n, it); ok {
			out = append(out, ch)
		}
	}
	if c.itemset.static {
		in.kept[c] = keptChoices{in.lang, out}
	} else {
		in.prune(c, it, out)
	}
	return out
}

// keptChoices is a list that depends on no answer.
type keptChoices struct {
	lang    string
	choices []Choice
}

// fixed are choices written in the body, with room for more.
func (in *Instance) fixed(list []fixedChoice, it *item, room int) []Choice {
	out := make([]Choice, len(list), len(list)+room)
	for i, ch := range list {
		out[i] = Choice{Value: ch.value}
		in.dress(&out[i], ch.label, it)
	}
	return out
}

// dress gives a choice its label and media.
func (in *Instance) dress(ch *Choice, t *text, it *item) {
	if t == nil {
		return
	}
	ch.Label = in.text(t, it)
	if t.id != "" {
		ch.Image, ch.Audio = in.media(t.id, it)
	}
}

func (in *Instance) choice(s *itemset, n *xmltree.Node, it *item) (Choice, bool) {
	var ch Choice
	if s.value != nil {
		v, err := in.evalNode(s.value, n)
		if err != nil {
			in.fail(it, err)
			return ch, false
		}
		ch.Value = v.String()
	} else if k := n.Child(s.key); k != nil {
		ch.Value = k.Text()
	}
	if ch.Value = strings.TrimSpace(ch.Value); ch.Value == "" {
		return ch, false
	}
	switch {
	case s.plain != "":
		if k := n.Child(s.plain); k != nil {
			ch.Label = k.Text()
		}
	case s.id != "":
		if k := n.Child(s.id); k != nil {
			in.dress(&ch, &text{id: strings.TrimSpace(k.Text())}, it)
		}
	case s.label != nil:
		v, err := in.evalNode(s.label, n)
		if err != nil {
			in.fail(it, err)
			return ch, false
		}
		ch.Label = v.String()
	}
	return ch, true
}

// prune takes out of an answer what is no longer offered.
func (in *Instance) prune(c *control, it *item, offered []Choice) {
	old := it.value()
	if old == "" {
		return
	}
	has := make(map[string]bool, len(offered))
	for _, ch := range offered {
		has[ch.Value] = true
	}
	if c.kind == Select1 {
		if !has[old] {
			in.change(it, "")
		}
		return
	}
	var kept []string
	for _, v := range strings.Fields(old) {
		if has[v] {
			kept = append(kept, v)
		}
	}
	in.change(it, strings.Join(kept, " "))
}
