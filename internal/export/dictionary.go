package export

import (
	"slices"
	"strings"

	"parvis/internal/study"
)

// Dictionary unites the versions of a questionnaire: which columns there are, what each is called and means.
//
// Names. A variable is called as its question is. Where one version has the name twice in the same file, both are called by
// their groups too (group.name); where the name is one of Parvis's own columns, it is called q_name. A later version never renames
// what an earlier one has: a question that moved to another group keeps its column, a new one with a name in use is called by its
// groups.
type Dictionary struct {
	Languages []string // of the newest version, then those only older ones have
	Variables []*Variable
	Repeats   []Repeat
	// Personal are the paths of questions left out, in no order that matters.
	Personal []string
	// Silent are the paths that hold nothing to export.
	Silent []string

	byRef map[string]*Variable // the paths of all versions lead to their variable
	known []*Variable          // in the order they were introduced
}

// NewDictionary unites questionnaires, given oldest first.
func NewDictionary(versions []*Questionnaire) *Dictionary {
	d := &Dictionary{byRef: map[string]*Variable{}}
	personal := personalRefs(versions)
	for ref := range personal {
		d.Personal = append(d.Personal, ref)
	}
	orders := make([][]*Variable, len(versions))
	for i, q := range versions {
		orders[i] = d.add(q, personal)
	}
	slices.Reverse(orders)
	for _, order := range orders {
		d.Variables = weave(d.Variables, order)
	}
	for i := len(versions) - 1; i >= 0; i-- {
		d.addLanguages(versions[i])
		d.addRepeats(versions[i])
		d.Silent = append(d.Silent, versions[i].Silent...)
	}
	return d
}

// personalRefs are the paths left out. A question is left out of every version if it is personal in one, also where it stood at
// another path then.
func personalRefs(versions []*Questionnaire) map[string]bool {
	refs := map[string]bool{}
	for _, q := range versions {
		names := map[string]bool{}
		for _, v := range q.Variables {
			if v.Roles.Has(study.RolePersonal) {
				refs[v.Ref], names[v.Name] = true, true
			}
		}
		for _, other := range versions {
			for _, v := range other.Variables {
				if names[v.Name] && !q.has(v.Ref) {
					refs[v.Ref] = true
				}
			}
		}
	}
	return refs
}

func (q *Questionnaire) has(ref string) bool {
	return slices.ContainsFunc(q.Variables, func(v *Variable) bool { return v.Ref == ref })
}

// add gives each question of a version its column and returns the columns in the version's order.
func (d *Dictionary) add(q *Questionnaire, personal map[string]bool) []*Variable {
	here := map[string]bool{}
	uses := map[[2]string]int{}
	for _, v := range q.Variables {
		here[v.Ref] = true
		uses[[2]string{v.Repeat, v.Name}]++
	}
	var order []*Variable
	for _, v := range q.Variables {
		if personal[v.Ref] {
			continue
		}
		known := d.byRef[v.Ref]
		if known == nil && uses[[2]string{v.Repeat, v.Name}] == 1 {
			known = d.moved(v, here)
		}
		if known == nil {
			known = d.introduce(v, uses[[2]string{v.Repeat, v.Name}] > 1)
		}
		d.byRef[v.Ref] = known
		known.update(v, q.Version)
		order = append(order, known)
	}
	return order
}

// moved finds the column of a question that stood elsewhere in earlier versions: the same name in the same file, at a path that
// this version no longer has.
func (d *Dictionary) moved(v *Variable, here map[string]bool) *Variable {
	for _, have := range d.known {
		if have.Name == v.Name && have.Repeat == v.Repeat && !here[have.Ref] {
			return have
		}
	}
	return nil
}

// introduce makes a new column.
func (d *Dictionary) introduce(v *Variable, ambiguous bool) *Variable {
	made := *v
	made.Versions = nil
	made.Column = d.freeName(v, ambiguous)
	d.known = append(d.known, &made)
	return &made
}

// freeName finds a heading nobody has in the variable's file.
func (d *Dictionary) freeName(v *Variable, ambiguous bool) string {
	name := v.Name
	if v.Repeat == "" && slices.Contains(interviewColumns(), name) || v.Repeat != "" && (name == "interview" || name == "index") {
		name = "q_" + name
	}
	groups := strings.Split(strings.Trim(strings.TrimPrefix(v.Ref, v.Repeat), "/"), "/")
	for up := len(groups) - 2; up >= 0 && (ambiguous || d.taken(v.Repeat, name)); up-- {
		name, ambiguous = groups[up]+"."+name, false
	}
	for d.taken(v.Repeat, name) {
		name += "_"
	}
	return name
}

func (d *Dictionary) taken(repeat, column string) bool {
	return slices.ContainsFunc(d.known, func(v *Variable) bool { return v.Repeat == repeat && v.Column == column })
}

// update takes over what the newer version says; choices that only older versions offered stay, behind the newer ones.
func (v *Variable) update(newer *Variable, version string) {
	older := v.Choices
	multiple := v.Kind == Multiple
	column, versions := v.Column, append(v.Versions, version)
	*v = *newer
	v.Column, v.Versions = column, versions
	if multiple && v.Kind == Single {
		v.Kind = Multiple
	}
	v.Choices = slices.Clone(newer.Choices)
	for _, c := range older {
		if !slices.ContainsFunc(v.Choices, func(have Choice) bool { return have.Value == c.Value }) {
			v.Choices = append(v.Choices, c)
		}
	}
}

// weave puts what only the other order has behind its neighbour there.
func weave(order, other []*Variable) []*Variable {
	at := -1
	for _, v := range other {
		if i := slices.Index(order, v); i >= 0 {
			at = i
			continue
		}
		at++
		order = slices.Insert(order, at, v)
	}
	return order
}

func (d *Dictionary) addLanguages(q *Questionnaire) {
	for _, l := range q.Languages {
		if !slices.Contains(d.Languages, l) {
			d.Languages = append(d.Languages, l)
		}
	}
}

func (d *Dictionary) addRepeats(q *Questionnaire) {
	for _, r := range q.Repeats {
		if !slices.ContainsFunc(d.Repeats, func(have Repeat) bool { return have.Ref == r.Ref }) {
			d.Repeats = append(d.Repeats, r)
		}
	}
}

// of returns the variables of one repeat, or of the interview itself where repeat is empty.
func (d *Dictionary) of(repeat string) []*Variable {
	var found []*Variable
	for _, v := range d.Variables {
		if v.Repeat == repeat {
			found = append(found, v)
		}
	}
	return found
}

// parentOf is the path of the repeat around a repeat.
func (d *Dictionary) parentOf(repeat string) string {
	for _, r := range d.Repeats {
		if r.Ref == repeat {
			return r.Parent
		}
	}
	return ""
}
