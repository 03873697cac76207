package shell

import (
	"errors"
	"fmt"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
)

// ErrTooLarge: a chosen file is longer than the caller takes.
var ErrTooLarge = errors.New("the file is too large")

// SaveFile lets a person choose where data go, under a proposed name. done is told whether they were saved; false without an error
// means that the person left it.
func (s *Shell) SaveFile(name string, data []byte, done func(saved bool, err error)) {
	d := dialog.NewFileSave(func(to fyne.URIWriteCloser, err error) {
		if err != nil || to == nil {
			done(false, err)
			return
		}
		_, err = to.Write(data)
		// What cannot be closed may not have reached the disk.
		err = errors.Join(err, to.Close())
		done(err == nil, err)
	}, s.p.Window)
	d.SetFileName(name)
	d.Show()
}

// OpenFile lets a person choose a file whose name ends in extension, such as ".age", of at most most bytes. done gets nil data where
// the person left it.
func (s *Shell) OpenFile(extension string, most int64, done func(data []byte, err error)) {
	s.OpenFileOf([]string{extension}, most, done)
}

// OpenFileOf is OpenFile for a file whose name ends in one of several extensions.
func (s *Shell) OpenFileOf(extensions []string, most int64, done func(data []byte, err error)) {
	d := dialog.NewFileOpen(func(from fyne.URIReadCloser, err error) {
		if err != nil || from == nil {
			done(nil, err)
			return
		}
		defer func() { _ = from.Close() }() // it was only read
		data, err := io.ReadAll(io.LimitReader(from, most+1))
		if err == nil && int64(len(data)) > most {
			err = fmt.Errorf("%s: %w", from.URI().Name(), ErrTooLarge)
		}
		done(data, err)
	}, s.p.Window)
	d.SetFilter(storage.NewExtensionFileFilter(extensions))
	d.Show()
}
