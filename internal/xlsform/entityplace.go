package xlsform

import (
	"fmt"
	"sort"
)

// Where an entity's block stands decides how often it is made: in a repeat,
// once for each repetition. It stands in the deepest container that all places
// it depends on share; only one entity can stand in one container.

// scope is the repeat a container belongs to, itself included, or the root.
func scope(e *element) *element {
	for e.kind != repeatElement && e.parent != nil {
		e = e.parent
	}
	return e
}

// lineage is the containers from the root down to one.
func lineage(e *element) []*element {
	var up []*element
	for p := e; p != nil; p = p.parent {
		up = append([]*element{p}, up...)
	}
	return up
}

// repeatsAbove counts the repeats of a lineage, the container's own included.
func repeatsAbove(e *element) int {
	n := 0
	for p := e; p != nil; p = p.parent {
		if p.kind == repeatElement {
			n++
		}
	}
	return n
}

// groupsBelowScope counts the groups between a container and its scope.
func groupsBelowScope(e *element) int { return len(lineage(e)) - len(lineage(scope(e))) }

func isWithin(e, ancestor *element) bool {
	for p := e; p != nil; p = p.parent {
		if p == ancestor {
			return true
		}
	}
	return false
}

// deeper orders containers by repeats, then by groups inside the last one.
func deeper(a, b *element) bool {
	if ra, rb := repeatsAbove(a), repeatsAbove(b); ra != rb {
		return ra > rb
	}
	return groupsBelowScope(a) > groupsBelowScope(b)
}

// placement is where an entity should stand and how far up it may go.
type placement struct {
	entity  *entity
	scope   *element
	wanted  *element
	savings []*element
}

func containerPath(e *element) string {
	s := ""
	for _, p := range lineage(e) {
		s += "/" + p.name
	}
	return s
}

// place finds an entity's wish, or reports that its references do not go together.
func (c *converter) place(ent *entity) (placement, bool) {
	p := placement{entity: ent, scope: c.root, wanted: c.root}
	if len(ent.refs) == 0 {
		return p, true
	}
	deepest := ent.refs[0]
	for _, r := range ent.refs[1:] {
		if repeatsAbove(scope(r.container)) > repeatsAbove(scope(deepest.container)) {
			deepest = r
		}
	}
	p.scope = scope(deepest.container)
	var wanted *element
	for _, r := range ent.refs {
		if scope(r.container) == p.scope && (wanted == nil || groupsBelowScope(r.container) > groupsBelowScope(wanted)) {
			wanted = r.container
		}
	}
	for _, r := range ent.refs {
		if r.property != "" {
			p.savings = append(p.savings, r.container)
		}
	}
	if len(p.savings) > 0 {
		wanted = sharedContainer(p.savings)
		if len(p.savings) > 1 {
			if s := deepestScope(p.savings); !deeper(wanted, s) {
				wanted = s
			}
		}
	}
	p.wanted = wanted
	return p, c.checkPlace(ent, deepest, p)
}

func deepestScope(list []*element) *element {
	best := scope(list[0])
	for _, e := range list[1:] {
		if repeatsAbove(scope(e)) > repeatsAbove(best) {
			best = scope(e)
		}
	}
	return best
}

// sharedContainer is the deepest container around all of a list.
func sharedContainer(list []*element) *element {
	shared := list[0]
	for _, e := range list[1:] {
		for !isWithin(e, shared) {
			shared = shared.parent
		}
	}
	return shared
}

func (c *converter) checkPlace(ent *entity, deepest entityRef, p placement) bool {
	ok := true
	for _, r := range ent.refs {
		s := scope(r.container)
		if isWithin(p.scope, s) && (r.property == "" || s == scope(p.wanted)) {
			continue
		}
		ok = false
		if r.property != "" {
			c.d.problem(c.survey.Name, r.row, c.columnHeader("save_to"), "entity-scope",
				fmt.Sprintf("The entity list %q depends on %s as well, which repeats differently from %s.", ent.list, containerPath(deepest.container), containerPath(r.container)),
				"Check the list name, or copy the value into the right repeat with a calculate and save that.")
			continue
		}
		c.d.problem(c.entitiesSheet(), ent.row, "list_name", "entity-scope",
			fmt.Sprintf("The entity list %q depends on %s and refers to ${%s} in %s, which repeats differently.", ent.list, containerPath(deepest.container), r.question, containerPath(r.container)),
			"Check the reference, or copy the value into the right repeat with a calculate and refer to that.")
	}
	return ok
}

func (c *converter) entitiesSheet() string {
	if s := c.w.Sheet("entities"); s != nil {
		return s.Name
	}
	return "entities"
}

// placeEntities gives every entity its container.
func (c *converter) placeEntities() map[*element]*entity {
	placed := map[*element]*entity{}
	if len(c.entities) == 0 {
		return placed
	}
	var wishes []placement
	for _, ent := range c.entities {
		p, ok := c.place(ent)
		if !ok {
			return placed
		}
		wishes = append(wishes, p)
	}
	c.entityVersion = "2025.1.0"
	if len(wishes) == 1 && wishes[0].scope == c.root {
		c.entityVersion = "2024.1.0"
		placed[c.root] = wishes[0].entity
		return placed
	}
	sort.SliceStable(wishes, func(i, j int) bool { return wishes[i].entity.row < wishes[j].entity.row })
	reserved := map[*element]*entity{}
	for _, p := range wishes {
		c.settleEntity(p, placed, reserved)
	}
	return placed
}

// settleEntity takes the wanted container, or the next free one above within
// the scope; a container through which another entity saves is not free for one
// that saves too.
func (c *converter) settleEntity(p placement, placed, reserved map[*element]*entity) {
	var conflict *entity
	for at := p.wanted; ; at = at.parent {
		conflict = reserved[at]
		if conflict == nil {
			placed[at], reserved[at] = p.entity, p.entity
			for _, s := range p.savings {
				for x := s; ; x = x.parent {
					reserved[x] = p.entity
					if x == at {
						break
					}
				}
			}
			return
		}
		taken := false
		for _, s := range p.savings {
			if other := reserved[s]; other != nil {
				conflict, taken = other, true
				break
			}
		}
		if taken || at == p.scope || at.parent == nil {
			break
		}
	}
	c.d.problem(c.entitiesSheet(), p.entity.row, "list_name", "entity-place",
		fmt.Sprintf("The entity list %q has no place: %s is taken by the list %q of row %d.", p.entity.list, containerPath(p.scope), conflict.list, conflict.row),
		"Each group or repeat can make one entity. Put the questions of each list into a group of their own, and check save_to and the references.")
}
