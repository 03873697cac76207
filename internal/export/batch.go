package export

// batchBytes is how much of bodies one worker reads at a time.
const batchBytes = 1 << 20

// batch is a run of records on its way through: bodies in, rows out.
type batch struct {
	data    []byte
	records []span
	rows    [][]byte // of each file, in the order of rowFiles
	counts  []int
	tally   tally
	done    chan struct{} // gets one signal when rows are ready
}

// span is where a record stands in a batch's data.
type span struct {
	kind     string
	id, body int // where the id and the body end; the id begins where the record before ended

	provisional bool
}

func (b *batch) add(r Record) {
	b.data = append(b.data, r.ID...)
	id := len(b.data)
	b.data = append(b.data, r.Body...)
	b.records = append(b.records, span{kind: r.Kind, id: id, body: len(b.data), provisional: r.Provisional})
}

func (e *Exporter) newBatch() *batch {
	select {
	case b := <-e.free:
		b.data, b.records, b.tally = b.data[:0], b.records[:0], tally{}
		return b
	default:
		files := len(e.files)
		return &batch{rows: make([][]byte, files), counts: make([]int, files), done: make(chan struct{}, 1)}
	}
}

// render is one worker.
func (e *Exporter) render() {
	r := newRenderer(e.layout, e.params)
	sheets := r.sheets()
	for b := range e.work {
		for i, s := range sheets {
			s.buf, s.rows = b.rows[i][:0], 0
		}
		r.tally = tally{}
		start := 0
		for _, at := range b.records {
			id := string(b.data[start:at.id])
			r.provisional = at.provisional
			r.add(at.kind, id, b.data[at.id:at.body:at.body])
			start = at.body
		}
		for i, s := range sheets {
			b.rows[i], b.counts[i] = s.buf, s.rows
			s.buf = nil
		}
		b.tally = r.tally
		b.done <- struct{}{}
	}
}

// write puts rows into the files in the order the records came.
func (e *Exporter) write() {
	defer close(e.written)
	for b := range e.order {
		<-b.done
		for i, f := range e.files {
			e.fail(f.write(b.rows[i], b.counts[i]))
		}
		e.summary.add(b.tally)
		select {
		case e.free <- b:
		default:
		}
	}
}

func (s *Summary) add(t tally) {
	s.Interviews += t.interviews
	s.Contacts += t.contacts
	s.Shifts += t.shifts
	s.Practice += t.practice
	s.Strays += t.strays
	s.Unreadable += len(t.problems)
	room := mostProblems - len(s.Problems)
	s.Problems = append(s.Problems, t.problems[:min(room, len(t.problems))]...)
}
