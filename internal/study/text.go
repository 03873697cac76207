package study

import (
	"slices"
	"strings"
)

// Text is a text by language, named as the questionnaire names it ("English (en)"). A text without translations stands
// under the empty name.
type Text map[string]string

// In returns the text in a language, which may be given in full or by its code ("fr"). Where there is none it returns
// the fallback language's, then the text without a language, then any there is; "" for an empty Text.
func (t Text) In(lang, fallback string) string {
	for _, l := range []string{lang, fallback, ""} {
		if s, ok := t.find(l); ok {
			return s
		}
	}
	names := make([]string, 0, len(t))
	for l := range t {
		names = append(names, l)
	}
	slices.Sort(names)
	for _, l := range names {
		if t[l] != "" {
			return t[l]
		}
	}
	return ""
}

func (t Text) find(lang string) (string, bool) {
	if s := t[lang]; s != "" {
		return s, true
	}
	if lang == "" {
		return "", false
	}
	code := LanguageCode(lang)
	best := ""
	for l, s := range t {
		if l != "" && s != "" && LanguageCode(l) == code && (best == "" || l < best) {
			best = l
		}
	}
	return t[best], best != ""
}

// LanguageCode returns the code of a language as XLSForm writes it: "en" of "English (en)"; of a name without a code,
// the name itself, in lower case.
func LanguageCode(lang string) string {
	lang = strings.ToLower(strings.TrimSpace(lang))
	if open := strings.LastIndexByte(lang, '('); open >= 0 && strings.HasSuffix(lang, ")") {
		if code := strings.TrimSpace(lang[open+1 : len(lang)-1]); code != "" {
			return code
		}
	}
	return lang
}

// LanguageName returns the name of a language without its code: "English" of "English (en)".
func LanguageName(lang string) string {
	if open := strings.LastIndexByte(lang, '('); open > 0 && strings.HasSuffix(lang, ")") {
		return strings.TrimSpace(lang[:open])
	}
	return strings.TrimSpace(lang)
}
