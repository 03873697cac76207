package agent_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/xform"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// pictured conducts an interview that ends with a picture as an answer.
func (d *device) pictured(t testing.TB, body []byte) interview.Interview {
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
	for _, a := range [][2]string{{"/data/consent", "yes"}, {"/data/age", "33"}, {"/data/trade", "no"}, {}, {}, {}, {"/data/score", "4"}} {
		if a[0] != "" {
			if err := s.Answer(ctx, xform.Ref(a[0]), a[1]); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	sum := delivery.Sum(body)
	a := interview.Attachment{Name: interview.AttachmentName("shelf", sum, ".jpg"), SHA256: sum, Size: int64(len(body)), Question: "/data/shelf"}
	if err := errors.Join(d.SaveAttachment(ctx, s.ID(), a, body), s.AnswerWithFile(ctx, a)); err != nil {
		t.Fatal(err)
	}
	i, err := s.BreakOff(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func noise(dice *rand.Rand, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(dice.Uint32())
	}
	return b
}

// held is what central has of a file, "" for nothing.
func (c *central) held(t testing.TB, sum string) []byte {
	t.Helper()
	file, err := c.store.OpenAttachment(context.Background(), centralstore.Principal{User: "r", Grants: []centralstore.Grant{{Role: centralstore.Researcher}}}, sum)
	if centralstore.CodeOf(err) == centralstore.NotFound {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func (c *central) missing(t testing.TB) (n int) {
	t.Helper()
	status, err := c.store.Status(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range status.Missing {
		n += m.Files
	}
	return n
}

// cutAt breaks a request off after some of its bytes.
func cutAt(bytes int64) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.Body != nil {
			short := r.Clone(r.Context())
			short.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, bytes), broken{}))
			r = short
		}
		return next.RoundTrip(r)
	}
}

// onPictures spoils only what carries pictures.
func onPictures(fault func(*http.Request, http.RoundTripper) (*http.Response, error)) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if strings.HasPrefix(r.URL.Path, protocol.PathAttachment) {
			return fault(r, next)
		}
		return next.RoundTrip(r)
	}
}

// Pictures of all sizes over a network that breaks at random bytes, an app and a central that are killed: in the end each is at
// central to the byte, every record was there long before, and no break costs more than the chunk it hit.
func TestPicturesArriveWhateverBreaks(t *testing.T) {
	seeds := uint64(3)
	if os.Getenv("SOAK") != "" {
		seeds = 200
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			picturesArrive(t, seeded(t, seed+500))
		})
	}
}

func picturesArrive(t *testing.T, dice *rand.Rand) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	var bodies [][]byte
	total := 0
	for _, size := range []int{1, protocol.AttachmentChunk, protocol.AttachmentChunk + 1, 1 + dice.IntN(2<<20), 1 + dice.IntN(500_000)} {
		bodies = append(bodies, noise(dice, size))
		total += size
		d.pictured(t, bodies[len(bodies)-1])
	}
	d.net.spoil(onPictures(noConnection))
	if report, err := d.agent.Sync(context.Background()); agent.ReasonOf(err) != agent.Offline || report.Interviews != 5 || report.Waiting.Attachments != 5 {
		t.Fatalf("records must not wait for pictures: %+v, %v", report, err)
	}
	if n := c.missing(t); n != 5 {
		t.Errorf("central misses %d pictures", n)
	}
	var carried int64
	breaks := 0
	for range 12 {
		var fault func(*http.Request, http.RoundTripper) (*http.Response, error)
		switch dice.IntN(5) {
		case 0:
			fault = lostAnswer
		case 1:
			fault = cutAnswer
		case 2:
			d.open(t)
		case 3:
			c.stop(t)
			c.start(t)
		}
		if fault == nil {
			fault = cutAt(dice.Int64N(protocol.AttachmentChunk))
		}
		left := dice.IntN(6)
		d.net.spoil(onPictures(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			if r.Method == http.MethodPut {
				carried += r.ContentLength
			}
			if left--; left >= 0 {
				return next.RoundTrip(r)
			}
			return fault(r, next)
		}))
		breaks += try(d)
	}
	d.net.spoil(onPictures(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.Method == http.MethodPut {
			carried += r.ContentLength
		}
		return next.RoundTrip(r)
	}))
	d.sync(t)
	d.net.mend()
	for _, body := range bodies {
		if got := c.held(t, delivery.Sum(body)); !bytes.Equal(got, body) {
			t.Errorf("of %d bytes %d are at central", len(body), len(got))
		}
	}
	if w, err := d.Waiting(context.Background()); err != nil || w.Attachments != 0 || c.missing(t) != 0 {
		t.Errorf("%d pictures wait, central misses %d, %v", w.Attachments, c.missing(t), err)
	}
	if most := int64(total + breaks*protocol.AttachmentChunk); carried > most {
		t.Errorf("%d bytes were sent of %d with %d breaks", carried, total, breaks)
	}
	exactlyOnce(t, c, d)
	if left, err := filepath.Glob(filepath.Join(c.dir, "uploads", "*", "*")); err != nil || len(left) != 0 {
		t.Errorf("central keeps beginnings: %v, %v", left, err)
	}
	if report := d.sync(t); report.Attachments != 0 || len(d.net.left()) > 1 {
		t.Errorf("what arrived is sent again: %+v", report)
	}
}

