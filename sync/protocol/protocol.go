// Package protocol is what crosses the network between a device and central: wire types, versions and limits, and nothing that
// sends or stores. JSON over HTTP, bodies compressed with zstd or gzip, errors as RFC 9457 problems. Both sides import it, and a
// stranger can write a client from it.
package protocol

import "slices"

// Version is the newest version of the protocol, which central names in every answer (header VersionHeader). A client names the
// version of its request there; no name means version 1. Central takes every version there ever was, for ever, so that an old app
// still delivers; a version it does not know it refuses with CodeVersion and names those it speaks, so that a newer app goes on with
// the newest version both speak (Common).
const Version = 1

// Versions are all there are, the oldest first. One is never taken out.
func Versions() []int { return []int{1} }

// Common is the newest version among mine and theirs; ok is false where there is none.
func Common(mine, theirs []int) (version int, ok bool) {
	for _, n := range mine {
		if n > version && slices.Contains(theirs, n) {
			version, ok = n, true
		}
	}
	return version, ok
}

// The headers of every exchange.
const (
	VersionHeader = "Parvis-Protocol"
	// ClockHeader carries the sender's wall clock, milliseconds UTC, so that the other side can measure the skew.
	ClockHeader = "Parvis-Clock"
	// HighSeqHeader carries the highest sequence number the device has given out, so that central can tell what is missing.
	HighSeqHeader = "Parvis-High-Seq"
	// EpochsHeader carries what the device says of its epochs' numbers, see WriteEpochs. Who sends it leaves HighSeqHeader to centrals
	// that do not know it.
	EpochsHeader = "Parvis-Epochs"
	// RequestHeader carries central's id of the request, to quote to whoever hosts it.
	RequestHeader = "Parvis-Request"
)

// Paths of the endpoint.
const (
	PathEnrol  = "/v1/enrol"   // POST EnrolRequest -> EnrolAnswer
	PathSignIn = "/v1/sign-in" // POST SignInRequest -> SignInAnswer
	PathPull   = "/v1/pull"    // GET ?cursor= -> PullAnswer
	PathPush   = "/v1/push"    // POST Batch -> PushAnswer
	PathHave   = "/v1/have"    // POST HaveRequest -> HaveAnswer
	PathLeases = "/v1/leases"  // POST LeasesRequest -> LeasesAnswer
	PathTill   = "/v1/till"    // POST TillRequest, by a supervisor's laptop -> TillAnswer
	PathHandIn = "/v1/hand-in" // POST a device's hand-in file, by a person -> HandInAnswer
	PathBlob   = "/v1/blobs/"  // GET + SHA-256 in hex -> the bytes; Range requests resume
	// PathAttachment + SHA-256 in hex: PUT ?study=&size=&offset= a chunk, by a device -> AttachmentAnswer; GET, by a person -> the
	// bytes, Range requests resume. With "/have" behind it: GET ?study=, by a device -> AttachmentAnswer.
	PathAttachment = "/v1/attachments/"
	PathResearch   = "/v1/research/" // GET + study + "/records?cursor=&kind=" -> PullAnswer of the study and its records
	PathStudies    = "/v1/studies"   // PUT multipart/form-data (workbook, media...) -> StudyAnswer; GET -> StudyList
	// PathStudies + "/" + study + PathDecisionsEnd: POST DecisionsRequest, by a supervisor in the study -> DecisionsAnswer.
	PathDecisionsEnd = "/decisions"
	PathMessages     = "/v1/messages"     // POST MessageRequest -> Message
	PathDocument     = "/v1/openapi.yaml" // GET -> Document
	// PathSignIn + "/options": GET, without a token -> SignInOptions, which says whether PathOrganisation is there.
	PathSignInOptions = PathSignIn + "/options"
	// PathOrganisation signs a person in with the organisation's account. GET ?redirect=&state=&challenge=, without a token and in a
	// browser: central sends the browser to the organisation, and from there back to redirect, an address on the loopback interface
	// where the app listens, with state and with code or error. challenge is method S256 of RFC 7636. POST OrganisationRequest, without
	// a token -> SignInAnswer.
	PathOrganisation = PathSignIn + "/organisation"
	// PathOrganisationBack is where the organisation sends the browser back to: the redirect URI to register there. GET ?state=&code=.
	PathOrganisationBack = PathOrganisation + "/back"
	// PathCodes makes enrolment codes: POST CodesRequest, by a supervisor of each study -> CodesAnswer. GET ?study=, by a supervisor ->
	// CodeList, which says which of them were used.
	PathCodes = "/v1/codes"
	// PathDevices lists devices: GET ?study=, by a supervisor -> DeviceList, of all studies where study is left out. + device +
	// "/revoke": POST EndRequest, or no body, ends the device's token; what it holds stays on it until it enrols again. + device + "/lost": POST, the
	// same for a device that somebody has lost: what of it arrives later is kept and told apart. Both by a supervisor in every study of
	// the device; whoever supervises a part of a study may end the devices of interviewers who have worked in that part only. + device +
	// "/ending": GET, by whoever may do these -> DeviceEnding, which says what they would touch.
	PathDevices = "/v1/devices"
	// PathAudit reads the audit log: GET ?study=&before=, by an administrator of the whole study, or of everything where study is left
	// out -> AuditPage.
	PathAudit = "/v1/audit"
	// PathEnrolPage is a page for people whose camera opens what a QR code says: GET -> HTML. The code is in the address's fragment.
	PathEnrolPage = "/enrol"
	PathHealth    = "/healthz"
	PathReady     = "/readyz"
)

// Limits both sides keep; central refuses what is over them with a problem that names the limit.
const (
	MaxBatchRecords = 200
	MaxBatchBytes   = 4 << 20 // of a batch, inflated
	MaxRecordBytes  = 1 << 20 // of one record's body
	MaxHave         = 2000    // records asked about at once
	MaxDecisions    = 100     // decisions sent at once
	PullPage        = 500     // items in one answer of pull
	MaxAnswerBytes  = 16 << 20
	BlobChunk       = 256 << 10 // bytes asked for at once, so that a short-lived link still gets on
	MaxUploadBytes  = 64 << 20  // of a workbook with its pictures
	MaxHandInBytes  = 256 << 20 // of a hand-in file
	// MaxHandInInflated is of its content, inflated. Pictures, which are most of a large one, do not shrink, but for their base64.
	MaxHandInInflated = 512 << 20
	MaxAttachment     = 8 << 20   // of a file that an answer names
	AttachmentChunk   = 256 << 10 // of it sent at once
)

// The content types of answers.
const (
	ContentJSON    = "application/json"
	ContentProblem = "application/problem+json"
	ContentHandIn  = "application/age"
)
