package xlsform

import (
	"strings"
	"unicode/utf8"
)

// isNameStart and isNamePart follow the NCName of Namespaces in XML 1.0.
func isNameStart(r rune) bool {
	switch {
	case r == '_', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
		return true
	case r < 0xc0:
		return false
	case r == 0xd7, r == 0xf7, r == 0x37e:
		return false
	}
	return r <= 0x2ff || 0x370 <= r && r <= 0x1fff || r == 0x200c || r == 0x200d ||
		0x2070 <= r && r <= 0x218f || 0x2c00 <= r && r <= 0x2fef || 0x3001 <= r && r <= 0xd7ff ||
		0xf900 <= r && r <= 0xfdcf || 0xfdf0 <= r && r <= 0xfffd && r != utf8.RuneError || 0x10000 <= r && r <= 0xeffff
}

func isNamePart(r rune) bool {
	return isNameStart(r) || r == '-' || r == '.' || '0' <= r && r <= '9' ||
		r == 0xb7 || 0x300 <= r && r <= 0x36f || r == 0x203f || r == 0x2040
}

// nameLen is the length in bytes of the name that s begins with, 0 for none.
func nameLen(s string) int {
	for i, r := range s {
		if i == 0 && !isNameStart(r) || i > 0 && !isNamePart(r) {
			return i
		}
	}
	return len(s)
}

// qualifiedLen is nameLen with one optional prefix.
func qualifiedLen(s string) int {
	n := nameLen(s)
	if n == 0 || n == len(s) || s[n] != ':' {
		return n
	}
	if m := nameLen(s[n+1:]); m > 0 {
		return n + 1 + m
	}
	return n
}

// isName reports whether s can name a question: a letter or underscore, then
// letters, digits, hyphens, underscores and periods, with one optional prefix.
func isName(s string) bool { return s != "" && qualifiedLen(s) == len(s) }

func isPlainName(s string) bool { return s != "" && nameLen(s) == len(s) }

// reference is one ${name} in a text.
type reference struct {
	start, end int
	name       string
	lastSaved  bool
}

const lastSavedMark = "last-saved#"

// references finds every ${name}. ok is false when something begins like a
// reference and is not one: a blank or another sign inside, or no closing brace.
func references(s string) (refs []reference, ok bool) {
	ok = true
	for i := 0; ; {
		j := strings.Index(s[i:], "${")
		if j < 0 {
			return refs, ok
		}
		start := i + j
		k := strings.IndexByte(s[start:], '}')
		if k < 0 {
			return refs, false
		}
		end := start + k + 1
		i = end
		inner := s[start+2 : end-1]
		if inner == "" {
			continue
		}
		name, last := strings.CutPrefix(inner, lastSavedMark)
		if !isPlainName(name) {
			ok = false
			continue
		}
		refs = append(refs, reference{start, end, name, last})
	}
}

func hasReference(s string) bool {
	if !strings.Contains(s, "${") {
		return false
	}
	refs, _ := references(s)
	return len(refs) > 0
}

// isReference reports whether s is one reference and nothing else.
func isReference(s string) bool {
	refs, ok := references(s)
	return ok && len(refs) == 1 && refs[0].start == 0 && refs[0].end == len(s)
}

func hasLastSaved(s string) bool {
	if !strings.Contains(s, "${"+lastSavedMark) {
		return false
	}
	refs, _ := references(s)
	for _, r := range refs {
		if r.lastSaved {
			return true
		}
	}
	return false
}

// yesNo reads the ways in which authors write yes and no.
func yesNo(s string) (value, known bool) {
	switch s {
	case "yes", "Yes", "YES", "true", "True", "TRUE", "true()":
		return true, true
	case "no", "No", "NO", "false", "False", "FALSE", "false()":
		return false, true
	}
	return false, false
}

func isYes(s string) bool { v, _ := yesNo(s); return v }
