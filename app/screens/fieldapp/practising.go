package fieldapp

// ribbon says on every screen that nothing here is data, while the interview in front is practice or, where none is, the shift.
func (a *App) ribbon() string {
	practice := a.front != nil && a.front.practice
	if a.front == nil {
		shift, err := a.p.Store.CurrentShift(a.ctx)
		practice = err == nil && shift.Practice
	}
	if !practice {
		return ""
	}
	return a.p.Words.T("today.practice_note")
}
