package program

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
	"parvis/sync/endpoint"
)

// handInFile is the key for handed-in files, in the data folder.
const handInFile = "hand-in.key"

// storeKey is the key for the few secrets that the database must hold in full, such as those of one-time codes: whoever has the
// database alone cannot open them. It is derived from the key that central has anyway, so that there is one file to keep.
func (m *Main) storeKey(d data) ([]byte, error) {
	path := filepath.Join(d.Data, handInFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(d.Data, 0o700); err != nil {
			return nil, fmt.Errorf("making the data folder: %w", err)
		}
		if _, err := m.writeKey(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "AGE-SECRET-KEY-") {
			return hkdf.Key(sha256.New, []byte(line), nil, "parvis central: secrets in its database", 32)
		}
	}
	return nil, fmt.Errorf("%s is there and holds no key", path)
}

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

// agree holds the key in the data folder against that of the other centrals of the database. made tells that it was made just now: then
// it goes again where it is not theirs, so that only the right one is ever there.
func (m *Main) agree(ctx context.Context, d data, made bool) error {
	path := filepath.Join(d.Data, handInFile)
	recipient, err := readKey(path)
	if err != nil {
		return err
	}
	err = m.store.AgreeOnHandIn(ctx, recipient)
	if !errors.Is(err, centralstore.ErrOtherKey) {
		return err
	}
	if made {
		err = errors.Join(err, os.Remove(path))
	}
	return fmt.Errorf("%w.\nThe centrals of one database have the same key, for the files that devices hand in and for the secrets in the database.\n"+
		"Copy %s from the data folder of another central, or out of a backup, to %s", err, handInFile, path)
}
