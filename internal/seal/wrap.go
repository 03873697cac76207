package seal

import (
	"crypto/rand"
	"errors"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// ErrSecret: the PIN or recovery code is not the one the key was wrapped with.
var ErrSecret = errors.New("this is not the secret")

// Cost is what one guess at a secret takes, in Argon2id's terms. The zero Cost stands for the second recommended choice of RFC
// 9106, section 4: 3 passes over 64 MiB in 4 lanes.
type Cost struct {
	Passes    uint32
	MemoryKiB uint32
	Lanes     uint8
}

func (c Cost) orUsual() Cost {
	if c == (Cost{}) {
		return Cost{Passes: 3, MemoryKiB: 64 << 10, Lanes: 4}
	}
	return c
}

// Wrapped is a data key closed by a secret that a person knows or is told.
type Wrapped struct {
	Cost Cost
	Salt []byte
	Key  []byte
}

const wrapPlace = "data key"

// Wrap closes the key by a secret, with Argon2id.
func (k DataKey) Wrap(secret string, cost Cost) Wrapped {
	w := Wrapped{Cost: cost.orUsual(), Salt: make([]byte, 16)}
	_, _ = rand.Read(w.Salt) // never fails, says its documentation
	w.Key = w.box(secret).Close(wrapPlace, k.secret[:])
	return w
}

// Unwrap opens the key; ErrSecret for another secret than it was wrapped with.
func (w Wrapped) Unwrap(secret string) (k DataKey, err error) {
	if w.Cost.Passes == 0 || w.Cost.Lanes == 0 {
		return k, ErrSecret
	}
	plain, err := w.box(secret).Open(wrapPlace, w.Key)
	if err != nil || len(plain) != len(k.secret) {
		return k, ErrSecret
	}
	copy(k.secret[:], plain)
	return k, nil
}

func (w Wrapped) box(secret string) *Box {
	var k DataKey
	copy(k.secret[:], argon2.IDKey([]byte(secret), w.Salt, w.Cost.Passes, w.Cost.MemoryKiB, w.Cost.Lanes, chacha20poly1305.KeySize))
	return k.Box()
}
