package endpoint

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// problem makes an RFC 9457 problem. Title is a whole sentence that may be shown to a person.
func problem(status int, code protocol.Code, title string) protocol.Problem {
	return protocol.Problem{Type: protocol.ProblemType(code), Title: title, Status: status, Code: code, Retryable: status >= 500 || status == http.StatusTooManyRequests}
}

// problemFor is the one place where an error becomes what a caller reads. What is not known stays inside.
func problemFor(err error) protocol.Problem {
	var own protocol.Problem
	if errors.As(err, &own) {
		return own
	}
	var stored *centralstore.Error
	if errors.As(err, &stored) {
		return storeProblem(stored)
	}
	var offset *centralstore.OffsetError
	if errors.As(err, &offset) {
		p := problem(http.StatusConflict, protocol.CodeWrongOffset, offset.Error())
		p.Retryable, p.Have = true, offset.Have
		return p
	}
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong), errors.Is(err, protocol.ErrTooLarge):
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "The body is longer than central takes.")
	case errors.Is(err, protocol.ErrTooManyRecords):
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "The batch has more records than central takes.")
	case errors.Is(err, protocol.ErrEncoding):
		return problem(http.StatusUnsupportedMediaType, protocol.CodeBadRequest, "Bodies are compressed with zstd or gzip, or not at all.")
	case errors.Is(err, protocol.ErrUnreadable):
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "The body is not the JSON of a batch.")
	case errors.Is(err, protocol.ErrDamaged):
		p := problem(http.StatusBadRequest, protocol.CodeBadRequest, "The body was damaged or cut off on its way.")
		p.Retryable = true
		return p
	case errors.Is(err, centralstore.ErrFull):
		return problem(http.StatusInsufficientStorage, protocol.CodeUnavailable, "Central's disk is full. Nothing was lost.")
	case errors.Is(err, centralstore.ErrUnavailable):
		return problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "Central's database does not answer. Nothing was lost.")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "The request was stopped.")
	}
	return problem(http.StatusInternalServerError, protocol.CodeInternal, "Something went wrong at central.")
}

func storeProblem(err *centralstore.Error) protocol.Problem {
	status, code := http.StatusBadRequest, protocol.CodeBadRequest
	switch err.Code {
	case centralstore.BadPassword:
		status, code = http.StatusUnauthorized, protocol.CodeBadPassword
	case centralstore.OTPNeeded:
		status, code = http.StatusUnauthorized, protocol.CodeOTPNeeded
	case centralstore.BadOTP:
		status, code = http.StatusUnauthorized, protocol.CodeBadOTP
	case centralstore.TooMany:
		status, code = http.StatusTooManyRequests, protocol.CodeTooMany
	case centralstore.BadCode:
		status, code = http.StatusForbidden, protocol.CodeBadCode
	case centralstore.Unauthorised:
		status, code = http.StatusUnauthorized, protocol.CodeUnauthorised
	case centralstore.Revoked:
		status, code = http.StatusUnauthorized, protocol.CodeRevoked
	case centralstore.Erase:
		status, code = http.StatusUnauthorized, protocol.CodeErase
	case centralstore.Forbidden:
		status, code = http.StatusForbidden, protocol.CodeForbidden
	case centralstore.NotFound:
		status, code = http.StatusNotFound, protocol.CodeNotFound
	case centralstore.DamagedFile:
		status, code = http.StatusUnprocessableEntity, protocol.CodeBadSum
	case centralstore.Exists:
		status, code = http.StatusConflict, protocol.CodeExists
	}
	p := problem(status, code, err.Message)
	p.Retryable = p.Retryable || err.Code == centralstore.DamagedFile
	return p
}

// fail answers with a problem and logs what stays inside.
func (c *call) fail(err error) {
	p := problemFor(err)
	p.Request = c.id
	c.note(slog.String("code", string(p.Code)))
	if p.Code == protocol.CodeInternal || p.Code == protocol.CodeUnavailable {
		c.note(slog.String("cause", err.Error()))
	}
	if c.w.status != 0 {
		return // the answer has begun; it ends short, which its length gives away
	}
	if p.Status == http.StatusUnauthorized {
		c.w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if p.Status == http.StatusServiceUnavailable && c.w.Header().Get("Retry-After") == "" {
		c.w.Header().Set("Retry-After", "5")
	}
	data, err := json.Marshal(p)
	if err != nil {
		data = []byte(`{"title":"Something went wrong at central.","status":500,"code":"internal","retryable":true}`)
	}
	_ = c.send(p.Status, protocol.ContentProblem, data) // a caller that has gone asks again
}
