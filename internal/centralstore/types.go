package centralstore

import (
	"time"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// NewUser is a person to be added.
type NewUser struct {
	Name     string // 2 to 64 letters, digits and . _ - @
	Password string // MinPassword characters and more
	// NoPassword is for a person who signs in with the organisation's account only.
	NoPassword bool
	Grants     []Grant
	Actor      string // who adds them, for the audit log
}

// Issued is a token, whose secret is shown this once.
type Issued struct {
	User    string
	Role    Role
	Secret  string
	Expires time.Time
}

// CodeOrder asks for an enrolment code.
type CodeOrder struct {
	Studies     []string // at least one
	Interviewer string   // the interviewer's code, such as 0417
	Valid       time.Duration
	// Who asks; the zero Principal for whoever hosts central, then Actor is the name.
	Who   Principal
	Actor string
}

// Code is an enrolment code, shown this once.
type Code struct {
	Text    string // as it is read out, ABCD-EFGH
	ID      string // of its state
	Expires time.Time
}

// Enrolment is a device that shows a code.
type Enrolment struct {
	Code       string // as typed
	Platform   string
	AppVersion string
	// Previous is the token this device had before, "" for a new device.
	Previous string
}

// Enrolled is a device with its token, whose secret is shown this once.
type Enrolled struct {
	Device, Epoch, Interviewer, Secret string
	Expires                            time.Time
	// Recovery opens the device when its PIN is forgotten.
	Recovery string
}

// StudyPackage is a study with its files, as an import makes it.
type StudyPackage struct {
	Study study.Study
	Files [][]byte // the questionnaire and every medium the study names
	Actor string
}

// StudyState is the newest version of a study.
type StudyState struct {
	Study      study.Study
	Version    int // from 1
	Unchanged  bool
	Interviews int
}

// Push is a batch from a device.
type Push struct {
	Who     Principal
	Records []delivery.Incoming
	// Epochs are the device's, the present one first; empty where it does not name them. Then HighSeq is the highest number given out in
	// its token's epoch; 0 where it did not say.
	Epochs  []delivery.EpochNumbers
	HighSeq int64
	Skew    time.Duration // device clock minus central's
}

// Pushed is what became of a batch.
type Pushed struct {
	Receipts []delivery.Receipt
	Gaps     []delivery.EpochGaps // of the device's epochs, in the order it told of them
}

// PullQuery asks for a page.
type PullQuery struct {
	Who    Principal
	Cursor string
	// Study narrows it to one study and its records, for research; "" for everything the principal is entitled to.
	Study string
	Kind  delivery.Kind // narrows the records; "" for every kind
	Limit int           // entries
	Bytes int           // of bodies, beyond the first entry
	// Epochs and HighSeq are as in Push.
	Epochs  []delivery.EpochNumbers
	HighSeq int64
}

// Page is a part of the changes, in the order in which they were committed.
type Page struct {
	Entries []Entry
	Cursor  string
	More    bool
	Gaps    []delivery.EpochGaps // of the asking device's epochs, in the order it told of them
	// Incarnation changes when a backup takes the database's place.
	Incarnation string
}

// Entry is one change; exactly one of the members below ID is set.
type Entry struct {
	ID       string
	Study    []byte // JSON of study.Study
	Message  []byte // JSON of delivery.Message
	Card     []byte // JSON of delivery.Card
	Assigned []byte // JSON of delivery.Assigned
	Decision []byte // JSON of delivery.StoredDecision
	Record   *delivery.StoredRecord
	Device   *delivery.DeviceState
}

// QuarantineEntry is a record that could not be stored.
type QuarantineEntry struct {
	Device, Interviewer, ID string
	Revision                int
	Study                   string
	Kind                    delivery.Kind
	Cause                   Cause
	Reason                  string
	ReceivedAt              int64 // milliseconds UTC
	Whole                   []byte
}

// Status is the overview for whoever runs central.
type Status struct {
	Studies     []StudyState
	Devices     []delivery.DeviceState
	Quarantined int
	// Missing are the files that records name and that have not arrived.
	Missing []MissingAttachments
}
