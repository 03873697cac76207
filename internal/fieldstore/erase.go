package fieldstore

import (
	"context"
	"errors"
	"os"
)

// Erase destroys everything this device holds, unsent or not, and ends the use of the store. It is the one deed that rule 2 allows
// only to the owner of the study; nothing else may call it. The data key goes first, so that a kill on the way leaves noise.
func (s *Store) Erase(context.Context) error {
	s.Lock()
	path := s.File.Path()
	if err := removeAll(keyCopy(path)); err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		s.logger.Warn("the file was not closed in order before it was erased", "error", err)
	}
	return removeAll(path, path+"-wal", path+"-shm")
}

func removeAll(paths ...string) error {
	var all error
	for _, path := range paths {
		if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
			all = errors.Join(all, err)
		}
	}
	return all
}
