package export

import "parvis/internal/interview"

// changeRow is interview.Change as bytes.
type changeRow struct {
	question, old, new []byte
	resumed            int64
}

// eventRow is interview.Event as bytes.
type eventRow struct {
	kind, question, reason []byte
	open, until, visits    int64
	at                     interview.Moment
}

// stretch is a part of a slice: which changes belong to a visit.
type stretch struct{ from, to int }

// changes reads what became of answers during a stay.
func (s *scanner) changes(r *interviewRow, v *visitRow) error {
	from := len(r.changes)
	if !s.take('[') {
		return errUnusual
	}
	for {
		c, ok := s.change()
		if !ok {
			return errUnusual
		}
		r.changes = append(r.changes, c)
		if s.take(']') {
			v.changes = stretch{from, len(r.changes)}
			return nil
		}
		if !s.take(',') {
			return errUnusual
		}
	}
}

// change reads one change, whose members may all be missing.
func (s *scanner) change() (c changeRow, ok bool) {
	if s.literal("{}") {
		return c, true
	}
	if !s.take('{') {
		return c, false
	}
	for {
		var err error
		switch {
		case s.literal(`"new":`):
			err = s.into(&c.new)
		case s.literal(`"old":`):
			err = s.into(&c.old)
		case s.literal(`"question":`):
			err = s.into(&c.question)
		case s.literal(`"resumed":`):
			c.resumed, _, err = s.integer()
		default:
			return c, false
		}
		if err != nil {
			return c, false
		}
		if s.take('}') {
			return c, true
		}
		if !s.take(',') {
			return c, false
		}
	}
}

func (s *scanner) event(r *interviewRow) error {
	var e eventRow
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "kind":
			err = s.into(&e.kind)
		case "question":
			err = s.into(&e.question)
		case "open_ms":
			e.open, _, err = s.integer()
		case "until_ms":
			e.until, _, err = s.integer()
		case "visits":
			e.visits, _, err = s.integer()
		case "reason":
			err = s.into(&e.reason)
		case "at":
			e.at, err = s.moment()
		default:
			err = s.skip()
		}
		return err
	})
	r.events = append(r.events, e)
	return err
}

// fillTrail copies what the library read of changes, events and haste.
func (r *interviewRow) fillTrail(w *interview.Interview) {
	for _, h := range w.Hasty {
		r.hasty = append(r.hasty, []byte(h))
	}
	if r.noVisits {
		return
	}
	for _, e := range w.Events {
		r.events = append(r.events, eventRow{kind: []byte(e.Kind), question: []byte(e.Question), reason: []byte(e.Reason), open: e.OpenMS, until: e.UntilMS, visits: int64(e.Visits), at: e.At})
	}
}

// fillChanges copies the changes of one visit.
func (r *interviewRow) fillChanges(changes []interview.Change) stretch {
	from := len(r.changes)
	for _, c := range changes {
		r.changes = append(r.changes, changeRow{question: []byte(c.Question), old: []byte(c.Old), new: []byte(c.New), resumed: int64(c.Resumed)})
	}
	return stretch{from, len(r.changes)}
}
