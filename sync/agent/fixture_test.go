package agent_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/sync/agent"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// central is the real one: a store in a folder, an endpoint on a socket that keeps its address when it is started again.
type central struct {
	dir, address string
	db           string // of PostgreSQL; "" for SQLite in the folder
	store        centralstore.Store
	server       *http.Server
	form         []byte
	card         []byte
	keys         seal.Keys
	handIn       *endpoint.HandInKey
	seq          int64            // of records that a test put in by itself
	now          func() time.Time // nil for the real clock
	// watch sees every request before the endpoint does; nil for nobody.
	watch func(http.Handler) http.Handler
}

func newCentral(t testing.TB) *central {
	t.Helper()
	return newCentralOver(t, "")
}

// newCentralOver takes the address of a PostgreSQL, or "".
func newCentralOver(t testing.TB, db string) *central {
	t.Helper()
	return newCentralBy(t, db, nil)
}

// newCentralBy goes by a clock; nil for the real one.
func newCentralBy(t testing.TB, db string, now func() time.Time) *central {
	t.Helper()
	c := &central{dir: t.TempDir(), db: db, address: "127.0.0.1:0", handIn: handInKey(t), now: now}
	c.start(t)
	t.Cleanup(func() { c.stop(t) })
	form, err := os.ReadFile("../../internal/interview/testdata/visit.xml")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	c.form, c.card, c.keys = form, bytes.Repeat([]byte("a showcard "), 80_000), pair.Keys()
	_, err = c.store.PutStudy(context.Background(), centralstore.StudyPackage{Study: c.visit(pair.Recipient), Files: [][]byte{c.form, c.card}, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *central) visit(recipient string) study.Study {
	return study.Study{
		ID: "visit", Title: study.Text{"": "Visitors"}, Languages: []string{"English (en)", "French (fr)"}, Interval: 3,
		Recipients: []string{recipient}, PartialFrom: "/data/score",
		Sites: []study.Site{
			{Name: "north", Region: "n", Entrances: []study.Entrance{{Name: "main"}}}, {Name: "south", Region: "s", Entrances: []study.Entrance{{Name: "main"}}},
		},
		Consent: study.Rule{XPath: "/data/consent = 'yes'"}, Eligible: study.Rule{XPath: "/data/age >= 18 and /data/trade = 'no'"},
		Form:  study.FormRef{ID: "visit", Version: "3", SHA256: delivery.Sum(c.form), Size: int64(len(c.form))},
		Media: []study.Media{{Name: "card.png", SHA256: delivery.Sum(c.card), Size: int64(len(c.card))}},
	}
}

// clock reads whatever clock a test has put in.
func (c *central) clock() time.Time {
	if c.now == nil {
		return time.Now()
	}
	return c.now()
}

func (c *central) start(t testing.TB) {
	t.Helper()
	var err error
	if c.store, err = centralstore.Open(context.Background(), centralstore.Params{Dir: c.dir, Database: c.db, Now: c.clock, Rand: rand.Reader, Cost: centralstore.Cost{MemoryKiB: 64, Passes: 1}}); err != nil {
		t.Fatal(err)
	}
	e, err := endpoint.New(endpoint.Params{Store: c.store, Now: c.clock, NewRequestID: uuid.NewString, HandIn: c.handIn})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", c.address)
	if err != nil {
		t.Fatal(err)
	}
	c.address = listener.Addr().String()
	server := &http.Server{Handler: e.Handler()}
	if c.watch != nil {
		server.Handler = c.watch(server.Handler)
	}
	c.server = server
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
}

// stop ends central abruptly: connections break in the middle of whatever they carry.
func (c *central) stop(t testing.TB) {
	t.Helper()
	if c.server == nil {
		return
	}
	if err := errors.Join(c.server.Close(), c.store.Close()); err != nil {
		t.Error(err)
	}
	c.server = nil
}

func (c *central) url() string { return "http://" + c.address }

func (c *central) code(t testing.TB) string {
	t.Helper()
	code, err := c.store.NewCode(context.Background(), centralstore.CodeOrder{Studies: []string{"visit"}, Interviewer: "0417", Valid: time.Hour, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return code.Text
}

func anyResearcher() centralstore.Principal {
	return centralstore.Principal{User: "r", Grants: []centralstore.Grant{{Role: centralstore.Researcher}}}
}

// records is everything central stored for its study.
func (c *central) records(t testing.TB) []delivery.StoredRecord {
	t.Helper()
	studies, err := c.store.ListStudies(context.Background(), anyResearcher())
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	q := centralstore.PullQuery{Who: anyResearcher(), Study: studies[0].Study.ID, Limit: 500, Bytes: 1 << 22}
	var all []delivery.StoredRecord
	for {
		page, err := c.store.Pull(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			if e.Record != nil {
				all = append(all, *e.Record)
			}
		}
		if q.Cursor = page.Cursor; !page.More {
			return all
		}
	}
}

// device is a real field store in a real file, with the agent over a network that a test spoils.
type device struct {
	*fieldstore.Store
	agent *agent.Agent
	net   *network
	path  string
	form  *xform.Form
	shift interview.Shift
	now   func() time.Time
	after func(time.Duration) <-chan time.Time
}

const devicePIN = "482915"

// cheap lets tests enter the PIN at once.
var cheap = seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1}

func newDevice(t testing.TB, c *central) *device {
	t.Helper()
	d := &device{net: newNetwork(t), path: filepath.Join(t.TempDir(), "field.sqlite"), now: time.Now}
	d.open(t)
	var err error
	if d.form, err = xform.Parse(bytes.NewReader(c.form), xform.ParseOptions{}); err != nil {
		t.Fatal(err)
	}
	return d
}

// open opens the app, after closing it where it was open. Every call of the store has committed, so a kill is no different.
func (d *device) open(t testing.TB) {
	t.Helper()
	if d.Store != nil {
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := fieldstore.Open(context.Background(), fieldstore.Params{Path: d.path, Now: d.now, PINCost: cheap})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UnlockOrSetPIN(context.Background(), devicePIN); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test may have closed it before
	d.Store = s
	d.agent = d.newAgent(t, agent.Params{Store: s, Outbox: s, Carrying: s})
}

func (d *device) newAgent(t testing.TB, p agent.Params) *agent.Agent {
	t.Helper()
	p.Transport, p.Platform, p.AppVersion, p.Now, p.After = d.net, "test/test", "1", d.now, d.after
	a, err := agent.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// ready enrols, pulls and starts a shift.
func (d *device) ready(t testing.TB, c *central) {
	t.Helper()
	if _, err := d.agent.Enrol(context.Background(), c.address, c.code(t)); err != nil {
		t.Fatal(err)
	}
	d.sync(t)
	d.begin(t)
}

// begin starts a shift.
func (d *device) begin(t testing.TB) {
	t.Helper()
	var err error
	if d.shift, err = d.StartShift(context.Background(), fieldstore.ShiftStart{Study: "visit", Site: "north", Entrance: "main"}); err != nil {
		t.Fatal(err)
	}
}

// sync must succeed.
func (d *device) sync(t testing.TB) agent.Report {
	t.Helper()
	report, err := d.agent.Sync(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (d *device) contact(t testing.TB) {
	t.Helper()
	if _, err := d.SaveContact(context.Background(), interview.Contact{Shift: d.shift.ID, Disposition: interview.NoTime}); err != nil {
		t.Fatal(err)
	}
}

// interview conducts one from the first page to the last.
func (d *device) interview(t testing.TB) interview.Interview {
	t.Helper()
	ctx := context.Background()
	def, err := d.Study(ctx, "visit")
	if err != nil {
		t.Fatal(err)
	}
	s, err := interview.Start(ctx, interview.SessionParams{
		Study: def, Form: d.form, Shift: d.shift, Journal: d.Store, Seal: seal.Values,
		Now: d.now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range [][2]string{
		{"/data/consent", "yes"},
		{"/data/age", "33"},
		{"/data/trade", "no"},
		{"/data/why", "to <look> & \"buy\""},
		{"/data/shops", "toys"},
		{},
		{"/data/score", "8"},
		{"/data/name", "Ann Example"},
		{},
	} {
		if a[0] != "" {
			if err := s.Answer(ctx, xform.Ref(a[0]), a[1]); err != nil {
				t.Fatal(err)
			}
		}
		if wrong, err := s.Next(ctx); err != nil || len(wrong) > 0 {
			t.Fatalf("%s: %v, %v", a[0], wrong, err)
		}
	}
	done, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// made is everything the device has ever announced, from its file.
func (d *device) made(t testing.TB) map[delivery.Identity][]byte {
	t.Helper()
	all := map[delivery.Identity][]byte{}
	for id, row := range d.rows(t) {
		all[id] = row.body
	}
	return all
}

// exactlyOnce compares what the device made with what central stored, byte by byte.
func exactlyOnce(t testing.TB, c *central, devices ...*device) {
	t.Helper()
	stored := map[delivery.Identity]int{}
	bodies := map[delivery.Identity][]byte{}
	for _, r := range c.records(t) {
		stored[r.Identity()]++
		bodies[r.Identity()] = r.Body
	}
	total := 0
	for _, d := range devices {
		for id, body := range d.made(t) {
			total++
			if stored[id] != 1 {
				t.Errorf("%+v is at central %d times", id, stored[id])
			}
			if !bytes.Equal(bodies[id], body) {
				t.Errorf("%+v has other bytes at central:\n%s\n%s", id, bodies[id], body)
			}
		}
		w, err := d.Waiting(context.Background())
		if err != nil || w.Records != 0 {
			t.Errorf("%d records wait, %v", w.Records, err)
		}
	}
	if total != len(stored) {
		t.Errorf("central has %d records, the devices made %d", len(stored), total)
	}
}

// network is the way to central, spoilt as a test wants.
type network struct {
	mu    sync.Mutex
	fault func(r *http.Request, next http.RoundTripper) (*http.Response, error)
	paths []string // of the requests that left
	base  http.RoundTripper
}

func newNetwork(t testing.TB) *network {
	base := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(base.CloseIdleConnections)
	return &network{base: base}
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	fault := n.fault
	n.paths = append(n.paths, r.URL.Path)
	n.mu.Unlock()
	if fault != nil {
		return fault(r, n.base)
	}
	return n.base.RoundTrip(r)
}

func (n *network) spoil(fault func(r *http.Request, next http.RoundTripper) (*http.Response, error)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fault, n.paths = fault, nil
}

func (n *network) mend() { n.spoil(nil) }

func (n *network) left() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]string(nil), n.paths...)
}

var errCut = errors.New("the connection broke")

// The ways in which a request goes wrong.

func noConnection(*http.Request, http.RoundTripper) (*http.Response, error) { return nil, errCut }

// lostAnswer lets central do its work and loses what it says.
func lostAnswer(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	res, err := next.RoundTrip(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, res.Body) // what is lost is lost
		_ = res.Body.Close()
	}
	return nil, errCut
}

// cutAnswer breaks off in the middle of what central says.
func cutAnswer(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	res, err := next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(res.Body, 20), broken{}), res.Body}
	}
	return res, err
}

// cutRequest breaks off in the middle of what the device says.
func cutRequest(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	if r.Body != nil {
		short := r.Clone(r.Context())
		short.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, 30), broken{}))
		r = short
	}
	return next.RoundTrip(r)
}

