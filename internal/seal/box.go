package seal

import (
	"crypto/cipher"
	"crypto/rand"
	"errors"

	"golang.org/x/crypto/chacha20poly1305"
)

// ErrBox: the bytes are not what Box.Close wrote for this place with this key.
var ErrBox = errors.New("what is kept here was damaged or belongs elsewhere")

// DataKey encrypts what a device keeps. Printing it shows nothing.
type DataKey struct {
	secret [chacha20poly1305.KeySize]byte
}

// NewDataKey makes a key from the system's randomness.
func NewDataKey() (k DataKey) {
	_, _ = rand.Read(k.secret[:]) // never fails, says its documentation
	return k
}

// String shows nothing of the key.
func (DataKey) String() string { return "a data key" }

// GoString shows nothing of the key either.
func (DataKey) GoString() string { return "seal.DataKey{}" }

// Box closes with XChaCha20-Poly1305: its random nonces of 24 bytes never meet, however much a device keeps, and it is quick on
// phones whose processors know no AES. A Box may be used from any goroutine.
type Box struct{ aead cipher.AEAD }

// Box is what the key opens.
func (k DataKey) Box() *Box {
	aead, err := chacha20poly1305.NewX(k.secret[:])
	if err != nil {
		panic("seal: " + err.Error()) // the key's length is its type's
	}
	return &Box{aead: aead}
}

// Close encrypts plain for one place, such as a table's column and a row's key: moved elsewhere it does not open.
func (b *Box) Close(place string, plain []byte) []byte {
	nonce := make([]byte, b.aead.NonceSize(), b.aead.NonceSize()+len(plain)+b.aead.Overhead())
	_, _ = rand.Read(nonce) // never fails, says its documentation
	return b.aead.Seal(nonce, nonce, plain, []byte(place))
}

// Open gives back what Close was given for this place; ErrBox for anything else.
func (b *Box) Open(place string, closed []byte) ([]byte, error) {
	size := b.aead.NonceSize()
	if len(closed) < size {
		return nil, ErrBox
	}
	plain, err := b.aead.Open(nil, closed[:size], closed[size:], []byte(place))
	if err != nil {
		return nil, ErrBox
	}
	return plain, nil
}
