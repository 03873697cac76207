package program

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parvis/internal/seal"
	"parvis/sync/endpoint"
)

// handInFile is the key for handed-in files, in the data folder.
const handInFile = "hand-in.key"

// handInKey reads the key for files that devices hand in from central's data folder, and makes it the first time. Without it such
// files cannot be opened, so it belongs in central's backup.
func (m *Main) handInKey(d data) (*endpoint.HandInKey, error) {
	path := filepath.Join(d.Data, handInFile)
	recipient, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		recipient, err = m.writeKey(path)
	}
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	keys, err := seal.ReadKeys(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &endpoint.HandInKey{Recipient: recipient, Keys: keys}, nil
}
