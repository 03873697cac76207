package protocol

// SignInOptions says how a person can sign in at a central.
type SignInOptions struct {
	// Organisation tells that central takes the organisation's account, OpenID Connect, at PathOrganisation.
	Organisation bool `json:"organisation"`
}

// OrganisationRequest fetches the token of a sign-in with an organisation's account.
type OrganisationRequest struct {
	Code       string `json:"code"`     // that came to the app's own address; it works once, within a minute
	Verifier   string `json:"verifier"` // whose challenge the app had begun with
	AppVersion string `json:"app_version"`
}

// What stands in the address to which the browser goes back, beside state: code, or error with one of these.
const (
	OrganisationUnknown = "unknown_user" // the organisation knows the person, central does not
	OrganisationRefused = "refused"      // the organisation refused, or the person gave up
	OrganisationFailed  = "failed"       // the organisation does not answer, or its answer is not to be trusted
)
