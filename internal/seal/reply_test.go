package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"parvis/internal/seal"
)

// An answer opens with its key about what it answers, and with or about nothing else.
func TestReply(t *testing.T) {
	key, plain := seal.NewReplyKey(), []byte("what central says")
	closed, err := seal.CloseReply(key, "batch 1", plain)
	if err != nil || bytes.Contains(closed, []byte("central")) {
		t.Fatalf("%v, %q", err, closed)
	}
	if got, err := seal.OpenReply(key, "batch 1", closed); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("%q, %v", got, err)
	}
	changed := bytes.Clone(closed)
	changed[len(changed)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another key":    func() ([]byte, error) { return seal.OpenReply(seal.NewReplyKey(), "batch 1", closed) },
		"another batch":  func() ([]byte, error) { return seal.OpenReply(key, "batch 2", closed) },
		"a changed byte": func() ([]byte, error) { return seal.OpenReply(key, "batch 1", changed) },
		"no key":         func() ([]byte, error) { return seal.OpenReply("", "batch 1", closed) },
		"nothing":        func() ([]byte, error) { return seal.OpenReply(key, "batch 1", nil) },
	} {
		if got, err := try(); !errors.Is(err, seal.ErrBox) {
			t.Errorf("%s opens %q, %v", name, got, err)
		}
	}
	if _, err := seal.CloseReply("short", "batch 1", plain); !errors.Is(err, seal.ErrBox) {
		t.Errorf("a key that is none closes: %v", err)
	}
}
