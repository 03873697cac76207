package question

import (
	"slices"

	"parvis/internal/xform"
)

// Cover is what lies over the whole page.
type Cover uint8

// The covers.
const (
	Nothing Cover = iota
	Card          // a showcard, for the respondent's eyes
	List          // a long list with its search
)

// Uncover takes away what lies over the page. While the respondent holds the device nothing can be taken away.
func (p *Presenter) Uncover() {
	if !p.given {
		p.cover, p.covered = Nothing, ""
	}
}

// ShowCard shows the card of a question on the whole screen.
func (p *Presenter) ShowCard(ref xform.Ref) { p.cover, p.covered = Card, ref }

// ShowList shows the choices of a question on the whole screen.
func (p *Presenter) ShowList(ref xform.Ref) { p.cover, p.covered = List, ref }

// HandOver gives the device to the respondent. Until TakeBack only the card that lies over the page can be reached or, where none
// does, the questions that respondents answer by themselves.
func (p *Presenter) HandOver() { p.given = true }

// TakeBack ends what HandOver began, and takes the card away. Whether it was the interviewer who took the device is for the caller to
// know.
func (p *Presenter) TakeBack() {
	p.given, p.returning = false, false
	p.cover, p.covered = Nothing, ""
}

// Given tells whether the respondent holds the device.
func (p *Presenter) Given() bool { return p.given }

// arrived looks at the page that came up while the respondent holds the device: where it is not for them, the device is to go back.
func (p *Presenter) arrived() {
	p.cover, p.covered = Nothing, ""
	if p.given {
		p.returning = !p.own()
	}
}

// own tells whether respondents answer the present page by themselves.
func (p *Presenter) own() bool {
	return slices.ContainsFunc(p.p.Interview.Page().Questions, selfCompleted)
}

// selfCompleted tells whether a question is answered by the respondent alone: by the appearance parvis-handover, or by
// bind::parvis:handover.
func selfCompleted(q xform.Question) bool {
	return looks(q, "parvis-handover") || attribute(q, "handover") == "yes"
}

// hasCard tells whether a question has something to show on the whole screen: its picture, or by the appearance parvis-card its choices
// in large print.
func hasCard(q xform.Question) bool {
	return q.Image != "" || looks(q, "parvis-card") && len(q.Choices) > 0
}
