package export

import (
	"bytes"
	"math"
	"strconv"

	"parvis/internal/interview"
)

// The audit log has the columns and events of ODK's audit.csv (docs.getodk.org/form-audit-log), and the column before them by which
// ODK Central joins the logs of all submissions. As there, the clock on the wall is asked once, at the start and after each resume,
// and all other times are monotonic ones added to it; where it was set back in between, the log goes on from where it was.

func auditColumns() []string {
	return []string{
		"instance ID", "event", "node", "start", "end", "latitude", "longitude", "accuracy", "old-value", "new-value", "user", "change-reason",
	}
}

// auditor writes the audit log of one interview.
type auditor struct {
	r      *renderer
	s      *sheet
	base   int64 // the wall clock at open time 0, milliseconds
	last   int64 // start of the row before: rows never go back
	events []eventRow
	came   string // how the interviewer came to the page that is next, where not by Next or Back
}

// moment is the end of rows that have none.
const moment = math.MinInt64

// addAudit writes the log. The start of a stay is not in the record: stays follow each other without a gap until the end, so it is
// what is left.
func (r *renderer) addAudit() {
	w := &r.row
	a := &auditor{r: r, s: &r.audit, base: w.started.UTC, last: math.MinInt64, events: w.events}
	open := w.durationMS
	for i := range w.visits {
		open -= w.visits[i].dwellMS
	}
	for _, e := range w.events {
		if string(e.kind) == string(interview.EventEnd) {
			open -= e.until - e.open
		}
	}
	open = max(0, open)
	a.row("form start", nil, 0, moment)
	for i := range w.visits {
		open = a.between(open)
		a.stay(i, open, open+w.visits[i].dwellMS)
		open += w.visits[i].dwellMS
	}
	a.between(math.MaxInt64)
	for _, event := range []string{"form save", "form exit", "form finalize"} {
		a.row(event, nil, w.durationMS, moment)
	}
}

// between writes what happened up to an open time outside the stays on questions, and returns the open time of the next stay.
func (a *auditor) between(open int64) int64 {
	for len(a.events) > 0 && a.events[0].open <= open {
		e := a.events[0]
		a.events = a.events[1:]
		switch interview.EventKind(e.kind) {
		case interview.EventEnd:
			a.stay(-1, e.open, e.until)
			open = max(open, e.until)
		case interview.EventLeave:
			a.left(e)
		case interview.EventResume:
			a.resumed(e)
		default:
			a.happened(e)
		}
	}
	return open
}

// stay writes the stay on a page, the end screen where there is no visit: one row, and one more after each time the interview was
// left or interrupted in it.
func (a *auditor) stay(visit int, from, to int64) {
	came := a.came
	a.came = ""
	for part := int64(0); ; part++ {
		cut := a.interruption(to)
		if cut == len(a.events) {
			a.part(visit, part, true, from, to, came)
			a.happen(to)
			return
		}
		e := a.events[cut]
		a.part(visit, part, false, from, e.open, came)
		a.happen(e.open)
		a.skip(e)
		if interview.EventKind(e.kind) == interview.EventLeave {
			a.left(e)
			if len(a.events) == 0 || interview.EventKind(a.events[0].kind) != interview.EventResume {
				part--
				from = e.open
				continue
			}
			e = a.events[0]
			a.skip(e)
		}
		a.resumed(e)
		from, came = e.open, string(interview.EventResume)
	}
}

// interruption finds the next time the interview was left or resumed before an open time.
func (a *auditor) interruption(before int64) int {
	for i, e := range a.events {
		if e.open >= before {
			break
		}
		if k := interview.EventKind(e.kind); k == interview.EventLeave || k == interview.EventResume {
			return i
		}
	}
	return len(a.events)
}

// happen writes what happened before an open time, up to the next interruption.
func (a *auditor) happen(before int64) {
	for len(a.events) > 0 && a.events[0].open < before {
		e := a.events[0]
		if k := interview.EventKind(e.kind); k == interview.EventLeave || k == interview.EventResume {
			return
		}
		a.events = a.events[1:]
		a.happened(e)
	}
}

// skip passes over an event that is being told, and over what happened at the same time before it.
func (a *auditor) skip(e eventRow) {
	for len(a.events) > 0 {
		first := a.events[0]
		a.events = a.events[1:]
		if first.open == e.open && bytes.Equal(first.kind, e.kind) {
			return
		}
		a.happened(first)
	}
}

