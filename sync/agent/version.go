package agent

import (
	"net/http"
	"strconv"
	"sync/atomic"

	"parvis/sync/protocol"
)

// speaker names the protocol's version in each request: the newest this app speaks, until central turns out to be older; from then on
// the newest that both speak. A request that was refused for its version was not looked at, so it is asked again at once.
type speaker struct {
	through http.RoundTripper
	mine    []int // versions this app speaks, the oldest first
	version atomic.Int64
}

func newSpeaker(through http.RoundTripper, mine []int) *speaker {
	s := &speaker{through: through, mine: mine}
	s.version.Store(int64(mine[len(mine)-1]))
	return s
}

// RoundTrip implements http.RoundTripper.
func (s *speaker) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := s.version.Load()
	res, err := s.through.RoundTrip(s.in(r, asked))
	if err != nil || res.StatusCode != http.StatusBadRequest {
		return res, err
	}
	// Central speaks every version up to the one it names; so does the first release, which does not list them.
	newest, err := strconv.Atoi(res.Header.Get(protocol.VersionHeader))
	if err != nil || int64(newest) >= asked {
		return res, nil
	}
	common, ok := protocol.Common(s.mine, upTo(newest))
	if !ok || int64(common) == asked {
		return res, nil
	}
	again := s.in(r, int64(common))
	if r.Body != nil && r.Body != http.NoBody {
		if r.GetBody == nil {
			return res, nil
		}
		body, err := r.GetBody()
		if err != nil {
			return res, nil
		}
		again.Body = body
	}
	s.version.Store(int64(common))
	_ = res.Body.Close()
	return s.through.RoundTrip(again)
}

// CloseIdleConnections hands the wish on.
func (s *speaker) CloseIdleConnections() {
	if closer, ok := s.through.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

func (s *speaker) in(r *http.Request, version int64) *http.Request {
	named := r.Clone(r.Context())
	named.Header.Set(protocol.VersionHeader, strconv.FormatInt(version, 10))
	return named
}

func upTo(newest int) (all []int) {
	for n := 1; n <= newest && n <= 1000; n++ {
		all = append(all, n)
	}
	return all
}
