package interview

import (
	"slices"

	"parvis/internal/xform"
)

// Standing is how a page of the interview stands.
type Standing uint8

// The standings, from good to bad.
const (
	Answered Standing = iota // every question of it has an answer, or there is none to give
	Empty                    // left without an answer, which is allowed
	Wrong                    // an answer is missing or not allowed: the interview cannot end as complete
)

// OutlinePage is one page in the list by which an interviewer goes back to a question.
type OutlinePage struct {
	xform.Page
	Number   int // as the question page counts, from 1
	Standing Standing
	Present  bool // the page in front
	Sealed   bool // there is an answer that was sealed and not replaced
}

// Outline lists the pages from the first to the furthest that was shown, as they stand now. Pages that an answer changed since then
// made relevant are among them; those that lie ahead are not, since questions are asked in their order.
func (s *Session) Outline() []OutlinePage {
	s.mu.Lock()
	defer s.mu.Unlock()
	pages := s.in.Pages()
	furthest := -1
	for i, pos := range pages {
		shown := slices.ContainsFunc(s.log.visits, func(v Visit) bool { return v.Question == string(pos.Ref) })
		if shown || pos == s.pos {
			furthest = i
		}
	}
	out := make([]OutlinePage, 0, furthest+1)
	for _, pos := range pages[:furthest+1] {
		if pos.Kind == xform.KindRepeatPrompt {
			continue
		}
		number, _ := s.in.Progress(pos)
		page := OutlinePage{Page: s.in.Page(pos), Number: number, Present: pos == s.pos}
		for _, q := range page.Questions {
			page.Standing = max(page.Standing, s.standing(q))
			page.Sealed = page.Sealed || s.sealed(q.Ref)
		}
		out = append(out, page)
	}
	return out
}

func (s *Session) standing(q xform.Question) Standing {
	switch {
	case s.check(q.Ref) != nil:
		return Wrong
	case s.sealed(q.Ref):
		return Answered
	case q.Value == "" && q.Asks():
		return Empty
	}
	return Answered
}
