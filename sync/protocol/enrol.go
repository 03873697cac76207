package protocol

// EnrolRequest turns a one-time code into a device.
type EnrolRequest struct {
	Code       string `json:"code"`
	Platform   string `json:"platform"`    // GOOS/GOARCH
	AppVersion string `json:"app_version"` // of the field app
	// Previous is the token this device had before, revoked or not. It proves that the device is the same one, so that what it
	// could not send in its earlier epochs is still taken from it.
	Previous string `json:"previous,omitempty"`
}

// EnrolAnswer is the device's identity. The token stands in it once and is stored at central only as a hash.
type EnrolAnswer struct {
	Device      string `json:"device"`
	Epoch       string `json:"epoch"`
	Token       string `json:"token"`
	Interviewer string `json:"interviewer"`
	// Recovery opens the device when its PIN is forgotten; the device keeps only what it closes. A central before this field sends none.
	Recovery string `json:"recovery,omitempty"`
	// HandIn is the age recipient for files that a device hands in when it cannot sync; see HandIn.
	HandIn string `json:"hand_in,omitempty"`
	// Expires is when the token ends, milliseconds UTC.
	Expires int64 `json:"expires,omitempty"`
}

// SignInRequest is a person's user name and password.
type SignInRequest struct {
	User     string `json:"user"`
	Password string `json:"password"`
	// OneTime is the code of an authenticator app, six digits. It is left out until central answers CodeOTPNeeded.
	OneTime    string `json:"one_time,omitempty"`
	AppVersion string `json:"app_version"`
}

// SignInAnswer carries a token for the person's role and scope.
type SignInAnswer struct {
	User  string `json:"user"`
	Role  string `json:"role"`
	Token string `json:"token"`
	// Expires is milliseconds UTC.
	Expires int64 `json:"expires"`
}
