package xlsform

import (
	"errors"
	"strings"
)

// write makes the XForm.
func (c *converter) write() []byte {
	c.collectTexts()
	c.checkLanguageCodes()
	c.collectMedia()
	w := &xmlWriter{}
	w.b.WriteString(`<?xml version="1.0"?>`)
	w.start("h:html")
	for _, ns := range c.namespaces() {
		name := "xmlns"
		if ns[0] != "" {
			name += ":" + ns[0]
		}
		w.attr(name, ns[1])
	}
	w.start("h:head")
	w.leaf("h:title", c.title)
	c.writeModel(w)
	w.end()
	w.start("h:body")
	if style := c.settings.get("style"); style != "" {
		w.attr("class", style)
	}
	for _, e := range c.root.children {
		c.writeControl(w, e)
	}
	w.end()
	w.end()
	return w.b.Bytes()
}

func (c *converter) writeModel(w *xmlWriter) {
	w.start("model")
	w.attr("odk:xforms-version", "1.0.0")
	if c.entityVersion != "" {
		w.attr("entities:entities-version", c.entityVersion)
	}
	c.writeSubmission(w)
	c.writeItext(w)
	w.start("instance")
	c.writeRoot(w)
	w.end()
	for _, x := range c.instances {
		c.writeInstance(w, x)
	}
	c.root.walk(func(e *element) {
		c.writeBind(w, e)
		c.writeActions(w, e, false)
	})
	w.end()
}

func (c *converter) writeSubmission(w *xmlWriter) {
	s := &c.settings
	var as []string
	if v := s.get("submission_url"); v != "" {
		as = append(as, "action", v, "method", "post")
	}
	for _, kv := range [][2]string{{"public_key", "base64RsaPublicKey"}, {"auto_send", "orx:auto-send"}, {"auto_delete", "orx:auto-delete"}} {
		if v := s.get(kv[0]); v != "" {
			as = append(as, kv[1], v)
		}
	}
	if isYes(s.get("client_editable")) {
		as = append(as, "odk:client-editable", "true")
	}
	if len(as) > 0 {
		w.leaf("submission", "", as...)
	}
}

func (c *converter) writeItext(w *xmlWriter) {
	if len(c.itext.languages) == 0 {
		return
	}
	w.start("itext")
	for _, l := range c.itext.languages {
		w.start("translation")
		w.attr("lang", l.name)
		if l.name == c.settings.defaultLanguage {
			w.attr("default", "true()")
		}
		for _, id := range c.itext.order {
			w.start("text")
			w.attr("id", id)
			for _, f := range l.texts[id].forms {
				c.writeItextForm(w, f)
			}
			w.end()
		}
		w.end()
	}
	w.end()
}

func (c *converter) writeItextForm(w *xmlWriter, f itextForm) {
	value := f.value
	if isMediaKind(f.form) {
		if value == "-" {
			return
		}
		value = mediaURI(f.form, value)
	}
	w.start("value")
	if f.form != "" {
		w.attr("form", f.form)
	}
	c.writeText(w, value, f.from)
	w.end()
}

func mediaURI(kind, file string) string {
	switch kind {
	case "image", "big-image":
		return "jr://images/" + file
	}
	return "jr://" + kind + "/" + file
}

// writeText writes what people read; references and paths into tables become
// output elements.
func (c *converter) writeText(w *xmlWriter, s string, from *element) {
	if s == "-" || !strings.Contains(s, "${") && !strings.Contains(s, "instance(") {
		w.text(s)
		return
	}
	spans := c.lex.instancePaths(s)
	refs, _ := references(s)
	at := 0
	output := func(start, end int) {
		w.text(s[at:start])
		w.start("output")
		w.attr("value", c.expression(s[start:end], from, resolving{}))
		w.end()
		at = end
	}
	for len(spans) > 0 || len(refs) > 0 {
		switch {
		case len(spans) > 0 && (len(refs) == 0 || spans[0][0] <= refs[0].start):
			output(spans[0][0], spans[0][1])
			for len(refs) > 0 && refs[0].start < spans[0][1] {
				refs = refs[1:]
			}
			spans = spans[1:]
		default:
			output(refs[0].start, refs[0].end)
			refs = refs[1:]
		}
	}
	w.text(s[at:])
}

// expression resolves references; one that cannot be is reported at its row.
func (c *converter) expression(s string, from *element, how resolving) string {
	out, err := c.resolve(s, from, how)
	if err == nil {
		return out
	}
	d := Diagnostic{Message: err.Error()}
	errors.As(err, &d)
	d.Rule = "reference-ambiguous"
	if from != nil {
		d.Sheet, d.Column = c.placeOf(from, "")
		d.Row = from.row
	}
	c.d.add(d)
	return s
}

// collectMedia lists the files that are shown or played.
func (c *converter) collectMedia() {
	seen := map[string]bool{}
	for _, id := range c.itext.order {
		for _, l := range c.itext.languages {
			for _, f := range l.texts[id].forms {
				if isMediaKind(f.form) && f.value != "-" && !seen[f.value] && !strings.Contains(f.value, "${") {
					seen[f.value] = true
					c.mediaFiles = append(c.mediaFiles, f.value)
				}
			}
		}
	}
}
