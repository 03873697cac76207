package centralstore

import (
	"bytes"
	"errors"
	"io/fs"
	"testing"
)

// What is kept of certificates is the same for every central of the database, and of no use to whoever has the database alone.
func TestCertificatesAreSharedAndClosed(t *testing.T) {
	t.Parallel()
	c, ctx := newCentral(t), t.Context()
	other := c.open(t)
	secret := []byte("-----BEGIN EC PRIVATE KEY-----")
	if _, err := c.Certificate(ctx, "central.test"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is none, and: %v", err)
	}
	for _, data := range [][]byte{[]byte("before"), secret} {
		if err := c.KeepCertificate(ctx, "central.test", data); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := other.Certificate(ctx, "central.test"); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("%q, %v", got, err)
	}
	for where, data := range c.bytes(t) {
		if bytes.Contains(data, secret) {
			t.Errorf("the key is in %s as it is", where)
		}
	}
	stranger := c.insides()
	key := stranger.p.Key
	stranger.p.Key = bytes.Repeat([]byte{9}, 32)
	if got, err := c.Certificate(ctx, "central.test"); err == nil {
		t.Errorf("another key opened %q", got)
	}
	stranger.p.Key = key
	if err := other.KeepCertificate(ctx, "long", make([]byte, mostCertificate+1)); err == nil {
		t.Error("anything can be kept")
	}
	if err := other.DropCertificate(ctx, "central.test"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Certificate(ctx, "central.test"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was dropped, and: %v", err)
	}
}
