package interview

import (
	"fmt"

	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xpath"
)

// rules are the study's expressions over one interview, with the questions they come from.
type rules struct{ consent, eligible condition }

type condition struct {
	rule  study.Rule
	reads []xform.Ref
}

func compileRules(form *xform.Form, st study.Study) (rules, error) {
	consent, err := compileRule(form, "consent", st.Consent)
	if err != nil {
		return rules{}, err
	}
	eligible, err := compileRule(form, "eligible", st.Eligible)
	return rules{consent: consent, eligible: eligible}, err
}

func compileRule(form *xform.Form, name string, r study.Rule) (condition, error) {
	c := condition{rule: r}
	if r.Always() {
		return c, nil
	}
	x, err := xpath.Compile(r.XPath, xpath.Options{Dialect: xpath.ODK})
	if err != nil {
		return c, fmt.Errorf("the study's rule %s: %w", name, err)
	}
	for _, ref := range x.References() {
		if ref.Instance == "" && !ref.Deep {
			c.reads = append(c.reads, form.Sources(xform.Ref(ref.Path))...) // a calculated verdict is as open as the answers behind it
		}
	}
	return c, nil
}

// verdict is what can be said of a condition now.
type verdict uint8

const (
	open verdict = iota // a question it needs has not been answered
	yes
	no
)

// judge evaluates a condition. It is open while a question it reads is relevant and unanswered, unless the interview is at its end,
// or when none of the questions it reads is relevant.
func (s *Session) judge(c condition) verdict {
	if c.rule.Always() {
		return yes
	}
	answered := false
	for _, ref := range c.reads {
		switch {
		case !s.in.Relevant(ref):
		case s.in.Value(ref) != "":
			answered = true
		case s.pos.Kind != xform.KindEnd && !s.passedOver(ref):
			return open
		}
	}
	if !answered && len(c.reads) > 0 {
		return open
	}
	v, err := s.in.Eval(c.rule.XPath)
	switch {
	case err != nil:
		s.p.Logger.Warn("a rule of the study failed", "study", s.p.Study.ID)
		return open
	case v.Bool():
		return yes
	}
	return no
}

// cells are the accounts of the quota constraints the respondent falls in.
func (s *Session) cells() []string {
	site, _ := s.p.Study.SiteByName(s.p.Shift.Site)
	var names []string
	for _, q := range s.p.Study.Quotas {
		if !q.AppliesAt(site) {
			continue
		}
		if !q.Condition.Always() {
			v, err := s.in.Eval(q.Condition.XPath)
			if err != nil {
				s.p.Logger.Warn("a quota's condition failed", "study", s.p.Study.ID, "quota", q.Name)
				continue
			}
			if !v.Bool() {
				continue
			}
		}
		names = append(names, s.p.Study.AccountOn(q, s.day()))
	}
	return names
}
