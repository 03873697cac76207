package centralstore

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"parvis/internal/delivery"
)

// Store is central's memory. Every call that changes something has committed durably before it returns. Errors that a caller can
// act on are *Error.
type Store interface {
	People
	Devices
	Studies
	Records
	Messages
	Decisions
	Attachments
	Certificates

	// QuotaStates tells how a study's quota constraints stand, those of sites the person does not answer for left out. It fails with
	// NotFound and Forbidden.
	QuotaStates(ctx context.Context, who Principal, study string) (delivery.QuotaStates, error)
	// Plan tells a study's assignments; what is at sites the person does not answer for is left out. It fails with NotFound and Forbidden.
	Plan(ctx context.Context, who Principal, study string) (delivery.Plan, error)
	// Tallies returns the counts of a study by day, site, interviewer and disposition, within the sites the person may see. It fails
	// with NotFound and Forbidden.
	Tallies(ctx context.Context, who Principal, study string) ([]Tally, error)
	// Status is the overview for whoever runs central.
	Status(ctx context.Context) (Status, error)
	// Audit returns the newest entries of the audit log, newest first.
	Audit(ctx context.Context, limit int) ([]AuditEntry, error)
	// AuditLog returns a page of what an administrator may read of it, newest first. It fails with Forbidden.
	AuditLog(ctx context.Context, q AuditQuery) ([]AuditEntry, error)
	// ExportAudit hands over the whole log, oldest first.
	ExportAudit(ctx context.Context, actor string, take func(AuditEntry) error) error
	// VerifyAudit reads the whole log and fails with Tampered where it is not what was written. kept is a hash of it that was kept
	// elsewhere, or "".
	VerifyAudit(ctx context.Context, kept string) (AuditProof, error)
	// Vitals are figures for whoever watches over central.
	Vitals(ctx context.Context) (Vitals, error)
	// Ready fails where central could not take in a batch now.
	Ready(ctx context.Context) error
	// AgreeOnHandIn fails where another central of the same database opens handed-in files with another key.
	AgreeOnHandIn(ctx context.Context, recipient string) error
	// Backup writes all that central holds, while it serves.
	Backup(ctx context.Context, w io.Writer, extra map[string][]byte) (Backed, error)
	// Doctor looks whether the store is sound; with whole it reads everything.
	Doctor(ctx context.Context, whole bool, found func(Finding))
	// Recount makes the counts anew from the records.
	Recount(ctx context.Context, actor string) error
	Close() error
}

// People are users, their roles and tokens.
type People interface {
	// AddUser fails with Exists for a name that is taken.
	AddUser(ctx context.Context, u NewUser) error
	// Users lists everybody, by name.
	Users(ctx context.Context) ([]UserState, error)
	// SetPassword ends the person's tokens. It fails with NotFound and Invalid.
	SetPassword(ctx context.Context, name, password, actor string) error
	// DisableUser keeps a person out and ends their tokens; EnableUser lets them sign in again. They fail with NotFound.
	DisableUser(ctx context.Context, name, actor string) error
	EnableUser(ctx context.Context, name, actor string) error
	// GrantRole and RevokeRole fail with NotFound for an unknown user, place or grant; the last role cannot be taken away.
	GrantRole(ctx context.Context, user string, g Grant, actor string) error
	RevokeRole(ctx context.Context, user string, g Grant, actor string) error

	// SignIn fails with BadPassword, which does not tell whether the user exists, and then takes as long; and after a right password
	// with OTPNeeded, BadOTP or TooMany, where the person has one-time codes.
	SignIn(ctx context.Context, in SignIn) (Issued, error)
	// BeginOneTime, ConfirmOneTime and DropOneTime set up one-time codes and take them away.
	BeginOneTime(ctx context.Context, user, issuer, actor string) (OneTimeSetup, error)
	ConfirmOneTime(ctx context.Context, user, code, actor string) error
	DropOneTime(ctx context.Context, user, actor string) error

	// The three steps of a sign-in with an organisation's account.
	BeginOrganisationSignIn(ctx context.Context, in OrganisationSignIn) error
	ResumeOrganisationSignIn(ctx context.Context, state, browser string) (OrganisationSignIn, error)
	GrantOrganisationSignIn(ctx context.Context, user, challenge string) (code string, err error)
	FinishOrganisationSignIn(ctx context.Context, code, verifier string) (Issued, error)

	// IssueToken makes a token for command-line use that allows what the person may do; it fails with NotFound for an unknown user.
	IssueToken(ctx context.Context, user string, valid time.Duration) (Issued, error)
	// NewToken makes one that may be narrower; it fails with NotFound, and with Forbidden where the person has no such role there.
	NewToken(ctx context.Context, o TokenOrder) (Issued, error)
	Tokens(ctx context.Context, user string) ([]TokenState, error)
	RevokeToken(ctx context.Context, id, actor string) error
	// Authenticate fails with Unauthorised, Revoked or Erase.
	Authenticate(ctx context.Context, secret string) (Principal, error)
}

