package export

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"parvis/internal/interview"
)

// interviewRow is interview.Interview as bytes, so that reading one costs no allocation. Its slices belong to the body read or to
// the scanner and live until the next body. Sealed personal values are not in it at all.
type interviewRow struct {
	id, study, form, formVersion, shift, contact []byte
	site, entrance, interviewer, language        []byte
	disposition, breakOffAt, breakOffReason      []byte
	void, answers                                []byte
	correction, correctionReason                 []byte // of the last one
	corrections                                  int
	practice                                     bool
	started, ended                               interview.Moment
	durationMS                                   int64
	cells                                        [][]byte
	observations                                 []observationRow
	marks                                        []markRow
	visits                                       []visitRow
	changes                                      []changeRow // of all visits
	events                                       []eventRow
	hasty                                        [][]byte
	noVisits                                     bool // nobody wants visits and events, the greater part of a body
}

type observationRow struct {
	question, since, valence, energy, cue, note, rating []byte
	at                                                  interview.Moment
}

type markRow struct{ question, kind, label, position []byte }

type visitRow struct {
	question, dwell, firstTap, edits, group []byte
	at                                      interview.Moment
	dwellMS                                 int64
	changes                                 stretch
	offer                                   bool
}

func (r *interviewRow) clear() {
	*r = interviewRow{
		cells: r.cells[:0], observations: r.observations[:0], marks: r.marks[:0], visits: r.visits[:0], changes: r.changes[:0],
		events: r.events[:0], hasty: r.hasty[:0], noVisits: r.noVisits,
	}
}

// readInterview reads a body quickly where it is as json.Marshal writes it, and as encoding/json reads it anywhere else.
func readInterview(s *scanner, body []byte, r *interviewRow) error {
	r.clear()
	if utf8.Valid(body) {
		s.reset(body)
		if err := s.interview(r); err == nil && s.at == len(body) {
			return nil
		}
		r.clear()
	}
	var whole interview.Interview
	if err := json.Unmarshal(body, &whole); err != nil {
		return fmt.Errorf("the record is not an interview: %w", err)
	}
	r.fill(&whole)
	return nil
}

func (s *scanner) interview(r *interviewRow) error {
	return s.object(func(key []byte) error {
		if word := r.word(key); word != nil {
			return s.into(word)
		}
		var err error
		switch string(key) {
		case "practice":
			r.practice, err = s.boolean()
		case "started":
			r.started, err = s.moment()
		case "ended":
			r.ended, err = s.moment()
		case "duration_ms":
			r.durationMS, _, err = s.integer()
		case "cells":
			err = s.array(func() error {
				cell, err := s.str()
				r.cells = append(r.cells, cell)
				return err
			})
		case "observations":
			err = s.array(func() error { return s.observation(r) })
		case "marks":
			err = s.array(func() error { return s.mark(r) })
		case "corrections":
			err = s.array(func() error { return s.correction(r) })
		case "visits":
			err = s.array(func() error {
				if r.noVisits { // reading the usual shape over and over is faster than passing over any
					r.visits, r.changes = r.visits[:0], r.changes[:0]
				}
				return s.visit(r)
			})
			if r.noVisits {
				r.visits, r.changes = r.visits[:0], r.changes[:0]
			}
		case "events":
			if r.noVisits {
				return s.skip()
			}
			err = s.array(func() error { return s.event(r) })
		case "hasty":
			err = s.array(func() error {
				ref, err := s.str()
				r.hasty = append(r.hasty, ref)
				return err
			})
		default:
			err = s.skip()
		}
		return err
	})
}

// word is where a member that holds text goes; nil for other members.
func (r *interviewRow) word(key []byte) *[]byte {
	switch string(key) {
	case "id":
		return &r.id
	case "study":
		return &r.study
	case "form":
		return &r.form
	case "form_version":
		return &r.formVersion
	case "shift":
		return &r.shift
	case "contact":
		return &r.contact
	case "site":
		return &r.site
	case "entrance":
		return &r.entrance
	case "interviewer":
		return &r.interviewer
	case "language":
		return &r.language
	case "disposition":
		return &r.disposition
	case "break_off_at":
		return &r.breakOffAt
	case "break_off_reason":
		return &r.breakOffReason
	case "void":
		return &r.void
	case "answers":
		return &r.answers
	}
	return nil
}

func (s *scanner) into(dst *[]byte) (err error) {
	*dst, err = s.str()
	return err
}

func (s *scanner) digits(dst *[]byte) (err error) {
	_, *dst, err = s.integer()
	return err
}

// moment reads a moment; the order in which a device writes its members is tried first.
func (s *scanner) moment() (m interview.Moment, err error) {
	start := s.at
	var offset int64
	if s.literal(`{"utc":`) {
		if m.UTC, _, err = s.integer(); err == nil && s.literal(`,"offset":`) {
			if offset, _, err = s.integer(); err == nil && s.take('}') {
				m.Offset = int(offset)
				return m, nil
			}
		}
	}
	s.at = start
	return s.anyMoment()
}

func (s *scanner) anyMoment() (m interview.Moment, err error) {
	err = s.object(func(key []byte) (err error) {
		switch string(key) {
		case "utc":
			m.UTC, _, err = s.integer()
		case "offset":
			var n int64
			n, _, err = s.integer()
			m.Offset = int(n)
		default:
			err = s.skip()
		}
		return err
	})
	return m, err
}

