package agent

import (
	"time"

	"parvis/internal/delivery"
)

// Stage is what a synchronisation is about.
type Stage string

// The stages, in their order.
const (
	StagePull    Stage = "pull"    // what central has for this device
	StageDeliver Stage = "deliver" // what this device has for central
	StageBlobs   Stage = "blobs"   // questionnaires and pictures
	StageAttach  Stage = "attach"  // pictures that answers name, to central
)

// Progress is how far a synchronisation has got.
type Progress struct {
	Stage Stage
	// Done and Total count items pulled (Total 0: not known), records delivered, or bytes of files.
	Done, Total int64
}

// Report is what one synchronisation did.
type Report struct {
	Started     time.Time
	Took        time.Duration
	Pulled      int                // items
	Blobs       int                // files completed
	Sent        int                // records that central holds since now, or turned out to hold already
	Interviews  int                // of Sent
	Duplicates  int                // of Sent: central held them already
	Quarantined []delivery.Receipt // with central's reasons
	Requeued    int                // records central had lost and gets again
	Attachments int                // pictures that central holds whole since now, or turned out to hold already
	// AttachmentsRefused counts pictures that central would not take, or that cannot be read any more; they stay on this device.
	AttachmentsRefused int
	// Held counts pictures that wait, on either side, because they are not to go over this network.
	Held int
	// Decided counts a supervisor's decisions that central has since now, or had; DecisionsRefused those it did not take.
	Decided, DecisionsRefused int
	// Relayed tells that central could not be reached and the supervisor's laptop could; RelayError is the key of the interface's text for
	// why it could not. Carried counts records that the laptop has since now, Forged replies that it gave and central did not make.
	Relayed    bool
	RelayError string
	Carried    int
	Forged     int
	// Forwarded counts batches of tablets that this laptop brought to central, NotForwarded those that central would not take.
	Forwarded    int
	NotForwarded int
	Waiting      delivery.Waiting // what is still to be sent
	BytesUp      int64            // of bodies, as they went over the wire
	BytesDown    int64
	Skew         time.Duration // this device's clock minus central's
}

func (r Report) entry(err error) delivery.SyncEntry {
	return delivery.SyncEntry{
		Started: r.Started.UnixMilli(), DurationMS: r.Took.Milliseconds(), Pulled: r.Pulled, Blobs: r.Blobs, Sent: r.Sent,
		Interviews: r.Interviews, Quarantined: len(r.Quarantined), Attachments: r.Attachments, Refused: r.AttachmentsRefused, Held: r.Held, BytesUp: r.BytesUp, BytesDown: r.BytesDown,
		SkewMS: r.Skew.Milliseconds(), Error: Explain(err).Key,
		Carried: r.Carried, Forwarded: r.Forwarded,
	}
}
