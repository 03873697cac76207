package centralstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// uploads keeps what has arrived of files that are not whole yet, by device.
type uploads struct {
	mu  sync.Mutex
	dir string
}

// mostUploads is how many files of one device may be under way: it sends one after the other. The oldest gives way, so that no
// device fills the disk with beginnings.
const mostUploads = 16

// path fails for anything but a SHA-256.
func (u *uploads) path(device, sha256 string) (string, error) {
	if !isUUID(device) {
		return "", fmt.Errorf("the device %q has no folder: %w", device, fs.ErrNotExist)
	}
	if _, err := (folder{}).path(sha256); err != nil {
		return "", fail(Invalid, "A file is asked for by its SHA-256 in lower-case hex.")
	}
	return filepath.Join(u.dir, device, sha256), nil
}

// have is how many bytes there are.
func (u *uploads) have(device, sha256 string) (int64, error) {
	path, err := u.path(device, sha256)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("looking for a file's beginning: %w", err)
	}
	return info.Size(), nil
}

// add writes a chunk at the end. It is not forced to the disk: after a power cut the device is told how much there is.
func (u *uploads) add(device, sha256 string, offset int64, chunk []byte) error {
	path, err := u.path(device, sha256)
	if err != nil {
		return err
	}
	if offset == 0 {
		if err := u.makeRoom(filepath.Dir(path)); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("keeping a part of a file: %w", err)
	}
	_, err = file.WriteAt(chunk, offset)
	if err != nil { // half a chunk must not count
		err = errors.Join(err, file.Truncate(offset))
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("keeping a part of a file: %w", err)
	}
	return nil
}

func (u *uploads) makeRoom(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making a folder for files: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("reading a folder of files: %w", err)
	}
	var begun []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			begun = append(begun, info)
		}
	}
	slices.SortFunc(begun, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, old := range begun[:max(len(begun)-mostUploads+1, 0)] {
		if err := os.Remove(filepath.Join(dir, old.Name())); err != nil {
			return fmt.Errorf("dropping a file's beginning: %w", err)
		}
	}
	return nil
}

func (u *uploads) whole(device, sha256 string) ([]byte, error) {
	path, err := u.path(device, sha256)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	return data, wrap("reading a file that arrived", err)
}

func (u *uploads) drop(device, sha256 string) error {
	path, err := u.path(device, sha256)
	if err != nil {
		return err
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return wrap("dropping a file's bytes", err)
	}
	return nil
}
