package endpoint

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"sync/atomic"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
	"parvis/sync/protocol"
	"parvis/sync/protocol/guard"
)

// Params is what an Endpoint needs.
type Params struct {
	Store centralstore.Store
	// Import turns an uploaded workbook into a study; nil where workbooks are not taken over the network.
	Import func(context.Context, Upload) (Imported, error)
	Now    func() time.Time
	// NewRequestID makes an id that is unlikely to come twice.
	NewRequestID func() string
	Logger       *slog.Logger
	// HandIn opens the files that devices hand in when they cannot sync; nil where they are not taken.
	HandIn *HandInKey
	// Organisation is whose accounts are taken beside passwords; nil for none.
	Organisation *Organisation
	// Limits are how much is taken at once and in a time; zero for the usual ones.
	Limits Limits
	// TLS is what Serve speaks; nil for plain HTTP.
	TLS *tls.Config
	// Metrics counts what is answered; nil for nobody.
	Metrics *Metrics
	// Drain is how long Serve goes on answering after it was told to end, while /readyz says no, so that whoever spreads the load moves
	// on first.
	Drain time.Duration
	// BehindProxy trusts the last address of X-Forwarded-For, which the proxy writes.
	BehindProxy bool
}

// HandInKey opens hand-in files; its recipient is told to every device that enrols.
type HandInKey struct {
	Recipient string
	Keys      seal.Keys
}

// Upload is a workbook with what came beside it.
type Upload struct {
	Name       string
	Workbook   []byte
	Files      fs.FS
	Recipients []string // age keys that can open personal data, beside those the workbook names
	Actor      string
}

// Imported is what became of a workbook. Package counts only where Refused is false.
type Imported struct {
	Package     centralstore.StudyPackage
	Diagnostics []protocol.Diagnostic
	Refused     bool
}

// Endpoint answers the protocol.
type Endpoint struct {
	p         Params
	inflate   protocol.Inflater
	compress  *compressors
	codes     *guesses       // wrong ones
	passwords *guesses       // wrong ones
	tokens    *guard.Limiter // right ones
	strangers *guard.Limiter // addresses, of calls that need no token
	mistaken  *guard.Limiter // addresses, of calls without the right token they need
	crowd     *guard.Crowd   // of tokens and of strangers' addresses
	rooms     rooms
	quiet     *hush
	importing chan struct{}
	handing   chan struct{}
	draining  atomic.Bool

	pages        *pages
	organisation *issuer // nil for none
}

