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

// chooseFile lets the interviewer choose a file. Where that took so long that the device locked itself, the file waits for the PIN.
func (a *App) chooseFile(extensions []string, most int64, done func([]byte, error)) {
	open := a.p.OpenFile
	if open == nil {
		open = a.shell.OpenFileOf
	}
	open(extensions, most, func(data []byte, err error) {
		if a.lock.page != nil {
			a.lock.held = func() { done(data, err) }
			return
		}
		a.active()
		done(data, err)
	})
}

// release goes on with what came while the device was locked.
func (a *App) release() {
	if held := a.lock.held; held != nil {
		a.lock.held = nil
		held()
	}
}

// background runs work beside the interface, and then in it.
func (a *App) background(work, then func()) {
	go func() {
		work()
		a.shell.Do(then)
	}()
}
