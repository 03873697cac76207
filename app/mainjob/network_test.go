package mainjob

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"parvis/sync/protocol"
)

// network stands between the field app and central: the first push is cut in the middle, of the second the answer is lost after
// central has taken everything in, the others pass.
type network struct {
	*httptest.Server
	mu     sync.Mutex
	pushes int
}

func newNetwork(t *testing.T, central string) *network {
	t.Helper()
	to, err := url.Parse(central)
	must(t, err)
	n := &network{}
	pass := httputil.NewSingleHostReverseProxy(to)
	n.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != protocol.PathPush {
			pass.ServeHTTP(w, r)
			return
		}
		switch n.push() {
		case 1:
			_, _ = io.CopyN(io.Discard, r.Body, r.ContentLength/2)
			hangUp(w)
		case 2:
			pass.ServeHTTP(httptest.NewRecorder(), r)
			hangUp(w)
		default:
			pass.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(n.Close)
	return n
}

func (n *network) push() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pushes++
	return n.pushes
}

func hangUp(w http.ResponseWriter) {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		_ = conn.Close()
	}
}
