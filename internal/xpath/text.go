package xpath

import (
	"strings"

	"parvis/internal/xmltree"
)

// MaxText is the length in bytes of the longest text that an evaluation may put
// together.
const MaxText = 16 << 20

// bytesPerStep is how much text costs one step of the budget.
const bytesPerStep = 64

// text is the string-value of a node, paid for by the nodes and bytes it takes.
func (ev *evaluator) text(n *xmltree.Node) string {
	if len(n.Children) == 0 {
		if len(n.Value) > bytesPerStep {
			ev.tick(len(n.Value) / bytesPerStep)
		}
		return n.Value
	}
	var b strings.Builder
	ev.appendText(&b, n)
	return b.String()
}

func (ev *evaluator) appendText(b *strings.Builder, n *xmltree.Node) {
	if !ev.tick(1+len(n.Value)/bytesPerStep) || !ev.fits(b.Len()+len(n.Value)) {
		return
	}
	b.WriteString(n.Value)
	for _, c := range n.Children {
		if c.Kind == xmltree.Text || c.Kind == xmltree.Element {
			ev.appendText(b, c)
		}
	}
}

// fits reports whether a text of this length may be made.
func (ev *evaluator) fits(length int) bool {
	if length > MaxText {
		ev.fail(0, "a text grows beyond %d million characters", MaxText>>20)
	}
	return ev.err == nil
}

// join puts texts together with a separator between.
func (ev *evaluator) join(list []string, separator string) string {
	total := 0
	for _, s := range list {
		total += len(s) + len(separator)
	}
	if !ev.fits(total) || !ev.tick(total/bytesPerStep) {
		return ""
	}
	return strings.Join(list, separator)
}
