package xlsform

import (
	"fmt"
	"strings"
)

// readQuestion takes a row that is neither a group nor a repeat.
func (c *converter) readQuestion(r *record, e *element, ps []param) {
	if c.readSelect(r, e, ps) || c.readOSMQuestion(r, e) {
		return
	}
	switch e.typ {
	case "range":
		c.readRange(r, e, ps)
	case "text":
		c.readText(r, e, ps)
	case "photo":
		c.readPhoto(r, e, ps)
	case "audio":
		c.readAudio(r, e, ps, "voice-only", "low", "normal", "external")
	case "background-audio":
		quality := c.readAudio(r, e, ps, "voice-only", "low", "normal")
		e.bind = dropAttr(e.bind, "odk:quality")
		e.actions = append(e.actions, action{name: "odk:recordaudio", event: instanceLoad, quality: quality})
	case "geopoint", "geoshape", "geotrace":
		c.readGeo(r, e, ps)
	case "start-geopoint":
		e.actions = append(e.actions, action{name: "odk:setgeopoint", event: firstLoad})
	case "background-geopoint":
		c.checkBackgroundGeopoint(r, e)
	case "calculate":
		if !e.bind.has("calculate") && !e.dynamic {
			c.bad(r, "calculation", "calculation-missing", fmt.Sprintf("The calculate %q has no calculation.", e.name),
				"Write the expression to compute.")
		}
	case "subscriberid", "simserial", "phonenumber":
		c.mind(r, "type", "device-id", fmt.Sprintf("Devices no longer tell apps their %s.", e.typ), `Use "deviceid" or ask for it.`)
	case "xml-external", "csv-external":
		e.kind = externalElement
		c.top().element.add(e)
		return
	}
	c.addQuestion(r, e)
}

// addQuestion gives the question its type and its place.
func (c *converter) addQuestion(r *record, e *element) {
	if !c.giveType(e) {
		c.unknownType(r)
		return
	}
	c.top().element.add(e)
}

// giveType looks the type up and puts the row's own bind over the type's.
func (c *converter) giveType(e *element) bool {
	spec, ok := questionType(e.typ)
	if !ok {
		return false
	}
	e.spec = spec
	var bind attrs
	for _, kv := range spec.bind {
		bind.set(kv[0], kv[1])
	}
	for _, a := range e.bind {
		if i := bind.at(a.name); i >= 0 {
			bind[i].value = a.value
		} else {
			bind = append(bind, a)
		}
	}
	e.bind = bind
	if e.hint.empty() && spec.hint != "" {
		e.hint = plainText(spec.hint)
	}
	if e.control.get("appearance") == "label" && e.label.empty() {
		e.label = plainText(" ")
	}
	return true
}

func dropAttr(a attrs, name string) attrs {
	if i := a.at(name); i >= 0 {
		return append(a[:i:i], a[i+1:]...)
	}
	return a
}

func (c *converter) unknownType(r *record) {
	if r.typ == "include" {
		c.bad(r, "type", "include", `"include" takes in another file, which is not possible here.`,
			"Copy that file's rows into this sheet.")
		return
	}
	if near := nearestType(r.typ); near != "" {
		c.bad(r, "type", "type-unknown", fmt.Sprintf("There is no question type %q.", r.written), fmt.Sprintf("Did you mean %q?", near))
		return
	}
	c.bad(r, "type", "type-unknown", fmt.Sprintf("There is no question type %q.", r.written),
		`Write one of text, integer, decimal, date, time, note, calculate, "select_one list", "select_multiple list", "begin group", "end group".`)
}

// nearestType finds the type an author may have meant.
func nearestType(t string) string {
	first, rest, more := strings.Cut(strings.ToLower(strings.TrimSpace(t)), " ")
	best, least := "", 3
	for _, known := range []string{"text", "integer", "decimal", "date", "time", "datetime", "note", "calculate",
		"select_one", "select_multiple", "rank", "range", "barcode", "geopoint", "geotrace", "geoshape", "image",
		"audio", "video", "file", "acknowledge", "hidden", "audit", "start", "end", "today", "deviceid", "username",
		"begin_group", "end_group", "begin_repeat", "end_repeat"} {
		if d := editDistance(first, known); d < least {
			best, least = known, d
		}
	}
	if best != "" && more && strings.HasPrefix(best, "select") {
		best += " " + rest
	}
	return best
}

