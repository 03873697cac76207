package protocol

// Problem is an RFC 9457 problem: application/problem+json.
type Problem struct {
	Type      string `json:"type,omitempty"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	Code      Code   `json:"code"`
	Retryable bool   `json:"retryable"`
	Request   string `json:"request,omitempty"` // central's id of the request, to quote to whoever hosts it
	// Versions stands in the refusal of a version: those that central speaks.
	Versions []int `json:"versions,omitempty"`
	// Have stands in the refusal of a chunk: how many bytes of the file central has.
	Have int64 `json:"have,omitempty"`
	// Diagnostics stand in the refusal of a workbook.
	Diagnostics []Diagnostic `json:"diagnostics,omitempty"`
}

// Error is what a log line shows.
func (p Problem) Error() string { return string(p.Code) + ": " + p.Title }

// Code is a problem a program can act on.
type Code string

// The codes central answers with.
const (
	CodeBadRequest   Code = "bad_request"
	CodeUnauthorised Code = "unauthorised"
	CodeRevoked      Code = "revoked" // the token was valid once and was ended; enrol or sign in anew
	CodeErase        Code = "erase"   // as revoked, and the study's owner ordered the device to destroy what it holds
	CodeForbidden    Code = "forbidden"
	CodeNotFound     Code = "not_found"
	CodeMethod       Code = "method_not_allowed"
	CodeTooLarge     Code = "too_large"
	CodeTooMany      Code = "too_many_requests"
	CodeBadCode      Code = "bad_enrolment_code"
	CodeBadPassword  Code = "bad_password" // user name or password; central does not say which
	CodeOTPNeeded    Code = "otp_needed"   // the password is right, and the code of the authenticator app is missing
	CodeBadOTP       Code = "bad_otp"      // the password is right, the code is wrong or was used
	CodeBadWorkbook  Code = "bad_workbook"
	CodeVersion      Code = "protocol_version"
	CodeWrongOffset  Code = "wrong_offset" // a chunk does not follow on what central has, which Have says
	CodeBadSum       Code = "bad_sum"      // a file arrived damaged; central dropped its bytes, send it again
	CodeExists       Code = "exists"       // what is to be made is there already
	CodeInternal     Code = "internal"
	CodeUnavailable  Code = "unavailable"
)

// Codes lists every code.
func Codes() []Code {
	return []Code{
		CodeBadRequest, CodeUnauthorised, CodeRevoked, CodeErase, CodeForbidden, CodeNotFound, CodeMethod, CodeTooLarge, CodeTooMany, CodeBadCode,
		CodeBadPassword, CodeOTPNeeded, CodeBadOTP, CodeBadWorkbook, CodeVersion, CodeWrongOffset, CodeBadSum, CodeExists, CodeInternal, CodeUnavailable,
	}
}

// ProblemType is the URI of a problem, relative to central's: it leads to the place in Document that says what to do.
func ProblemType(code Code) string { return PathDocument + "#/x-problems/" + string(code) }
