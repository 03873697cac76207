package export

import (
	"encoding/json"
	"fmt"

	"parvis/internal/interview"
)

// addContact writes the row of an approach.
func (r *renderer) addContact(body []byte) error {
	var c interview.Contact
	if err := json.Unmarshal(body, &c); err != nil {
		return fmt.Errorf("the record is not a contact: %w", err)
	}
	if c.Practice {
		r.tally.practice++
		return nil
	}
	r.tally.contacts++
	s := &r.contacts
	for _, cell := range []string{c.ID, c.Study, c.Shift, c.Site, r.regions[c.Site], c.Entrance, c.Interviewer} {
		s.word(cell)
	}
	r.moment(s, c.At)
	s.word(string(c.Disposition))
	s.word(dispositionLabel(c.Disposition))
	class := c.Class()
	if c.Void {
		class = "" // in no rate
	}
	s.word(string(class))
	s.flag(c.EligibilityKnown)
	s.flag(c.ContactMade)
	s.flag(c.Void)
	s.word(c.EstimatedSex)
	s.word(c.EstimatedAge)
	source := ""
	if c.Estimated() {
		source = "interviewer-estimated"
	}
	s.word(source)
	s.word(c.NotApproached)
	s.number(int64(c.Passed))
	s.word(c.Interview)
	s.end()
	return nil
}

// addShift writes the row of a shift and one for each quarter of an hour in which somebody passed.
func (r *renderer) addShift(body []byte) error {
	var w interview.Shift
	if err := json.Unmarshal(body, &w); err != nil {
		return fmt.Errorf("the record is not a shift: %w", err)
	}
	if w.Practice {
		r.tally.practice++
		return nil
	}
	r.tally.shifts++
	s := &r.shifts
	for _, cell := range []string{w.ID, w.Study, w.Site, r.regions[w.Site], w.Entrance, w.Interviewer} {
		s.word(cell)
	}
	s.number(int64(w.Interval))
	r.moment(s, w.Started)
	r.moment(s, w.Ended)
	s.number(int64(len(w.Pauses)))
	s.bare(r.put(appendSeconds(r.cell[:0], pausedMS(&w))))
	s.number(int64(w.Passed))
	r.shiftSummary(s, &w)
	s.end()
	r.addShiftLog(&w)
	for _, quarter := range w.Footfall {
		r.addFootfall(&w, quarter)
	}
	return nil
}

// pausedMS is how long the shift's ended pauses took by the wall clock, in milliseconds. A pause that the clock makes negative
// counts nothing.
func pausedMS(w *interview.Shift) int64 {
	var sum int64
	for _, p := range w.Pauses {
		sum += lengthMS(p)
	}
	return sum
}

func lengthMS(p interview.Pause) int64 {
	if p.To.IsZero() {
		return 0
	}
	return max(p.To.UTC-p.From.UTC, 0)
}

func (r *renderer) addFootfall(w *interview.Shift, quarter interview.Footfall) {
	s := &r.footfall
	for _, cell := range []string{w.ID, w.Study, w.Site, r.regions[w.Site], w.Entrance} {
		s.word(cell)
	}
	r.moment(s, interview.Moment{UTC: quarter.From, Offset: w.Started.Offset})
	s.number(int64(quarter.Count))
	s.end()
}

// dispositionLabel is an outcome in words.
func dispositionLabel(d interview.Disposition) string {
	switch d {
	case interview.Complete:
		return "complete"
	case interview.Partial:
		return "partial"
	case interview.RefusedIntroduction:
		return "refused at the introduction"
	case interview.BrokeOff:
		return "broke off"
	case interview.GotAway:
		return "got away"
	case interview.PhysicallyUnable:
		return "unable to take part"
	case interview.LanguageBarrier:
		return "no common language"
	case interview.NoTime:
		return "no time now"
	case interview.NotApproached:
		return "not approached"
	case interview.RefusedUnknown:
		return "refused, eligibility unknown"
	case interview.ScreenedOut:
		return "screened out"
	case interview.QuotaFull:
		return "quota full"
	case interview.AlreadyInterviewed:
		return "already interviewed"
	case interview.InProgress:
		return "in progress"
	}
	return ""
}
