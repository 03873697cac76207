package xlsform

// text is what an author wrote for people to read: one string, or one for each
// language. The untranslated cell of a translated column stands under "".
type text struct {
	parts []translation
}

type translation struct {
	lang, value string
}

func plainText(s string) text {
	if s == "" {
		return text{}
	}
	return text{parts: []translation{{"", s}}}
}

func (t text) empty() bool { return len(t.parts) == 0 }

// translated reports whether there is any language.
func (t text) translated() bool {
	return len(t.parts) > 1 || (len(t.parts) == 1 && t.parts[0].lang != "")
}

// plain is the string of an untranslated text.
func (t text) plain() string {
	if len(t.parts) == 1 && t.parts[0].lang == "" {
		return t.parts[0].value
	}
	return ""
}

func (t *text) add(lang, value string) {
	if value == "" {
		return
	}
	for i := range t.parts {
		if t.parts[i].lang == lang {
			t.parts[i].value = value
			return
		}
	}
	t.parts = append(t.parts, translation{lang, value})
}

// settle gives the untranslated part of a translated text to the default
// language, unless that has its own.
func (t *text) settle(defaultLang string) {
	if !t.translated() {
		return
	}
	at := -1
	for i, p := range t.parts {
		switch p.lang {
		case "":
			at = i
		case defaultLang:
			defaultLang = ""
		}
	}
	switch {
	case at < 0:
	case defaultLang == "":
		t.parts = append(t.parts[:at:at], t.parts[at+1:]...)
	default:
		t.parts[at].lang = defaultLang
	}
}

// each calls f for every language; an untranslated text is in lang.
func (t text) each(lang string, f func(lang, value string)) {
	for _, p := range t.parts {
		if p.lang == "" {
			f(lang, p.value)
		} else {
			f(p.lang, p.value)
		}
	}
}

// attr is a named value of a bind, control or instance node, in the author's order.
type attr struct {
	name  string
	value text
}

type attrs []attr

func (a attrs) at(name string) int {
	for i := range a {
		if a[i].name == name {
			return i
		}
	}
	return -1
}

func (a attrs) has(name string) bool { return a.at(name) >= 0 }

func (a attrs) get(name string) string {
	if i := a.at(name); i >= 0 {
		return a[i].value.plain()
	}
	return ""
}

func (a *attrs) set(name, value string) {
	if i := a.at(name); i >= 0 {
		(*a)[i].value = plainText(value)
		return
	}
	*a = append(*a, attr{name, plainText(value)})
}

func (a *attrs) add(name, lang, value string) {
	i := a.at(name)
	if i < 0 {
		*a = append(*a, attr{name: name})
		i = len(*a) - 1
	}
	(*a)[i].value.add(lang, value)
}

func (a attrs) clone() attrs {
	out := make(attrs, len(a))
	for i, x := range a {
		out[i] = attr{x.name, text{append([]translation(nil), x.value.parts...)}}
	}
	return out
}

func (a attrs) settle(defaultLang string) {
	for i := range a {
		a[i].value.settle(defaultLang)
	}
}
