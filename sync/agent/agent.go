package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Params is what an Agent needs.
type Params struct {
	Store    Store
	Outbox   Outbox   // nil where nothing is delivered, as on a supervisor's laptop
	Carrying Carrying // nil where no laptop carries for this machine
	Carrier  Carrier  // nil where this machine carries for nobody
	Till     Till     // nil where this machine passes no rights on
	// Decisions is what a supervisor decided; nil where nobody decides, as on a device.
	Decisions Decisions
	Quotas    Quotas // nil where nobody steers, as on a device
	Plans     Plans  // nil where nobody plans, as on a device
	// Transport is nil for one of the agent's own.
	Transport http.RoundTripper
	// Patience is how long an exchange may stand still before it is given up; 0 for the usual.
	Patience   time.Duration
	Platform   string // GOOS/GOARCH, told to central
	AppVersion string
	Now        func() time.Time
	// After is time.After but for tests; nil for time.After.
	After func(time.Duration) <-chan time.Time
	// Rand is uniform in [0, 1), for jitter; nil for the standard one. It is called from one goroutine at a time.
	Rand func() float64
	// Logger is nil for none. It never gets a token, an address, a body or an interviewer.
	Logger *slog.Logger
	// Progress is called while a synchronisation runs, from its goroutine; nil for none.
	Progress func(Progress)
	// HoldMedia tells that pictures are to wait now, both those for this device and those for central, because the network costs by the
	// byte and somebody chose so; nil for never. Questionnaires and records never wait. It is asked before each picture.
	HoldMedia func(context.Context) bool
	// Finished is called at the end of every synchronisation that Run or Sync made, from its goroutine, before the next can begin;
	// nil for none.
	Finished func(Report, error)
}

// Agent synchronises one store with its central. It is safe for concurrent use.
type Agent struct {
	p    Params
	busy chan struct{} // holds one token: one synchronisation at a time
	kick chan struct{}
	// compress is for all its clients.
	compress *protocol.Compressor

	running sync.Mutex
	stop    context.CancelFunc // of the synchronisation that runs; nil for none
}

// New makes an Agent.
func New(p Params) (*Agent, error) {
	if p.Store == nil || p.Now == nil {
		return nil, errors.New("the agent needs a store and a clock")
	}
	if p.Transport == nil {
		p.Transport = NewTransport()
	}
	if p.After == nil {
		p.After = time.After
	}
	if p.Rand == nil {
		p.Rand = rand.Float64
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	if p.HoldMedia == nil {
		p.HoldMedia = func(context.Context) bool { return false }
	}
	if p.Progress == nil {
		p.Progress = func(Progress) {}
	}
	if p.Finished == nil {
		p.Finished = func(Report, error) {}
	}
	compress, err := protocol.NewCompressor()
	if err != nil {
		return nil, fmt.Errorf("making an agent: %w", err)
	}
	return &Agent{p: p, busy: make(chan struct{}, 1), kick: make(chan struct{}, 1), compress: compress}, nil
}

// Enrol turns a one-time code into this device's identity and keeps it. central is the address as a person types it. A device that
// enrols again, at the same central, stays the same device in a new epoch.
func (a *Agent) Enrol(ctx context.Context, central, code string) (delivery.Credentials, error) {
	const doing = "enrolling"
	client, err := a.client(central, "")
	if err != nil {
		return delivery.Credentials{}, err
	}
	if err := a.begin(ctx, doing); err != nil {
		return delivery.Credentials{}, err
	}
	defer a.end()
	before, err := a.p.Store.Credentials(ctx)
	if err != nil {
		return delivery.Credentials{}, stored(ctx, doing, err)
	}
	if err := a.mayMove(ctx, before, client.http.BaseURL); err != nil {
		return delivery.Credentials{}, err
	}
	request := protocol.EnrolRequest{Code: code, Platform: a.p.Platform, AppVersion: a.p.AppVersion}
	if before.IsDevice() && before.Central == client.http.BaseURL {
		request.Previous = before.Token
	}
	given, err := client.Enrol(ctx, request)
	if err != nil {
		return delivery.Credentials{}, err
	}
	c := delivery.Credentials{
		Central: client.http.BaseURL, Device: given.Device, Epoch: given.Epoch, Interviewer: given.Interviewer,
		Token: given.Token, Expires: given.Expires, Recovery: given.Recovery, HandIn: given.HandIn,
	}
	return c, a.adopt(ctx, doing, c)
}

// SignIn keeps a token for a person at a laptop. It fails with OTPNeeded where central asks for a one-time code too.
func (a *Agent) SignIn(ctx context.Context, central, user, password string) (delivery.Credentials, error) {
	return a.SignInWithCode(ctx, central, user, password, "")
}

// SignInWithCode does so with the code of the person's authenticator app.
func (a *Agent) SignInWithCode(ctx context.Context, central, user, password, code string) (delivery.Credentials, error) {
	const doing = "signing in"
	client, err := a.client(central, "")
	if err != nil {
		return delivery.Credentials{}, err
	}
	if err := a.begin(ctx, doing); err != nil {
		return delivery.Credentials{}, err
	}
	defer a.end()
	given, err := client.SignIn(ctx, protocol.SignInRequest{User: user, Password: password, OneTime: code, AppVersion: a.p.AppVersion})
	if err != nil {
		return delivery.Credentials{}, err
	}
	c := delivery.Credentials{Central: client.http.BaseURL, User: given.User, Role: given.Role, Token: given.Token, Expires: given.Expires}
	return c, a.adopt(ctx, doing, c)
}

// adopt keeps new credentials even when whoever asked has gone in the meantime: central has used up the code.
func (a *Agent) adopt(ctx context.Context, doing string, c delivery.Credentials) error {
	kept := context.WithoutCancel(ctx)
	before, err := a.p.Store.Credentials(kept)
	if err != nil {
		return stored(kept, doing, err)
	}
	if before.User != "" && before.User != c.User {
		a.leave(ctx)
	}
	if err := a.p.Store.SaveCredentials(kept, c); err != nil {
		return stored(kept, doing, err)
	}
	if err := a.p.Store.SaveSchedule(kept, delivery.Schedule{}); err != nil {
		return stored(kept, doing, err)
	}
	a.Kick()
	return nil
}

// mayMove refuses to enrol at another central while data for the present one are unsent: they would end up with strangers.
func (a *Agent) mayMove(ctx context.Context, before delivery.Credentials, to string) error {
	const doing = "enrolling"
	if a.p.Outbox == nil || !before.IsDevice() || before.Central == to {
		return nil
	}
	waiting, err := a.p.Outbox.Waiting(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	if waiting.Records > 0 || waiting.Attachments > 0 {
		return failed(doing, UnsentHere, nil)
	}
	return nil
}

func (a *Agent) client(central, token string) (*Client, error) {
	return NewClient(ClientParams{
		Central: central, Token: token, Transport: a.p.Transport, Now: a.p.Now, Logger: a.p.Logger, Patience: a.p.Patience,
		Compress: a.compress,
	})
}

// begin waits until no other exchange of this agent runs.
func (a *Agent) begin(ctx context.Context, doing string) error {
	select {
	case a.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return failed(doing, Cancelled, ctx.Err())
	}
}

func (a *Agent) end() { <-a.busy }
