package xlsform

import (
	"fmt"
	"strings"
)

// record is one row of the survey sheet, its cells sorted by what they mean.
type record struct {
	row                   int
	typ, name             string
	label, hint, guidance text
	media                 attrs
	bind                  attrs
	control               attrs
	instance              attrs
	other                 map[string]string
	// written is the type as the author wrote it.
	written string
}

func (r *record) get(column string) string { return r.other[column] }

// bad reports a problem in the row, in the column that the author used for it.
func (c *converter) bad(r *record, column, rule, message, remedy string) {
	c.d.problem(c.survey.Name, r.row, c.columnHeader(column), rule, message, remedy)
}

func (c *converter) mind(r *record, column, rule, message, remedy string) {
	c.d.warn(c.survey.Name, r.row, c.columnHeader(column), rule, message, remedy)
}

// columnHeader is the author's own name of a column, which may be an old one.
func (c *converter) columnHeader(column string) string {
	want := []string{column}
	if a := surveyAlias(column); a != nil {
		want = a
	}
	for _, col := range c.surveyColumns {
		if len(col.tokens) >= len(want) && strings.Join(col.tokens[:len(want)], "::") == strings.Join(want, "::") {
			return col.header
		}
	}
	return column
}

// readRecord sorts the cells of a row.
func (c *converter) readRecord(row Row) *record {
	r := &record{row: row.Number, other: map[string]string{}}
	for _, col := range c.surveyColumns {
		v := row.At(col.index)
		if v == "" {
			continue
		}
		v = cleanText(v, c.settings.cleanBlanks)
		c.put(r, col, v)
	}
	r.written, r.typ = r.typ, typeAlias(r.typ)
	for _, t := range []*text{&r.label, &r.hint, &r.guidance} {
		t.settle(c.settings.defaultLanguage)
	}
	r.media.settle(c.settings.defaultLanguage)
	r.bind.settle(c.settings.defaultLanguage)
	return r
}

func (c *converter) put(r *record, col column, v string) {
	second, rest := "", ""
	if len(col.tokens) > 1 {
		second = col.tokens[1]
	}
	if len(col.tokens) > 2 {
		rest = strings.Join(col.tokens[2:], "::")
	}
	switch col.tokens[0] {
	case "type":
		r.typ = v
	case "name":
		r.name = v
	case "label":
		r.label.add(second, v)
	case "hint":
		r.hint.add(second, v)
	case "guidance_hint":
		r.guidance.add(second, v)
	case "media":
		c.putMedia(r, col, second, rest, v)
	case "bind":
		putAttr(&r.bind, second, rest, v)
	case "control":
		putAttr(&r.control, second, "", v)
	case "instance":
		putAttr(&r.instance, second, "", v)
	default:
		r.other[col.tokens[0]] = v
	}
}

func putAttr(a *attrs, name, lang, v string) {
	if name != "" {
		a.add(name, lang, v)
	}
}

func (c *converter) putMedia(r *record, col column, kind, lang, v string) {
	if !isMediaKind(kind) {
		c.d.problem(c.survey.Name, 1, col.header, "media-type",
			fmt.Sprintf("%q is no kind of medium.", kind),
			`Write one of "image", "big-image", "audio", "video".`)
		return
	}
	r.media.add(kind, lang, v)
}

func isMediaKind(kind string) bool {
	switch kind {
	case "image", "big-image", "audio", "video":
		return true
	}
	return false
}
