package centralstore

import (
	"errors"
	"fmt"
)

// ErrorCode is a failure that a caller can act on.
type ErrorCode string

// The codes.
const (
	BadPassword  ErrorCode = "bad_password"
	BadCode      ErrorCode = "bad_code"
	Unauthorised ErrorCode = "unauthorised"
	Revoked      ErrorCode = "revoked"
	Erase        ErrorCode = "erase" // revoked, and ordered to destroy what it holds
	Forbidden    ErrorCode = "forbidden"
	NotFound     ErrorCode = "not_found"
	Exists       ErrorCode = "exists"
	Invalid      ErrorCode = "invalid"
	BadCursor    ErrorCode = "bad_cursor"
	DamagedFile  ErrorCode = "damaged_file" // its bytes are not those of its sum
	OTPNeeded    ErrorCode = "otp_needed"   // the password is right, and a one-time code is missing
	BadOTP       ErrorCode = "bad_otp"      // the password is right, the one-time code is not
	TooMany      ErrorCode = "too_many"     // wrong too often; later
	Tampered     ErrorCode = "tampered"     // the audit log is not what was written
)

// Error is a failure with words that may be shown to whoever asked: they hold neither secrets nor what the asker may not know.
type Error struct {
	Code    ErrorCode
	Message string
}

// Error gives the words.
func (e *Error) Error() string { return e.Message }

// CodeOf returns the code of an error of this package; "" for any other, which is an internal one.
func CodeOf(err error) ErrorCode {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func fail(code ErrorCode, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