// New makes an Endpoint.
func New(p Params) (*Endpoint, error) {
	if p.Store == nil || p.Now == nil || p.NewRequestID == nil {
		return nil, errors.New("the endpoint needs a store, a clock and request ids")
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	compress, err := newCompressors()
	if err != nil {
		return nil, err
	}
	shown, err := readPages()
	if err != nil {
		return nil, err
	}
	var organisation *issuer
	if p.Organisation != nil {
		if organisation, err = newIssuer(*p.Organisation, p.Now); err != nil {
			return nil, err
		}
	}
	p.Limits = p.Limits.complete()
	return &Endpoint{
		p: p, compress: compress, codes: newGuesses(p.Limits), passwords: newGuesses(p.Limits), tokens: guard.NewLimiter(p.Limits.Token),
		strangers: guard.NewLimiter(p.Limits.Stranger), mistaken: guard.NewLimiter(p.Limits.Stranger), crowd: guard.NewCrowd(), rooms: newRooms(p.Limits), quiet: newHush(),
		importing: make(chan struct{}, 1), handing: make(chan struct{}, 1),
		pages: shown, organisation: organisation,
	}, nil
}

// route is one path with its methods.
type route struct {
	path    string
	methods map[string]method
}

// method is what a path does for one HTTP method, and who may call it.
type method struct {
	access access
	handle handler
}

// handler answers one call; an error becomes a problem.
type handler func(*call) error

// routes is everything central answers. Each method declares who may call it; one that does not is refused to everybody, and a test
// makes every call as every kind of caller and holds the answers against these declarations.
func (e *Endpoint) routes() []route {
	var (
		anyone     = access{anyone: true}
		devices    = access{device: true, within: own}
		everybody  = access{device: true, least: centralstore.Viewer, within: own}
		viewer     = access{least: centralstore.Viewer, within: own}
		supervisor = access{least: centralstore.Supervisor, within: ofStudy}
		onThePlace = access{least: centralstore.Supervisor, within: ofPlace}
		laptops    = access{least: centralstore.Supervisor, within: own}
		// supervising is a role for the whole study, but for devices whose interviewers have worked in the person's part only
		supervising   = access{least: centralstore.Supervisor, within: wholeStudy}
		administrator = access{least: centralstore.Administrator, within: wholeStudy}
		researcher    = access{least: centralstore.Researcher, within: wholeStudy}
		ofTheStudy    = access{device: true, least: centralstore.Viewer, within: ofStudy}
		deliverer     = access{device: true, within: ofStudy}
	)
	return []route{
		{protocol.PathEnrol, map[string]method{http.MethodPost: {anyone, e.codes.limited(e.enrol)}}},
		{protocol.PathSignIn, map[string]method{http.MethodPost: {anyone, e.passwords.limited(e.signIn)}}},
		{protocol.PathSignInOptions, map[string]method{http.MethodGet: {anyone, e.signInOptions}}},
		{protocol.PathOrganisation, map[string]method{http.MethodGet: {anyone, e.beginOrganisation}, http.MethodPost: {anyone, e.passwords.limited(e.finishOrganisation)}}},
		{protocol.PathOrganisationBack, map[string]method{http.MethodGet: {anyone, e.organisationBack}}},
		{protocol.PathCodes, map[string]method{http.MethodPost: {supervisor, e.newCodes}, http.MethodGet: {supervisor, e.listCodes}}},
		{protocol.PathDevices, map[string]method{http.MethodGet: {supervisor, e.devices}}},
		{protocol.PathDevices + "/{device}/ending", map[string]method{http.MethodGet: {supervising, e.ending}}},
		{protocol.PathDevices + "/{device}/revoke", map[string]method{http.MethodPost: {supervising, e.revokeDevice}}},
		{protocol.PathDevices + "/{device}/lost", map[string]method{http.MethodPost: {supervising, e.loseDevice}}},
		{protocol.PathAudit, map[string]method{http.MethodGet: {administrator, e.audit}}},
		{protocol.PathEnrolPage, map[string]method{http.MethodGet: {anyone, e.enrolPage}}},
		{protocol.PathPull, map[string]method{http.MethodGet: {everybody, e.pull}}},
		{protocol.PathPush, map[string]method{http.MethodPost: {devices, e.push}}},
		{protocol.PathTill, map[string]method{http.MethodPost: {laptops, e.till}}},
		{protocol.PathLeases, map[string]method{http.MethodPost: {devices, e.leases}}},
		{protocol.PathHave, map[string]method{http.MethodPost: {devices, e.have}}},
		{protocol.PathHandIn, map[string]method{http.MethodPost: {supervisor, e.handIn}}},
		{protocol.PathBlob + "{sha256}", map[string]method{http.MethodGet: {ofTheStudy, e.blob}}},
		{protocol.PathAttachment + "{sha256}", map[string]method{http.MethodGet: {onThePlace, e.attachment}, http.MethodPut: {deliverer, e.putAttachment}}},
		{protocol.PathAttachment + "{sha256}/have", map[string]method{http.MethodGet: {deliverer, e.haveAttachment}}},
		{protocol.PathResearch + "{study}/records", map[string]method{http.MethodGet: {researcher, e.research}}},
		{protocol.PathResearch + "{study}/tallies", map[string]method{http.MethodGet: {supervisor, e.tallies}}},
		{protocol.PathResearch + "{study}/quotas", map[string]method{http.MethodGet: {supervisor, e.quotas}}},
		{protocol.PathResearch + "{study}/assignments", map[string]method{http.MethodGet: {supervisor, e.plan}}},
		{protocol.PathStudies, map[string]method{http.MethodGet: {viewer, e.studies}, http.MethodPut: {researcher, e.putStudy}}},
		{protocol.PathDecisions("{study}"), map[string]method{http.MethodPost: {supervisor, e.decide}}},
		{protocol.PathMessages, map[string]method{http.MethodPost: {supervisor, e.sendMessage}}},
		{protocol.PathDocument, map[string]method{http.MethodGet: {anyone, e.document}}},
		{protocol.PathHealth, map[string]method{http.MethodGet: {anyone, e.healthy}}},
		{protocol.PathReady, map[string]method{http.MethodGet: {anyone, e.ready}}},
		{"/", nil},
	}
}

// Handler answers every path. There is no redirect, which a client must not follow: a path that the mux would lead to a cleaner one
// leads nowhere.
func (e *Endpoint) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range e.routes() {
		mux.Handle(r.path, e.serve(r))
	}
	nowhere := e.serve(route{path: "/"})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked := r.URL.EscapedPath(); path.Clean(asked) != asked {
			nowhere.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
