package endpoint_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"parvis/internal/delivery"
	"parvis/internal/seal"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

const gigabyte = 1 << 30

// zeros is a long body of nothing, which counts how much of it was taken.
type zeros struct {
	left  int64
	taken *atomic.Int64
}

func (z *zeros) Read(into []byte) (int, error) {
	if z.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(into)), z.left)
	clear(into[:n])
	z.left -= n
	z.taken.Add(n)
	return int(n), nil
}

// takers are the routes with a body and the most bytes each may read of one.
func takers(t *testing.T) map[string]int64 {
	t.Helper()
	most := map[string]int64{
		"POST /v1/enrol": 16 << 10, "POST /v1/sign-in": 16 << 10, "POST /v1/push": protocol.MaxBatchBytes, "POST /v1/have": 1 << 20, "POST /v1/leases": protocol.MaxLeaseBytes, "POST /v1/till": protocol.MaxLeaseBytes, "POST /v1/messages": 8000,
		"PUT /v1/attachments/{sha256}": protocol.AttachmentChunk, "PUT /v1/studies": protocol.MaxUploadBytes, "POST /v1/hand-in": protocol.MaxHandInBytes,
		"POST /v1/codes": 16 << 10, "POST /v1/studies/{study}/decisions": protocol.MaxDecisions * (delivery.MostDecision + 64),
		// refused or answered without a look at the body
		"POST /v1/sign-in/organisation": 0, "POST /v1/devices/{device}/revoke": 0, "POST /v1/devices/{device}/lost": 0,
	}
	for _, d := range newCentral(t, nil).endpoint.Declarations() {
		if _, ok := most[d.Method+" "+d.Path]; !ok && d.Method != http.MethodGet {
			t.Errorf("%s %s takes a body: say here how much", d.Method, d.Path)
		}
	}
	return most
}

// refused tells whether a body was: for being too long, or where none is looked at, for what was asked.
func refused(status int, most int64) bool {
	switch status {
	case http.StatusRequestEntityTooLarge, http.StatusBadRequest, http.StatusUnsupportedMediaType:
		return true
	}
	return most == 0 && status == http.StatusNotFound
}

// to makes a request to a route as who may call it.
func (c *child) to(t *testing.T, route string, body io.Reader) *http.Request {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	path = strings.ReplaceAll(path, "{sha256}", strings.Repeat("0", 64)+"?study=mall&size=1000000&offset=0")
	r, err := http.NewRequest(method, c.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	token := c.Admin
	if strings.Contains(path, "push") || strings.Contains(path, "have") || strings.Contains(path, "leases") || strings.Contains(path, "attachments") {
		token = c.Device
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	return r
}

// Bodies of 1 GB, with their length said and not, to every route that takes a body: refused long before they are read, in little
// memory, and others are served meanwhile.
func TestBodiesOfAGigabyte(t *testing.T) {
	measured(t)
	c := startChild(t)
	before := c.peakMiB(t)
	seq := int64(0)
	for route, most := range takers(t) {
		for _, length := range []int64{gigabyte, -1} {
			var taken atomic.Int64
			r := c.to(t, route, &zeros{gigabyte, &taken})
			r.ContentLength = length
			res, err := http.DefaultClient.Do(r)
			// A client that is still sending when it is refused may see the connection's end before the refusal.
			if err == nil {
				if !refused(res.StatusCode, most) {
					t.Errorf("%s with length %d: %d", route, length, res.StatusCode)
				}
				_ = res.Body.Close()
			}
			allowed := most + 32<<20 // what is on its way in both systems' buffers
			if length > 0 {
				allowed = 32 << 20
			}
			if n := taken.Load(); n > allowed {
				t.Errorf("%s with length %d: %d MiB were taken", route, length, n>>20)
			}
			seq++
			c.others(t, seq)
		}
	}
	after := c.peakMiB(t)
	t.Logf("memory at most: %d MiB before, %d MiB after", before, after)
	if after-before > 1024 { // the largest hand-in file is 256 MiB, and is read whole before it turns out too long
		t.Errorf("central took %d MiB", after-before)
	}
}

func zstdBomb(t *testing.T, length int64) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out, zstd.WithWindowSize(1<<20), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	inflate(t, z, length)
	return out.Bytes()
}

func gzipBomb(t *testing.T, length int64) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	inflate(t, z, length)
	return out.Bytes()
}

