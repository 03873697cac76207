package export

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf8"

	"parvis/internal/interview"
	"parvis/internal/study"
)

// renderer turns bodies of records into rows. Each worker has its own; nothing in it is shared but the layout and the study, which
// nobody changes.
type renderer struct {
	layout  *layout
	study   *study.Study
	regions map[string]string

	scan    scanner
	row     interviewRow
	answers answers
	clock   clock
	cell    []byte // a cell being put together
	id      []byte // the interview's id as a cell, ready to be written

	provisional bool // of the interview being written

	tables                            []sheet // of the interview and of each repeat
	verbatims, observations, paradata sheet
	timing, audit                     sheet
	contacts, shifts, footfall        sheet
	pauses, corrections, shiftNotes   sheet
	reviews                           sheet
	tally                             tally

	pages   []page   // of the visits of the interview being written
	timings []timing // of that interview
	spoken  []spoken // likewise
	without map[string]bool
}

// tally is what became of the records of a batch.
type tally struct {
	interviews, contacts, shifts, practice, strays int
	problems                                       []Problem
}

func newRenderer(l *layout, p Params) *renderer {
	r := &renderer{layout: l, study: p.Study, regions: map[string]string{}, tables: make([]sheet, len(l.tables))}
	r.without = map[string]bool{}
	for _, name := range p.Without {
		r.without[name] = true
	}
	r.row.noVisits = r.without[Paradata] && r.without[Timings] && r.without[Audit]
	for _, site := range p.Study.Sites {
		r.regions[site.Name] = site.Region
	}
	for _, sheet := range r.sheets() {
		sheet.safe = p.ExcelSafe
	}
	r.answers = answers{layout: l, row: r.answerRow}
	return r
}

// sheets are all files of rows, in the order of rowFiles.
func (r *renderer) sheets() []*sheet {
	var all []*sheet
	for i := range r.tables {
		all = append(all, &r.tables[i])
	}
	return append(all, &r.verbatims, &r.observations, &r.paradata, &r.timing, &r.audit,
		&r.contacts, &r.shifts, &r.footfall, &r.pauses, &r.corrections, &r.shiftNotes, &r.reviews)
}

// rowFiles are the files of rows, in the order of sheets, with their headers.
func (l *layout) rowFiles() []rowFile {
	var files []rowFile
	for i, name := range l.nameFiles() {
		files = append(files, rowFile{name, l.header(l.tables[i])})
	}
	return append(files,
		rowFile{Verbatims, verbatimColumns()}, rowFile{Observations, observationColumns()}, rowFile{Paradata, paradataColumns()},
		rowFile{Timings, timingColumns()}, rowFile{Audit, auditColumns()},
		rowFile{Contacts, contactColumns()}, rowFile{Shifts, shiftColumns()}, rowFile{Footfall, footfallColumns()},
		rowFile{Pauses, pauseColumns()}, rowFile{Corrections, correctionColumns()}, rowFile{ShiftNotes, shiftNoteColumns()},
		rowFile{Reviews, reviewColumns()})
}

type rowFile struct {
	name   string
	header []string
}

// add renders one record.
func (r *renderer) add(kind, id string, body []byte) {
	var err error
	switch kind {
	case KindInterview:
		err = r.addInterview(body)
	case KindContact:
		err = r.addContact(body)
	case KindShift:
		err = r.addShift(body)
	case KindDecision:
		err = r.addDecision(body)
	default:
		return
	}
	if err != nil {
		r.tally.problems = append(r.tally.problems, Problem{Kind: kind, ID: id, Reason: err.Error()})
	}
}

func (r *renderer) addInterview(body []byte) error {
	if err := readInterview(&r.scan, body, &r.row); err != nil {
		return err
	}
	if r.row.practice {
		r.tally.practice++
		return nil
	}
	ready := sheet{buf: r.id[:0], safe: r.tables[0].safe}
	ready.text(r.row.id)
	r.id = ready.buf
	r.spoken = r.spoken[:0]
	before := r.lengths()
	if err := r.answers.read(r.row.answers); err != nil {
		r.cutTo(before)
		r.spoken = r.spoken[:0]
		r.answerRow(r.layout.tables[0], make([][]byte, len(r.layout.tables[0].columns)), nil)
		r.around()
		return err
	}
	r.tally.strays += r.answers.strays
	r.around()
	return nil
}

// around writes what surrounds the answers.
func (r *renderer) around() {
	r.tally.interviews++
	r.addObservations()
	r.namePages()
	if !r.without[Paradata] {
		r.addVisits()
	}
	if !r.without[Timings] {
		r.addTimings()
	}
	if !r.without[Audit] {
		r.addAudit()
	}
}

func (r *renderer) lengths() [][2]int {
	lengths := make([][2]int, 0, len(r.tables)+1)
	for i := range r.tables {
		lengths = append(lengths, [2]int{len(r.tables[i].buf), r.tables[i].rows})
	}
	return append(lengths, [2]int{len(r.verbatims.buf), r.verbatims.rows})
}

// cutTo takes back the rows of answers that turned out to be damaged.
func (r *renderer) cutTo(lengths [][2]int) {
	for i := range r.tables {
		r.tables[i].buf, r.tables[i].rows = r.tables[i].buf[:lengths[i][0]], lengths[i][1]
	}
	last := lengths[len(lengths)-1]
	r.verbatims.buf, r.verbatims.rows = r.verbatims.buf[:last[0]], last[1]
}