// Devices are enrolled by a code, once each.
type Devices interface {
	// NewCode makes a one-time code for an interviewer and fails with NotFound for an unknown study.
	NewCode(ctx context.Context, o CodeOrder) (Code, error)
	// CodesOf returns the codes of the studies in which a person supervises, or of one of them, the latest first: those that are valid or
	// ended lately. It fails with NotFound and Forbidden.
	CodesOf(ctx context.Context, who Principal, study string) ([]delivery.CodeState, error)
	// Enrol uses up a code. It fails with BadCode for one that is unknown, used or expired.
	Enrol(ctx context.Context, e Enrolment) (Enrolled, error)
	// RevokeDevice ends the device's tokens. What it sent stays; what it did not send stays on it.
	RevokeDevice(ctx context.Context, device, actor string) error
	// EraseDevice ends the device's tokens and orders it to destroy what it holds, unsent or not, as soon as it asks. Only the owner
	// of the study may want that.
	EraseDevice(ctx context.Context, device, actor string) error
	// LoseDevice does the same for a device that somebody has lost: what of its epochs arrives from now on, as when it is found and
	// enrols again, is kept and told apart as late.
	LoseDevice(ctx context.Context, device, actor string) error
	// EndDevice does one of these three for a person in whose scope the device is. It fails with NotFound and Forbidden.
	EndDevice(ctx context.Context, o DeviceEnd) error
	// Ending tells what EndDevice would touch; it fails as EndDevice would.
	Ending(ctx context.Context, who Principal, device string) (delivery.DeviceEnding, error)
	// Leases settles a device's rights to fill quotas, and grants it those it should have until it synchronises again.
	Leases(ctx context.Context, l Leasing) ([]delivery.LeaseAnswer, error)
	// Till does the same for a supervisor's laptop that passes rights on to tablets. It fails with Forbidden and Invalid.
	Till(ctx context.Context, t Tilling) (Tilled, error)
	// LateRecords lists what arrived of a study from epochs that were lost before, the latest first.
	LateRecords(ctx context.Context, study string, limit int) ([]LateRecord, error)
	// DeviceOf returns the device a token belongs to, ended or not, and notes in the audit log that actor brings its data.
	DeviceOf(ctx context.Context, token, actor string) (Principal, error)
	// RecoveryCode returns what opens a device whose PIN is forgotten; who asked is in the audit log.
	RecoveryCode(ctx context.Context, device, actor string) (string, error)
	// ListDevices returns the state of every device, the last seen first.
	ListDevices(ctx context.Context) ([]delivery.DeviceState, error)
	// DevicesOf returns those of the studies in which a person supervises, or of one of them; it fails with NotFound and Forbidden.
	DevicesOf(ctx context.Context, who Principal, study string) ([]delivery.DeviceState, error)
}

// Studies are kept in all their versions.
type Studies interface {
	// PutStudy keeps a new version of a study, or nothing where it is the same as the newest.
	PutStudy(ctx context.Context, p StudyPackage) (StudyState, error)
	// ListStudies returns the newest version of the studies the principal may see, by id.
	ListStudies(ctx context.Context, who Principal) ([]StudyState, error)
	// OpenFile opens a file of a study the principal may see; it fails with NotFound otherwise. The caller closes it.
	OpenFile(ctx context.Context, who Principal, sha256 string) (io.ReadSeekCloser, error)
}

// Messages are what supervisors say to the field, and who the interviewers are.
type Messages interface {
	// SendMessage fails with NotFound, Forbidden and Invalid.
	SendMessage(ctx context.Context, o MessageOrder) (delivery.Message, error)
	// Messages lists a study's messages, the latest first.
	Messages(ctx context.Context, study string, limit int) ([]MessageState, error)
	// SetCard fails with NotFound and Invalid.
	SetCard(ctx context.Context, o CardOrder) error
}

// Decisions are what supervisors decide.
type Decisions interface {
	// Decide keeps and does what can be, and returns a receipt for each in order. It fails with NotFound and Forbidden.
	Decide(ctx context.Context, who Principal, study string, raw []json.RawMessage) ([]delivery.DecisionReceipt, error)
	// Reviews returns how the interviews stand about which somebody has decided something. It fails with NotFound and Forbidden.
	Reviews(ctx context.Context, who Principal, study string) ([]Review, error)
}

// Records are what devices deliver and research teams and supervisors read.
type Records interface {
	// Push stores what can be stored, quarantines the rest, and returns a receipt for each record in order. It fails with Forbidden
	// for anybody but a device.
	Push(ctx context.Context, p Push) (Pushed, error)
	// Have returns a receipt for each of the records that central holds from the asking device, stored or quarantined.
	Have(ctx context.Context, who Principal, ids []delivery.Identity) ([]delivery.Receipt, error)
	// Pull returns what changed since a cursor, within what the principal may see. It fails with BadCursor and Forbidden.
	Pull(ctx context.Context, q PullQuery) (Page, error)
	// Quarantined returns the records that wait for a person's decision, newest first.
	Quarantined(ctx context.Context, limit int) ([]QuarantineEntry, error)
}

// Attachments are files that interviews name, such as pictures. They come chunk by chunk, after the records.
type Attachments interface {
	// HaveAttachment tells a device how much central has of a file; it fails with Forbidden for a study that is not the device's.
	HaveAttachment(ctx context.Context, who Principal, study, sha256 string) (AttachmentState, error)
	// PutAttachment adds a chunk. It fails with an *OffsetError where the chunk does not follow on what is there, and with DamagedFile where
	// the whole is not what it was announced as; then its bytes are dropped.
	PutAttachment(ctx context.Context, p AttachmentPart) (AttachmentState, error)
	// OpenAttachment opens a file for a person who may read a record that names it; it fails with NotFound otherwise. The caller
	// closes it.
	OpenAttachment(ctx context.Context, who Principal, sha256 string) (io.ReadSeekCloser, error)
}

// Certificates are what central got from an authority that hands out TLS certificates, keys included: shared by all centrals of the
// database, and closed with Params.Key.
type Certificates interface {
	// Certificate fails with fs.ErrNotExist where nothing is kept under the name.
	Certificate(ctx context.Context, name string) ([]byte, error)
	KeepCertificate(ctx context.Context, name string, data []byte) error
	DropCertificate(ctx context.Context, name string) error
}
