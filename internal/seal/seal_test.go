package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func pair(t testing.TB) Pair {
	t.Helper()
	p, err := NewPair()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEveryRecipientOpensAloneAndNobodyElse(t *testing.T) {
	a, b, stranger := pair(t), pair(t), pair(t)
	values := map[string]string{"/data/name": "Anna Peeters", "/data/phone": "+32 470 00 00 00", "/data/note": "é & <x>\n"}
	sealed, err := Values([]string{a.Recipient, " " + b.Recipient + "\n"}, values)
	if err != nil {
		t.Fatal(err)
	}
	closed, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || !bytes.HasPrefix(closed, []byte("age-encryption.org/v1\n")) || bytes.Contains(closed, []byte("Peeters")) {
		t.Fatalf("not an age file that hides its content: %v", err)
	}
	for name, p := range map[string]Pair{"first": a, "second": b} {
		got, err := Open(p.Keys(), sealed)
		if err != nil || !maps.Equal(got, values) {
			t.Errorf("%s recipient: %v, %v", name, got, err)
		}
	}
	if _, err := Open(stranger.Keys(), sealed); !errors.Is(err, ErrWrongKey) {
		t.Errorf("a stranger's key: %v", err)
	}
	if _, err := Open(Keys{}, sealed); !errors.Is(err, ErrWrongKey) {
		t.Errorf("no key: %v", err)
	}
}

func TestKeyFileReadsBack(t *testing.T) {
	p := pair(t)
	file := p.File(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	if !strings.HasPrefix(string(file), "# created: 2026-11-22T12:00:00Z\n# public key: "+p.Recipient+"\nAGE-SECRET-KEY-1") {
		t.Errorf("the key file has another form than age-keygen's")
	}
	keys, err := ReadKeys(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := Values([]string{p.Recipient}, map[string]string{"a": "b"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Open(keys, sealed); err != nil || got["a"] != "b" {
		t.Errorf("%v, %v", got, err)
	}
	if shown := fmt.Sprintf("%v %+v %s", keys, keys, keys); strings.Contains(shown, "SECRET-KEY") {
		t.Error("printing keys shows a secret")
	}
}

func TestWrongRecipientsAreRefusedWithoutRepeatingThem(t *testing.T) {
	p := pair(t)
	secret := strings.TrimSpace(strings.Split(string(p.File(time.Time{})), "\n")[2])
	for _, text := range []string{"", "age1", secret, p.Recipient[:len(p.Recipient)-1], p.Recipient + "x", "ssh-ed25519 AAAA"} {
		err := CheckRecipient(text)
		if !errors.Is(err, ErrRecipient) {
			t.Errorf("%d characters: %v", len(text), err)
		}
		if text != "" && text != "age1" && strings.Contains(err.Error(), text) {
			t.Error("the error repeats what was given")
		}
		if _, err := Values([]string{text}, nil); !errors.Is(err, ErrRecipient) {
			t.Errorf("sealing: %v", err)
		}
	}
	if err := CheckRecipient(p.Recipient); err != nil {
		t.Error(err)
	}
	if _, err := Values(nil, map[string]string{"a": "b"}); !errors.Is(err, ErrRecipient) {
		t.Errorf("no recipient: %v", err)
	}
}

func TestAnyValuesComeBackAndAnyDamageIsSeen(t *testing.T) {
	p := pair(t)
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "values")
		sealed, err := Values([]string{p.Recipient}, values)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Open(p.Keys(), sealed)
		if err != nil || !maps.Equal(got, values) {
			t.Fatalf("%v, %v", got, err)
		}
		closed, _ := base64.StdEncoding.DecodeString(sealed)
		at := rapid.IntRange(0, len(closed)-1).Draw(t, "at")
		closed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		got, err = Open(p.Keys(), base64.StdEncoding.EncodeToString(closed))
		if err == nil {
			t.Fatalf("byte %d of %d was changed unnoticed: %v", at, len(closed), got)
		}
	})
	for _, text := range []string{"", "!", "YWJj", strings.Repeat("A", MostBytes+1)} {
		if _, err := Open(p.Keys(), text); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d characters: %v", len(text), err)
		}
	}
}
