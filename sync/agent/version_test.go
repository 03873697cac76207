package agent

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"parvis/sync/protocol"
)

// A newer app goes on with an older central in the version that both speak, asks only once in the newer one, and sends the same.
func TestANewerAppFallsBack(t *testing.T) {
	var asked []string
	central := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get(protocol.VersionHeader))
		w.Header().Set(protocol.VersionHeader, "2")
		if n, _ := strconv.Atoi(r.Header.Get(protocol.VersionHeader)); n > 2 {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"code":"protocol_version","versions":[1,2]}`)
			return
		}
		_, _ = io.Copy(w, r.Body)
	}))
	defer central.Close()
	s := newSpeaker(http.DefaultTransport, []int{1, 2, 3, 4})
	for range 2 {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, central.URL, strings.NewReader("a batch"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := s.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || string(body) != "a batch" {
			t.Errorf("%d %q %v", res.StatusCode, body, err)
		}
		_ = res.Body.Close()
	}
	if strings.Join(asked, " ") != "4 2 2" {
		t.Errorf("asked in versions %v", asked)
	}
}

// Without a common version the refusal comes through.
func TestNoCommonVersion(t *testing.T) {
	central := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(protocol.VersionHeader, "1")
		w.WriteHeader(http.StatusBadRequest)
	}))
	defer central.Close()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, central.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := newSpeaker(http.DefaultTransport, []int{2, 3}).RoundTrip(r)
	if err != nil || res.StatusCode != http.StatusBadRequest {
		t.Fatalf("%v %v", res, err)
	}
	_ = res.Body.Close()
}
