package delivery

// Relay is a supervisor's laptop that carries a device's batches to central, as the device knows it. The zero Relay is none.
type Relay struct {
	// Name is what the laptop calls itself, to be shown.
	Name string `json:"name"`
	// Addresses are where it was heard or says it is, as host:port, the likeliest first.
	Addresses []string `json:"addresses"`
	// Fingerprint is the SHA-256 of its public key (SubjectPublicKeyInfo), lower-case hex: whoever cannot prove to have that key is
	// another machine.
	Fingerprint string `json:"fingerprint"`
	Token       string `json:"token"`  // for this laptop alone; a secret: never logged, never shown
	Paired      int64  `json:"paired"` // this device's clock, milliseconds UTC
	LastSeen    int64  `json:"last_seen,omitempty"`
	// Asked is when central was last asked, over the laptop, for what is new.
	Asked int64 `json:"asked,omitempty"`
}

// IsZero tells whether no laptop is paired.
func (r Relay) IsZero() bool { return r.Token == "" }

// Carried is a sealed batch that a device gave to a relay, or was about to give.
type Carried struct {
	SHA256 string // of the sealed bytes; it names the batch everywhere
	Relay  string // the laptop's fingerprint
	// Key opens central's reply and nothing else; see seal.OpenReply.
	Key string
	// Cursor is the pull that central is asked to answer along with it; "" for none or the beginning, as Pull says.
	Cursor string
	Pull   bool
	Made   int64 // milliseconds UTC
	// Accepted is when the laptop said it has the batch; 0 for not yet: then the device knows nothing of where it is.
	Accepted int64
	// Told is what the batch tells central of the device's epochs; empty where it has neither a visit nor a statement of rights.
	Told    []EpochNumbers
	Records []Identity
	Files   []Attachment
	// Unsent is how many of its records central has not acknowledged yet, by whatever way.
	Unsent int
	// UnsentFiles is the same of its pictures.
	UnsentFiles int
}

// Tablet is a device that is paired with this laptop.
type Tablet struct {
	ID     string // this laptop's own, UUIDv7
	Name   string // the interviewer's code, as the tablet said
	Paired int64  // this laptop's clock, milliseconds UTC
	Seen   int64  // when it was last here; 0 for never
	// Held are its batches that are not at central yet, Bytes their length, Since when the oldest of them came (0 for none), Forwarded
	// those that are.
	Held      int
	Bytes     int64
	Since     int64
	Forwarded int
	// Trouble is the code of central's last refusal of one that is held; "" for none.
	Trouble string
}

// Parcel is a sealed batch on its way, as a laptop holds it.
type Parcel struct {
	SHA256 string
	Tablet string
	Body   []byte
	Tries  int
}

// ParcelState is what a laptop tells a device of one of its batches.
type ParcelState struct {
	SHA256 string `json:"sha256"`
	// Held tells that the laptop has it, Forwarded that central took it. A batch that is neither is unknown to the laptop.
	Held      bool `json:"held,omitempty"`
	Forwarded bool `json:"forwarded,omitempty"`
	// Reply is central's answer, closed for the device; see protocol.HandInReply. It is left out while central has not answered, and
	// by a central that gives none.
	Reply []byte `json:"reply,omitempty"`
}
