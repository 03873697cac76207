package question

import (
	"slices"

	"fyne.io/fyne/v2"

	"parvis/internal/xform"
)

func (t *tiles) pick(digit int) (taken, done bool) {
	if digit < 1 || digit > len(t.it.Choices) {
		return false, false
	}
	t.tap(t.it.Choices[digit-1].Value)
	return true, t.it.Control != xform.Select
}

func (t *tiles) stops() []fyne.Focusable { return focusables(t.tiles) }

// pick takes the digit for the figure on a row of figures, and 1 followed by 0 for ten; on a row of words for their place.
func (s *scale) pick(digit int) (taken, done bool) {
	if s.it.Kind == Likert {
		if digit < 1 || digit > len(s.it.Choices) {
			return false, false
		}
		s.choose(s.it.Choices[digit-1].Value)
		return true, true
	}
	typed := string(rune('0' + digit))
	if s.digit == "1" && digit == 0 && s.valueOf("10") != "" {
		typed = "10"
	}
	value := s.valueOf(typed)
	s.digit = typed
	switch {
	case value == "":
		return false, false
	case typed == "1" && s.valueOf("10") != "": // a nought may follow, so it does not go on by itself
		return s.v.do(s.chosen(value)), false
	}
	s.choose(value)
	return true, true
}

// valueOf is the value of a figure; empty where the row does not have it.
func (s *scale) valueOf(figure string) string {
	for _, c := range s.it.Choices {
		if Figure(c.Label) == figure {
			return c.Value
		}
	}
	return ""
}

func (s *scale) stops() []fyne.Focusable { return focusables(s.strip.Options()) }

func (r *rating) pick(digit int) (taken, done bool) {
	r.choose(digit)
	taken = digit >= 1 && digit <= len(r.points)
	return taken, taken
}

func (r *rating) stops() []fyne.Focusable { return r.stars.Stops() }

func (t *tick) pick(digit int) (taken, done bool) {
	if digit != 1 {
		return false, false
	}
	t.tile.Tapped(nil)
	return true, true
}

func (t *tick) stops() []fyne.Focusable { return []fyne.Focusable{t.tile} }

// pick gives the choice at a place of the list the next rank.
func (r *ranking) pick(digit int) (taken, done bool) {
	if digit < 1 || digit > len(r.it.Choices) {
		return false, false
	}
	r.tap(r.it.Choices[digit-1].Value)
	return true, false
}

func (r *ranking) stops() (all []fyne.Focusable) {
	for _, o := range r.box.Objects {
		if f, ok := o.(fyne.Focusable); ok {
			all = append(all, f)
		}
	}
	return all
}

// pick takes the digit for a point of a short range.
func (s *slider) pick(digit int) (taken, done bool) {
	typed := string(rune('0' + digit))
	if s.strip == nil || !slices.Contains(s.points, typed) {
		return false, false
	}
	s.set(typed)
	return true, typed != "1" || !slices.Contains(s.points, "10")
}

func (s *slider) stops() []fyne.Focusable {
	switch {
	case s.strip != nil:
		return focusables(s.strip.Options())
	case s.track != nil:
		return []fyne.Focusable{s.track}
	}
	return nil
}

func (r *tableRow) pick(digit int) (taken, done bool) {
	it := r.of.rows[r.at]
	if digit < 1 || digit > len(it.Choices) {
		return false, false
	}
	r.of.tap(r.at, digit-1)
	return true, it.Control != xform.Select
}

func (r *tableRow) stops() []fyne.Focusable { return r.of.table.Stops(r.at) }

func focusables[T fyne.Focusable](widgets []T) []fyne.Focusable {
	all := make([]fyne.Focusable, len(widgets))
	for i, w := range widgets {
		all[i] = w
	}
	return all
}

// pick means nothing on a long list: digits are typed into its search.
func (l *listed) pick(int) (taken, done bool) { return false, false }

func (l *listed) stops() []fyne.Focusable {
	if l.line != nil {
		return []fyne.Focusable{l.line}
	}
	return []fyne.Focusable{l.search}
}

// pick means nothing where a year is typed.
func (p *partial) pick(int) (taken, done bool) { return false, false }

func (p *partial) stops() []fyne.Focusable {
	return append([]fyne.Focusable{p.year}, focusables(p.months)...)
}
