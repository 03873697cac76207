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
}

// noEnd is the end of rows that have none.
const noEnd = math.MinInt64

// addAudit writes the log: the interview, and once more what was done after each time it was reopened. The first page comes up at
// open time 0, and stays follow each other without a gap.
func (r *renderer) addAudit() {
	w := &r.row
	a := &auditor{r: r, s: &r.audit, base: w.started.UTC, last: math.MinInt64}
	a.row("form start", nil, 0, noEnd)
	rest, visit, open := w.events, 0, int64(0)
	var reason []byte // why the interview is being corrected
	for {
		again := reopening(rest)
		a.events = rest[:again]
		upto := len(w.visits)
		if again < len(rest) {
			upto = min(max(visit, int(rest[again].visits)), upto)
		}
		for ; visit < upto; visit++ {
			open = a.between(open, open)
			a.stay(visit, open, open+w.visits[visit].dwellMS)
			open += w.visits[visit].dwellMS
		}
		open = a.between(math.MaxInt64, open)
		if again == len(w.events) { // what was never reopened took as long as it says
			open = max(open, w.durationMS)
		}
		if len(reason) > 0 {
			a.begin("change reason", nil, open, noEnd)
			a.finish(nil, nil, reason)
		}
		a.row("form save", nil, open, noEnd)
		a.row("form exit", nil, open, noEnd)
		a.row("form finalize", nil, open, noEnd)
		if again == len(rest) {
			return
		}
		e := rest[again]
		a.base += open - e.open // where it was, on an open time that may begin anew
		a.resumed(e)
		rest, open, reason = rest[again+1:], e.open, e.reason
	}
}

// reopening finds the next time the interview was gone on with after its end.
func reopening(events []eventRow) int {
	for i, e := range events {
		if k := interview.EventKind(e.kind); k == interview.EventUndo || k == interview.EventCorrect {
			return i
		}
	}
	return len(events)
}

// between writes what happened up to an open time outside the stays on questions, and returns the open time of the next stay.
func (a *auditor) between(upto, open int64) int64 {
	for len(a.events) > 0 && a.events[0].open <= upto {
		e := a.events[0]
		a.events = a.events[1:]
		switch interview.EventKind(e.kind) {
		case interview.EventEnd:
			a.stay(-1, e.open, e.until)
			upto, open = max(upto, e.until), max(open, e.until)
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
	for part := int64(0); ; part++ {
		cut := a.interruption(to)
		if cut == len(a.events) {
			a.part(visit, part, true, from, to)
			a.happen(to)
			return
		}
		e := a.events[cut]
		a.part(visit, part, false, from, e.open)
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
		from = e.open
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
	case interview.EventJump, interview.EventRefused:
		a.row(string(kind), nil, e.open, noEnd)
	}
}

func (a *auditor) left(e eventRow) {
	a.row("form save", nil, e.open, noEnd)
	a.row(string(interview.EventLeave), nil, e.open, noEnd)
}

// resumed asks the wall clock anew, unless it was set back.
func (a *auditor) resumed(e eventRow) {
	if !e.at.IsZero() {
		a.base = max(a.base, e.at.UTC-e.open)
	}
	a.row(string(interview.EventResume), nil, e.open, noEnd)
}

// part writes one uninterrupted part of a stay, and what became of answers in it.
func (a *auditor) part(visit int, part int64, last bool, from, to int64) {
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
		a.question(visit, v.question, own, from, to)
	}
	for i := range changes {
		c := &changes[i]
		switch {
		case !here(c), len(c.question) == 0 && len(v.group) == 0:
		case len(c.question) == 0:
			a.question(visit, v.question, c, from, to)
		default:
			a.question(visit, c.question, c, from, to)
		}
	}
}

// question writes the row of a question. Values are told only of questions that have a column, which personal ones have not.
func (a *auditor) question(visit int, ref []byte, c *changeRow, from, to int64) {
	a.begin("question", ref, from, to)
	known := a.r.pages[visit].known
	if c != nil && len(c.question) > 0 {
		_, _, known = a.r.column(ref)
	}
	if c == nil || !known {
		c = &changeRow{}
	}
	a.finish(c.old, c.new, nil)
}

func (a *auditor) row(event string, node []byte, from, to int64) {
	a.begin(event, node, from, to)
	a.finish(nil, nil, nil)
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
	if to == noEnd {
		s.empty()
	} else {
		s.number(max(start, a.base+to))
	}
	s.buf = append(s.buf, ",,,"...) // no place is taken
}

func (a *auditor) finish(old, new, reason []byte) {
	a.s.text(old)
	a.s.text(new)
	a.s.text(a.r.row.interviewer)
	a.s.text(reason)
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
