package review

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
)

// answer draws a question with its answer, and how long its page was shown.
func (p ViewParams) answer(r Reading, a Answer) fyne.CanvasObject {
	w := p.Words
	said := kit.NewText(look.Strong, a.Text)
	switch {
	case a.Sealed && (r.Sealed != "" || len(r.SealedBefore) > 0):
		said = kit.NewTextIn(look.Hint, look.Muted, w.T("review.sealed_if_given"))
	case a.Text == "":
		said = kit.NewTextIn(look.Hint, look.Muted, w.T("review.no_answer"))
	case a.Verbatim:
		said = kit.NewText(look.Strong, "“"+p.annotated(a)+"”")
	}
	var times []string
	if a.DwellMS > 0 {
		times = append(times, w.T("review.seconds", "seconds", int((a.DwellMS+500)/1000)))
	}
	if a.Edits > 0 {
		times = append(times, w.N("review.changed", a.Edits))
	}
	return kit.ColumnGap(0, kit.NewText(look.Label, a.Label), said, kit.NewText(look.Caption, strings.Join(times, ", ")))
}

// annotated is a verbatim with its marks in square brackets where they were set.
func (p ViewParams) annotated(a Answer) string {
	runes := []rune(a.Text)
	var out strings.Builder
	at := 0
	for _, m := range a.Marks {
		end := min(max(m.Position, at), len(runes))
		out.WriteString(string(runes[at:end]))
		out.WriteString(" [" + p.mark(m) + "] ")
		at = end
	}
	out.WriteString(string(runes[at:]))
	return strings.Join(strings.Fields(out.String()), " ")
}

func (p ViewParams) mark(m interview.Mark) string {
	for _, probe := range p.Presenter.Study().Probes {
		if m.Kind == interview.MarkProbe && probe.Name == m.Label {
			return probe.Label.In(p.Words.Lang(), "")
		}
	}
	if m.Kind == interview.MarkProbe && m.Label != "" {
		return m.Label
	}
	return p.Words.T("verbatim.pause")
}

// noted says an observation in words and figures.
func (p ViewParams) noted(n Noted) string {
	w := p.Words
	said := n.Note
	switch {
	case n.Cue != "":
		said = p.cue(n.Cue)
		if n.Rating != nil {
			said += fmt.Sprintf(" %d/5", *n.Rating)
		}
	case n.Note != "":
		said = "“" + n.Note + "”"
	case n.Valence != nil && n.Energy != nil:
		said = w.T("observe.cell", "valence", p.valence(*n.Valence), "energy", fmt.Sprintf("%+d", *n.Energy))
	}
	return n.Observation.At.Time().Format("15:04:05") + "  " + said
}

func (p ViewParams) cue(name string) string {
	for _, c := range p.Presenter.Study().Cues {
		if c.Name == name {
			return c.Label.In(p.Words.Lang(), "")
		}
	}
	if key := "observe.cue_" + name; p.Words.Has(key) {
		return p.Words.T(key)
	}
	return name
}

func (p ViewParams) valence(v int) string {
	step := map[int]string{-2: "m2", -1: "m1", 0: "0", 1: "p1", 2: "p2"}[v]
	return p.Words.T("observe.valence_" + step)
}

// correction says what was changed after the interview had ended, and why.
func (p ViewParams) correction(c interview.Correction) string {
	w := p.Words
	return w.DayAndClock(c.At.Time()) + "  " + w.T("ended.was_"+string(c.Kind), "why", p.reason("ended.why_", c.Reason))
}

// reason is a reason in words, or as it was written.
func (p ViewParams) reason(prefix, name string) string {
	if p.Words.Has(prefix + name) {
		return p.Words.T(prefix + name)
	}
	return name
}
