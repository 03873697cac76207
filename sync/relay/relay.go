package relay

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
	"parvis/sync/protocol/guard"
)

// Store is what a laptop keeps for tablets. Each call commits before it returns.
type Store interface {
	RelayIdentity(ctx context.Context) (certificate, key []byte, err error)
	SaveRelayIdentity(ctx context.Context, certificate, key []byte) error

	// AddTablet keeps a device that paired; one that has a token of the hash before, "" for none, stays the one it was.
	AddTablet(ctx context.Context, t delivery.Tablet, hash, before string) error
	TabletOf(ctx context.Context, hash string, now int64) (id string, ok bool, err error)

	// KeepParcel keeps a batch whole; full tells that there is no room for it.
	KeepParcel(ctx context.Context, tablet, sha256 string, body []byte, now int64) (full bool, err error)
	ParcelStates(ctx context.Context, tablet string, sums []string, most int) ([]delivery.ParcelState, error)
	SettleParcels(ctx context.Context, tablet string, sums []string) error

	// LendRights passes rights on to a tablet, as far as there are some. What it answers is kept before it answers: totals, so that the same
	// question has the same answer.
	LendRights(ctx context.Context, asked []delivery.RightsAsked, now int64) ([]delivery.RightsLent, error)

	// Blob returns a complete file by its sum; an error where it is not here.
	Blob(ctx context.Context, sha256 string) ([]byte, error)
}

// Params is what a Relay needs.
type Params struct {
	Store  Store
	Now    func() time.Time
	NewID  func() string
	Logger *slog.Logger // nil for none; it never gets a token, a secret, an address or a body
	// Name is what tablets show for this laptop.
	Name string
	// Addresses are where else this laptop listens, as host:port; nil for nowhere.
	Addresses func() []string
	// Online tells whether the laptop reached central the last time it tried; nil for no.
	Online func() bool
	// Took is called after a batch was kept, Paired after a tablet paired, from the server's goroutines; nil for none.
	Took, Paired func()
	// Limits are how much is taken; zero for the usual.
	Limits Limits
}

// Limits guard a laptop against what goes wrong or means ill on its network. None is met by fifty tablets. A zero member stands for
// its default.
type Limits struct {
	Tablet      guard.Rate // 20 a second, 200 at once, for each token
	Stranger    guard.Rate // 2 a second, 60 at once, for each address, of calls without a right token
	Wrong       guard.Rate // 1 in 10 seconds, 10 at once, over all addresses, of wrong secrets
	AtOnce      int        // 4 requests with one token at the same time
	Bodies      int64      // 96 MiB of batches that are being read
	Connections int        // 512 in all; each address may have 64
	Each        int
	Patience    time.Duration // 30 seconds that a caller may stand still
}

func (l Limits) complete() Limits {
	l.Tablet = l.Tablet.Or(guard.Rate{PerSecond: 20, AtOnce: 200})
	l.Stranger = l.Stranger.Or(guard.Rate{PerSecond: 2, AtOnce: 60})
	l.Wrong = l.Wrong.Or(guard.Rate{PerSecond: 0.1, AtOnce: 10})
	if l.AtOnce == 0 {
		l.AtOnce = 4
	}
	if l.Bodies == 0 {
		l.Bodies = 96 << 20
	}
	if l.Connections == 0 {
		l.Connections = 512
	}
	if l.Each == 0 {
		l.Each = 64
	}
	if l.Patience == 0 {
		l.Patience = 30 * time.Second
	}
	return l
}

// secretLasts is how long a shown secret may be used.
const secretLasts = 10 * time.Minute

// Relay answers tablets. It is safe for concurrent use.
type Relay struct {
	p        Params
	identity identity
	server   *server

	mu      sync.Mutex
	secret  string // "" while none is open
	expires time.Time
}

// New makes a Relay with the laptop's key, which it makes where the store has none.
func New(ctx context.Context, p Params) (*Relay, error) {
	if p.Store == nil || p.Now == nil || p.NewID == nil {
		return nil, errors.New("a relay needs a store, a clock and ids")
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	nothing := func() {}
	if p.Took == nil {
		p.Took = nothing
	}
	if p.Paired == nil {
		p.Paired = nothing
	}
	if p.Addresses == nil {
		p.Addresses = func() []string { return nil }
	}
	if p.Online == nil {
		p.Online = func() bool { return false }
	}
	p.Limits = p.Limits.complete()
	r := &Relay{p: p}
	var err error
	if r.identity, err = identify(ctx, p.Store, p.Now()); err != nil {
		return nil, err
	}
	r.server = newServer(r)
	return r, nil
}

// Fingerprint is the SHA-256 of the laptop's public key, in hex.
func (r *Relay) Fingerprint() string { return r.identity.fingerprint }

// Open makes a new one-time secret and returns what a tablet needs to pair at one of the laptop's addresses. The one before ends.
func (r *Relay) Open(address string) protocol.Pairing {
	random := make([]byte, 16)
	_, _ = rand.Read(random) // never fails, says its documentation
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret, r.expires = protocol.PairingSecret(random), r.p.Now().Add(secretLasts)
	return protocol.Pairing{Address: address, Pin: protocol.PinOf(r.identity.fingerprint), Secret: r.secret}
}

// Shut ends the secret that is open.
func (r *Relay) Shut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secret = ""
}

// use uses the secret up; false where it is not the one that is open.
func (r *Relay) use(secret string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.secret == "" || !r.p.Now().Before(r.expires) || subtle.ConstantTimeCompare([]byte(r.secret), []byte(secret)) != 1 {
		return false
	}
	r.secret = ""
	return true
}

// newToken makes what a tablet proves to be itself by.
func newToken() string {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails, says its documentation
	return hex.EncodeToString(random)
}
