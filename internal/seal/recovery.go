package seal

import (
	"crypto/rand"
	"strings"
)

// recoveryAlphabet is Crockford's base 32: no letter looks like a figure.
const recoveryAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewRecoveryCode makes a code of 80 bits that a person can read out over the telephone, such as 7KQF-2M9X-0TBC-W4HD.
func NewRecoveryCode() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	var code strings.Builder
	for i, n := range b {
		if i > 0 && i%4 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(recoveryAlphabet[n%32]) // 256 is a multiple of 32, so each letter is as likely
	}
	return code.String()
}

// ReadRecoveryCode brings a code as typed into one form: capitals without dashes and spaces, O as 0, I and L as 1.
func ReadRecoveryCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '\t', '\n':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, strings.ToUpper(typed))
}
