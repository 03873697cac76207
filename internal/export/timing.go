package export

import (
	"bytes"
	"strings"

	"parvis/internal/interview"
)

func timingColumns() []string {
	return []string{"interview", "question", "index", "stays", "dwell_ms", "first_tap_ms", "edits", "words", "hasty"}
}

// timing is what all stays on one page add up to.
type timing struct {
	page
	ref, group   []byte
	stays, edits int64
	dwellMS      int64
	firstTap     []byte
}

// spoken is how many words a verbatim has.
type spoken struct {
	column string
	index  []int
	words  int
}

// addTimings writes a row for each question that was shown, in the order they first were; the questions of one page have one row.
// The time in which an interview was corrected after its end is not the respondent's, and is left out.
func (r *renderer) addTimings() {
	r.timings = r.timings[:0]
	correction := false
	events := r.row.events
	for i := range r.row.visits {
		for next := reopening(events); next < len(events) && int(events[next].visits) <= i; next = reopening(events) {
			correction = string(events[next].kind) == string(interview.EventCorrect)
			events = events[next+1:]
		}
		if v := &r.row.visits[i]; !v.offer && !correction {
			r.timingOf(v, r.pages[i]).add(v)
		}
	}
	s := &r.timing
	for i := range r.timings {
		t := &r.timings[i]
		s.bare(r.id)
		s.text(t.name)
		s.bare(r.put(appendIndex(r.cell[:0], t.index)))
		s.number(t.stays)
		s.number(t.dwellMS)
		s.bare(t.firstTap)
		s.number(t.edits)
		if n, ok := r.wordsOf(t.name, t.index); ok {
			s.number(int64(n))
		} else {
			s.empty()
		}
		s.number(r.hastyOn(t))
		s.end()
	}
}

func (r *renderer) timingOf(v *visitRow, p page) *timing {
	for i := range r.timings {
		if t := &r.timings[i]; sameRef(t.ref, v.question) && len(t.group) > 0 == (len(v.group) > 0) {
			return t
		}
	}
	r.timings = append(r.timings, timing{page: p, ref: v.question, group: v.group})
	return &r.timings[len(r.timings)-1]
}

// sameRef compares from the end, since references begin alike.
func sameRef(a, b []byte) bool {
	n := len(a)
	return n == len(b) && (n == 0 || a[n-1] == b[n-1]) && bytes.Equal(a, b)
}

func (t *timing) add(v *visitRow) {
	t.stays++
	t.dwellMS += v.dwellMS
	t.edits += whole(v.edits)
	if len(t.firstTap) == 0 {
		t.firstTap = v.firstTap
	}
}

// whole is a number as a device writes it; nothing is 0.
func whole(digits []byte) (n int64) {
	for _, d := range digits {
		n = n*10 + int64(d-'0')
	}
	return n
}

func (r *renderer) wordsOf(name []byte, index []int) (int, bool) {
	for _, v := range r.spoken {
		if v.column == string(name) && sameIndex(v.index, index) {
			return v.words, true
		}
	}
	return 0, false
}

// hastyOn counts the questions of a page that were answered in less than their minimum.
func (r *renderer) hastyOn(t *timing) (n int64) {
	for _, ref := range r.row.hasty {
		if len(t.group) == 0 && bytes.Equal(ref, t.ref) || len(t.group) > 0 && strings.HasPrefix(string(ref), string(t.group)+"/") {
			n++
		}
	}
	return n
}
