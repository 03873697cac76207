package agent

import (
	"context"

	"parvis/internal/delivery"
)

// Store is what the agent needs kept between two synchronisations, on a device as on a supervisor's laptop. Every call commits
// before it returns.
type Store interface {
	// Credentials returns the zero value where nobody has enrolled or signed in.
	Credentials(ctx context.Context) (delivery.Credentials, error)
	SaveCredentials(ctx context.Context, c delivery.Credentials) error

	// Cursor is where the last pull ended; "" for never.
	Cursor(ctx context.Context) (string, error)
	// ApplyPull keeps the items and the cursor in one transaction. Items of a kind the store does not know are skipped; the same
	// item may come again. It never removes anything unsent.
	ApplyPull(ctx context.Context, items []delivery.Item, cursor string) error

	// WantedBlobs are the files the pulled studies speak of that are not complete here, questionnaires before pictures.
	WantedBlobs(ctx context.Context) ([]delivery.Blob, error)
	// BlobPart returns the bytes kept so far of an incomplete file; empty for none.
	BlobPart(ctx context.Context, sha256 string) ([]byte, error)
	// AppendBlob keeps a chunk that starts at offset, which is the number of bytes kept so far.
	AppendBlob(ctx context.Context, sha256 string, offset int64, chunk []byte) error
	// FinishBlob marks the file complete; the agent has verified its size and sum.
	FinishBlob(ctx context.Context, sha256 string) error
	// DropBlob forgets the kept bytes of an incomplete file, because their sum was wrong.
	DropBlob(ctx context.Context, sha256 string) error

	Schedule(ctx context.Context) (delivery.Schedule, error)
	SaveSchedule(ctx context.Context, s delivery.Schedule) error
	// SaveClockCheck keeps how far this machine's clock was off central's.
	SaveClockCheck(ctx context.Context, c delivery.ClockCheck) error
	// LogSync appends to the log a person can read; the store may keep only the last few hundred.
	LogSync(ctx context.Context, e delivery.SyncEntry) error
}

// Outbox is what a device has to deliver. A record is waiting, then in flight while a batch is on its way, then sent or
// quarantined when central has answered. It is never deleted by the agent.
type Outbox interface {
	Attachments
	Recheck
	Epochs
	Leases

	// Waiting counts what has no receipt yet, in flight included.
	Waiting(ctx context.Context) (delivery.Waiting, error)
	// WaitingBatch returns waiting records, shifts first, then interviews, then the rest, each by sequence number: at most records of
	// them and, beyond the first, at most bytes of bodies. Records in flight are not among them, nor those made since the last visit.
	WaitingBatch(ctx context.Context, records, bytes int) ([]delivery.Record, error)
	// Unsent returns all that central has not acknowledged: waiting, in flight or quarantined.
	Unsent(ctx context.Context) ([]delivery.Record, error)
	// MarkInFlight is called before a batch leaves.
	MarkInFlight(ctx context.Context, ids []delivery.Identity) error
	// InFlight are the records whose answer never came.
	InFlight(ctx context.Context) ([]delivery.Identity, error)
	// ApplyReceipts marks records sent (received, duplicate) or quarantined, in one transaction. Receipts for other bytes than the
	// store has under that id and revision change nothing.
	ApplyReceipts(ctx context.Context, receipts []delivery.Receipt) error
	// ReturnInFlight makes all records in flight waiting again.
	ReturnInFlight(ctx context.Context) error
	// Erase destroys everything, because the owner of the study ordered exactly that.
	Erase(ctx context.Context) error
	// Requeue makes sent records of an epoch waiting again, because central says it misses their numbers; it returns how many.
	Requeue(ctx context.Context, epoch string, missing []delivery.Range) (int, error)
}
