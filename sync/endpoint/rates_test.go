package endpoint_test

import (
	"net/http"
	"sync"
	"testing"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// A flood from an address runs dry, whether of wrong tokens or of what needs none; who has worked there with a token goes on.
func TestAFloodFromATeamsAddress(t *testing.T) {
	t.Parallel()
	c := newCentral(t, func(p *endpoint.Params) { p.Limits.Stranger = endpoint.Rate{PerSecond: 0.01, AtOnce: 20} })
	d, late := c.device(t, "mall"), c.device(t, "mall")
	pull := func(token string) answer {
		return c.do(t, request{method: http.MethodGet, path: protocol.PathPull, token: token})
	}
	if got := pull(d.Token); got.status != http.StatusOK {
		t.Fatal(describe(got))
	}
	flood := func(r request) {
		t.Helper()
		for range 40 {
			if got := c.do(t, r); got.status == http.StatusTooManyRequests {
				if got.header.Get("Retry-After") == "" || !got.problem(t).Retryable {
					t.Errorf("%v %s", got.header, got.body)
				}
				return
			}
		}
		t.Errorf("%s %s is never refused", r.method, r.path)
	}
	flood(request{method: http.MethodGet, path: protocol.PathHealth})
	if got := pull(late.Token); got.status != http.StatusOK {
		t.Errorf("a token that is new here, during a flood that needs none: %s", describe(got))
	}
	flood(request{method: http.MethodGet, path: protocol.PathPull, token: "pvd_made-up"})
	for _, token := range []string{d.Token, late.Token} {
		if got := pull(token); got.status != http.StatusOK {
			t.Errorf("a token that is known here: %s", describe(got))
		}
	}
}

// A token has its own rate, and its own number of requests at once.
func TestATokenRunsDry(t *testing.T) {
	t.Parallel()
	c := newCentral(t, func(p *endpoint.Params) { p.Limits.Token = endpoint.Rate{PerSecond: 0.01, AtOnce: 5} })
	d, other := c.device(t, "mall"), c.device(t, "mall")
	for n := range 7 {
		got := c.do(t, request{method: http.MethodGet, path: protocol.PathPull, token: d.Token})
		if want := map[bool]int{true: 200, false: 429}[n < 5]; got.status != want {
			t.Errorf("request %d: %s", n, describe(got))
		}
	}
	if got := c.do(t, request{method: http.MethodGet, path: protocol.PathPull, token: other.Token}); got.status != http.StatusOK {
		t.Errorf("another token: %s", describe(got))
	}
}

// Fifty devices and five supervisors behind one address enrol, deliver and look at the same time, and meet no limit.
func TestATeamBehindOneAddressMeetsNoLimit(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	codes := make([]string, 50)
	for i := range codes {
		codes[i] = c.code(t, "mall")
	}
	people := make([]string, 5)
	for i := range people {
		people[i] = c.person(t, "sam"+string(rune('a'+i)), centralstore.Grant{Role: centralstore.Supervisor, Study: "mall"})
	}
	var all sync.WaitGroup
	for _, code := range codes {
		all.Go(func() {
			d := c.enrolWith(t, code)
			for seq := range int64(20) {
				got := c.do(t, request{method: http.MethodPost, path: protocol.PathPush, token: d.Token, body: protocol.AppendBatch(nil, []protocol.Record{contact(t, d, seq+1, "mall")})})
				if got.status != http.StatusOK {
					t.Error(describe(got))
				}
			}
		})
	}
	for _, token := range people {
		all.Go(func() {
			for range 20 {
				if got := c.do(t, request{method: http.MethodGet, path: protocol.PathPull, token: token}); got.status != http.StatusOK {
					t.Error(describe(got))
				}
			}
		})
	}
	all.Wait()
	if n := c.count(t, "mall"); n != 1000 {
		t.Errorf("%d records", n)
	}
}
