package sqlitefile

import (
	"fmt"
	"os"
)

// lock is the file whose lock says that a process has the data file open. The system takes the lock away when a process ends,
// however it ends; the empty file stays and means nothing by itself.
type lock struct{ file *os.File }

func acquire(path string) (*lock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	taken, err := lockFile(file)
	if err == nil && taken {
		return &lock{file: file}, nil
	}
	_ = file.Close() // nothing was written to it
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return nil, ErrLocked
}

func (l *lock) release() error { return l.file.Close() }