// After a break exactly the rest is sent: the chunk that broke again, one whose answer alone was lost not.
func TestAPictureGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault func(*http.Request, http.RoundTripper) (*http.Response, error)
		rest  []int
	}{"cut": {cutAt(1000), []int{2, 3, 4}}, "lost answer": {lostAnswer, []int{3, 4}}, "nobody there": {noConnection, []int{2, 3, 4}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := newCentral(t)
			d := newDevice(t, at)
			d.ready(t, at)
			body := noise(seeded(t, 9), 4*protocol.AttachmentChunk+1)
			d.pictured(t, body)
			var offsets []string
			puts := func(fails int) {
				offsets = nil
				d.net.spoil(onPictures(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
					if r.Method != http.MethodPut {
						return next.RoundTrip(r)
					}
					offsets = append(offsets, r.URL.Query().Get("offset"))
					if len(offsets)-1 == fails {
						return c.fault(r, next)
					}
					return next.RoundTrip(r)
				}))
			}
			puts(2)
			_, err := d.agent.Sync(context.Background())
			wantReason(t, err, agent.Offline)
			puts(-1)
			d.open(t)
			d.sync(t)
			var want []string
			for _, chunk := range c.rest {
				want = append(want, strconv.Itoa(chunk*protocol.AttachmentChunk))
			}
			if !slices.Equal(offsets, want) || !bytes.Equal(at.held(t, delivery.Sum(body)), body) {
				t.Errorf("sent from %v, want %v", offsets, want)
			}
		})
	}
}

// A byte that changes on its way is found out; the bytes are dropped and come again.
func TestAPictureDamagedOnItsWayComesAgain(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	dice := seeded(t, 1)
	body := noise(dice, 300_000)
	d.pictured(t, body)
	d.net.spoil(onPictures(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.Method != http.MethodPut {
			return next.RoundTrip(r)
		}
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		data[dice.IntN(len(data))] ^= 1
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(data))
		return next.RoundTrip(r)
	}))
	report, err := d.agent.Sync(context.Background())
	wantReason(t, err, agent.CentralTrouble)
	if report.Interviews != 1 || report.Attachments != 0 || report.Waiting.Attachments != 1 {
		t.Errorf("%+v", report)
	}
	var e *agent.Error
	if !errors.As(err, &e) || e.Problem.Code != protocol.CodeBadSum || !e.Problem.Retryable {
		t.Errorf("%v", err)
	}
	if c.held(t, delivery.Sum(body)) != nil {
		t.Error("central keeps a damaged picture")
	}
	d.net.mend()
	if report := d.sync(t); report.Attachments != 1 || !bytes.Equal(c.held(t, delivery.Sum(body)), body) {
		t.Errorf("%+v", report)
	}
}

