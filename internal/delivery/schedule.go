package delivery

// Schedule is when the agent tries next. It is persisted, so that a restart neither hurries nor forgets. The zero Schedule is
// due at once.
type Schedule struct {
	NextAttempt int64  `json:"next_attempt"`    // milliseconds UTC
	Failures    int    `json:"failures"`        // in a row
	Batch       int    `json:"batch"`           // records in the next batch; 0 for the first choice
	Broke       int    `json:"broke,omitempty"` // records in the batch that broke last, as long as none of that size went well
	LastSuccess int64  `json:"last_success"`    // milliseconds UTC; 0 for never
	LastError   string `json:"last_error,omitempty"`
	// App is the version of the app that last pulled everything; another one pulls it all again.
	App string `json:"app,omitempty"`
}

// ClockCheck is the latest comparison of this machine's clock with central's.
type ClockCheck struct {
	At     int64 `json:"at"`      // this machine's clock then, milliseconds UTC; 0 where central was never heard
	SkewMS int64 `json:"skew_ms"` // this machine's clock minus central's
}

// SyncEntry is one line of the log of synchronisations that a person can read.
type SyncEntry struct {
	Started     int64 `json:"started"`               // milliseconds UTC
	DurationMS  int64 `json:"duration_ms"`           // monotonic
	Pulled      int   `json:"pulled"`                // items
	Blobs       int   `json:"blobs"`                 // files completed
	Sent        int   `json:"sent"`                  // records central holds since now, or held already
	Interviews  int   `json:"interviews"`            // of Sent
	Quarantined int   `json:"quarantined"`           // records
	Attachments int   `json:"attachments,omitempty"` // pictures that central holds since now, or held already
	// Refused counts pictures that central would not take or that cannot be read, Held those that wait for a network that does not cost
	// by the byte.
	Refused int `json:"refused,omitempty"`
	Held    int `json:"held,omitempty"`
	// Carried counts records given to a supervisor's laptop, Forwarded batches that a laptop brought to central.
	Carried   int    `json:"carried,omitempty"`
	Forwarded int    `json:"forwarded,omitempty"`
	BytesUp   int64  `json:"bytes_up"` // of bodies on the wire
	BytesDown int64  `json:"bytes_down"`
	SkewMS    int64  `json:"skew_ms"`         // this device's clock minus central's
	Error     string `json:"error,omitempty"` // key of the interface's text; empty when all went well
}

// Waiting is how much the outbox still holds.
type Waiting struct {
	Records    int // all that have no receipt yet
	Interviews int // of Records
	// Attachments are the files of ended interviews that central does not have yet, but for those of quarantined ones.
	Attachments int
}
