package program_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parvis/internal/centralstore/postgrestest"
)

// Two centrals on one database: the second one needs the first one's key, keeps files where the first one does, and tells of its
// connections.
func TestSeveralCentralsOnOneDatabase(t *testing.T) {
	dir, err := os.MkdirTemp("", "parvis-several-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	server, err := postgrestest.Start(ctx, filepath.Join(dir, "server"))
	if errors.Is(err, postgrestest.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Kill() })
	if err := server.NewDatabase(ctx, "parvis", ""); err != nil {
		t.Fatal(err)
	}
	first, second := newPlace(t), newPlace(t)
	media := filepath.Join(dir, "media")
	t.Setenv("PARVIS_CENTRAL_DB", server.Address("parvis"))
	t.Setenv("PARVIS_CENTRAL_REPLICA", server.Address("parvis"))
	t.Setenv("PARVIS_CENTRAL_MEDIA", media)
	at := freeAddress(t)
	one := first.serve(t, "--metrics", at)
	first.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	if files, err := filepath.Glob(filepath.Join(media, "blobs", "*")); err != nil || len(files) == 0 {
		t.Errorf("nothing lies where --media says, %v", err)
	}
	if said := second.refused(t); !strings.Contains(said, "another hand-in.key") {
		t.Fatal(said)
	}
	key, err := os.ReadFile(filepath.Join(first.data, "hand-in.key"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(second.data, "hand-in.key"), key)
	two := second.serve(t)
	token := enrolled(t, first, one, "0417")
	if status, _ := two.do(t, http.MethodGet, "/v1/pull", token, "", nil); status != http.StatusOK {
		t.Errorf("a device of the one central gets %d from the other", status)
	}
	metrics := get(t, "http://"+at+"/metrics")
	for _, pool := range []string{"primary", "replica"} {
		if !regexp.MustCompile(`parvis_central_database_connections_open\{server="` + pool + `"\} [1-9]`).MatchString(metrics) {
			t.Errorf("nothing of the connections to the %s", pool)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", res.Status, err)
	}
	return string(data)
}

// Metrics have a place of their own, and that place has nothing else.
func TestMetricsAreServedApart(t *testing.T) {
	t.Parallel()
	p, at := newPlace(t), freeAddress(t)
	s := p.serve(t, "--metrics", at)
	if status, _ := s.do(t, http.MethodGet, "/metrics", "", "", nil); status != http.StatusNotFound {
		t.Errorf("central itself answers /metrics with %d", status)
	}
	text := get(t, "http://"+at+"/metrics")
	for _, want := range []string{"parvis_central_build_info{version=", "parvis_central_store_up 1", `route="/",status="404"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics do not have %s", want)
		}
	}
	if res, err := http.Get("http://" + at + "/v1/studies"); err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("%v, %v", res, err)
	} else {
		_ = res.Body.Close()
	}
	if want := fmt.Sprintf("http://%s/metrics", at); !strings.Contains(s.text.String(), want) {
		t.Errorf("it does not say where they are: %s", s.text)
	}
}
