package fieldapp

import "parvis/app/screens/question"

// Question is the page of the interview in front, for whoever watches the app from outside; ok is false where no interview is in
// front.
func (a *App) Question() (m question.Model, ok bool) {
	if a.front == nil {
		return m, false
	}
	return a.front.asking.Model(), true
}
