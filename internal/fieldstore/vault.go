package fieldstore

import (
	"fmt"
	"sync"

	"parvis/internal/delivery"
	"parvis/internal/seal"
)

// ErrPINNeeded: what was asked for is closed until somebody enters the PIN.
var ErrPINNeeded = delivery.ErrLocked

// vault closes and opens what must not lie on the disk in clear: answers, notes, names, tokens, and the records made of them. A
// shelf without a PIN has none, and keeps in clear what it keeps.
type vault struct {
	mu  sync.RWMutex
	key *seal.DataKey // nil while locked
	box *seal.Box     // the key's
	// rooms are lent to pack in, so that saving an answer leaves little to clear up behind it.
	rooms sync.Pool
}

func (v *vault) unlock(key seal.DataKey) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.key, v.box = &key, key.Box()
}

func (v *vault) lock() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.key, v.box = nil, nil
}

func (v *vault) dataKey() (seal.DataKey, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.key == nil {
		return seal.DataKey{}, ErrPINNeeded
	}
	return *v.key, nil
}

func (v *vault) current() (*seal.Box, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.box == nil {
		return nil, ErrPINNeeded
	}
	return v.box, nil
}

// close closes plain for a place: a column and the key of its row.
func (v *vault) close(column, row string, plain []byte) ([]byte, error) {
	if v == nil {
		return plain, nil
	}
	box, err := v.current()
	if err != nil {
		return nil, err
	}
	return box.Close(column+"/"+row, plain), nil
}

// open gives back what close was given for the place.
func (v *vault) open(column, row string, closed []byte) ([]byte, error) {
	if v == nil {
		return closed, nil
	}
	box, err := v.current()
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(column+"/"+row, closed)
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", column, row, err)
	}
	return plain, nil
}

// openInto opens a text.
func (v *vault) openInto(text *string, column, row string, closed []byte) error {
	plain, err := v.open(column, row, closed)
	*text = string(plain)
	return err
}

// closeWords closes free words; none stay none, so that it can be seen where there are any.
func (v *vault) closeWords(column, row, words string) ([]byte, error) {
	if words == "" {
		return []byte{}, nil
	}
	return v.close(column+".words", row, []byte(words))
}

func (v *vault) openWords(words *string, column, row string, closed []byte) error {
	if len(closed) == 0 {
		*words = ""
		return nil
	}
	return v.openInto(words, column+".words", row, closed)
}