// Two devices send the same picture at once, chunk in chunk.
func TestTwoDevicesWithTheSamePictureDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	body := noise(seeded(t, 2), 900_000)
	devices := []*device{newDevice(t, c), newDevice(t, c)}
	var meet sync.WaitGroup
	meet.Add(2)
	for _, d := range devices {
		d.ready(t, c)
		d.pictured(t, body)
		once := sync.Once{}
		d.net.spoil(onPictures(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			once.Do(func() { meet.Done(); meet.Wait() }) // neither is ahead
			return next.RoundTrip(r)
		}))
	}
	var all sync.WaitGroup
	for _, d := range devices {
		all.Go(func() {
			if report, err := d.agent.Sync(context.Background()); err != nil || report.Attachments != 1 {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
	all.Wait()
	if !bytes.Equal(c.held(t, delivery.Sum(body)), body) {
		t.Error("central has other bytes")
	}
}

// The same request twice, as beyond a broken proxy, does no harm.
func TestAChunkThatComesTwiceDoesNoHarm(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	body := noise(seeded(t, 3), 700_000)
	d.pictured(t, body)
	d.net.spoil(onPictures(twice))
	d.sync(t)
	if !bytes.Equal(c.held(t, delivery.Sum(body)), body) {
		t.Error("central has other bytes")
	}
}

// A picture that central refuses stays here, and neither the next one nor any record waits for it.
func TestARefusedPictureHoldsUpNothing(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	dice := seeded(t, 4)
	refused, taken := noise(dice, 5000), noise(dice, 6000)
	d.pictured(t, refused)
	d.pictured(t, taken)
	d.net.spoil(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if strings.Contains(r.URL.Path, delivery.Sum(refused)) {
			r = r.Clone(r.Context())
			r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "study=visit", "study=another")
		}
		return next.RoundTrip(r)
	})
	report := d.sync(t)
	if report.Attachments != 1 || report.AttachmentsRefused != 1 || report.Interviews != 2 || report.Waiting.Attachments != 1 {
		t.Errorf("%+v", report)
	}
	if c.held(t, delivery.Sum(refused)) != nil || !bytes.Equal(c.held(t, delivery.Sum(taken)), taken) {
		t.Error("central has the wrong one")
	}
	log, err := d.SyncLog(context.Background(), 1)
	if err != nil || len(log) != 1 || log[0].Attachments != 1 {
		t.Errorf("the log says %+v, %v", log, err)
	}
}

// torn is an outbox that cannot read one of its pictures any more.
type torn struct {
	agent.Outbox
	sum string
}

func (o torn) AttachmentPart(ctx context.Context, a delivery.Attachment, offset int64) ([]byte, error) {
	if a.SHA256 == o.sum {
		return nil, errors.New("what is kept here was damaged")
	}
	return o.Outbox.AttachmentPart(ctx, a, offset)
}

func TestAPictureThatCannotBeReadHoldsUpNothing(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	dice := seeded(t, 8)
	lost, sound := noise(dice, 5000), noise(dice, 6000)
	d.pictured(t, lost)
	d.pictured(t, sound)
	d.agent = d.newAgent(t, agent.Params{Store: d.Store, Outbox: torn{d.Store, delivery.Sum(lost)}})
	report := d.sync(t)
	if report.Attachments != 1 || report.AttachmentsRefused != 1 || !bytes.Equal(c.held(t, delivery.Sum(sound)), sound) {
		t.Errorf("%+v", report)
	}
}

// A device that enrols at another central keeps what the first one has not got.
func TestAPictureThatWaitsKeepsADeviceAtItsCentral(t *testing.T) {
	t.Parallel()
	c, other := newCentral(t), newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.pictured(t, noise(seeded(t, 5), 5000))
	d.net.spoil(onPictures(noConnection))
	_, err := d.agent.Sync(context.Background())
	wantReason(t, err, agent.Offline)
	_, err = d.agent.Enrol(context.Background(), other.address, other.code(t))
	wantReason(t, err, agent.UnsentHere)
}

// Who may read records may read their pictures, in ranges; nobody else.
func TestPeopleReadPicturesWithinTheirScope(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	body := noise(seeded(t, 6), 300_000)
	d.pictured(t, body)
	d.sync(t)
	sum := delivery.Sum(body)
	client := func(token string) *agent.Client {
		cl, err := agent.NewClient(agent.ClientParams{Central: c.address, Token: token, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		return cl
	}
	for n, who := range []struct {
		grant centralstore.Grant
		may   bool
	}{
		{centralstore.Grant{Role: centralstore.Researcher}, true},
		{centralstore.Grant{Role: centralstore.Supervisor, Study: "visit", Site: "north"}, true},
		{centralstore.Grant{Role: centralstore.Supervisor, Study: "visit", Region: "n"}, true},
		{centralstore.Grant{Role: centralstore.Supervisor, Study: "visit", Site: "south"}, false},
		{centralstore.Grant{Role: centralstore.Supervisor, Study: "visit", Region: "s"}, false},
		{centralstore.Grant{Role: centralstore.Viewer}, false},
	} {
		name := fmt.Sprintf("person%d", n)
		if err := c.store.AddUser(ctx, centralstore.NewUser{Name: name, Password: "a long enough password", Grants: []centralstore.Grant{who.grant}}); err != nil {
			t.Fatal(err)
		}
		issued, err := c.store.IssueToken(ctx, name, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		part, size, err := client(issued.Secret).AttachmentPart(ctx, sum, 100_000, 1000)
		if who.may && (err != nil || size != 300_000 || !bytes.Equal(part, body[100_000:101_000])) {
			t.Errorf("%+v: %d of %d, %v", who.grant, len(part), size, err)
		}
		if reason := agent.ReasonOf(err); !who.may && reason != agent.Refused && reason != agent.Forbidden {
			t.Errorf("%+v read it: %v", who.grant, err)
		}
	}
	credentials, err := d.Credentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := client(credentials.Token).AttachmentPart(ctx, sum, 0, 10); agent.ReasonOf(err) != agent.Forbidden {
		t.Errorf("a device read it: %v", err)
	}
}

// Practice pictures do not even ask.
func TestPracticePicturesAreNeverSent(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.shift.Practice = true
	d.pictured(t, noise(seeded(t, 7), 5000))
	d.net.mend()
	d.sync(t)
	for _, path := range d.net.left() {
		if strings.HasPrefix(path, protocol.PathAttachment) {
			t.Errorf("a request to %s left", path)
		}
	}
}
