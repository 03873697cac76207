package xlsform

// itext is all that is said in languages: for each language, texts by id.
type itext struct {
	languages []*itextLanguage
	order     []string
	known     map[string]bool
}

type itextLanguage struct {
	name  string
	texts map[string]*itextEntry
}

// itextEntry is one text in one language, in several forms: "" to read, guidance,
// image, audio and so on. Its references are seen from an element.
type itextEntry struct {
	forms []itextForm
}

type itextForm struct {
	form, value string
	from        *element
}

func (t *itext) put(lang, id, form, value string, from *element) {
	var l *itextLanguage
	for _, x := range t.languages {
		if x.name == lang {
			l = x
		}
	}
	if l == nil {
		l = &itextLanguage{name: lang, texts: map[string]*itextEntry{}}
		t.languages = append(t.languages, l)
	}
	if t.known == nil {
		t.known = map[string]bool{}
	}
	if !t.known[id] {
		t.known[id] = true
		t.order = append(t.order, id)
	}
	e := l.texts[id]
	if e == nil {
		e = &itextEntry{}
		l.texts[id] = e
	}
	for i := range e.forms {
		if e.forms[i].form == form {
			e.forms[i] = itextForm{form, value, from}
			return
		}
	}
	e.forms = append(e.forms, itextForm{form, value, from})
}

// fill puts "-" where a language lacks what another has to read, so that nobody
// meets a blank page.
func (t *itext) fill() {
	for _, id := range t.order {
		forms := map[string]bool{}
		var order []string
		for _, l := range t.languages {
			if e := l.texts[id]; e != nil {
				for _, f := range e.forms {
					if !forms[f.form] {
						forms[f.form] = true
						order = append(order, f.form)
					}
				}
			}
		}
		for _, l := range t.languages {
			if e := l.texts[id]; e != nil && len(e.forms) == len(order) {
				continue
			}
			for _, f := range order {
				if !l.has(id, f) {
					t.put(l.name, id, f, "-", nil)
				}
			}
		}
	}
}

func (l *itextLanguage) has(id, form string) bool {
	e := l.texts[id]
	if e == nil {
		return false
	}
	for _, f := range e.forms {
		if f.form == form {
			return true
		}
	}
	return false
}

// collectTexts gathers all translated texts, choices first.
func (c *converter) collectTexts() {
	lang := c.settings.defaultLanguage
	for _, l := range c.listOrder {
		if !l.itext {
			continue
		}
		for i, ch := range l.choices {
			id := choiceTextID(l.name, i)
			ch.label.each(lang, func(lang, v string) { c.itext.put(lang, id, "", v, nil) })
			for _, m := range ch.media {
				m.value.each(lang, func(lang, v string) { c.itext.put(lang, id, m.name, v, nil) })
			}
		}
	}
	c.root.walk(func(e *element) {
		if e.isSection() || e.kind == questionElement {
			c.elementTexts(e, lang)
		}
	})
	c.itext.fill()
}

func (c *converter) elementTexts(e *element, lang string) {
	put := func(t text, part, form string) {
		t.each(lang, func(l, v string) { c.itext.put(l, e.textID(part), form, v, e) })
	}
	for _, m := range messageAttributes() {
		if i := e.bind.at(m); i >= 0 && needsText(m, e.bind[i].value) {
			put(e.bind[i].value, m, "")
		}
	}
	if e.labelTranslated() {
		put(e.label, "label", "")
	}
	if e.hintTranslated() {
		put(e.hint, "hint", "")
		put(e.guidance, "hint", "guidance")
	}
	for _, m := range e.media {
		put(m.value, "label", m.name)
	}
}

func messageAttributes() []string {
	return []string{"jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString"}
}

// needsText reports whether a message has to stand among the translated texts.
func needsText(name string, t text) bool {
	return t.translated() || name != "jr:noAppErrorString" && hasReference(t.plain())
}

func (e *element) textID(part string) string { return e.xpath() + ":" + part }

func (e *element) labelTranslated() bool { return e.label.translated() || len(e.media) > 0 }

func (e *element) hintTranslated() bool { return e.hint.translated() || !e.guidance.empty() }

func choiceTextID(list string, i int) string { return list + "-" + itoa(i) }
