package agent_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
	"github.com/rs/zerolog"
)

// toxiproxy (Shopify's, MIT) spoils real connections; what it cannot do itself stands here as toxics of our own. It has no loss of
// packets, and the kernels these tests run on often have no netem either, so that a lost packet is what TCP makes of it: nothing
// arrives until the sender has noticed and sent again.

// toxic is one disturbance of one direction, as toxiproxy reads it.
type toxic struct {
	Type       string  `json:"type"`
	Stream     string  `json:"stream"` // upstream is towards central
	Toxicity   float32 `json:"toxicity"`
	Attributes any     `json:"attributes"`
}

func towards(kind string, attributes any) toxic { return toxic{kind, "upstream", 1, attributes} }
func back(kind string, attributes any) toxic    { return toxic{kind, "downstream", 1, attributes} }

var registered = sync.OnceFunc(func() {
	toxics.Register("lost_answer", new(lostAnswers))
	toxics.Register("cut", new(cuts))
	toxics.Register("loss", new(loss))
	toxics.Register("life", new(life))
})

// newProxy is a way to an address that can be spoilt later.
func newProxy(t testing.TB, upstream string) *toxiproxy.Proxy {
	t.Helper()
	registered()
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "way", "127.0.0.1:0", upstream)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	return proxy
}

func poison(t testing.TB, proxy *toxiproxy.Proxy, all []toxic) {
	t.Helper()
	for _, one := range all {
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(string(marshal(t, one)))); err != nil {
			t.Fatalf("%+v: %v", one, err)
		}
	}
}

// seeds gives each connection of a toxic dice of its own.
type seeds struct {
	Seed uint64 `json:"seed"`
	mu   sync.Mutex
	dice *rand.Rand
}

func (s *seeds) NewState() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dice == nil {
		s.dice = rand.New(rand.NewPCG(s.Seed, 11))
	}
	return rand.New(rand.NewPCG(s.dice.Uint64(), 13))
}

// pipe hands chunks on until one of them, or the time, ends the connection.
func pipe(stub *toxics.ToxicStub, over <-chan time.Time, pass func(*stream.StreamChunk) (*stream.StreamChunk, bool)) {
	for {
		select {
		case <-stub.Interrupt:
			return
		case <-over:
			stub.Close()
			return
		case chunk := <-stub.Input:
			if chunk == nil {
				stub.Close()
				return
			}
			chunk, on := pass(chunk)
			if chunk != nil && len(chunk.Data) > 0 {
				stub.Output <- chunk
			}
			if !on {
				stub.Close()
				return
			}
		}
	}
}

// lostAnswers drops what central says, with a chance for each piece, and closes the connection.
type lostAnswers struct {
	Chance float64 `json:"chance"`
	seeds
}

// Pipe is toxiproxy's.
func (l *lostAnswers) Pipe(stub *toxics.ToxicStub) {
	dice := stub.State.(*rand.Rand)
	pipe(stub, nil, func(c *stream.StreamChunk) (*stream.StreamChunk, bool) {
		if dice.Float64() < l.Chance {
			return nil, false
		}
		return c, true
	})
}

// cuts ends a connection after some bytes, in the middle of whatever they are.
type cuts struct {
	Mean float64 `json:"mean"` // bytes
	seeds
}

// Pipe is toxiproxy's.
func (k *cuts) Pipe(stub *toxics.ToxicStub) {
	left := int(stub.State.(*rand.Rand).ExpFloat64() * k.Mean)
	pipe(stub, nil, func(c *stream.StreamChunk) (*stream.StreamChunk, bool) {
		n := min(left, len(c.Data))
		left -= n
		return &stream.StreamChunk{Data: c.Data[:n], Timestamp: c.Timestamp}, left > 0
	})
}

// loss holds everything up when one of the packets a chunk needs is lost, until the sender has sent it again.
type loss struct {
	Chance float64 `json:"chance"` // of each packet
	WaitMS int     `json:"wait_ms"`
	seeds
}

// packet is what one carries of a stream.
const packet = 1400

// Pipe is toxiproxy's.
func (l *loss) Pipe(stub *toxics.ToxicStub) {
	dice := stub.State.(*rand.Rand)
	pipe(stub, nil, func(c *stream.StreamChunk) (*stream.StreamChunk, bool) {
		for range (len(c.Data) + packet - 1) / packet {
			if dice.Float64() < l.Chance {
				time.Sleep(time.Duration(l.WaitMS) * time.Millisecond)
			}
		}
		return c, true
	})
}

// life ends a connection when its time is over.
type life struct {
	MS int `json:"ms"`
}

// Pipe is toxiproxy's.
func (l *life) Pipe(stub *toxics.ToxicStub) {
	pipe(stub, time.After(time.Duration(l.MS)*time.Millisecond), func(c *stream.StreamChunk) (*stream.StreamChunk, bool) { return c, true })
}

// A toxic that toxiproxy does not know would spoil nothing, and every test of it would pass.
func TestToxicsAreUnderstood(t *testing.T) {
	t.Parallel()
	proxy := newProxy(t, "127.0.0.1:1")
	for name, all := range faults(1) {
		poison(t, proxy, all)
		text, err := json.Marshal(proxy.Toxics.GetToxicArray())
		if err != nil || strings.Contains(string(text), `"attributes":{}`) || len(proxy.Toxics.GetToxicArray()) != len(all) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
		proxy.Toxics.ResetToxics(t.Context())
	}
}
