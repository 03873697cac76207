package relay_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/sync/protocol"
	"parvis/sync/protocol/guard"
	"parvis/sync/relay"
)

// laptop is a relay with a real store that is asked without a network, as fast as it goes, and the token of a tablet that paired with it.
func laptop(f *testing.F) (http.Handler, string) {
	f.Helper()
	store, err := desk.Open(f.Context(), desk.Params{Path: filepath.Join(f.TempDir(), "desk.db")})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = store.Close() })
	often := guard.Rate{PerSecond: 1e9, AtOnce: 1e9}
	r, err := relay.New(f.Context(), relay.Params{
		Store: store, Now: time.Now, NewID: uuid.NewString, Name: "ines", Limits: relay.Limits{Tablet: often, Stranger: often, Wrong: often},
		Addresses: func() []string { return nil }, Online: func() bool { return true },
	})
	if err != nil {
		f.Fatal(err)
	}
	body, err := json.Marshal(protocol.RelayPairRequest{Secret: r.Open("127.0.0.1:1").Secret, Name: "0417"})
	if err != nil {
		f.Fatal(err)
	}
	var paired protocol.RelayPairAnswer
	w := ask(r.Handler(), http.MethodPost, protocol.PathRelayPair, "", body, "")
	if err := json.Unmarshal(w.Body.Bytes(), &paired); err != nil || paired.Token == "" {
		f.Fatalf("%d %s", w.Code, w.Body)
	}
	return r.Handler(), paired.Token
}

func ask(h http.Handler, method, path, token string, body []byte, encoding string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Content-Encoding", encoding)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Whatever a tablet or a stranger sends a laptop: it is answered in the protocol's words, and nobody without a token gets in.
func FuzzRelay(f *testing.F) {
	h, token := laptop(f)
	paths := []string{protocol.PathRelayPair, protocol.PathRelayStates, protocol.PathRelayRights, protocol.PathRelayBatch}
	for n := range paths {
		for _, seed := range []string{
			``, `null`, `{`, `[]`, `{"secret":"ABCD2345EFGH","name":"0417","previous":"x"}`, `{"secret":"","name":"\u0000\ud800"}`, `{"batches":["a","a"],"settled":["../x",""]}`,
			`{"batches":null,"settled":[null]}`, `{"studies":[{"study":"mall","epoch":"e","want":{"young":9223372036854775807},"had_by":{"t":{"young":-1}}}]}`,
			"age-encryption.org/v1\n-> X25519 x\n", strings.Repeat("[", 20_000), strings.Repeat(`{"studies":`, 5000),
		} {
			f.Add(uint8(n), []byte(seed), "")
			f.Add(uint8(n), []byte(seed), "zstd")
		}
	}
	f.Fuzz(func(t *testing.T, n uint8, body []byte, encoding string) {
		path, method := paths[int(n)%len(paths)], http.MethodPost
		if path == protocol.PathRelayBatch {
			path, method = path+"/"+delivery.Sum(body), http.MethodPut
		}
		for _, who := range []string{token, "", "wrong"} {
			w := ask(h, method, path, who, body, encoding)
			if w.Code >= http.StatusInternalServerError && w.Code != http.StatusInsufficientStorage {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
			if who != token && w.Code < 400 {
				t.Fatalf("a stranger was let in at %s: %s", path, w.Body)
			}
			var p protocol.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code >= 400 && (p.Status != w.Code || p.Code == "") {
				t.Fatalf("no problem: %d %s", w.Code, w.Body)
			}
		}
	})
}
