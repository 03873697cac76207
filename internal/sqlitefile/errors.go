package sqlitefile

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// What a caller can act on.
var (
	// ErrFull: nothing more fits; what was stored before is safe.
	ErrFull = errors.New("storage full: nothing was lost, but nothing more can be saved until space is freed")
	// ErrLocked: another process has the file open.
	ErrLocked = errors.New("the file is open in another running copy of the program; close that one first")
	// ErrNewer: the file was written by a newer version.
	ErrNewer = errors.New("the file was written by a newer version of Parvis; update the program, the data are safe")
	// ErrDamaged: the file is not, or no longer, a whole SQLite file.
	ErrDamaged = errors.New("the file is damaged; keep it, and restore a copy or ask whoever hosts Parvis")
)

// translate puts the words above to SQLite's codes and leaves every other error alone.
func translate(err error) error {
	var e *sqlite.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL:
		return fmt.Errorf("%w (%w)", ErrFull, err)
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return err
}
