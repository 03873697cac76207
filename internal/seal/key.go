package seal

import (
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
)

// Pair is a new key: the recipient for the study's workbook and the secret that opens what is sealed for it.
type Pair struct {
	Recipient string
	secret    *age.X25519Identity
}

// NewPair makes a key from the system's randomness.
func NewPair() (Pair, error) {
	secret, err := age.GenerateX25519Identity()
	if err != nil {
		return Pair{}, fmt.Errorf("make a key: %w", err)
	}
	return Pair{Recipient: secret.Recipient().String(), secret: secret}, nil
}

// File is the key file's text, in the form of age-keygen. It holds the secret: it belongs in a file that only its owner reads.
func (p Pair) File(now time.Time) []byte {
	return fmt.Appendf(nil, "# created: %s\n# public key: %s\n%s\n", now.Format(time.RFC3339), p.Recipient, p.secret)
}

// Keys opens what the pair's recipient was sealed for.
func (p Pair) Keys() Keys { return Keys{identities: []age.Identity{p.secret}} }

// Keys are secret keys. Printing them shows none.
type Keys struct{ identities []age.Identity }

// String tells how many keys there are and nothing else.
func (k Keys) String() string { return fmt.Sprintf("%d secret keys", len(k.identities)) }

// mostKeyFile bounds a key file, in bytes.
const mostKeyFile = 1 << 20

// ReadKeys reads a key file of age-keygen or of Pair.File.
func ReadKeys(r io.Reader) (Keys, error) {
	identities, err := age.ParseIdentities(io.LimitReader(r, mostKeyFile))
	if err != nil {
		// The library's error may repeat a line of the file.
		return Keys{}, errors.New("this is not a key file: it should have a line that begins with AGE-SECRET-KEY-1")
	}
	return Keys{identities: identities}, nil
}
