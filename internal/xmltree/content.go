package xmltree

import (
	"strings"
	"unicode/utf8"
)

// characters reads up to the next < and adds to the pending text.
func (p *parser) characters() error {
	at := p.i
	end := strings.IndexByte(p.src[at:], '<')
	if end < 0 {
		end = len(p.src) - at
	}
	raw := p.src[at : at+end]
	p.i = at + end
	if len(p.open) == 1 {
		if t := strings.TrimLeft(raw, " \t\n"); t != "" {
			return p.fail(at+len(raw)-len(t), "text outside the document element")
		}
		return nil
	}
	if j := strings.IndexByte(raw, ']'); j >= 0 && strings.Contains(raw[j:], "]]>") {
		j += strings.Index(raw[j:], "]]>")
		return p.fail(at+j, "]]> in text; write ]]&gt;")
	}
	amp := strings.IndexByte(raw, '&')
	if amp < 0 {
		p.addText(raw)
		return nil
	}
	buf := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '&' {
			next := strings.IndexByte(raw[i:], '&')
			if next < 0 {
				next = len(raw) - i
			}
			buf = append(buf, raw[i:i+next]...)
			i += next
			continue
		}
		var n int
		var err error
		if buf, n, err = p.reference(buf, raw[i:], at+i); err != nil {
			return err
		}
		i += n
	}
	p.addText(string(buf))
	return nil
}

func (p *parser) addText(s string) {
	switch {
	case s == "":
	case !p.hasText:
		p.text, p.hasText = s, true
	case len(p.textBuf) == 0:
		p.textBuf = append(append(p.textBuf, p.text...), s...)
	default:
		p.textBuf = append(p.textBuf, s...)
	}
}

func (p *parser) takeText() string {
	s := p.text
	if len(p.textBuf) > 0 {
		s = string(p.textBuf)
	}
	p.text, p.textBuf, p.hasText = "", p.textBuf[:0], false
	return s
}

// flush makes a text node of the pending text.
func (p *parser) flush() error {
	if !p.hasText {
		return nil
	}
	n, err := p.node(Text, p.i)
	if err != nil {
		return err
	}
	n.Value = p.takeText()
	p.pile = append(p.pile, n)
	return nil
}

func (p *parser) cdata() error {
	at := p.i
	if len(p.open) == 1 {
		return p.fail(at, "text outside the document element")
	}
	end := strings.Index(p.src[at:], "]]>")
	if end < 0 {
		return p.fail(at, "a CDATA section is not closed by ]]>")
	}
	p.addText(p.src[at+len("<![CDATA[") : at+end])
	p.i = at + end + 3
	return nil
}

func (p *parser) comment() error {
	at := p.i
	end := strings.Index(p.src[at+4:], "--")
	if end < 0 || !strings.HasPrefix(p.src[at+4+end:], "-->") {
		return p.fail(at, "a comment must end in --> and not contain --")
	}
	if err := p.flush(); err != nil {
		return err
	}
	n, err := p.node(Comment, at)
	if err != nil {
		return err
	}
	n.Value = p.src[at+4 : at+4+end]
	p.i = at + 4 + end + 3
	p.pile = append(p.pile, n)
	return nil
}

func (p *parser) instruction() error {
	at := p.i
	p.i += 2
	target, err := p.name("the name of a processing instruction")
	if err != nil {
		return err
	}
	if strings.EqualFold(target, "xml") {
		return p.fail(at, "an XML declaration may stand only at the very start")
	}
	end := strings.Index(p.src[p.i:], "?>")
	if end < 0 {
		return p.fail(at, "a processing instruction is not closed by ?>")
	}
	if end > 0 && !isSpace(p.src[p.i]) {
		return p.fail(p.i, "expected a space after <?%s", target)
	}
	if err := p.flush(); err != nil {
		return err
	}
	n, err := p.node(ProcInst, at)
	if err != nil {
		return err
	}
	n.Name.Local = target
	n.Value = strings.TrimLeft(p.src[p.i:p.i+end], " \t\n")
	p.i += end + 2
	p.pile = append(p.pile, n)
	return nil
}

// resolveAll gives an element and its attributes their expanded names.
func (p *parser) resolveAll(el *Node, raw string, at int) error {
	q, err := p.resolve(raw, true, at)
	if err != nil {
		return err
	}
	el.Name, el.Prefix = q.name, q.prefix
	prefixed := false
	for _, a := range el.Attrs {
		if strings.IndexByte(a.Name.Local, ':') < 0 {
			continue
		}
		if q, err = p.resolve(a.Name.Local, false, at); err != nil {
			return err
		}
		a.Name, a.Prefix, prefixed = q.name, q.prefix, true
	}
	if !prefixed {
		return nil
	}
	for i, a := range el.Attrs {
		for _, b := range el.Attrs[:i] {
			if a.Name == b.Name {
				return p.fail(at, "attribute %s stands twice", a.Name.Local)
			}
		}
	}
	return nil
}

func (p *parser) resolve(raw string, element bool, at int) (*qname, error) {
	q := p.names.slot(raw, element)
	if q.generation == p.epoch && q.raw == raw {
		return q, nil
	}
	prefix, local, colon := strings.Cut(raw, ":")
	if !colon {
		prefix, local = "", raw
	} else if r, _ := utf8.DecodeRuneInString(local); prefix == "" || local == "" || strings.IndexByte(local, ':') >= 0 ||
		!isNameRune(r, true) && (r >= utf8.RuneSelf || !isNameByte(byte(r)) || strings.IndexByte("0123456789-.", byte(r)) >= 0) {
		return nil, p.fail(at, "%s is not a name", raw)
	}
	space, found := p.lookup(prefix)
	switch {
	case !element && !colon:
		space = ""
	case !found && prefix != "":
		return nil, p.fail(at, "the prefix %s of %s is not declared; add xmlns:%s=\"...\"", prefix, raw, prefix)
	}
	*q = qname{raw, Name{space, local}, prefix, p.epoch}
	return q, nil
}

func (p *parser) lookup(prefix string) (uri string, found bool) {
	if prefix == "xml" {
		return XMLSpace, true
	}
	for i := len(p.scope) - 1; i >= 0; i-- {
		if p.scope[i].Prefix == prefix {
			return p.scope[i].URI, true
		}
	}
	return "", false
}
