package interview

import "parvis/internal/xform"

// ID is the interview's identifier.
func (s *Session) ID() string { return s.draft.ID }

// Site is where the interview takes place.
func (s *Session) Site() string { return s.draft.Site }

// ContactID is the identifier of the contact that led to it.
func (s *Session) ContactID() string { return s.contact.ID }

// Page is the present page, in the present language.
func (s *Session) Page() xform.Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.page
}

// Position is the present page's.
func (s *Session) Position() xform.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pos
}

// Progress tells how many questions are at or before the present page, of about how many.
func (s *Session) Progress() (at, about int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.in.Progress(s.pos)
}

// Language is the questionnaire's present language, as the questionnaire names it.
func (s *Session) Language() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.draft.Language
}

// Value is the answer to a question in ODK's text form.
func (s *Session) Value(ref xform.Ref) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.in.Value(ref)
}

// Ended tells that the last page has been left.
func (s *Session) Ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pos.Kind == xform.KindEnd
}

// Pages are all pages there are now, in order, without the end.
func (s *Session) Pages() []xform.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.in.Pages()
}
