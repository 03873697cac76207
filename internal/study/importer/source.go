package importer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Beside gives the files that belong to the workbook at a path: those in the folder beside it that has its name
// ("mall-exit" for mall-exit.xlsx), in that folder's spelling with "-media" as other XLSForm tools have it, and those
// that stand beside the workbook itself, in this order. Links that lead out of these folders are not followed.
func Beside(workbook string) fs.FS {
	base := strings.TrimSuffix(workbook, filepath.Ext(workbook))
	return folders{base, base + "-media", filepath.Dir(workbook)}
}

// folders opens a file in the first folder that has it.
type folders []string

// Open implements fs.FS for regular files.
func (dirs folders) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	for _, dir := range dirs {
		f, err := os.OpenInRoot(dir, filepath.FromSlash(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
		}
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			f.Close()
			continue
		}
		return f, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
