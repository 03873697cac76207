package xlsform

import (
	"fmt"
	"strconv"
)

// readAudit takes the row that switches on the record of what the interviewer does.
func (c *converter) readAudit(r *record, e *element, ps []param) {
	if r.name != "" && r.name != "audit" {
		c.bad(r, "name", "audit-name", `An audit has no name of its own.`, "Leave the name empty.")
	}
	e.name = "audit"
	c.allowParameters(r, ps, "location-priority", "location-min-interval", "location-max-age",
		"track-changes", "identify-user", "track-changes-reasons")
	for _, key := range []string{"track-changes", "identify-user"} {
		if v, ok := getParam(ps, key); ok {
			if v != "true" && v != "false" {
				c.bad(r, "parameters", "parameter-value", fmt.Sprintf("The parameter %s is %q.", key, v), `Write "true" or "false".`)
			}
			e.bind.set("odk:"+key, v)
		}
	}
	if v, ok := getParam(ps, "track-changes-reasons"); ok {
		if v != "on-form-edit" {
			c.bad(r, "parameters", "parameter-value", fmt.Sprintf("The parameter track-changes-reasons is %q.", v), `Write "on-form-edit".`)
		}
		e.bind.set("odk:track-changes-reasons", v)
	}
	c.auditLocation(r, e, ps)
	c.giveType(e)
	c.meta = append(c.meta, e)
}

// auditLocation reads the three location parameters, which go together.
func (c *converter) auditLocation(r *record, e *element, ps []param) {
	priority, p := getParam(ps, "location-priority")
	interval, i := getParam(ps, "location-min-interval")
	age, a := getParam(ps, "location-max-age")
	if !p && !i && !a {
		return
	}
	if !p || !i || !a {
		c.bad(r, "parameters", "audit-location", "To record positions, an audit needs three parameters.",
			`Write "location-priority=balanced location-min-interval=60 location-max-age=120".`)
		return
	}
	switch priority {
	case "no-power", "low-power", "balanced", "high-accuracy":
	default:
		c.bad(r, "parameters", "parameter-value", fmt.Sprintf("The parameter location-priority is %q.", priority),
			`Write one of "no-power", "low-power", "balanced", "high-accuracy".`)
	}
	least, okLeast := c.seconds(r, "location-min-interval", interval)
	most, okMost := c.seconds(r, "location-max-age", age)
	if okLeast && okMost && most < least {
		c.bad(r, "parameters", "audit-location", "location-max-age is less than location-min-interval.", "Make it the same or more.")
	}
	e.bind.set("odk:location-max-age", age)
	e.bind.set("odk:location-min-interval", interval)
	e.bind.set("odk:location-priority", priority)
}

func (c *converter) seconds(r *record, key, v string) (int, bool) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		c.bad(r, "parameters", "parameter-number", fmt.Sprintf("The parameter %s is %q.", key, v), "Write a whole number of seconds, 0 or more.")
		return 0, false
	}
	return n, true
}
