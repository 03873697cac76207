package xpath

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"testing"
)

func TestExtractSigned(t *testing.T) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	key := base64.StdEncoding.EncodeToString(private.Public().(ed25519.PublicKey))
	message := []byte("voucher 42")
	signed := append(ed25519.Sign(private, message), message...)
	forged := bytes.Clone(signed)
	forged[len(forged)-1] ^= 1
	for in, want := range map[string]string{
		base64.StdEncoding.EncodeToString(signed):    "voucher 42",
		base64.RawURLEncoding.EncodeToString(signed): "voucher 42",
		base64.StdEncoding.EncodeToString(forged):    "",
		"AAAA":          "",
		"not base64 %%": "",
	} {
		got, err := compile(t, fmt.Sprintf("extract-signed('%s', '%s')", in, key), ODK).EvalString(&Context{})
		if err != nil || got != want {
			t.Errorf("extract-signed(%q) = %q (%v), want %q", in, got, err, want)
		}
	}
}
