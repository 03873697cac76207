package xlsform

import (
	"fmt"
	"strings"
)

// entity is one row of the entities sheet: a list of things that interviews
// create or update, and how.
type entity struct {
	row                         int
	list                        string
	id, createIf, updateIf, lab string
	refs                        []entityRef
	asked                       map[string]bool
}

// entityLabel is the type of the node that holds a new entity's label.
const entityLabel = "entity label"

// entityRef is a place in the survey that an entity depends on: a question
// saved to one of its properties, or one that its expressions refer to.
type entityRef struct {
	container *element
	row       int
	property  string
	question  string
}

func (c *converter) entityNamed(list string) *entity {
	for _, e := range c.entities {
		if e.list == list {
			return e
		}
	}
	return nil
}

func (c *converter) readEntities() {
	sheet := c.w.Sheet("entities")
	if sheet == nil {
		c.suggestSheet("entities")
		return
	}
	cols := entitiesVocabulary().columns(sheet, &c.d)
	for _, row := range sheet.Rows {
		e := &entity{row: row.Number, asked: map[string]bool{}}
		for _, col := range cols {
			v := cleanText(row.At(col.index), false)
			if v == "" {
				continue
			}
			c.putEntity(sheet, e, col, v)
		}
		c.checkEntity(sheet, e)
		if c.entityNamed(e.list) != nil {
			c.d.problem(sheet.Name, e.row, "list_name", "entity-duplicate",
				fmt.Sprintf("The entity list %q is declared twice.", e.list), "Keep one row for each list.")
		}
		c.entities = append(c.entities, e)
	}
}

func (c *converter) putEntity(sheet *Sheet, e *entity, col column, v string) {
	switch col.tokens[0] {
	case "dataset":
		e.list = v
		return
	case "entity_id":
		e.id = v
	case "create_if":
		e.createIf = v
	case "update_if":
		e.updateIf = v
	case "label":
		e.lab = v
	default:
		c.d.problem(sheet.Name, 1, col.header, "entity-column",
			fmt.Sprintf("The entities sheet has no column %q.", col.header),
			"Use list_name, label, entity_id, create_if and update_if; delete or rename others.")
		return
	}
	refs, _ := references(v)
	for _, r := range refs {
		e.asked[r.name] = true
	}
}

func (c *converter) checkEntity(sheet *Sheet, e *entity) {
	bad := func(column, rule, message, remedy string) {
		c.d.problem(sheet.Name, e.row, column, rule, message, remedy)
	}
	switch {
	case e.list == "":
		bad("list_name", "entity-name", "The entity list has no name.", "Write its name under list_name.")
	case strings.HasPrefix(e.list, "__"):
		bad("list_name", "entity-name", fmt.Sprintf("The list name %q begins with two underscores.", e.list), "Choose another name; such names are reserved.")
	case strings.Contains(e.list, "."):
		bad("list_name", "entity-name", fmt.Sprintf("The list name %q has a period.", e.list), "Write it without periods.")
	case !isName(e.list):
		bad("list_name", "entity-name", fmt.Sprintf("%q cannot name an entity list.", e.list), nameRemedy)
	}
	switch {
	case e.id == "" && e.updateIf != "":
		bad("entity_id", "entity-id", fmt.Sprintf("The list %q is updated, but nothing says which entity.", e.list), "Write the expression under entity_id, or move update_if to create_if.")
	case e.id != "" && e.createIf != "" && e.updateIf == "":
		bad("update_if", "entity-update", fmt.Sprintf("The list %q has create_if and entity_id, but no update_if.", e.list), "Write when to update under update_if, or delete entity_id.")
	case e.id == "" && e.lab == "":
		bad("label", "entity-label", fmt.Sprintf("New entities of %q would have no label.", e.list), "Write an expression under label, or an entity_id to update existing ones.")
	}
}

// saveTo notes which entity property an answer goes to, and which entities ask
// for the question.
func (c *converter) saveTo(r *record, e *element, end bool) {
	if r.bind.has(saveTo) {
		c.saveProperty(r, e, end)
	}
	if e == nil {
		return
	}
	for _, ent := range c.entities {
		if ent.asked[e.name] {
			ent.refs = append(ent.refs, entityRef{container: c.top().element, row: r.row, question: e.name})
		}
	}
}

