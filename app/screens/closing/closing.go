// Package closing is what comes after the last question, and before it when a respondent breaks off: finish, continue later, or
// say why it ends here. Nothing is lost on any of these ways.
package closing

import (
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
}

// EndParams is what the page after the last question needs.
type EndParams struct {
	Words Words
	// Outcome is what the interview would count as.
	Outcome  interview.Disposition
	OnBack   func()
	OnFinish func()
	// OnProvisional goes on although this device has no place left, as the study allows; nil where that is not offered. Elsewhere is how
	// many places others have, 0 where that is not known.
	OnProvisional func()
	Elsewhere     int
	// OnOutline shows the answers once more before they are final.
	OnOutline func()
	// Impressions are the interviewer's, asked before the interview ends; nil where nobody perceives any.
	Impressions *Impressions
	OnError     func(error)
}

// NewEnd makes the page after the last question.
func NewEnd(p EndParams) fyne.CanvasObject {
	w := p.Words
	title, note := "question.end_title", "question.end_note"
	letGo := p.Outcome == interview.ScreenedOut || p.Outcome == interview.QuotaFull
	switch p.Outcome {
	case interview.ScreenedOut:
		title, note = "question.end_early", "question.screened_out"
	case interview.QuotaFull:
		title, note = "question.end_early", "question.quota_full"
	}
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T(title)})
	said := w.T(note)
	if p.OnProvisional != nil {
		if said = w.T("question.full_unknown"); p.Elsewhere > 0 {
			said = w.N("question.full_here", p.Elsewhere)
		}
	}
	body := []fyne.CanvasObject{
		kit.NewText(look.Title, w.T(title)), kit.NewText(look.Body, said),
		kit.NewButton(w.T("question.end_finish"), kit.Primary, p.OnFinish).Tall(look.ButtonHuge),
	}
	if p.OnProvisional != nil {
		body = append(body, kit.NewButton(w.T("question.go_on_provisionally"), kit.Quiet, p.OnProvisional), kit.NewText(look.Hint, w.T("question.provisional_note")))
	}
	body = append(body, kit.NewButton(w.T("outline.title"), kit.Link, p.OnOutline))
	if p.Impressions != nil && !letGo { // who is let go after the screener has not been listened to
		body = append(body, p.impressions())
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}

// StopParams is what the page for stopping early needs.
type StopParams struct {
	Words      Words
	OnBack     func()
	OnLater    func()              // keep it as a draft
	OnBreakOff func(reason string) // end it with a reason's name
	OnVoid     func(reason string) // end it so that it does not count, with a reason's name
}

// VoidReasons are the names of the reasons why an interview must not count; their words stand under closing.void_.
func VoidReasons() []string { return []string{"mistake", "duplicate"} }

// Reasons are the names of the reasons for breaking off; their words stand under closing.reason_.
func Reasons() []string { return []string{"no_time", "too_long", "topic", "called_away", "other"} }

// NewStop makes the page for stopping early.
func NewStop(p StopParams) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("question.break_off")})
	body := []fyne.CanvasObject{
		kit.NewText(look.Heading, w.T("closing.later_title")),
		kit.NewButton(w.T("question.pause_interview"), kit.Quiet, p.OnLater),
		kit.NewText(look.Heading, w.T("question.break_off_why")),
	}
	for _, reason := range Reasons() {
		body = append(body, kit.NewTile(w.T("closing.reason_"+reason), kit.One, func() { p.OnBreakOff(reason) }))
	}
	body = append(body, kit.NewText(look.Heading, w.T("closing.void_title")))
	for _, reason := range VoidReasons() {
		body = append(body, kit.NewTile(w.T("closing.void_"+reason), kit.One, func() { p.OnVoid(reason) }))
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}

// DoneParams is what the thank-you page needs.
type DoneParams struct {
	Words   Words
	Outcome string // in words
	// Closing are the study's words of thanks in the respondent's language; empty for the app's own. Agency and Phone tell the
	// respondent whom to ask.
	Closing, Agency, Phone string
	OnNext                 func()
}

// NewDone thanks the respondent in large letters, and tells the interviewer below that the interview is saved.
func NewDone(p DoneParams) fyne.CanvasObject {
	w := p.Words
	thanks := p.Closing
	if thanks == "" {
		thanks = w.T("closing.thanks")
	}
	body := []fyne.CanvasObject{kit.NewText(look.Title, thanks)}
	if p.Agency != "" {
		body = append(body, kit.NewText(look.Body, strings.TrimSpace(p.Agency+"  "+p.Phone)))
	}
	return kit.NewPage(kit.PageParams{Body: append(body,
		kit.NewCard(kit.NewBadge(p.Outcome, kit.Fine), kit.NewText(look.Body, w.T("closing.saved"))),
		kit.NewButton(w.T("closing.next_contact"), kit.Primary, p.OnNext).Tall(look.ButtonHuge),
	)})
}