// twice delivers the same request two times, as a network that repeats packets beyond a broken proxy.
func twice(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	if r.Body == nil {
		return next.RoundTrip(r)
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	again := r.Clone(r.Context())
	again.Body, r.Body = io.NopCloser(bytes.NewReader(data)), io.NopCloser(bytes.NewReader(data))
	if _, err := lostAnswer(again, next); !errors.Is(err, errCut) {
		return nil, err
	}
	return next.RoundTrip(r)
}

// damaged changes a byte of every contact's body on its way.
func damaged(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	data, err := new(protocol.Inflater).Read(r.Body, r.Header.Get("Content-Encoding"), 1<<22)
	if err != nil {
		return nil, err
	}
	data = bytes.ReplaceAll(data, []byte(`"disposition":"2.35"`), []byte(`"disposition":"2.33"`))
	r = r.Clone(r.Context())
	r.Header.Del("Content-Encoding")
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	return next.RoundTrip(r)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errCut }

// on spoils one path only.
func on(path string, fault func(*http.Request, http.RoundTripper) (*http.Response, error)) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.URL.Path == path {
			return fault(r, next)
		}
		return next.RoundTrip(r)
	}
}

func seeded(t testing.TB, seed uint64) *mathrand.Rand {
	t.Logf("seed %d", seed)
	return mathrand.New(mathrand.NewPCG(seed, 7))
}

// tries synchronises where one exchange in six finds no connection and one loses its answer. It may fail; the next one goes on.
func (d *device) tries(dice *mathrand.Rand) {
	d.net.spoil(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		switch dice.IntN(6) {
		case 0:
			return noConnection(r, next)
		case 1:
			return lostAnswer(r, next)
		}
		return next.RoundTrip(r)
	})
	_, _ = d.agent.Sync(context.Background())
	d.net.mend()
}

// try synchronises and counts a failure.
func try(d *device) int {
	if _, err := d.agent.Sync(context.Background()); err != nil {
		return 1
	}
	return 0
}
