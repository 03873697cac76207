package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Reason is why something did not work, as a program tells it apart.
type Reason string

// The reasons.
const (
	NotEnrolled    Reason = "not_enrolled"    // nobody has enrolled or signed in
	Offline        Reason = "offline"         // central cannot be reached, or stopped answering
	NotCentral     Reason = "not_central"     // something else answered, such as the sign-in page of a public network
	Insecure       Reason = "insecure"        // the address is neither https nor this machine
	BadAddress     Reason = "bad_address"     // the address is no address
	BadCode        Reason = "bad_code"        // the enrolment code is unknown, used or expired
	BadPassword    Reason = "bad_password"    // user name or password
	OTPNeeded      Reason = "otp_needed"      // the password is right, a one-time code is asked for too
	BadOTP         Reason = "bad_otp"         // the password is right, the one-time code is not
	Revoked        Reason = "revoked"         // the device was shut out
	Erase          Reason = "erase"           // shut out, and ordered by the study's owner to destroy what it holds
	SignInAgain    Reason = "sign_in_again"   // the token ended
	Forbidden      Reason = "forbidden"       // signed in, and not allowed to
	CentralTooOld  Reason = "central_too_old" // central does not speak this app's protocol
	AppTooOld      Reason = "app_too_old"     // central no longer takes this app's protocol
	TooMany        Reason = "too_many"        // asked too often
	CentralTrouble Reason = "central_trouble" // central answered that it cannot now
	Refused        Reason = "refused"         // central refused the request as it is
	BadAnswer      Reason = "bad_answer"      // what central answered cannot be read, or a file's sum is wrong
	UnsentHere     Reason = "unsent_here"     // unsent data belong to another central
	Storage        Reason = "storage"         // this device could not read or write its own data
	Locked         Reason = "locked"          // the device's PIN is needed first
	Cancelled      Reason = "cancelled"       // whoever asked for it stopped it
	WrongRelay     Reason = "wrong_relay"     // another machine answered where the supervisor's laptop should be
	// Of a sign-in with an organisation's account.
	OrganisationUnknown Reason = "organisation_unknown" // the organisation knows the person, central does not
	OrganisationRefused Reason = "organisation_refused" // the organisation refused, or the person gave up
	OrganisationFailed  Reason = "organisation_failed"  // it did not answer, or not in a way to be trusted
)

// Error is what every call of this package fails with.
type Error struct {
	Reason Reason
	// Problem is central's own words, where it answered.
	Problem *protocol.Problem
	// RetryAfter is how long central asked to be left alone; 0 where it did not.
	RetryAfter time.Duration
	// Doing says what was tried.
	Doing string
	Err   error
}

// Error is what a log line shows; for a person, see Explain.
func (e *Error) Error() string {
	switch {
	case e.Err != nil:
		return fmt.Sprintf("%s: %s: %v", e.Doing, e.Reason, e.Err)
	case e.Problem != nil:
		return fmt.Sprintf("%s: %s: %s", e.Doing, e.Reason, e.Problem.Error())
	}
	return e.Doing + ": " + string(e.Reason)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ReasonOf returns the reason of an error of this package; "" for nil, Storage for an error that is not its own.
func ReasonOf(err error) Reason {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	if errors.Is(err, delivery.ErrLocked) {
		return Locked
	}
	if errors.Is(err, context.Canceled) {
		return Cancelled
	}
	return Storage
}

// Retryable tells whether trying again later, with nothing changed by a person, may help.
func (r Reason) Retryable() bool {
	switch r {
	case Offline, NotCentral, TooMany, CentralTrouble, BadAnswer, Storage, Locked, Cancelled, CentralTooOld:
		return true
	}
	return false
}

// stops tells whether the rest of a synchronisation has no chance after this.
func (r Reason) stops() bool {
	switch r {
	case CentralTrouble, Refused, BadAnswer, Forbidden:
		return false
	}
	return true
}

func failed(doing string, reason Reason, err error) *Error {
	return &Error{Reason: reason, Doing: doing, Err: err}
}

// stored wraps an error of the store.
func stored(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return failed(doing, Cancelled, err)
	}
	if errors.Is(err, delivery.ErrLocked) {
		return failed(doing, Locked, err)
	}
	return failed(doing, Storage, err)
}
