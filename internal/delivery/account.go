package delivery

import "errors"

// ErrLocked: a device's memory is closed until its interviewer enters the PIN; nothing is lost, and nothing can be read or kept.
var ErrLocked = errors.New("enter the PIN first")

// Credentials say who a device, or the person at a laptop, is for central. The zero Credentials belong to nobody.
type Credentials struct {
	Central string `json:"central"` // base URL, such as https://central.example.org

	Device      string `json:"device,omitempty"`
	Epoch       string `json:"epoch,omitempty"`
	Interviewer string `json:"interviewer,omitempty"`

	User string `json:"user,omitempty"`
	Role string `json:"role,omitempty"`

	Token string `json:"token"` // a secret: never logged, never shown
	// Recovery is a secret that central keeps and that opens the device when its PIN is forgotten. A store uses it once and keeps
	// only what it closes.
	Recovery string `json:"recovery,omitempty"`
	// HandIn is the age recipient for files that the device hands in when it cannot sync any more.
	HandIn string `json:"hand_in,omitempty"`
	// Expires is when the token ends, milliseconds UTC; 0 where central did not say.
	Expires int64 `json:"expires,omitempty"`
	// Revoked tells that central ended the token. Unsent data stay, and go out after a new enrolment.
	Revoked bool `json:"revoked,omitempty"`
}

// IsZero tells whether nobody has enrolled or signed in.
func (c Credentials) IsZero() bool { return c.Token == "" }

// IsDevice tells a device from a person.
func (c Credentials) IsDevice() bool { return c.Device != "" }
