// Package seal is Parvis's cryptography. It closes personal data so that only a study's research team can open them: age files
// (X25519) in base64, as anyone can open with the public age tool. And it closes what a device keeps, by a data key that a PIN
// wraps. It knows keys, secrets and bytes; it must not know whose they are, nor may a value or a key ever stand in one of its
// errors.
package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// MostBytes is how long sealed text may be to be opened.
const MostBytes = 4 << 20

// What a caller can act on.
var (
	// ErrRecipient: a recipient is not an age X25519 public key.
	ErrRecipient = errors.New("a recipient is an age public key: age1 and 58 letters and digits, as research key new writes it")
	// ErrWrongKey: none of the keys opens it.
	ErrWrongKey = errors.New("none of these keys opens what was sealed; it was sealed for another recipient")
	// ErrDamaged: the sealed text is not what Seal wrote.
	ErrDamaged = errors.New("what was sealed is damaged")
)

// CheckRecipient tells whether text is a recipient: an X25519 public key in age's form.
func CheckRecipient(text string) error {
	_, err := recipient(text)
	return err
}

func recipient(text string) (*age.X25519Recipient, error) {
	r, err := age.ParseX25519Recipient(strings.TrimSpace(text))
	if err != nil {
		// The library's error repeats its input, which may be a secret key given by mistake.
		return nil, ErrRecipient
	}
	return r, nil
}

// Values seals values for every recipient; each of them can open it alone.
func Values(recipients []string, values map[string]string) (string, error) {
	plain, err := json.Marshal(values)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	closed, err := File(recipients, plain)
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(closed), nil
}

// File seals plain for every recipient as an age file; each of them can open it alone.
func File(recipients []string, plain []byte) ([]byte, error) {
	var closed bytes.Buffer
	w, err := Writer(&closed, recipients)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return closed.Bytes(), nil
}

// Writer seals what is written to it for every recipient, as an age file, however long; closing it ends the file and leaves w open.
func Writer(w io.Writer, recipients []string) (io.WriteCloser, error) {
	if len(recipients) == 0 {
		return nil, fmt.Errorf("seal: %w", ErrRecipient)
	}
	to := make([]age.Recipient, len(recipients))
	for i, text := range recipients {
		r, err := recipient(text)
		if err != nil {
			return nil, fmt.Errorf("seal, recipient %d: %w", i+1, err)
		}
		to[i] = r
	}
	closed, err := age.Encrypt(w, to...)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return closed, nil
}

// Open gives back what Values sealed.
func Open(keys Keys, sealed string) (map[string]string, error) {
	if len(sealed) > MostBytes {
		return nil, fmt.Errorf("open: longer than %d MB: %w", MostBytes>>20, ErrDamaged)
	}
	closed, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("open: %w", ErrDamaged)
	}
	plain, err := OpenFile(keys, closed)
	if err != nil {
		return nil, err
	}
	var values map[string]string
	if err := json.Unmarshal(plain, &values); err != nil {
		return nil, fmt.Errorf("open: %w", ErrDamaged)
	}
	return values, nil
}

// OpenFile gives back what File sealed.
func OpenFile(keys Keys, closed []byte) ([]byte, error) {
	r, err := Reader(keys, bytes.NewReader(closed))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("open: %w", ErrDamaged)
	}
	return plain, nil
}

// Reader opens what Writer or File sealed, piece by piece. What it has given is genuine; that it is whole is known at its end.
func Reader(keys Keys, closed io.Reader) (io.Reader, error) {
	r, err := age.Decrypt(closed, keys.identities...)
	var nobody *age.NoIdentityMatchError
	if errors.As(err, &nobody) || len(keys.identities) == 0 {
		return nil, fmt.Errorf("open: %w", ErrWrongKey)
	}
	if err != nil {
		return nil, fmt.Errorf("open: %w", ErrDamaged)
	}
	return r, nil
}
