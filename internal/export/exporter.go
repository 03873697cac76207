package export

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"parvis/internal/study"
)

// Params say what to export, where to and how.
type Params struct {
	Study          *study.Study
	Questionnaires []*Questionnaire // all versions, oldest first
	Dir            string           // where the files go; it must exist
	Without        []string         // files to leave out, by name
	ExcelSafe      bool             // an apostrophe before text that a spreadsheet would run as a formula
	BOM            bool             // a byte-order mark at the start of each file
	Workers        int              // records read at once; 0 for one a processor
}

// Record is one record as a device saved it. Only the current revision of each must be given.
type Record struct {
	Kind string // KindInterview, KindContact, KindShift, KindDecision; others are passed over
	ID   string // named where the body cannot be read
	Body []byte // JSON; copied by Add
	// Provisional marks an interview that counts in no quota until somebody accepts it.
	Provisional bool
}

// Problem is a record that could not be exported whole. It never carries what the record says.
type Problem struct {
	Kind, ID, Reason string
}

// FileInfo is a file that was written.
type FileInfo struct {
	Name  string
	Rows  int // without the header
	Bytes int64
}

// Summary is what an export did.
type Summary struct {
	Interviews, Contacts, Shifts int
	Practice                     int // records left out because they were practice
	Strays                       int // answers to questions that no given version of the questionnaire has
	PersonalQuestions            int // questions left out because they are personal
	Unreadable                   int // records that Problems tells of
	Problems                     []Problem
	Files                        []FileInfo
}

// mostProblems is how many problems a summary lists; it counts all.
const mostProblems = 100

// unfinished is the folder in which the files grow; they move to their places together at the end.
const unfinished = ".unfinished"

// Exporter writes the files. Add records, then call Finish; or call Abort to leave everything as it was.
type Exporter struct {
	params     Params
	dictionary *Dictionary
	layout     *layout
	files      []*output
	current    *batch
	work       chan *batch // to whichever worker is free
	order      chan *batch // to the writer, in the order of Add
	free       chan *batch
	workers    sync.WaitGroup
	written    chan struct{}
	failure    atomic.Pointer[error]
	summary    Summary
	ended      bool
}

// New opens the files. Those of an earlier export stay as they are until Finish.
func New(p Params) (*Exporter, error) {
	if p.Study == nil || len(p.Questionnaires) == 0 {
		return nil, errors.New("an export needs a study and at least one version of its questionnaire")
	}
	if p.Workers <= 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	d := NewDictionary(p.Questionnaires)
	e := &Exporter{params: p, dictionary: d, layout: newLayout(d), written: make(chan struct{})}
	e.summary.PersonalQuestions = len(d.Personal)
	if err := e.openFiles(); err != nil {
		return nil, err
	}
	e.work, e.order = make(chan *batch, p.Workers), make(chan *batch, 2*p.Workers)
	e.free = make(chan *batch, 3*p.Workers+2)
	for range p.Workers {
		e.workers.Go(e.render)
	}
	go e.write()
	return e, nil
}

// Add hands over a record. An error is one of writing; a record that cannot be read is told in the summary instead.
func (e *Exporter) Add(r Record) error {
	if failed := e.failure.Load(); failed != nil {
		return *failed
	}
	if e.current == nil {
		e.current = e.newBatch()
	}
	e.current.add(r)
	if len(e.current.data) >= batchBytes {
		e.send()
	}
	return nil
}

// Finish writes what is left and the codebook, and puts all files in their places.
func (e *Exporter) Finish() (*Summary, error) {
	e.drain()
	if failed := e.failure.Load(); failed != nil {
		e.discard()
		return nil, *failed
	}
	if err := errors.Join(e.writeCodebook(), e.closeFiles()); err != nil {
		e.discard()
		return nil, err
	}
	if err := e.place(); err != nil {
		return nil, err
	}
	return &e.summary, nil
}

// Abort leaves the files of an earlier export as they were. After Finish it does nothing.
func (e *Exporter) Abort() {
	if e.ended {
		return
	}
	e.drain()
	e.discard()
}

// drain waits until every record handed over has been written.
func (e *Exporter) drain() {
	if e.ended {
		return
	}
	e.ended = true
	if e.current != nil {
		e.send()
	}
	close(e.work)
	close(e.order)
	e.workers.Wait()
	<-e.written
}

func (e *Exporter) send() {
	b := e.current
	e.current = nil
	e.order <- b
	e.work <- b
}

func (e *Exporter) fail(err error) {
	if err != nil {
		e.failure.CompareAndSwap(nil, &err)
	}
}

func (e *Exporter) wanted(name string) bool { return !slices.Contains(e.params.Without, name) }

func (e *Exporter) unfinished() string { return filepath.Join(e.params.Dir, unfinished) }

func (e *Exporter) discard() {
	for _, f := range e.files {
		if f.file != nil {
			_ = f.file.Close()
		}
	}
	_ = os.RemoveAll(e.unfinished())
}
