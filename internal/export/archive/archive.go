package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Names in the folder.
const (
	recordsName = "records.jsonl"
	indexName   = "records.idx"
	stateName   = "state.json"
	lockName    = "lock"
	studiesName = "studies"
	formsName   = "forms"
)

// format is the number of the layout of the folder. What an earlier one holds is pulled anew: 1 did not say which interviews are
// provisional.
const format = 2

// Errors a program can act on.
var (
	// ErrLocked says that another process has the folder open.
	ErrLocked = errors.New("another pull into this folder is running; wait until it has ended")
	// ErrOtherCentral says that the folder's records came from another central.
	ErrOtherCentral = errors.New("pull from another central into another folder, or say that central has moved")
	// ErrDamaged says that the folder's files contradict each other.
	ErrDamaged = errors.New("the pulled records are damaged; delete this folder and pull again, central has everything")
)

// State is how far the pull came and what the folder belongs to.
type State struct {
	Format  int    `json:"format"`
	Central string `json:"central"` // as Params had it
	Study   string `json:"study"`
	Cursor  string `json:"cursor"`  // opaque; empty before the first page
	Records int64  `json:"records"` // lines of records.jsonl that count
	Bytes   int64  `json:"bytes"`   // of records.jsonl that count
	Studies int    `json:"studies"` // versions of the study that count
	// Provisional are the interviews that count in no quota until somebody accepts them, sorted.
	Provisional []string `json:"provisional,omitempty"`
	// Exported tells with what the last export was made, so that nothing is written twice; empty before the first.
	Exported string `json:"exported,omitempty"`
	// Folder is where in the folder the records and the versions of the study stand: in itself where it is empty, or in one within it.
	Folder string `json:"folder,omitempty"`
}

// Archive is an open folder. It is not safe for concurrent use.
type Archive struct {
	dir     string
	lock    *os.File
	records *os.File
	index   *os.File
	state   State
}

// Params say which folder to open and what it must belong to.
type Params struct {
	Dir     string // made where it is not there
	Central string // what the central is called; the same name every time
	Study   string
	Moved   bool // the central has another name now: take it over instead of refusing
}

// Open opens the folder. One that belongs to another central or study is refused.
func Open(p Params) (*Archive, error) {
	if err := makeFolder(filepath.Join(p.Dir, formsName)); err != nil {
		return nil, err
	}
	a := &Archive{dir: p.Dir}
	if err := a.open(p); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *Archive) open(p Params) error {
	var err error
	if a.lock, err = os.OpenFile(a.path(lockName), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return fmt.Errorf("opening the lock: %w", err)
	}
	if taken, err := lockFile(a.lock); err != nil {
		return fmt.Errorf("locking the folder: %w", err)
	} else if !taken {
		return ErrLocked
	}
	if err := a.readState(p); err != nil {
		return err
	}
	if err := a.openFiles(); err != nil {
		return err
	}
	a.tidy()
	return nil
}

// openFiles opens what the state counts.
func (a *Archive) openFiles() (err error) {
	if err := makeFolder(a.kept(studiesName)); err != nil {
		return err
	}
	if a.records, err = a.openTo(recordsName, a.state.Bytes); err != nil {
		return err
	}
	a.index, err = a.openTo(indexName, a.state.Records*entrySize)
	return err
}

func makeFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("making the folder for pulled records: %w", err)
	}
	return nil
}

func (a *Archive) readState(p Params) error {
	text, err := os.ReadFile(a.path(stateName))
	if errors.Is(err, fs.ErrNotExist) {
		a.state = State{Format: format, Central: p.Central, Study: p.Study}
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading how far the last pull came: %w", err)
	}
	if err := json.Unmarshal(text, &a.state); err != nil || a.state.Folder != "" && a.state.Folder != anewName {
		return fmt.Errorf("%s: %w", a.path(stateName), ErrDamaged)
	}
	switch {
	case a.state.Format > format:
		return fmt.Errorf("%s was made by a newer version of this program; use that one, or pull into another folder", a.dir)
	case a.state.Study != p.Study:
		return fmt.Errorf("%s holds records of study %q; pull study %q into another folder", a.dir, a.state.Study, p.Study)
	case a.state.Central != p.Central && !p.Moved:
		return fmt.Errorf("%s holds records of %s: %w", a.dir, a.state.Central, ErrOtherCentral)
	}
	a.state.Central = p.Central
	return nil
}

// openTo opens a file for appending at a length; what stands behind it was never counted and is cut off.
func (a *Archive) openTo(name string, length int64) (*os.File, error) {
	file, err := os.OpenFile(a.kept(name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", name, err)
	}
	info, err := file.Stat()
	if err == nil && info.Size() < length {
		err = ErrDamaged
	}
	if err == nil && info.Size() > length {
		err = file.Truncate(length)
	}
	if err == nil {
		_, err = file.Seek(length, 0)
	}
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%s: %w", a.kept(name), err)
	}
	return file, nil
}

// Cursor is where the next page begins: the beginning, in a folder of an older format.
func (a *Archive) Cursor() string {
	if a.state.Format < format {
		return ""
	}
	return a.state.Cursor
}

// State tells how far the pull came.
func (a *Archive) State() State { return a.state }

// MarkExported remembers with what the last export was made.
func (a *Archive) MarkExported(with string) error {
	next := a.state
	next.Exported = with
	return a.commit(next)
}

// Close lets go of the folder.
func (a *Archive) Close() error {
	err := a.closeFiles()
	if a.lock != nil {
		err = errors.Join(err, a.lock.Close())
	}
	return err
}

func (a *Archive) closeFiles() error {
	var all []error
	for _, f := range []*os.File{a.records, a.index} {
		if f != nil {
			all = append(all, f.Close())
		}
	}
	return errors.Join(all...)
}

func (a *Archive) path(parts ...string) string {
	return filepath.Join(append([]string{a.dir}, parts...)...)
}

// kept is the path of what State.Folder is about.
func (a *Archive) kept(parts ...string) string {
	return a.path(append([]string{a.state.Folder}, parts...)...)
}

// commit makes a state the true one.
func (a *Archive) commit(next State) error {
	text, err := json.MarshalIndent(next, "", "  ")
	if err != nil {
		return fmt.Errorf("saving how far the pull came: %w", err)
	}
	if err := replace(a.path(stateName), append(text, '\n')); err != nil {
		return fmt.Errorf("saving how far the pull came: %w", err)
	}
	a.state = next
	return nil
}

// replace puts a file in place of an older one so that a kill leaves one of the two, whole.
func replace(path string, content []byte) error {
	temporary := path + ".new"
	file, err := os.OpenFile(temporary, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a rename durable; systems that cannot do so for a folder make it durable themselves.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = folder.Sync()
	return folder.Close()
}
