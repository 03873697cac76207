package interview

import (
	"parvis/internal/study"
	"parvis/internal/xform"
)

// minimum is how long a question takes at least.
type minimum struct {
	ms   int64
	note bool // nothing is answered: it is read out
}

// minimaOf are the minima of a study's questions; those without one are left out.
func minimaOf(f *xform.Form, st study.Study) map[xform.Ref]minimum {
	found := map[xform.Ref]minimum{}
	for _, q := range f.Questions() {
		if seconds := st.MinSecondsOf(q); seconds > 0 {
			found[q.Ref] = minimum{ms: int64(seconds) * 1000, note: q.Control == xform.Note}
		}
	}
	return found
}

// hasty lists the questions that were answered, or read out, in less than their minimum: all stays on a page together are measured
// against the sum of the minima of what was answered on it. Nobody is told during the interview, since whoever waits for a clock
// does not ask better.
func (s *Session) hasty(visits []Visit) []string {
	if len(s.minima) == 0 {
		return nil
	}
	spent := map[xform.Ref]int64{}
	for _, v := range visits {
		if !v.Offer {
			spent[xform.Ref(v.Question)] += v.DwellMS
		}
	}
	var found []string
	for _, pos := range s.in.Pages() {
		ms, shown := spent[pos.Ref]
		if !shown || pos.Kind == xform.KindRepeatPrompt {
			continue
		}
		_, asked := s.in.Shape(pos)
		found = append(found, s.hastyOn(asked, ms)...)
	}
	return found
}

// hastyOn are the questions of one page, if they were answered in less than their minima together.
func (s *Session) hastyOn(asked []xform.Ref, spentMS int64) []string {
	var timed []string
	var least int64
	for _, ref := range asked {
		if m, ok := s.minima[ref.Generic()]; ok && (m.note || s.in.Value(ref) != "") {
			timed, least = append(timed, string(ref)), least+m.ms
		}
	}
	if spentMS >= least {
		return nil
	}
	return timed
}
