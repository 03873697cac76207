package xform

import "strconv"

// RangeOf is the scale of a range question.
type RangeOf struct {
	Start, End, Step float64
	Tick             float64 // distance of marked ticks, 0 for none
	Placeholder      string  // the value a fresh slider shows
	Labels           string  // the list that labels the ticks
}

// numbers reads the attributes; a step of 0 or none means 1.
func (b *bounds) numbers() *RangeOf {
	number := func(s string, or float64) float64 {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return f
		}
		return or
	}
	r := &RangeOf{Start: number(b.start, 1), End: number(b.end, 10), Step: number(b.step, 1)}
	if r.Step == 0 {
		r.Step = 1
	}
	if r.Step < 0 {
		r.Step = -r.Step
	}
	r.Tick = number(b.tick, 0)
	r.Placeholder, r.Labels = b.placeholder, b.labels
	return r
}
