package question

import (
	"slices"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/internal/xform"
)

// A whole interview can be driven by keys: 1 to 9 choose, the arrows move among choices or along a line, Enter goes on, Escape back.

// keyed is a control whose answers have keys.
type keyed interface {
	// pick answers by a digit and tells whether it meant anything, and whether the question is done with.
	pick(digit int) (taken, done bool)
	// stops are what the arrows move the focus among.
	stops() []fyne.Focusable
}

// Key does what a key means on this page and tells whether it means anything.
func (v *View) Key(name fyne.KeyName) bool {
	if v.model.Cover == Card || v.model.Returning {
		return false
	}
	switch name {
	case fyne.KeyReturn, fyne.KeyEnter:
		v.enter()
		return true
	case fyne.KeyDown, fyne.KeyRight:
		return v.step(1)
	case fyne.KeyUp, fyne.KeyLeft:
		return v.step(-1)
	}
	if len(name) == 1 && name[0] >= '0' && name[0] <= '9' {
		if k, ok := v.current().(keyed); ok {
			return v.pick(k, int(name[0]-'0'))
		}
	}
	return false
}

// Focus puts the cursor where one types, on devices with a keyboard; elsewhere it is taken away, so that no key reaches a page that has
// gone.
func (v *View) Focus(c fyne.Canvas) {
	c.Unfocus()
	if fyne.CurrentDevice().IsMobile() || v.model.Cover == Card || len(v.answers) == 0 {
		return
	}
	if e := entryOf(v.current()); e != nil {
		c.Focus(e)
	}
}

// begin finds the question that keys are for: the first without an answer, else the first.
func (v *View) begin() {
	v.at = -1
	for i, a := range v.answers {
		if len(stopsOf(a)) == 0 {
			continue
		}
		if v.itemOf(i).Value == "" {
			v.at = i
			return
		}
		if v.at < 0 {
			v.at = i
		}
	}
}

// current is the control that keys answer: the one with the focus, else the one they were last for; nil where there is none.
func (v *View) current() answer {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v.page); c != nil && c.Focused() != nil {
		for i, a := range v.answers {
			if slices.Contains(stopsOf(a), c.Focused()) {
				v.at = i
			}
		}
	}
	if v.at < 0 || v.at >= len(v.answers) {
		return nil
	}
	return v.answers[v.at]
}

// pick answers by a digit and goes to the question below where one answer is all there is to give. It does not leave the page: that is
// for Enter, or for the choice itself where it moves on alone.
func (v *View) pick(k keyed, digit int) bool {
	at := v.at
	taken, done := k.pick(digit)
	if done && !v.gone {
		v.below(at)
	}
	return taken
}

func (v *View) enter() {
	if v.current() == nil || v.model.Cover == List {
		v.next()
		return
	}
	v.onward(v.itemOf(v.at).Ref)
}

// onward goes from one question of the page to the one below, from the last to the next page.
func (v *View) onward(from xform.Ref) {
	if v.model.Cover == List {
		v.uncover()
		return
	}
	at := slices.IndexFunc(v.model.Items, func(it Item) bool { return it.Ref == from })
	if !v.below(at) {
		v.next()
	}
}

// below puts the focus on the question below one; false where there is none.
func (v *View) below(at int) bool {
	for i := at + 1; i < len(v.answers); i++ {
		stops := stopsOf(v.answers[i])
		if len(stops) == 0 {
			continue
		}
		v.at = i
		v.focus(stops[0])
		v.reveal(v.answers[i])
		return true
	}
	return false
}

func (v *View) focus(f fyne.Focusable) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v.page); c != nil && !v.gone {
		c.Focus(f)
	}
}

// step moves the focus among the choices of the current question.
func (v *View) step(by int) bool {
	stops, c := stopsOf(v.current()), fyne.CurrentApp().Driver().CanvasForObject(v.page)
	if len(stops) == 0 || c == nil {
		return false
	}
	at := slices.Index(stops, c.Focused())
	switch {
	case at < 0 && by < 0:
		at = len(stops) - 1
	case at < 0:
		at = 0
	default:
		at = min(max(at+by, 0), len(stops)-1)
	}
	c.Focus(stops[at])
	if o, ok := stops[at].(fyne.CanvasObject); ok {
		v.page.Reveal(o)
	}
	return true
}

func stopsOf(a answer) []fyne.Focusable {
	if k, ok := a.(keyed); ok {
		return k.stops()
	}
	if e := entryOf(a); e != nil {
		return []fyne.Focusable{e}
	}
	return nil
}

// entryOf is where an answer is typed; nil where none is.
func entryOf(a answer) *kit.Entry {
	switch a := a.(type) {
	case *written:
		return a.entry
	case *verbatim:
		return a.entry
	case *moment:
		if a.day == nil {
			return a.clock
		}
		return a.day
	case *partial:
		return a.year
	case *listed:
		return a.search
	}
	return nil
}
