package endpoint_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// A million wrong codes from a hundred thousand addresses: refused and counted, few of them looked up, the log short, a code that was
// given out safe, and others served meanwhile.
func TestAMillionWrongCodes(t *testing.T) {
	many := 100_000
	switch {
	case soak():
		many = 1_000_000
	case raced:
		many = 20_000
	}
	c := newCentral(t, func(p *endpoint.Params) { p.BehindProxy = true })
	d := c.device(t, "mall")
	code := c.code(t, "mall")
	handler := c.endpoint.Handler()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var refused, limited, other atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for worker := range 4 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(worker)))
			for range many / 4 {
				body := fmt.Sprintf(`{"code":%q}`, guess(random))
				r := httptest.NewRequest(http.MethodPost, protocol.PathEnrol, strings.NewReader(body))
				r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", random.IntN(2), random.IntN(200), random.IntN(250)))
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				switch w.Code {
				case http.StatusForbidden:
					refused.Add(1)
				case http.StatusTooManyRequests:
					limited.Add(1)
				default:
					other.Add(1)
				}
			}
		})
	}
	seq := int64(0)
	for ended := false; !ended; {
		seq++
		if got := c.push(t, d, contact(t, d, seq, "mall")); got.Receipts[0].Status != protocol.Received {
			t.Errorf("a device is answered %+v", got.Receipts[0])
		}
		ended = refused.Load()+limited.Load()+other.Load() >= int64(many/4*4)
		time.Sleep(10 * time.Millisecond)
	}
	all.Wait()
	took := time.Since(began)
	lines := strings.Count(c.log.String(), "\n")
	t.Logf("%d codes in %v: %d looked up and refused, %d turned away, %d pushes meanwhile, %d lines in the log", many, took.Round(time.Millisecond), refused.Load(), limited.Load(), seq, lines)
	if other.Load() != 0 || refused.Load() == 0 || limited.Load() == 0 {
		t.Errorf("%d refused, %d limited, %d answered otherwise", refused.Load(), limited.Load(), other.Load())
	}
	// What the limit over all addresses lets through: its burst, and one a second, with some room for clocks read at the same time.
	if most := 320 + 2*int64(took.Seconds()); refused.Load() > most {
		t.Errorf("%d codes were looked up, at most %d may be", refused.Load(), most)
	}
	if most := 500 + int(took.Seconds()+1)*10 + int(seq); lines > most {
		t.Errorf("the log has %d lines, want at most %d", lines, most)
	}
	c.wrongCodesAreCounted(t, code, many-lines+int(seq))
}

// wrongCodesAreCounted wants the lines left out to be told of on a later line, and enrolling to go on once there is room again.
func (c *central) wrongCodesAreCounted(t *testing.T, code string, silent int) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		got := c.do(t, request{method: http.MethodPost, path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: code})})
		if got.status == http.StatusOK {
			break
		}
		if got.status != http.StatusTooManyRequests || time.Now().After(deadline) {
			t.Fatalf("the right code: %s", describe(got))
		}
		time.Sleep(500 * time.Millisecond)
	}
	for !strings.Contains(c.log.String(), "refusals_not_logged") {
		if time.Now().After(deadline) {
			t.Fatalf("the log does not tell of some %d refusals", silent)
		}
		c.do(t, request{method: http.MethodGet, path: protocol.PathPull})
		time.Sleep(100 * time.Millisecond)
	}
}

func guess(random *rand.Rand) string {
	const letters = "23456789ACDEFGHJKMNPQRTVWXY"
	code := make([]byte, 8)
	for i := range code {
		code[i] = letters[random.IntN(len(letters))]
	}
	return string(code)
}

// Over a socket and from one address, as an attacker has it, with the process's memory and log watched.
func TestWrongCodesOverASocket(t *testing.T) {
	many := 3_000
	if soak() {
		many = 100_000
	}
	c := startChild(t)
	random := rand.New(rand.NewPCG(1, 2))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	statuses := map[int]int{}
	for range many {
		res, err := client.Post(c.url+protocol.PathEnrol, protocol.ContentJSON, bytes.NewBufferString(fmt.Sprintf(`{"code":%q}`, guess(random))))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		statuses[res.StatusCode]++
	}
	if statuses[http.StatusForbidden]+statuses[http.StatusTooManyRequests] != many || statuses[http.StatusForbidden] > 100 {
		t.Errorf("%v", statuses)
	}
	c.others(t, 1)
	log, err := os.ReadFile(c.logFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Count(log, []byte("\n"))
	t.Logf("%v, %d lines in the log, %d MiB", statuses, lines, c.peakMiB(t))
	if lines > 1000+many/50 {
		t.Errorf("%d lines in the log", lines)
	}
	if bytes.Contains(log, []byte(c.Code)) || bytes.Contains(log, []byte("127.0.0.1")) {
		t.Error("the log holds a code or an address")
	}
}