// answerRow writes a row of the interview or of a repeat.
func (r *renderer) answerRow(t *table, values [][]byte, index []int) {
	s := &r.tables[0]
	if t.depth == 0 {
		r.interviewCells(s)
	} else {
		s = r.sheetOf(t)
		s.bare(r.id)
		for _, i := range index {
			s.number(int64(i))
		}
	}
	for i, c := range t.columns {
		s.text(values[i])
		if c.flags != nil {
			s.flags(c, values[i])
		}
		if c.verbatim && len(values[i]) > 0 {
			r.addVerbatim(c.variable, values[i], index)
		}
	}
	s.end()
}

func (r *renderer) sheetOf(t *table) *sheet {
	for i, have := range r.layout.tables {
		if have == t {
			return &r.tables[i]
		}
	}
	return &r.tables[0]
}

// flags writes a 1 for each choice taken and a 0 for each not taken, or nothing where the question was not answered.
func (s *sheet) flags(c *column, value []byte) {
	if len(value) == 0 {
		for range c.flags {
			s.empty()
		}
		return
	}
	var taken [MostFlags]bool
	for word := range bytes.FieldsSeq(value) {
		if i, ok := c.choices[string(word)]; ok {
			taken[i] = true
		}
	}
	for i := range c.flags {
		s.flag(taken[i])
	}
}

func (r *renderer) interviewCells(s *sheet) {
	w := &r.row
	for _, cell := range [][]byte{w.id, w.study, w.form, w.formVersion, w.site} {
		s.text(cell)
	}
	s.word(r.regions[string(w.site)])
	for _, cell := range [][]byte{w.entrance, w.shift, w.contact, w.interviewer, w.language} {
		s.text(cell)
	}
	r.moment(s, w.started)
	r.moment(s, w.ended)
	s.bare(r.put(appendSeconds(r.cell[:0], w.durationMS)))
	s.text(w.disposition)
	s.word(dispositionLabel(interview.Disposition(w.disposition)))
	name, _ := r.question(w.breakOffAt)
	s.text(name)
	s.text(w.breakOffReason)
	s.text(w.void)
	s.number(int64(w.corrections))
	s.text(w.correction)
	s.text(w.correctionReason)
	r.cell = r.cell[:0]
	for i, c := range w.cells {
		if i > 0 {
			r.cell = append(r.cell, ' ')
		}
		r.cell = append(r.cell, c...)
	}
	s.text(r.cell)
	s.flag(r.provisional)
	s.number(int64(len(w.hasty)))
}

func (r *renderer) moment(s *sheet, m interview.Moment) {
	s.bare(r.put(r.clock.append(r.cell[:0], m)))
}

// put keeps the buffer a cell was put together in.
func (r *renderer) put(cell []byte) []byte {
	r.cell = cell
	return cell
}

func (r *renderer) addVerbatim(v *Variable, text []byte, index []int) {
	s := &r.verbatims
	s.bare(r.id)
	s.word(v.Column)
	s.bare(r.put(appendIndex(r.cell[:0], index)))
	s.word(v.Label.In(string(r.row.language), r.study.DefaultLanguage()))
	s.text(text)
	n := words(text)
	r.spoken = append(r.spoken, spoken{v.Column, index, n})
	s.number(int64(n))
	s.text(r.row.language)
	s.text(r.put(r.appendMarks(r.cell[:0], v.Column, index)))
	s.end()
}

// appendMarks lists the marks set in a verbatim, "probe:what_else@12; pause@40": kind, label and the character before which it
// stands.
func (r *renderer) appendMarks(dst []byte, column string, index []int) []byte {
	for _, m := range r.row.marks {
		name, at := r.question(m.question)
		if string(name) != column || !sameIndex(at, index) {
			continue
		}
		if len(dst) > 0 {
			dst = append(dst, "; "...)
		}
		dst = append(dst, m.kind...)
		if len(m.label) > 0 {
			dst = append(append(dst, ':'), m.label...)
		}
		dst = append(append(dst, '@'), m.position...)
	}
	return dst
}

func (r *renderer) addObservations() {
	s := &r.observations
	for _, o := range r.row.observations {
		name, index := r.question(o.question)
		s.bare(r.id)
		s.text(name)
		s.bare(r.put(appendIndex(r.cell[:0], index)))
		r.moment(s, o.at)
		s.bare(o.since)
		s.bare(o.valence)
		s.bare(o.energy)
		s.text(o.cue)
		s.text(o.note)
		s.bare(o.rating)
		s.word("interviewer-perceived")
		s.end()
	}
}

func (r *renderer) addVisits() {
	s := &r.paradata
	for i := range r.row.visits {
		v, p := &r.row.visits[i], &r.pages[i]
		s.bare(r.id)
		s.number(int64(i + 1))
		s.text(p.name)
		s.bare(r.put(appendIndex(r.cell[:0], p.index)))
		r.moment(s, v.at)
		s.bare(v.dwell)
		s.bare(v.firstTap)
		s.bare(v.edits)
		s.end()
	}
}

func positions(ref []byte) (path []byte, index []int) {
	for i := 0; i < len(ref); i++ {
		if ref[i] != '[' {
			path = append(path, ref[i])
			continue
		}
		n := 0
		for i++; i < len(ref) && ref[i] != ']'; i++ {
			n = n*10 + int(ref[i]-'0')
		}
		index = append(index, n+1)
	}
	return path, index
}

func appendIndex(dst []byte, index []int) []byte {
	for i, n := range index {
		if i > 0 {
			dst = append(dst, '/')
		}
		dst = strconv.AppendInt(dst, int64(n), 10)
	}
	return dst
}

func sameIndex(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// words counts what stands between blanks.
func words(text []byte) int {
	n, inside := 0, false
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		if unicode.IsSpace(r) {
			inside = false
		} else if !inside {
			inside = true
			n++
		}
	}
	return n
}
