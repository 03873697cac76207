package protocol

// MaxLeaseBytes bounds a request of PathLeases, MaxLeaseStatements the statements in it.
const (
	MaxLeaseBytes      = 1 << 20
	MaxLeaseStatements = 100
)

// LeasesRequest is what a device says of its rights to fill quotas, of any of its studies and epochs.
type LeasesRequest struct {
	Statements []LeaseStatement `json:"statements"`
}

// LeasesAnswer has an answer to each statement, in their order.
type LeasesAnswer struct {
	Answers []LeaseAnswer `json:"answers"`
}
