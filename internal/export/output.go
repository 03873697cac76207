package export

import (
	"fmt"
	"os"
	"path/filepath"
)

// output is one file growing in the unfinished folder.
type output struct {
	name  string
	file  *os.File // nil for a file that was not asked for
	rows  int
	bytes int64
}

// openFiles makes the unfinished folder anew and starts each file with its header.
func (e *Exporter) openFiles() error {
	if err := os.RemoveAll(e.unfinished()); err != nil {
		return fmt.Errorf("clearing away an export that was interrupted: %w", err)
	}
	if err := os.Mkdir(e.unfinished(), 0o700); err != nil {
		return fmt.Errorf("making room for the files: %w", err)
	}
	for _, f := range e.layout.rowFiles() {
		out, err := e.openFile(f.name)
		e.files = append(e.files, out)
		if err == nil {
			s := sheet{safe: e.params.ExcelSafe}
			s.row(f.header...)
			err = out.write(s.buf, 0)
		}
		if err != nil {
			e.discard()
			return err
		}
	}
	return nil
}

func (e *Exporter) openFile(name string) (*output, error) {
	out := &output{name: name}
	if !e.wanted(name) {
		return out, nil
	}
	file, err := os.OpenFile(filepath.Join(e.unfinished(), name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return out, fmt.Errorf("opening %s: %w", name, err)
	}
	out.file = file
	if e.params.BOM {
		err = out.write([]byte(bom), 0)
	}
	return out, err
}

func (o *output) write(rows []byte, count int) error {
	if o.file == nil || len(rows) == 0 {
		return nil
	}
	o.rows += count
	o.bytes += int64(len(rows))
	if _, err := o.file.Write(rows); err != nil {
		return fmt.Errorf("writing %s: %w", o.name, err)
	}
	return nil
}

// closeFiles makes sure of every byte.
func (e *Exporter) closeFiles() error {
	for _, f := range e.files {
		if f.file == nil {
			continue
		}
		if err := f.file.Sync(); err != nil {
			return fmt.Errorf("saving %s: %w", f.name, err)
		}
		if err := f.file.Close(); err != nil {
			return fmt.Errorf("saving %s: %w", f.name, err)
		}
		f.file = nil
		e.summary.Files = append(e.summary.Files, FileInfo{Name: f.name, Rows: f.rows, Bytes: f.bytes})
	}
	return nil
}

// place moves the files to where they belong, each in one step: a reader finds the old file or the new one, never a part.
func (e *Exporter) place() error {
	for _, f := range e.summary.Files {
		if err := os.Rename(filepath.Join(e.unfinished(), f.Name), filepath.Join(e.params.Dir, f.Name)); err != nil {
			return fmt.Errorf("putting %s in its place (is it open in another program?): %w", f.Name, err)
		}
	}
	if err := os.Remove(e.unfinished()); err != nil {
		return fmt.Errorf("clearing up after the export: %w", err)
	}
	return syncFolder(e.params.Dir)
}

// syncFolder makes renames durable. Systems that cannot do so for a folder make them durable themselves.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("saving the folder: %w", err)
	}
	_ = folder.Sync()
	return folder.Close()
}
