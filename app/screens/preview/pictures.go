package preview

import (
	"context"
	"io/fs"

	"parvis/internal/interview"
)

// kept holds the pictures of a preview as long as it lasts.
type kept struct {
	*interview.Session
	files map[string][]byte
}

// SavePicture keeps a picture.
func (k kept) SavePicture(_ context.Context, a interview.Attachment, jpeg []byte) error {
	k.files[a.Name] = jpeg
	return nil
}

// Picture reads one by its name.
func (k kept) Picture(_ context.Context, name string) ([]byte, error) {
	if jpeg, there := k.files[name]; there {
		return jpeg, nil
	}
	return nil, fs.ErrNotExist
}
