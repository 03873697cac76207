package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"parvis/internal/seal"
	"parvis/internal/study/importer"
)

// newKey makes a key pair for a study that asks personal questions and names nobody who can open the answers. The key goes into a
// file beside the person who imports, and nowhere else; a key file that is there already is used.
func (m *Main) newKey(p *importer.Package) error {
	path := filepath.Join(m.p.Dir, p.Study.ID+".key")
	recipient, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		recipient, err = m.writeKey(path)
		if err == nil {
			m.print("This study asks personal questions. They are sealed on the devices for the key in\n\n    %s\n\n"+
				"Keep this file safe, in two places, away from central: without it names and phones cannot be read by anyone,\nwith it by anyone who has the data.\n\n", absolute(path))
		}
	} else if err == nil {
		m.print("Personal questions are sealed for the key in %s.\n", absolute(path))
	}
	if err != nil {
		return err
	}
	p.Study.Recipients = []string{recipient}
	return nil
}

// readKey returns the public half of a key file.
func readKey(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	identities, err := age.ParseIdentities(file)
	if err == nil && len(identities) > 0 {
		if identity, ok := identities[0].(*age.X25519Identity); ok {
			return identity.Recipient().String(), nil
		}
	}
	// The library's error may repeat a line of the file, so it stays here.
	return "", fmt.Errorf("%s is there and is no key file; move it away or name a key with --recipient", path)
}

// writeKey never overwrites and lets nobody else read; it returns the public half.
func (m *Main) writeKey(path string) (string, error) {
	pair, err := seal.NewPair()
	if err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("writing the key: %w", err)
	}
	_, err = file.Write(pair.File(m.p.Now()))
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("writing the key: %w", err)
	}
	return pair.Recipient, nil
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}
