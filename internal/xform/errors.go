package xform

import (
	"errors"
	"fmt"
)

// Code classifies what went wrong, so that callers decide without reading text.
type Code uint8

// The codes of an [Error].
const (
	BadForm    Code = iota + 1 // the XForm cannot be used
	BadCycle                   // calculations or conditions depend on each other in a circle
	UnknownRef                 // no such node in this instance
	ReadOnly                   // the node takes no answer
	BadType                    // the text is not a value of the node's type
	NotRepeat                  // the reference is not a repeat, or cannot grow or shrink
	BadState                   // a snapshot that does not belong to this form
	Limit                      // larger than this engine accepts
)

// Error is every error of this package. Ref is the node it concerns, if any.
// Values of answers never appear in it.
type Error struct {
	Code Code
	Ref  Ref
	Msg  string
	Err  error
}

func (e *Error) Error() string {
	s := e.Msg
	if e.Ref != "" {
		s = string(e.Ref) + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of an error of this package, 0 for others.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func badForm(ref Ref, format string, args ...any) error {
	return &Error{Code: BadForm, Ref: ref, Msg: fmt.Sprintf(format, args...)}
}
