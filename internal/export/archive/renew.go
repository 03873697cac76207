package archive

import (
	"errors"
	"fmt"
	"os"
)

// anewName is the folder within the folder for what is pulled anew.
const anewName = "anew"

// renew begins a folder of an older format from the beginning, with its first page. What it held is worth more than nothing: the page
// is put beside it, and only the state that counts the page lets go of it. A kill leaves all of the one or all of the other.
func (a *Archive) renew(first Page) error {
	fresh := &Archive{dir: a.dir, state: State{Format: format, Study: a.state.Study, Central: a.state.Central, Folder: a.beside()}}
	err := fresh.openFiles()
	if err == nil { // else the state may be there after a power cut, and what it counts not
		err = errors.Join(syncFolder(fresh.kept()), syncFolder(a.dir))
	}
	if err == nil {
		err = fresh.append(first)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("pulling anew into the folder of an older version: %w", err), fresh.closeFiles())
	}
	_ = a.closeFiles() // nothing in them counts any more
	a.records, a.index, a.state = fresh.records, fresh.index, fresh.state
	a.tidy()
	return nil
}

// beside is where records and studies do not stand now, as State.Folder has it.
func (a *Archive) beside() string {
	if a.state.Folder == "" {
		return anewName
	}
	return ""
}

// tidy removes what stands beside: what a pull anew has replaced, or what one left that did not get as far as its first page. What cannot
// be removed now, since somebody looks at it, counts for nothing and is removed the next time.
func (a *Archive) tidy() {
	if a.beside() == anewName {
		_ = os.RemoveAll(a.path(anewName))
		return
	}
	for _, name := range []string{recordsName, indexName, studiesName} {
		_ = os.RemoveAll(a.path(name))
	}
}
