package centralstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parvis/internal/delivery"
)

// folder keeps files under their SHA-256, in 256 folders by its first byte. A file is there whole or not at all.
type folder struct{ dir string }

func (f folder) path(sha256 string) string { return filepath.Join(f.dir, sha256[:2], sha256) }

func (f folder) open(_ context.Context, sha256 string) (io.ReadSeekCloser, error) {
	if !isSum(sha256) {
		return nil, fs.ErrNotExist
	}
	return os.Open(f.path(sha256))
}

// put writes data beside its place, brings it to the disk and renames it; it returns the SHA-256.
func (f folder) put(_ context.Context, data []byte) (string, error) {
	sum := delivery.Sum(data)
	path := f.path(sum)
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(data)) {
		return sum, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("making a folder for files: %w", err)
	}
	beside, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return "", fmt.Errorf("keeping a file: %w", err)
	}
	_, err = beside.Write(data)
	if err == nil {
		err = beside.Sync()
	}
	if err = errors.Join(err, beside.Close()); err == nil {
		err = os.Rename(beside.Name(), path)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("keeping a file: %w", err), os.Remove(beside.Name()))
	}
	return sum, f.settle(filepath.Dir(path))
}

// settle brings the folders' own entries to the disk.
func (f folder) settle(dir string) error {
	for _, d := range []string{dir, f.dir} {
		opened, err := os.Open(d)
		if err != nil {
			return fmt.Errorf("keeping a file: %w", err)
		}
		if err := errors.Join(opened.Sync(), opened.Close()); err != nil {
			return fmt.Errorf("keeping a file: %w", err)
		}
	}
	return nil
}
