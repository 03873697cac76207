package xpath

import (
	"crypto/ed25519"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

func secretFunctions() []builtin {
	return []builtin{
		{"digest", 2, 3, digest},
		{"base64-decode", 1, 1, base64Decode},
		{"extract-signed", 2, 2, extractSigned},
	}
}

// digest gives a hash in base64 or, if asked, hex. MD5 and SHA-1 are part of the
// form standard; nothing here relies on them for safety.
func digest(ev *evaluator, c *callExpr, f focus) Value {
	data := []byte(c.str(ev, f, 0))
	var sum []byte
	switch name := c.str(ev, f, 1); strings.ReplaceAll(strings.ToUpper(name), "-", "") {
	case "MD5":
		h := md5.Sum(data)
		sum = h[:]
	case "SHA1":
		h := sha1.Sum(data)
		sum = h[:]
	case "SHA256":
		h := sha256.Sum256(data)
		sum = h[:]
	case "SHA384":
		h := sha512.Sum384(data)
		sum = h[:]
	case "SHA512":
		h := sha512.Sum512(data)
		sum = h[:]
	default:
		return c.fail(ev, "there is no hash %q; use MD5, SHA-1, SHA-256, SHA-384 or SHA-512", name)
	}
	encoding := "base64"
	if len(c.args) == 3 {
		encoding = c.str(ev, f, 2)
	}
	switch strings.ToLower(encoding) {
	case "base64":
		return String(base64.StdEncoding.EncodeToString(sum))
	case "hex":
		return String(hex.EncodeToString(sum))
	}
	return c.fail(ev, "there is no encoding %q; use base64 or hex", encoding)
}

// decode64 reads base64 in either alphabet, with or without padding.
func decode64(s string) ([]byte, bool) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, s)
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	return b, err == nil
}

// base64Decode gives the text, or the empty text for what is not base64.
func base64Decode(ev *evaluator, c *callExpr, f focus) Value {
	b, ok := decode64(c.str(ev, f, 0))
	if !ok {
		return String("")
	}
	return String(strings.ToValidUTF8(string(b), string(utf8.RuneError)))
}

// extractSigned gives the message from a text in base64 that is an Ed25519
// signature of 64 bytes and the message, when it was signed with the private
// part of the public key given in base64; else the empty text.
func extractSigned(ev *evaluator, c *callExpr, f focus) Value {
	signed, ok := decode64(c.str(ev, f, 0))
	key, ok2 := decode64(c.str(ev, f, 1))
	if !ok || !ok2 || len(key) != ed25519.PublicKeySize || len(signed) < ed25519.SignatureSize {
		return String("")
	}
	message := signed[ed25519.SignatureSize:]
	if !ed25519.Verify(ed25519.PublicKey(key), message, signed[:ed25519.SignatureSize]) || !utf8.Valid(message) {
		return String("")
	}
	return String(string(message))
}
