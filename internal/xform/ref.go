package xform

import (
	"strconv"
	"strings"
)

// Ref names one node of an instance: "/data/group/q". Positions count from 0
// and stand only where a node repeats: "/data/person[1]/name" is the name of
// the second person. An attribute is "/data/meta/entity/@id".
type Ref string

// Name is the last step without its position.
func (r Ref) Name() string {
	s := string(r)
	s = s[strings.LastIndexByte(s, '/')+1:]
	if i := strings.IndexByte(s, '['); i >= 0 {
		s = s[:i]
	}
	return s
}

// Parent is the reference one step up, empty at the root.
func (r Ref) Parent() Ref {
	i := strings.LastIndexByte(string(r), '/')
	if i <= 0 {
		return ""
	}
	return r[:i]
}

// Sibling is the reference to the instance at a position of the repeat that r names an instance of.
func (r Ref) Sibling(pos int) Ref {
	return r.Parent() + "/" + Ref(r.Name()) + "[" + Ref(strconv.Itoa(pos)) + "]"
}

// Generic is the reference without positions: the path in the form.
func (r Ref) Generic() Ref {
	if strings.IndexByte(string(r), '[') < 0 {
		return r
	}
	var b strings.Builder
	for s := string(r); s != ""; {
		open := strings.IndexByte(s, '[')
		if open < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:open])
		end := strings.IndexByte(s[open:], ']')
		if end < 0 {
			break
		}
		s = s[open+end+1:]
	}
	return Ref(b.String())
}

// step cuts the first step off a reference: its name and position (-1: none).
func (r Ref) step() (name string, pos int, rest Ref, ok bool) {
	if r == "" || r[0] != '/' {
		return "", 0, "", false
	}
	s := string(r[1:])
	if i := strings.IndexByte(s, '/'); i >= 0 {
		s, rest = s[:i], Ref(s[i:])
	}
	open := strings.IndexByte(s, '[')
	if open < 0 {
		return s, -1, rest, s != ""
	}
	if open == 0 || !strings.HasSuffix(s, "]") {
		return "", 0, "", false
	}
	n, err := strconv.Atoi(s[open+1 : len(s)-1])
	if err != nil || n < 0 {
		return "", 0, "", false
	}
	return s[:open], n, rest, true
}