func (a *auditor) happened(e eventRow) {
	switch kind := interview.EventKind(e.kind); kind {
	case interview.EventRemove:
		a.row(string(kind), e.question, e.open, e.open)
	case interview.EventEnd:
		a.row(string(kind), nil, e.open, e.until)
	case interview.EventJump:
		if a.came == "" {
			a.came = string(kind)
		}
		a.row(string(kind), nil, e.open, moment)
	case interview.EventRefused:
		a.came = string(kind)
		a.row(string(kind), nil, e.open, moment)
	}
}

func (a *auditor) left(e eventRow) {
	a.row("form save", nil, e.open, moment)
	a.row(string(interview.EventLeave), nil, e.open, moment)
}

// resumed asks the wall clock anew, unless it was set back.
func (a *auditor) resumed(e eventRow) {
	if !e.at.IsZero() {
		a.base = max(a.base, e.at.UTC-e.open)
	}
	a.row(string(interview.EventResume), nil, e.open, moment)
}

// part writes one uninterrupted part of a stay, and what became of answers in it.
func (a *auditor) part(visit int, part int64, last bool, from, to int64, came string) {
	if visit < 0 {
		a.row(string(interview.EventEnd), nil, from, to)
		return
	}
	v := &a.r.row.visits[visit]
	changes := a.r.row.changes[v.changes.from:v.changes.to]
	here := func(c *changeRow) bool { return c.resumed == part || last && c.resumed > part }
	if len(v.group) > 0 {
		a.row("group questions", v.group, from, to)
	} else if v.offer {
		a.row("add repeat", v.question, from, to)
	} else {
		var own *changeRow
		for i := range changes {
			if c := &changes[i]; len(c.question) == 0 && here(c) {
				own = c
			}
		}
		a.question(visit, v.question, own, from, to, came)
	}
	for i := range changes {
		c := &changes[i]
		switch {
		case !here(c), len(c.question) == 0 && len(v.group) == 0:
		case len(c.question) == 0:
			a.question(visit, v.question, c, from, to, came)
		default:
			a.question(visit, c.question, c, from, to, came)
		}
	}
}

// question writes the row of a question. Values are told only of questions that have a column, which personal ones have not.
func (a *auditor) question(visit int, ref []byte, c *changeRow, from, to int64, came string) {
	a.begin("question", ref, from, to)
	known := a.r.pages[visit].known
	if c != nil && len(c.question) > 0 {
		_, _, known = a.r.column(ref)
	}
	if c == nil || !known {
		a.finish(nil, nil, "")
		return
	}
	reason := ""
	if len(c.old) > 0 {
		reason = came
		if came == "" && a.visitedBefore(visit) {
			reason = "back"
		}
	}
	a.finish(c.old, c.new, reason)
}

func (a *auditor) visitedBefore(visit int) bool {
	visits := a.r.row.visits
	for i := range visits[:visit] {
		if bytes.Equal(visits[i].question, visits[visit].question) && !visits[i].offer {
			return true
		}
	}
	return false
}

func (a *auditor) row(event string, node []byte, from, to int64) {
	a.begin(event, node, from, to)
	a.finish(nil, nil, "")
}

func (a *auditor) begin(event string, node []byte, from, to int64) {
	s := a.s
	s.bare(a.r.id)
	s.comma()
	s.buf = append(s.buf, event...)
	s.text(a.r.put(appendNode(a.r.cell[:0], node)))
	start := max(a.last, a.base+from)
	a.last = start
	s.number(start)
	if to == moment {
		s.empty()
	} else {
		s.number(max(start, a.base+to))
	}
	s.buf = append(s.buf, ",,,"...) // no place is taken
}

func (a *auditor) finish(old, new []byte, reason string) {
	a.s.text(old)
	a.s.text(new)
	a.s.text(a.r.row.interviewer)
	a.s.word(reason)
	a.s.end()
}

// appendNode writes a reference as XPath counts, from 1.
func appendNode(dst, ref []byte) []byte {
	for {
		open := bytes.IndexByte(ref, '[')
		if open < 0 {
			return append(dst, ref...)
		}
		dst = append(dst, ref[:open+1]...)
		ref = ref[open+1:]
		shut := bytes.IndexByte(ref, ']')
		if shut < 0 {
			return append(dst, ref...)
		}
		n, err := strconv.Atoi(string(ref[:shut]))
		if err != nil {
			return append(dst, ref...)
		}
		dst, ref = strconv.AppendInt(dst, int64(n)+1, 10), ref[shut:]
	}
}