func (c *converter) readText(r *record, e *element, ps []param) {
	c.allowParameters(r, ps, "rows")
	if rows, ok := getParam(ps, "rows"); ok {
		if !isInteger(rows) {
			c.bad(r, "parameters", "parameter-number", fmt.Sprintf("The parameter rows is %q.", rows), "Write a whole number.")
			return
		}
		e.control.set("rows", rows)
	}
}

func (c *converter) readPhoto(r *record, e *element, ps []param) {
	if e.deflt != "" && !strings.Contains(e.deflt, "jr://images/") {
		e.deflt = "jr://images/" + e.deflt
	}
	c.allowParameters(r, ps, "max-pixels", "app")
	if px, ok := getParam(ps, "max-pixels"); !ok {
		c.mind(r, "parameters", "max-pixels", "Photos of full size take long to send.", `Write "max-pixels=1000" under parameters.`)
	} else if !isInteger(px) {
		c.bad(r, "parameters", "parameter-number", fmt.Sprintf("The parameter max-pixels is %q.", px), "Write a whole number.")
	} else {
		e.bind.set("orx:max-pixels", px)
	}
	app, ok := getParam(ps, "app")
	if appearance := e.control.get("appearance"); !ok || (appearance != "" && appearance != "annotate") {
		return
	}
	if fault := packageNameFault(app); fault != "" {
		c.bad(r, "parameters", "app-name", fmt.Sprintf("The parameter app is %q, which is no Android package name: %s.", app, fault),
			`Write it as "org.example.camera".`)
		return
	}
	e.control.set("intent", app)
}

// packageNameFault says what keeps a word from being an Android package name.
func packageNameFault(name string) string {
	if strings.TrimSpace(name) == "" {
		return "it is empty"
	}
	parts := strings.Split(name, ".")
	if len(parts) < 2 {
		return "it has no period"
	}
	for _, p := range parts {
		if p == "" || !(p[0] >= 'a' && p[0] <= 'z' || p[0] >= 'A' && p[0] <= 'Z') {
			return "each part must begin with a letter"
		}
		for _, ch := range []byte(p) {
			if !(ch == '_' || ch >= '0' && ch <= '9' || ch >= 'a' && ch <= 'z' || ch >= 'A' && ch <= 'Z') {
				return "it may hold letters, digits, underscores and periods only"
			}
		}
	}
	return ""
}

func (c *converter) readAudio(r *record, e *element, ps []param, qualities ...string) string {
	c.allowParameters(r, ps, "quality")
	q, ok := getParam(ps, "quality")
	if !ok {
		return ""
	}
	for _, known := range qualities {
		if q == known {
			e.bind.set("odk:quality", q)
			return q
		}
	}
	c.bad(r, "parameters", "parameter-value", fmt.Sprintf("The parameter quality is %q.", q), fmt.Sprintf("Write one of %s.", quoteAll(qualities)))
	return ""
}

func (c *converter) checkBackgroundGeopoint(r *record, e *element) {
	if len(e.trigger) == 0 {
		c.bad(r, "trigger", "trigger-missing", "A background-geopoint needs a trigger.", "Write the question whose answer takes the position, as ${name}.")
	}
	if e.bind.has("calculate") {
		c.bad(r, "calculation", "calculation-extra", "A background-geopoint cannot have a calculation.", "Delete the calculation.")
	}
}

// readOSMQuestion takes "osm" with an optional list of tags.
func (c *converter) readOSMQuestion(r *record, e *element) bool {
	list, ok := strings.CutPrefix(e.typ, "osm ")
	if !ok || list == "" || strings.Contains(list, " ") {
		return false
	}
	e.typ = "osm"
	e.tags = c.osm[list]
	c.addQuestion(r, e)
	return true
}
