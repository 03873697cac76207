package question

import (
	"context"
	"slices"
	"strings"
)

// Languages lists the languages the questionnaire can be asked in, as it names them.
func (p *Presenter) Languages() []string { return p.p.Study.Languages }

// SetLanguage asks in another language, and says in it what is wrong with the page.
func (p *Presenter) SetLanguage(ctx context.Context, language string) error {
	if err := p.p.Interview.SetLanguage(ctx, language); err != nil {
		return err
	}
	for ref := range p.violations {
		if v := p.p.Interview.Check(ref); v != nil {
			p.violations[ref] = *v
		}
	}
	return nil
}

// SwitchLanguage asks in the next of the questionnaire's languages.
func (p *Presenter) SwitchLanguage(ctx context.Context) error {
	if next, ok := p.next(); ok {
		return p.SetLanguage(ctx, next)
	}
	return nil
}

func (p *Presenter) next() (string, bool) {
	all := p.p.Study.Languages
	if len(all) < 2 {
		return "", false
	}
	at := slices.Index(all, p.p.Interview.Language())
	return all[(at+1)%len(all)], true
}

func (p *Presenter) languages() (now, other string) {
	now = Tag(p.p.Interview.Language())
	if next, ok := p.next(); ok {
		other = Tag(next)
	}
	return now, other
}

// Tag is a language's short name for a small button: "French (fr)" is "FR".
func Tag(language string) string {
	if open := strings.LastIndexByte(language, '('); open >= 0 && strings.HasSuffix(language, ")") {
		return strings.ToUpper(language[open+1 : len(language)-1])
	}
	runes := []rune(language)
	return strings.ToUpper(string(runes[:min(2, len(runes))]))
}
