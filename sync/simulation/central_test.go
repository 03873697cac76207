package simulation

import (
	"bytes"
	cryptorand "crypto/rand"
	"database/sql"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/endpoint"
)

// central is the real endpoint over the real store, in a folder of its own.
type central struct {
	w       *world
	dir     string
	store   centralstore.Store // nil while central is down
	handler http.Handler
	truth   truth
	backups []centralBackup
}

// centralBackup is a copy of central's folder with what it knew then.
type centralBackup struct {
	dir   string
	truth truth
}

func (c *central) open() {
	var err error
	c.store, err = centralstore.Open(quiet(), centralstore.Params{
		Dir: c.dir, Now: c.w.now, Rand: c.w.secrets, Cost: centralstore.Cost{MemoryKiB: 8, Passes: 1},
	})
	c.w.must(err)
	e, err := endpoint.New(endpoint.Params{Store: c.store, Now: c.w.now, NewRequestID: func() string { return "r" }})
	c.w.must(err)
	c.handler = e.Handler()
}

func (c *central) close() {
	if c.store != nil {
		c.w.must(c.store.Close())
	}
	c.store, c.handler = nil, nil
}

// request is one as it left a device.
type request struct {
	method, url string
	header      http.Header
	body        []byte
	cut         bool // the connection breaks before the body's end
	from        string
}

var errCut = errors.New("the connection broke")

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errCut }

// answer hands a request to central and returns what it says, which is noted as the truth.
func (c *central) answer(r request) (*http.Response, error) {
	c.w.baton()
	defer c.w.baton()
	if c.store == nil {
		return nil, errors.New("connection refused")
	}
	res := c.handle(r)
	c.truth.learn(c.w, r, res)
	return res, nil
}

func (c *central) handle(r request) *http.Response {
	var body io.Reader = bytes.NewReader(r.body)
	if r.cut {
		body = io.MultiReader(bytes.NewReader(r.body[:len(r.body)/2]), broken{})
	}
	in := httptest.NewRequest(r.method, r.url, body)
	in.Header = r.header.Clone()
	in.ContentLength = int64(len(r.body))
	in.RemoteAddr = r.from
	out := httptest.NewRecorder()
	c.handler.ServeHTTP(out, in)
	res := out.Result()
	if res.StatusCode == http.StatusInternalServerError {
		c.w.fail("central answered %s %s with %s", r.method, r.url, out.Body)
	}
	return res
}

// rollback is a central that dies while it handles a request: whatever the transaction did is undone.
func (c *central) rollback(r request) {
	if c.store == nil {
		return
	}
	before := c.w.folder("central")
	c.w.must(copyDir(c.dir, before))
	c.handle(r)
	c.goOnFrom(before)
}

// die is a kill between two requests: what the files hold is all that stays.
func (c *central) die() {
	if c.store == nil {
		return
	}
	left := c.w.folder("central")
	c.w.must(copyDir(c.dir, left))
	c.goOnFrom(left)
}

func (c *central) goOnFrom(dir string) {
	c.close()
	c.w.must(os.RemoveAll(c.dir))
	c.dir = dir
	c.open()
}

// backUp copies the folder while central serves.
func (c *central) backUp() {
	b := centralBackup{dir: c.w.folder("central-backup"), truth: c.truth.clone()}
	c.w.must(copyDir(c.dir, b.dir))
	c.backups = append(c.backups, b)
}

// restore puts a backup in the folder's place, as the command to restore does: as another incarnation, so that readers begin anew. On
// days when no device changes its enrolment a host may also copy it back by hand: then the gaps alone tell what was lost.
func (c *central) restore(b centralBackup, byHand bool) {
	c.close()
	c.w.must(os.RemoveAll(c.dir))
	c.dir = c.w.folder("central")
	c.w.must(copyDir(b.dir, c.dir))
	if byHand {
		c.w.byHand = true
	} else {
		c.reincarnate()
	}
	c.truth = b.truth.clone()
	c.w.reset = true
	c.open()
}

func (c *central) reincarnate() {
	db, err := sql.Open("sqlite", filepath.Join(c.dir, centralstore.FileName))
	c.w.must(err)
	id, err := uuid.NewRandomFromReader(cryptorand.Reader)
	c.w.must(err)
	_, err = db.Exec(`UPDATE central SET incarnation = ?`, id.String())
	c.w.must(errors.Join(err, db.Close()))
}

// code is an enrolment code for a device; "" while central is down.
func (c *central) code(interviewer string) string {
	if c.store == nil {
		return ""
	}
	code, err := c.store.NewCode(quiet(), centralstore.CodeOrder{Studies: []string{studyID}, Interviewer: interviewer, Valid: time.Hour, Actor: "test"})
	c.w.must(err)
	return code.Text
}

// records is everything central stored.
func (c *central) records() []delivery.StoredRecord {
	q := centralstore.PullQuery{Who: researcher(), Study: studyID, Limit: 1000, Bytes: 1 << 24}
	var all []delivery.StoredRecord
	for {
		page, err := c.store.Pull(quiet(), q)
		c.w.must(err)
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

func researcher() centralstore.Principal {
	return centralstore.Principal{User: "r", Grants: []centralstore.Grant{{Role: centralstore.Researcher}}}
}

// operate is whoever runs central.
func (w *world) operate() {
	c, p, dice := w.central, w.plan, rand.New(rand.NewPCG(w.seed, 2))
	for {
		w.sleep(between(dice, 40*time.Second, 150*time.Second))
		if w.over {
			return
		}
		if happens(dice, p.restart) {
			w.note("central restarts")
			c.close()
			c.open()
		}
		if happens(dice, p.centralCrash) {
			w.note("central is killed")
			c.die()
		}
		if happens(dice, p.outage) {
			w.note("central is down")
			c.close()
			w.sleep(between(dice, 20*time.Second, 3*time.Minute))
			c.open()
		}
		if happens(dice, p.centralBackup) {
			w.note("central is backed up")
			c.backUp()
		}
		if happens(dice, p.centralRestore) && len(c.backups) > 0 {
			byHand := p.enrol+p.clone+p.restore+p.revoke+p.bad == 0
			w.note("central is restored from a backup, by hand: %t", byHand)
			w.count(map[bool]string{true: "central copied back", false: "central restored"}[byHand])
			c.restore(c.backups[dice.IntN(len(c.backups))], byHand)
		}
		if happens(dice, p.revoke) {
			w.revoke(dice)
		}
	}
}

// revoke shuts a device out by mistake; its interviewer enrols it again.
func (w *world) revoke(dice *rand.Rand) {
	d := w.devices[dice.IntN(len(w.devices))]
	if id := w.central.truth.epochs[d.epoch]; id != "" {
		w.note("device %d is revoked", d.index)
		w.count("revoked")
		w.must(w.central.store.RevokeDevice(quiet(), id, "test"))
	}
}
