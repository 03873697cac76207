package protocol

import "parvis/internal/delivery"

// MaxLeaseBytes bounds a request of PathLeases, MaxLeaseStatements the statements in it.
const (
	MaxLeaseBytes      = 1 << 20
	MaxLeaseStatements = 100
)

// LeasesRequest is what a device says of its rights to fill quotas, of any of its studies and epochs.
type LeasesRequest struct {
	Statements []LeaseStatement `json:"statements"`
}

// TillRequest is what a supervisor's laptop says of its rights to fill quotas, which it passes on to tablets. What it says of its epochs stands
// in EpochsHeader.
type TillRequest struct {
	Laptop     string           `json:"laptop"` // the SHA-256 of its key, lower-case hex
	Platform   string           `json:"platform,omitempty"`
	AppVersion string           `json:"app_version,omitempty"`
	Statements []LeaseStatement `json:"statements"`
}

// TillAnswer answers each statement, in their order, unless nothing was heard.
type TillAnswer delivery.TillHeard

// LeasesAnswer has an answer to each statement, in their order.
type LeasesAnswer struct {
	Answers []LeaseAnswer `json:"answers"`
}
