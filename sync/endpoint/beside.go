package endpoint

import (
	"bytes"
	"io/fs"
	"time"
)

// beside are the files that came with a workbook, by their plain names. There are no folders.
type beside map[string][]byte

// Open implements fs.FS.
func (b beside) Open(name string) (fs.File, error) {
	data, ok := b[name]
	if !ok || !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &besideFile{Reader: bytes.NewReader(data), name: name}, nil
}

// besideFile is its own fs.FileInfo.
type besideFile struct {
	*bytes.Reader
	name string
}

func (f *besideFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *besideFile) Close() error               { return nil }
func (f *besideFile) Name() string               { return f.name }
func (f *besideFile) Size() int64                { return f.Reader.Size() }
func (f *besideFile) Mode() fs.FileMode          { return 0o400 }
func (f *besideFile) ModTime() time.Time         { return time.Time{} }
func (f *besideFile) IsDir() bool                { return false }
func (f *besideFile) Sys() any                   { return nil }
