package seal

import (
	"crypto/rand"
	"encoding/base64"

	"golang.org/x/crypto/chacha20poly1305"
)

// NewReplyKey makes a key, in base64, that travels inside what is sealed for one reader, so that the reader's answer can come back the
// same way: whoever carries both can neither read the answer nor make one, since nobody but the two ends has the key.
func NewReplyKey() string {
	var key [chacha20poly1305.KeySize]byte
	_, _ = rand.Read(key[:]) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(key[:])
}

// CloseReply closes an answer for whoever made the key. about names what is answered: the answer opens for nothing else. It fails with
// ErrBox where key is none.
func CloseReply(key, about string, plain []byte) ([]byte, error) {
	box, err := replyBox(key)
	if err != nil {
		return nil, err
	}
	return box.Close(about, plain), nil
}

// OpenReply gives back what CloseReply closed with this key about this; ErrBox for anything else.
func OpenReply(key, about string, closed []byte) ([]byte, error) {
	box, err := replyBox(key)
	if err != nil {
		return nil, err
	}
	return box.Open(about, closed)
}

func replyBox(key string) (*Box, error) {
	secret, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil || len(secret) != chacha20poly1305.KeySize {
		return nil, ErrBox
	}
	return (&DataKey{secret: [chacha20poly1305.KeySize]byte(secret)}).Box(), nil
}
