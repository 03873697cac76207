package ended

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/closing"
	"parvis/app/screens/interviews"
	"parvis/internal/interview"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Has(key string) bool
	Moment(t, now time.Time) string
	Clock(t time.Time) string
	Lang() string
}

// ViewParams is what the page needs.
type ViewParams struct {
	Model  Model
	Words  Words
	Now    time.Time
	OnBack func()
	// OnCorrect asks why and opens the answers; OnVoid says that the interview must not count, with a reason's name; OnCount takes
	// that back.
	OnCorrect func()
	OnVoid    func(reason string)
	OnCount   func()
}

// NewView makes the page.
func NewView(p ViewParams) fyne.CanvasObject {
	w, m := p.Words, p.Model
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("ended.title")})
	body := []fyne.CanvasObject{p.card()}
	switch {
	case !m.Until.IsZero():
		body = append(body, kit.NewButton(w.T("ended.correct"), kit.Primary, p.OnCorrect).Tall(look.ButtonLarge),
			kit.NewText(look.Hint, w.T("ended.correct_until", "when", w.Moment(m.Until, p.Now))))
	case m.Countable:
		body = append(body, kit.NewButton(w.T("ended.count_again"), kit.Quiet, p.OnCount))
	case m.Row.Void:
	case m.Study.EditMinutes > 0:
		body = append(body, kit.NewText(look.Hint, w.T("ended.too_late")))
	default:
		body = append(body, kit.NewText(look.Hint, w.T("ended.no_correction")))
	}
	if m.Here && !m.Row.Void {
		body = append(body, kit.NewText(look.Heading, w.T("closing.void_title")), kit.NewText(look.Hint, w.T("ended.void_note")))
		for _, reason := range closing.VoidReasons() {
			body = append(body, kit.NewTile(w.T("closing.void_"+reason), kit.One, func() { p.OnVoid(reason) }))
		}
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}

// card is what is known of the interview.
func (p ViewParams) card() fyne.CanvasObject {
	w, m := p.Words, p.Model
	badge, kind := interviews.Mark(w, m.Row)
	lines := []fyne.CanvasObject{
		kit.NewText(look.Heading, interviews.Place(w, m.Study, m.Row)),
		kit.NewText(look.Hint, w.Moment(m.Row.Started.Time(), p.Now)+" · "+interviews.About(w, m.Row)),
		kit.NewBadge(badge, kind),
	}
	if m.BreakOff != "" {
		lines = append(lines, kit.NewText(look.Body, p.reason("closing.reason_", m.BreakOff)))
	}
	if m.Void != "" {
		lines = append(lines, kit.NewText(look.Body, w.T("ended.void_because", "why", p.reason("closing.void_", m.Void))))
	}
	for _, c := range m.Corrections {
		lines = append(lines, kit.NewText(look.Caption, p.changed(c)))
	}
	return kit.NewCard(lines...)
}

// reason is a reason in words, or as it was written.
func (p ViewParams) reason(prefix, name string) string {
	if p.Words.Has(prefix + name) {
		return p.Words.T(prefix + name)
	}
	return name
}

func (p ViewParams) changed(c interview.Correction) string {
	w := p.Words
	why := p.reason("ended.why_", c.Reason)
	if c.Kind == interview.CorrectEdit {
		why = lowered(why)
	}
	return w.Moment(c.At.Time(), p.Now) + "  " + w.T("ended.was_"+string(c.Kind), "why", why)
}

// lowered begins a phrase with a small letter, but for the English I.
func lowered(s string) string {
	if strings.HasPrefix(s, "I ") {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}

// Reasons are the names of the reasons for correcting answers; their words stand under ended.why_.
func Reasons() []string { return []string{"mistyped", "respondent", "missed", "other"} }

// WhyParams is what the page needs that asks why answers are corrected.
type WhyParams struct {
	Words  Words
	OnBack func()
	OnWhy  func(reason string)
}

// NewWhy makes the page that asks why answers are corrected.
func NewWhy(p WhyParams) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("ended.correct")})
	body := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("ended.why")), kit.NewText(look.Hint, w.T("ended.why_note"))}
	for _, reason := range Reasons() {
		body = append(body, kit.NewTile(w.T("ended.why_"+reason), kit.One, func() { p.OnWhy(reason) }))
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}
