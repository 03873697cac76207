package protocol

import "parvis/internal/delivery"

// The record and central's answer for it are the same at rest and on the wire.
type (
	Kind           = delivery.Kind
	Record         = delivery.Record
	Identity       = delivery.Identity
	Status         = delivery.Status
	Receipt        = delivery.Receipt
	Range          = delivery.Range
	ItemKind       = delivery.ItemKind
	Item           = delivery.Item
	StoredRecord   = delivery.StoredRecord
	DeviceState    = delivery.DeviceState
	DeviceEnding   = delivery.DeviceEnding
	CodeState      = delivery.CodeState
	Incoming       = delivery.Incoming
	Message        = delivery.Message
	Card           = delivery.Card
	LeaseStatement = delivery.LeaseStatement
	LeaseHolding   = delivery.LeaseHolding
	LeaseAnswer    = delivery.LeaseAnswer
	Lease          = delivery.Lease
	RightsAsked    = delivery.RightsAsked
	RightsLent     = delivery.RightsLent
	EpochNumbers   = delivery.EpochNumbers
	EpochGaps      = delivery.EpochGaps
	EpochState     = delivery.EpochState
)

// The kinds a device sends.
const (
	KindShift     = delivery.KindShift
	KindContact   = delivery.KindContact
	KindInterview = delivery.KindInterview
	KindRead      = delivery.KindRead
)

// What central can answer for a record.
const (
	Received    = delivery.Received
	Duplicate   = delivery.Duplicate
	Quarantined = delivery.Quarantined
)

// The kinds of item pulled.
const (
	ItemStudy       = delivery.ItemStudy
	ItemWithdrawn   = delivery.ItemWithdrawn
	ItemRevocation  = delivery.ItemRevocation
	ItemMessage     = delivery.ItemMessage
	ItemCard        = delivery.ItemCard
	ItemAssignments = delivery.ItemAssignments
	ItemRecord      = delivery.ItemRecord
	ItemDevice      = delivery.ItemDevice
	ItemDecision    = delivery.ItemDecision
)

// Sum is the SHA-256 of body's bytes in lower-case hex.
func Sum(body []byte) string { return delivery.Sum(body) }