func inflate(t *testing.T, z io.WriteCloser, length int64) {
	t.Helper()
	if _, err := io.Copy(z, &zeros{length, new(atomic.Int64)}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// Small bodies that inflate to 1 GB, to every route that takes a body, many at once: refused at the limit.
func TestInflatingBombs(t *testing.T) {
	measured(t)
	bombs := map[string][]byte{"zstd": zstdBomb(t, gigabyte), "gzip": gzipBomb(t, gigabyte)}
	c := startChild(t)
	before := c.peakMiB(t)
	for route, most := range takers(t) {
		for encoding, bomb := range bombs {
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					r := c.to(t, route, bytes.NewReader(bomb))
					r.Header.Set("Content-Encoding", encoding)
					res, err := http.DefaultClient.Do(r)
					if err != nil {
						return // refused while it was still sending
					}
					defer res.Body.Close()
					if !refused(res.StatusCode, most) {
						t.Errorf("%s, %s: %d", route, encoding, res.StatusCode)
					}
				})
			}
			all.Wait()
		}
	}
	c.others(t, 1)
	after := c.peakMiB(t)
	t.Logf("bombs of %d and %d KiB; memory at most: %d MiB before, %d MiB after", len(bombs["zstd"])>>10, len(bombs["gzip"])>>10, before, after)
	if after-before > 384 {
		t.Errorf("central took %d MiB", after-before)
	}
}

func gzipOf(t *testing.T, data []byte, times int) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	for range times {
		if _, err := z.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A bomb within the seal of a hand-in file, which only its content shows.
func TestABombInAHandIn(t *testing.T) {
	measured(t)
	c := startChild(t)
	before := c.peakMiB(t)
	// Members of a gzip stream follow each other, so the long one is made once.
	rest := gzipOf(t, bytes.Repeat([]byte("1,"), 1<<20), 256)
	for name, inside := range map[string]string{"a long text": `{"format":1}"`, "a long list": `{"format":1}[`, "many values": `{"format":1}{"records":[]}`} {
		content := append(gzipOf(t, []byte(inside), 1), rest...)
		closed, err := seal.File([]string{c.Recipient}, content)
		if err != nil {
			t.Fatal(err)
		}
		got := c.do(t, request{method: http.MethodPost, path: protocol.PathHandIn, token: c.Admin, body: closed})
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %s", name, describe(got))
		}
	}
	c.others(t, 1)
	after := c.peakMiB(t)
	t.Logf("memory at most: %d MiB before, %d MiB after", before, after)
	if after-before > 512 {
		t.Errorf("central took %d MiB", after-before)
	}
}

// JSON nested a hundred thousand deep: in place of every body, in a record, and in a record's raw bytes beside a good record.
func TestDepthBombs(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	d := c.device(t, "mall")
	ada := c.person(t, "ada", adminGrant())
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	for _, path := range []string{protocol.PathEnrol, protocol.PathSignIn, protocol.PathPush, protocol.PathHave, protocol.PathMessages} {
		for _, body := range []string{deep, `{"records":` + deep + `}`, `{"records":[{"body":` + deep + `}]}`, strings.Repeat(`{"records":[`, 50_000), strings.Repeat(`{"a":`, 100_000)} {
			for _, token := range []string{d.Token, ada} {
				got := c.do(t, request{method: http.MethodPost, path: path, token: token, body: []byte(body)})
				if got.status != http.StatusBadRequest && got.status != http.StatusRequestEntityTooLarge && got.status != http.StatusForbidden && got.status != http.StatusTooManyRequests {
					t.Errorf("%s: %s", path, describe(got))
				}
			}
		}
	}
	bad, good := contact(t, d, 1, "mall"), contact(t, d, 2, "mall")
	bad.Body = []byte(deep)
	bad.SHA256 = protocol.Sum(bad.Body)
	got := c.push(t, d, bad, good)
	if got.Receipts[0].Status != protocol.Quarantined || got.Receipts[1].Status != protocol.Received {
		t.Errorf("%+v", got.Receipts)
	}
}

// Bodies together take no more than there is room for; who finds none is asked to come again, and room comes back.
func TestRoomForBodies(t *testing.T) {
	t.Parallel()
	c := newCentral(t, func(p *endpoint.Params) { p.Limits.BodyBytes = 100 << 10 })
	d := c.device(t, "mall")
	body := append(protocol.AppendBatch(nil, []protocol.Record{contact(t, d, 1, "mall")}), bytes.Repeat([]byte(" "), 200<<10)...)
	for range 3 {
		got := c.do(t, request{method: http.MethodPost, path: protocol.PathPush, token: d.Token, body: body})
		if p := got.problem(t); got.status != http.StatusServiceUnavailable || !p.Retryable || got.header.Get("Retry-After") == "" {
			t.Fatalf("%v %s", got.header, describe(got))
		}
	}
	if got := c.push(t, d, contact(t, d, 1, "mall")); got.Receipts[0].Status != protocol.Received {
		t.Errorf("the room did not come back: %+v", got)
	}
}

// measured leaves a test out that measures memory, of which the race detector takes much of its own.
func measured(t *testing.T) {
	t.Helper()
	if raced {
		t.Skip("memory is measured without the race detector")
	}
}

// soak tells whether there is time for the whole of something.
func soak() bool { return os.Getenv("SOAK") != "" }
