package agent

import (
	"context"

	"parvis/internal/delivery"
)

// Carrying is what a device remembers of the laptop it is paired with and of what it gave it. A record that a laptop carries is unsent
// like any other: only central's receipt, by whatever way it comes, makes it sent. Each call commits before it returns.
type Carrying interface {
	// Relay returns the zero value where no laptop is paired.
	Relay(ctx context.Context) (delivery.Relay, error)
	// SaveRelay pairs with a laptop in place of the one before; the zero Relay forgets it. What was given to it stays given.
	SaveRelay(ctx context.Context, r delivery.Relay) error

	// Uncarried returns records that central has not acknowledged and that stand in no batch for this laptop, in the order of WaitingBatch:
	// at most records of them and, beyond the first, at most bytes of bodies.
	Uncarried(ctx context.Context, relay string, records, bytes int) ([]delivery.Record, error)
	// UncarriedAttachments are the pictures of the same.
	UncarriedAttachments(ctx context.Context, relay string) ([]delivery.Attachment, error)
	// Carry keeps a batch before it leaves, with the key that opens central's reply.
	Carry(ctx context.Context, c delivery.Carried) error
	// MarkCarried notes that the laptop has it.
	MarkCarried(ctx context.Context, sha256 string, at int64) error
	// Carried lists all batches that were given or were to be given to any laptop, the oldest first.
	Carried(ctx context.Context) ([]delivery.Carried, error)
	// RightsWanted is what to ask a laptop for, which is known by its fingerprint; empty where the device has rights enough.
	RightsWanted(ctx context.Context, relay string) ([]delivery.RightsAsked, error)
	// RightsLent keeps what it passed on in answer to that.
	RightsLent(ctx context.Context, relay string, asked []delivery.RightsAsked, lent []delivery.RightsLent) error
	// DropCarried forgets batches: their records, where unsent, wait as if they had never been given.
	DropCarried(ctx context.Context, sums []string) error
}