func (c *converter) saveProperty(r *record, e *element, end bool) {
	bad := func(rule, message, remedy string) { c.bad(r, "save_to", rule, message, remedy) }
	if len(c.entities) == 0 {
		bad("save-to-nothing", "save_to needs an entity list, and the workbook declares none.", `Add a sheet "entities" with list_name and label.`)
		return
	}
	property := r.bind.get(saveTo)
	ent := c.entities[0]
	if list, rest, prefixed := strings.Cut(property, "#"); prefixed {
		if strings.Contains(rest, "#") {
			bad("save-to-form", fmt.Sprintf("%q has several #.", property), "Write list#property.")
			return
		}
		if ent = c.entityNamed(list); ent == nil {
			bad("save-to-list", fmt.Sprintf("There is no entity list %q.", list), "Write a list_name of the entities sheet.")
			return
		}
		property = rest
	} else if len(c.entities) > 1 {
		bad("save-to-prefix", "There are several entity lists, and nothing says to which one this goes.", "Write list#property.")
		return
	}
	_, _, begin := beginWord(r.typ)
	switch lower := strings.ToLower(property); {
	case begin || end:
		bad("save-to-container", "Groups and repeats cannot be saved to entities.", "Move the save_to to a question.")
		return
	case lower == "name" || lower == "label":
		bad("save-to-name", fmt.Sprintf("The property name %q is reserved.", property), "Choose another name.")
		return
	case strings.HasPrefix(property, "__"):
		bad("save-to-name", fmt.Sprintf("The property name %q begins with two underscores.", property), "Choose another name; such names are reserved.")
		return
	case !isName(property):
		bad("save-to-name", fmt.Sprintf("%q cannot name a property.", property), nameRemedy)
		return
	}
	for _, ref := range ent.refs {
		if ref.property == property {
			bad("save-to-duplicate", fmt.Sprintf("The property %q is already set by row %d.", property, ref.row), "Give each question its own property.")
			return
		}
	}
	ent.refs = append(ent.refs, entityRef{container: c.top().element, row: r.row, property: property})
	if e != nil {
		e.bind.set(saveTo, property)
	}
}

// node builds the meta/entity block of a declaration.
func (ent *entity) node() *element {
	readonly := func(name, value, calculate string) *element {
		a := &element{kind: attributeElement, name: name, row: ent.row, value: value, generated: true}
		if calculate != "" {
			a.bind.set("calculate", calculate)
			a.bind.set("readonly", "true()")
			a.bind.set("type", "string")
		}
		return a
	}
	e := &element{kind: entityElement, name: "entity", row: ent.row, generated: true}
	e.add(readonly("dataset", ent.list, ""))
	id := &element{kind: attributeElement, name: "id", row: ent.row, generated: true}
	id.bind.set("readonly", "true()")
	id.bind.set("type", "string")
	if ent.id == "" || ent.createIf != "" {
		e.add(readonly("create", "1", ent.createIf))
	}
	if ent.id == "" {
		id.actions = []action{{name: "setvalue", event: firstLoad, value: "uuid()"}, {name: "setvalue", event: newRepeat, value: "uuid()"}}
	} else {
		e.add(readonly("update", "1", ent.updateIf))
		id.bind.set("calculate", ent.id)
		item := fmt.Sprintf("instance('%s')/root/item[name=%s]", ent.list, ent.id)
		e.add(readonly("baseVersion", "", item+"/__version"),
			readonly("trunkVersion", "", item+"/__trunkVersion"),
			readonly("branchId", "", item+"/__branchId"))
	}
	e.add(id)
	if ent.lab != "" {
		l := &element{name: "label", typ: entityLabel, row: ent.row, generated: true}
		l.bind.set("calculate", ent.lab)
		l.bind.set("readonly", "true()")
		l.bind.set("type", "string")
		e.add(l)
	}
	return e
}
