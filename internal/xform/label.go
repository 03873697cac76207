package xform

import "strings"

// text renders a text in the current language for an item.
func (in *Instance) text(t *text, it *item) string {
	if t == nil {
		return ""
	}
	if t.id == "" {
		return in.render(t.own, it)
	}
	e := in.form.texts.find(t.id, in.lang)
	if e == nil {
		return ""
	}
	if e.long.empty() {
		return in.render(e.other["short"], it)
	}
	return in.render(e.long, it)
}

// form renders another form of an itext: guidance, image, audio.
func (in *Instance) textForm(t *text, form string, it *item) string {
	if t == nil || t.id == "" {
		return ""
	}
	e := in.form.texts.find(t.id, in.lang)
	if e == nil {
		return ""
	}
	return strings.TrimSpace(in.render(e.other[form], it))
}

func (in *Instance) media(id string, it *item) (image, audio string) {
	e := in.form.texts.find(id, in.lang)
	if e == nil || e.other == nil {
		return "", ""
	}
	return strings.TrimSpace(in.render(e.other["image"], it)), strings.TrimSpace(in.render(e.other["audio"], it))
}

// render puts values into a text.
func (in *Instance) render(c content, it *item) string {
	if c.parts == nil {
		return c.plain
	}
	var b strings.Builder
	for _, p := range c.parts {
		b.WriteString(p.plain)
		if p.src == "" {
			continue
		}
		x, err := in.compiled(p.src, it.def)
		if err != nil {
			in.fail(it, err)
			continue
		}
		v, err := in.eval(x, it)
		if err != nil {
			in.fail(it, err)
			continue
		}
		b.WriteString(in.readable(v))
	}
	return b.String()
}