func (s *scanner) observation(r *interviewRow) error {
	var o observationRow
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "question":
			err = s.into(&o.question)
		case "at":
			o.at, err = s.moment()
		case "since_ms":
			err = s.digits(&o.since)
		case "valence":
			err = s.digits(&o.valence)
		case "energy":
			err = s.digits(&o.energy)
		case "cue":
			err = s.into(&o.cue)
		case "note":
			err = s.into(&o.note)
		case "rating":
			err = s.digits(&o.rating)
		default:
			err = s.skip()
		}
		return err
	})
	r.observations = append(r.observations, o)
	return err
}

// correction reads one of the changes made after the interview had ended; the last is the one that is told.
func (s *scanner) correction(r *interviewRow) error {
	r.corrections++
	r.correction, r.correctionReason = nil, nil
	return s.object(func(key []byte) error {
		switch string(key) {
		case "kind":
			return s.into(&r.correction)
		case "reason":
			return s.into(&r.correctionReason)
		}
		return s.skip()
	})
}

func (s *scanner) mark(r *interviewRow) error {
	var m markRow
	err := s.object(func(key []byte) (err error) {
		switch string(key) {
		case "question":
			err = s.into(&m.question)
		case "kind":
			err = s.into(&m.kind)
		case "label":
			err = s.into(&m.label)
		case "position":
			err = s.digits(&m.position)
		default:
			err = s.skip()
		}
		return err
	})
	r.marks = append(r.marks, m)
	return err
}

// visit reads a stay on a page, of which an interview has dozens; the order in which a device writes its members is tried first.
func (s *scanner) visit(r *interviewRow) error {
	start, changes := s.at, len(r.changes)
	v, usual := s.usualVisit(r)
	var err error
	if !usual {
		s.at, r.changes = start, r.changes[:changes]
		v, err = s.anyVisit(r)
	}
	r.visits = append(r.visits, v)
	return err
}

func (s *scanner) usualVisit(r *interviewRow) (v visitRow, usual bool) {
	var err error
	if !s.literal(`{"question":`) || s.into(&v.question) != nil || !s.literal(`,"at":`) {
		return v, false
	}
	if v.at, err = s.moment(); err != nil || !s.literal(`,"dwell_ms":`) {
		return v, false
	}
	if v.dwellMS, v.dwell, err = s.integer(); err != nil {
		return v, false
	}
	if s.literal(`,"first_tap_ms":`) && s.digits(&v.firstTap) != nil {
		return v, false
	}
	if s.literal(`,"edits":`) && s.digits(&v.edits) != nil {
		return v, false
	}
	if s.literal(`,"changes":`) && s.changes(r, &v) != nil {
		return v, false
	}
	if s.literal(`,"group":`) && s.into(&v.group) != nil {
		return v, false
	}
	v.offer = s.literal(`,"offer":true`)
	return v, s.take('}')
}

func (s *scanner) anyVisit(r *interviewRow) (v visitRow, err error) {
	err = s.object(func(key []byte) (err error) {
		switch string(key) {
		case "question":
			err = s.into(&v.question)
		case "at":
			v.at, err = s.moment()
		case "dwell_ms":
			v.dwellMS, v.dwell, err = s.integer()
		case "first_tap_ms":
			err = s.digits(&v.firstTap)
		case "edits":
			err = s.digits(&v.edits)
		case "changes":
			err = s.changes(r, &v)
		case "group":
			err = s.into(&v.group)
		case "offer":
			v.offer, err = s.boolean()
		default:
			err = s.skip()
		}
		return err
	})
	return v, err
}

// fill copies what the library read.
func (r *interviewRow) fill(w *interview.Interview) {
	*r = interviewRow{
		id: []byte(w.ID), study: []byte(w.Study), form: []byte(w.Form), formVersion: []byte(w.FormVersion), shift: []byte(w.Shift),
		contact: []byte(w.Contact), site: []byte(w.Site), entrance: []byte(w.Entrance), interviewer: []byte(w.Interviewer),
		language: []byte(w.Language), disposition: []byte(w.Disposition), breakOffAt: []byte(w.BreakOffAt),
		breakOffReason: []byte(w.BreakOffReason), void: []byte(w.Void), answers: []byte(w.Answers),
		practice: w.Practice, started: w.Started, ended: w.Ended, durationMS: w.DurationMS, noVisits: r.noVisits,
	}
	for _, c := range w.Cells {
		r.cells = append(r.cells, []byte(c))
	}
	for _, c := range w.Corrections {
		r.correction, r.correctionReason = []byte(c.Kind), []byte(c.Reason)
		r.corrections++
	}
	for _, o := range w.Observations {
		r.observations = append(r.observations, observationRow{
			question: []byte(o.Question), since: digitsOf(o.SinceMS), valence: digitsAt(o.Valence), energy: digitsAt(o.Energy),
			cue: []byte(o.Cue), note: []byte(o.Note), rating: digitsAt(o.Rating), at: o.At,
		})
	}
	for _, m := range w.Marks {
		r.marks = append(r.marks, markRow{[]byte(m.Question), []byte(m.Kind), []byte(m.Label), digitsOf(int64(m.Position))})
	}
	r.fillTrail(w)
	if r.noVisits {
		return
	}
	for _, v := range w.Visits {
		row := visitRow{
			question: []byte(v.Question), dwell: digitsOf(v.DwellMS), dwellMS: v.DwellMS, at: v.At, group: []byte(v.Group), offer: v.Offer,
			changes: r.fillChanges(v.Changes),
		}
		if v.FirstTapMS != 0 {
			row.firstTap = digitsOf(v.FirstTapMS)
		}
		if v.Edits != 0 {
			row.edits = digitsOf(int64(v.Edits))
		}
		r.visits = append(r.visits, row)
	}
}

func digitsOf(n int64) []byte { return strconv.AppendInt(nil, n, 10) }

func digitsAt(n *int) []byte {
	if n == nil {
		return nil
	}
	return digitsOf(int64(*n))
}
