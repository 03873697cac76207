package endpoint

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
	"parvis/sync/protocol"
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
	attempts  *limiter
	importing chan struct{}
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
	return &Endpoint{p: p, compress: compress, attempts: newLimiter(), importing: make(chan struct{}, 1)}, nil
}

// route is one path with its methods.
type route struct {
	path    string
	methods map[string]handler
}

// handler answers one call; an error becomes a problem.
type handler func(*call) error

func (e *Endpoint) routes() []route {
	return []route{
		{protocol.PathEnrol, map[string]handler{http.MethodPost: e.limited(e.enrol)}},
		{protocol.PathSignIn, map[string]handler{http.MethodPost: e.limited(e.signIn)}},
		{protocol.PathPull, map[string]handler{http.MethodGet: e.authorised(e.pull)}},
		{protocol.PathPush, map[string]handler{http.MethodPost: e.authorised(e.push)}},
		{protocol.PathHave, map[string]handler{http.MethodPost: e.authorised(e.have)}},
		{protocol.PathHandIn, map[string]handler{http.MethodPost: e.authorised(e.handIn)}},
		{protocol.PathBlob + "{sha256}", map[string]handler{http.MethodGet: e.authorised(e.blob)}},
		{protocol.PathAttachment + "{sha256}", map[string]handler{http.MethodGet: e.authorised(e.attachment), http.MethodPut: e.authorised(e.putAttachment)}},
		{protocol.PathAttachment + "{sha256}/have", map[string]handler{http.MethodGet: e.authorised(e.haveAttachment)}},
		{protocol.PathResearch + "{study}/records", map[string]handler{http.MethodGet: e.authorised(e.research)}},
		{protocol.PathStudies, map[string]handler{http.MethodGet: e.authorised(e.studies), http.MethodPut: e.authorised(e.putStudy)}},
		{protocol.PathMessages, map[string]handler{http.MethodPost: e.authorised(e.sendMessage)}},
		{protocol.PathHealth, map[string]handler{http.MethodGet: e.healthy}},
		{protocol.PathReady, map[string]handler{http.MethodGet: e.ready}},
		{"/", nil},
	}
}

// Handler answers every path.
func (e *Endpoint) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range e.routes() {
		mux.Handle(r.path, e.serve(r))
	}
	return mux
}
