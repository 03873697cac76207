package export

import (
	"strings"

	"parvis/internal/interview"
)

// shiftSummary writes the cells of a shift that sum up its corrections and notes.
func (r *renderer) shiftSummary(s *sheet, w *interview.Shift) {
	s.number(int64(len(w.Corrections)))
	s.number(int64(w.Corrected()))
	var weather, notes []string
	for _, n := range w.Notes {
		if n.Weather != "" && (len(weather) == 0 || weather[len(weather)-1] != n.Weather) {
			weather = append(weather, n.Weather)
		}
		if n.Words != "" {
			notes = append(notes, n.At.Time().Format("15:04")+" "+n.Words)
		}
	}
	s.word(strings.Join(weather, " "))
	s.word(strings.Join(notes, "\n"))
}

// addShiftLog writes a row for each pause, correction and note of a shift.
func (r *renderer) addShiftLog(w *interview.Shift) {
	s := &r.pauses
	for n, p := range w.Pauses {
		r.ofShift(s, w, n)
		r.moment(s, p.From)
		r.moment(s, p.To)
		if p.To.IsZero() {
			s.empty()
		} else {
			s.bare(r.put(appendSeconds(r.cell[:0], lengthMS(p))))
		}
		s.word(p.Reason)
		s.word(p.Words)
		s.end()
	}
	s = &r.corrections
	for n, c := range w.Corrections {
		r.ofShift(s, w, n)
		s.word(c.ID)
		r.moment(s, c.At)
		s.number(int64(c.From))
		s.number(int64(c.To))
		s.word(c.Reason)
		s.word(c.Words)
		s.end()
	}
	s = &r.shiftNotes
	for n, note := range w.Notes {
		r.ofShift(s, w, n)
		s.word(note.ID)
		r.moment(s, note.At)
		s.word(note.Weather)
		s.word(note.Words)
		s.end()
	}
}

// ofShift begins a row that belongs to a shift; n counts from 0.
func (r *renderer) ofShift(s *sheet, w *interview.Shift, n int) {
	for _, cell := range []string{w.ID, w.Study, w.Site, r.regions[w.Site], w.Entrance, w.Interviewer} {
		s.word(cell)
	}
	s.number(int64(n + 1))
}
