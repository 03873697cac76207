package xpath

import (
	"sync"

	"parvis/internal/xmltree"
)

// Index is an [Indexer] for trees that do not change, to be embedded in an Env
// beside the secondary instances. It is built list by list when first asked and
// may be used by many goroutines. The zero Index is ready.
type Index struct {
	mu    sync.RWMutex
	lists map[indexKey]map[string][]*xmltree.Node
	// Min is the number of children below which a list is walked instead; 0 means
	// 64.
	Min int
	// Accept says which lists do not change and so may be indexed; nil means all.
	Accept func(parent *xmltree.Node) bool
}

type indexKey struct {
	parent      *xmltree.Node
	item, field xmltree.Name
}

// maxIndexes bounds the memory that many different filters could ask for.
const maxIndexes = 1000

// Lookup implements [Indexer].
func (x *Index) Lookup(parent *xmltree.Node, item, field xmltree.Name, value string) ([]*xmltree.Node, bool) {
	least := x.Min
	if least == 0 {
		least = 64
	}
	if len(parent.Children) < least || x.Accept != nil && !x.Accept(parent) {
		return nil, false
	}
	key := indexKey{parent, item, field}
	x.mu.RLock()
	list, ok := x.lists[key]
	full := len(x.lists) >= maxIndexes
	x.mu.RUnlock()
	if !ok {
		if full {
			return nil, false
		}
		list = buildIndex(key)
		x.mu.Lock()
		if x.lists == nil {
			x.lists = map[indexKey]map[string][]*xmltree.Node{}
		}
		x.lists[key] = list
		x.mu.Unlock()
	}
	return list[value], true
}

func buildIndex(k indexKey) map[string][]*xmltree.Node {
	out := map[string][]*xmltree.Node{}
	for _, item := range k.parent.Children {
		if item.Kind != xmltree.Element || !sameName(item.Name, k.item) {
			continue
		}
		for _, f := range item.Children {
			if f.Kind != xmltree.Element || !sameName(f.Name, k.field) {
				continue
			}
			s := f.Text()
			if list := out[s]; len(list) == 0 || list[len(list)-1] != item {
				out[s] = append(list, item)
			}
		}
	}
	return out
}

func sameName(have, want xmltree.Name) bool {
	return have.Local == want.Local && (want.Space == "*" || have.Space == want.Space)
}
