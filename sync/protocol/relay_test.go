package protocol_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"parvis/sync/protocol"
)

func TestPairingLink(t *testing.T) {
	sum := sha256.Sum256([]byte("a key"))
	want := protocol.Pairing{Address: "192.168.43.1:47600", Pin: protocol.PinOf(hex.EncodeToString(sum[:])), Secret: protocol.PairingSecret(sum[:8])}
	link := want.Link()
	for _, text := range []string{
		link, "Scan me: " + link + " or type it", strings.ToLower(link), strings.Replace(link, "#", "%23", 1), strings.TrimPrefix(link, "https://"),
		strings.ReplaceAll(link, "-", " "), strings.ReplaceAll(link, "-", ""),
	} {
		if got, ok := protocol.ReadPairing(text); !ok || got != want {
			t.Errorf("%q: %+v %v", text, got, ok)
		}
	}
	v6 := protocol.Pairing{Address: "[fe80::1]:47600", Pin: want.Pin, Secret: want.Secret}
	if got, ok := protocol.ReadPairing(v6.Link()); !ok || got != v6 {
		t.Errorf("%q: %+v %v", v6.Link(), got, ok)
	}
	for _, text := range []string{
		"", "https://192.168.43.1:47600/relay#", link[:len(link)-6], "http://192.168.43.1:47600/relay",
		"https://central.example.org/enrol#ABCD-EFGH", strings.Repeat("x", 5000),
	} {
		if got, ok := protocol.ReadPairing(text); ok && got == want {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
	if protocol.PinOf("no sum") != "" {
		t.Error("a pin for no fingerprint")
	}
}
