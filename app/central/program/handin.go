package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
	"parvis/sync/endpoint"
)

// handInFile is the key for handed-in files, in the data folder.
const handInFile = "hand-in.key"

// handInKey reads the key for files that devices hand in from central's data folder, and makes it the first time. Without it such
// files cannot be opened, so it belongs in central's backup. Several centrals of one database need the same: a device seals its file
// for the one where it enrolled, and it is handed in at any. So the database knows the public half, and a central with another key
// does not serve.
func (m *Main) handInKey(ctx context.Context, d data, store centralstore.Store, replace bool) (*endpoint.HandInKey, error) {
	path := filepath.Join(d.Data, handInFile)
	recipient, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		recipient, err = m.firstHandInKey(ctx, path, store, replace)
	}
	if err != nil {
		return nil, err
	}
	recorded, err := store.RecordHandInKey(ctx, recipient, replace)
	if err != nil {
		return nil, err
	}
	if recorded != recipient {
		return nil, otherKey(path)
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

// firstHandInKey makes the key, unless the database has one already.
func (m *Main) firstHandInKey(ctx context.Context, path string, store centralstore.Store, replace bool) (string, error) {
	// Where everything lies elsewhere there is no data folder yet, and whoever is told to copy the key needs one.
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("making the data folder: %w", err)
	}
	recorded, err := store.HandInKey(ctx)
	if err != nil {
		return "", err
	}
	if recorded != "" && !replace {
		return "", otherKey(path)
	}
	return m.writeKey(path)
}

// otherKey says how to come by the right key.
func otherKey(path string) error {
	return fmt.Errorf("this central's data belong with another %[1]s than the one in %[2]s. Devices seal for it what they hand in.\n"+
		"Copy it from the data folder of a central that serves these data, or from a backup (central restore):\n"+
		"    scp OTHER:PATH/TO/%[1]s %[3]s && chmod 600 %[3]s\n"+
		"Only if that key is lost for good: central serve --replace-hand-in-key; devices must then enrol anew before they can hand in files",
		handInFile, filepath.Dir(path), quoted(path))
}
