package fieldapp

import (
	"context"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// pictures keeps the pictures of one interview on this device.
type pictures struct {
	*interview.Session
	store  *fieldstore.Store
	active func()
}

// SavePicture keeps a picture that no answer names yet.
func (p pictures) SavePicture(ctx context.Context, a interview.Attachment, jpeg []byte) error {
	p.active()
	return p.store.SaveAttachment(ctx, p.ID(), a, jpeg)
}

// Picture reads one by its name.
func (p pictures) Picture(ctx context.Context, name string) ([]byte, error) {
	return p.store.Attachment(ctx, p.ID(), name)
}

// chooseFile lets the interviewer choose a file. While the system's own window is in front nobody touches the app, which counts as
// somebody being there once the file has come.
func (a *App) chooseFile(extensions []string, most int64, done func([]byte, error)) {
	open := a.p.OpenFile
	if open == nil {
		open = a.shell.OpenFileOf
	}
	open(extensions, most, func(data []byte, err error) {
		a.active()
		done(data, err)
	})
}

// background runs work beside the interface, and then in it.
func (a *App) background(work, then func()) {
	go func() {
		work()
		a.shell.Do(then)
	}()
}
