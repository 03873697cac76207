package review

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
)

// Actions are what the buttons and the keys do; whoever wires the screen keeps, draws anew and says what was done.
type Actions struct {
	Step   func(by int)
	Begin  func(kind delivery.DecisionKind) // an acceptance needs no more and is decided at once
	Pick   func(n int)                      // the nth usual reason or result, from 0, decides
	Decide func()
	Leave  func()
	Undo   func()
	Keys   func() // shows or hides which keys there are
	More   func() // shows or hides what else can be done
}

// Rune does what a letter means while nothing is being typed and tells whether it means anything.
func (p *Presenter) Rune(r rune, do Actions) bool {
	if p.Draft.Kind != "" {
		if r < '1' || r > '9' {
			return false
		}
		do.Pick(int(r - '1'))
		return true
	}
	switch r {
	case 'j', 'J':
		do.Step(1)
	case 'k', 'K':
		do.Step(-1)
	case 'u', 'U':
		do.Undo()
	case '?':
		do.Keys()
	default:
		kind, means := kinds()[r]
		if !means || p.chosen == "" {
			return false
		}
		do.Begin(kind)
	}
	return true
}

// kinds are the letters that decide.
func kinds() map[rune]delivery.DecisionKind {
	return map[rune]delivery.DecisionKind{
		'a': delivery.ReviewAccept, 'A': delivery.ReviewAccept, 'r': delivery.ReviewReject, 'R': delivery.ReviewReject, 's': delivery.ReviewReturn, 'S': delivery.ReviewReturn,
		'c': delivery.ReviewComment, 'C': delivery.ReviewComment, 'b': delivery.BackCheck, 'B': delivery.BackCheck,
	}
}

// Key does what any other key means and tells whether it means anything.
func (p *Presenter) Key(name fyne.KeyName, do Actions) bool {
	switch {
	case name == fyne.KeyEscape && p.Keys:
		do.Keys()
	case name == fyne.KeyEscape && p.Draft.Kind != "":
		do.Leave()
	case (name == fyne.KeyReturn || name == fyne.KeyEnter) && p.Draft.Ready():
		do.Decide()
	case name == fyne.KeyDown && p.Draft.Kind == "":
		do.Step(1)
	case name == fyne.KeyUp && p.Draft.Kind == "":
		do.Step(-1)
	default:
		return false
	}
	return true
}

// Pick decides by the nth usual reason or result of the draft; false where there is none.
func (p *Presenter) Pick(n int) bool {
	switch reasons, results := RejectReasons(), delivery.BackCheckResults(); {
	case p.Draft.Kind == delivery.ReviewReject && n < len(reasons):
		p.Draft.Text = reasons[n]
	case p.Draft.Kind == delivery.BackCheck && n < len(results):
		p.Draft.Result = results[n]
	default:
		return false
	}
	return true
}

// keys is the list of keys.
func (p ViewParams) keys() *kit.Sheet {
	w := p.Words
	var lines []fyne.CanvasObject
	for _, k := range []struct{ key, does string }{
		{"J ↓", "review.key_next"}, {"K ↑", "review.key_previous"}, {"A", "review.accept"}, {"R", "review.reject"}, {"S", "review.return"},
		{"C", "review.comment"}, {"B", "review.call"}, {"U", "common.undo"}, {"1–9", "review.key_pick"}, {"Ctrl+Enter", "review.key_submit"},
		{"Esc", "common.cancel"}, {"?", "review.key_keys"},
	} {
		lines = append(lines, kit.Between(kit.NewText(look.Body, w.T(k.does)), kit.NewText(look.Strong, k.key)))
	}
	return kit.NewSheet(kit.SheetParams{Title: w.T("review.keys_title"), Content: lines, Close: w.T("common.close"), OnClose: p.Do.Keys})
}
