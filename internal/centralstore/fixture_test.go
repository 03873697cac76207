package centralstore

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// central is a real store in a real folder, with a clock that tests set.
type central struct {
	Store
	dir     string
	db      string       // of PostgreSQL; "" over SQLite
	media   string       // a bucket; "" for the folder
	replica string       // of PostgreSQL; "" for none
	clock   atomic.Int64 // milliseconds UTC
	harmed  bool         // the test spoiled its figures on purpose
}

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func newCentral(t testing.TB) *central {
	t.Helper()
	c := &central{dir: t.TempDir(), db: database(t)}
	c.clock.Store(start.UnixMilli())
	c.Store = c.open(t)
	t.Cleanup(func() { c.addUp(t) })
	return c
}

// addUp wants, after whatever a test did, that what devices and supervisors are told of quotas is the sum of their interviews.
func (c *central) addUp(t testing.TB) {
	s, mine := c.Store.(*store)
	if !mine || t.Failed() || c.harmed {
		return
	}
	err := s.examineQuotas(context.Background(), func(g Grade, format string, args ...any) {
		if g != Well {
			t.Errorf("quotas: "+format, args...)
		}
	})
	if err != nil {
		t.Logf("quotas are not added up, since the test has closed the store: %v", err)
	}
}

// params open the store where it is.
func (c *central) params(t testing.TB) Params {
	seed := [32]byte{1, byte(c.clock.Load())}
	copy(seed[2:], fmt.Sprint(t.Name(), time.Now().UnixNano()))
	return Params{
		Dir: c.dir, Database: c.db, Media: c.media, Replica: c.replica, Cost: Cost{MemoryKiB: 64, Passes: 1}, Rand: rand.NewChaCha8(seed),
		Now: func() time.Time { return time.UnixMilli(c.clock.Load()) }, Key: []byte("thirty-two bytes of a secret key"),
	}
}

// open opens the folder once more, as another process does.
func (c *central) open(t testing.TB) Store {
	t.Helper()
	s, err := Open(context.Background(), c.params(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test may have closed it before
	return s
}

func (c *central) pass(d time.Duration) { c.clock.Add(d.Milliseconds()) }

// insides is the store's own type, for what only its own tests may look at.
func (c *central) insides() *store { return c.Store.(*store) }

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// bytes is all that a thief of the database has, by what it lies in.
func (c *central) bytes(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	if server != nil {
		dump, err := server.Dump(t.Context(), filepath.Base(strings.TrimSuffix(c.db, "?sslmode=disable")))
		if err != nil {
			t.Fatal(err)
		}
		all["the dump"] = dump
		return all
	}
	for _, path := range []string{c.path(), c.path() + "-wal"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[path] = data
	}
	return all
}

func (c *central) path() string { return filepath.Join(c.dir, FileName) }

func studyPackage(id string) StudyPackage {
	form, card := []byte("<h:html>"+id+"</h:html>"), []byte("a picture of "+id)
	return StudyPackage{
		Study: study.Study{
			ID: id, Title: study.Text{"": "Visitors of " + id}, Languages: []string{"English (en)"}, Interval: 3,
			Sites: []study.Site{
				{Name: "north", Region: "n", Entrances: []study.Entrance{{Name: "main"}}},
				{Name: "south", Region: "s", Entrances: []study.Entrance{{Name: "main"}}},
				{Name: "far-south", Region: "s", Entrances: []study.Entrance{{Name: "main"}}},
			},
			Form:  study.FormRef{ID: id, SHA256: delivery.Sum(form), Size: int64(len(form))},
			Media: []study.Media{{Name: "card.png", SHA256: delivery.Sum(card), Size: int64(len(card))}},
		},
		Files: [][]byte{form, card}, Actor: "test",
	}
}

func (c *central) study(t testing.TB, id string) StudyPackage {
	t.Helper()
	p := studyPackage(id)
	if _, err := c.PutStudy(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

// device is an enrolled one that makes records.
type device struct {
	Principal
	secret string
	seq    int64
}

func (c *central) device(t testing.TB, interviewer string, studies ...string) *device {
	t.Helper()
	return c.enrolled(t, interviewer, "", studies...)
}

func (c *central) enrolled(t testing.TB, interviewer, previous string, studies ...string) *device {
	t.Helper()
	ctx := context.Background()
	code, err := c.NewCode(ctx, CodeOrder{Studies: studies, Interviewer: interviewer, Valid: time.Hour, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	given, err := c.Enrol(ctx, Enrolment{Code: code.Text, Platform: "linux/amd64", AppVersion: "1", Previous: previous})
	if err != nil {
		t.Fatal(err)
	}
	who, err := c.Authenticate(ctx, given.Secret)
	if err != nil {
		t.Fatal(err)
	}
	return &device{Principal: who, secret: given.Secret}
}

// record makes the next record with a body of its kind.
func (d *device) record(t testing.TB, kind delivery.Kind, study, site string) delivery.Record {
	t.Helper()
	d.seq++
	return d.recordAt(t, d.seq, kind, study, site)
}

func (d *device) recordAt(t testing.TB, seq int64, kind delivery.Kind, study, site string) delivery.Record {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	at := interview.Moment{UTC: start.UnixMilli(), Offset: 60}
	var body any
	switch kind {
	case delivery.KindShift:
		body = interview.Shift{ID: id, Study: study, Site: site, Interval: 3, Started: at}
	case delivery.KindContact:
		body = interview.Contact{ID: id, Study: study, Site: site, At: at, Disposition: interview.RefusedUnknown}
	default:
		body = interview.Interview{ID: id, Study: study, Site: site, Started: at, Ended: at, Disposition: interview.Complete, Answers: "<data><q>« & <ok></q></data>"}
	}
	return d.with(t, delivery.Record{ID: id, Kind: kind, Revision: 1, Study: study, Epoch: d.Epoch, Seq: seq}, body)
}

// with gives the record another body and its sum.
func (d *device) with(t testing.TB, r delivery.Record, body any) delivery.Record {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body, r.SHA256 = data, delivery.Sum(data)
	return r
}

func incoming(records ...delivery.Record) []delivery.Incoming {
	in := make([]delivery.Incoming, len(records))
	for i, r := range records {
		in[i] = delivery.Incoming{Record: r, Whole: []byte(fmt.Sprintf("%s/%d/%s:%s", r.ID, r.Revision, r.Kind, r.Body))}
	}
	return in
}

func (c *central) push(t testing.TB, d *device, records ...delivery.Record) Pushed {
	t.Helper()
	done, err := c.Push(context.Background(), Push{Who: d.Principal, Records: incoming(records...), HighSeq: d.seq})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func statuses(p Pushed) []delivery.Status {
	all := make([]delivery.Status, len(p.Receipts))
	for i, r := range p.Receipts {
		all[i] = r.Status
	}
	return all
}

func researcher(studies ...string) Principal {
	who := Principal{User: "rita"}
	for _, s := range studies {
		who.Grants = append(who.Grants, Grant{Role: Researcher, Study: s})
	}
	return who
}

// all reads every page from a cursor.
func (c *central) all(t testing.TB, q PullQuery) ([]Entry, string) {
	t.Helper()
	var entries []Entry
	for {
		page, err := c.Pull(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		entries, q.Cursor = append(entries, page.Entries...), page.Cursor
		if !page.More {
			return entries, q.Cursor
		}
	}
}

func wantCode(t *testing.T, err error, code ErrorCode) {
	t.Helper()
	if CodeOf(err) != code {
		t.Fatalf("got %v, want an error with code %q", err, code)
	}
}
