package program_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"parvis/app/central/program"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// certificate writes a new certificate for this machine and its key; pool trusts it.
func certificate(t *testing.T, dir string, number int64) (pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "central"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	err = errors.Join(os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600),
		os.WriteFile(filepath.Join(dir, "chain.pem"), chain, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(chain)
	return pool
}

// starts serves with flags and returns where; the program ends with the test.
func (p place) starts(t *testing.T, flags ...string) (at string, said *locked) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	where, ended := make(chan net.Addr, 1), make(chan int, 1)
	said = &locked{}
	m := program.New(program.Params{
		Stdin: strings.NewReader(""), Stdout: said, Stderr: said, Now: time.Now, Rand: rand.Reader, Dir: p.keys, Listening: func(a net.Addr) { where <- a },
	})
	go func() {
		ended <- m.Run(ctx, append([]string{"serve", "--data", p.data, "--listen", "127.0.0.1:0"}, flags...))
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	select {
	case a := <-where:
		return a.String(), said
	case code := <-ended:
		ended <- code
		t.Fatalf("it ended with %d: %s", code, said)
	}
	return "", nil
}

// A renewed certificate is served without a restart; a broken one leaves the one before in place.
func TestTLSFromFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := []string{"--tls-cert", filepath.Join(dir, "chain.pem"), "--tls-key", filepath.Join(dir, "key.pem")}
	pool := certificate(t, dir, 1)
	at, said := newPlace(t).starts(t, files...)
	ask := func(pool *x509.CertPool) (*http.Response, error) {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
		defer client.CloseIdleConnections()
		res, err := client.Get("https://" + at + "/healthz")
		if err == nil {
			_ = res.Body.Close()
		}
		return res, err
	}
	res, err := ask(pool)
	if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Strict-Transport-Security") == "" || res.ProtoMajor != 2 {
		t.Fatalf("%+v, %v", res, err)
	}
	if !strings.Contains(said.String(), "https://"+at) {
		t.Errorf("it does not say where it is: %s", said)
	}
	renewed := certificate(t, dir, 2)
	future := time.Now().Add(time.Minute) // a file system with coarse times
	if err := os.Chtimes(filepath.Join(dir, "chain.pem"), future, future); err != nil {
		t.Fatal(err)
	}
	if res, err = ask(renewed); err != nil || res.TLS.PeerCertificates[0].SerialNumber.Int64() != 2 {
		t.Errorf("the renewed certificate is not served: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "chain.pem"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err = ask(renewed); err != nil {
		t.Error("a broken file took the certificate away:", err)
	}
	if _, err := tls.Dial("tcp", at, &tls.Config{RootCAs: renewed, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("it speaks an old TLS")
	}
	if res, err := http.Get("http://" + at + "/healthz"); err == nil {
		defer res.Body.Close()
		if res.StatusCode == http.StatusOK {
			t.Error("it serves plain HTTP on the port of TLS")
		}
	}
}

func TestFlagsOfTLSThatMakeNoSense(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certificate(t, dir, 1)
	chain, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	for name, flags := range map[string][]string{
		"a certificate alone": {"--tls-cert", chain}, "a key alone": {"--tls-key", key}, "files and ACME": {"--tls-cert", chain, "--tls-key", key, "--acme", "central.example.org"},
		"a key for a certificate": {"--tls-cert", key, "--tls-key", key}, "no TLS at all": {"--listen", "0.0.0.0:0"},
	} {
		if got := newPlace(t).run(t, "", append([]string{"serve"}, flags...)...); got.code == 0 {
			t.Errorf("%s: it served", name)
		}
	}
}

// What Prometheus reads is in its format, counts what happened, and names nobody.
func TestMetrics(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	at, said := p.starts(t, "--metrics", "127.0.0.1:0")
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	code := strings.TrimSpace(p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--quiet"))
	client, err := agent.NewClient(agent.ClientParams{Central: "http://" + at, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	given, err := client.Enrol(context.Background(), protocol.EnrolRequest{Code: code, Platform: "test", AppVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	client.Authorise(given.Token)
	w := &worker{epoch: given.Epoch, made: map[string]string{}}
	if _, err := client.Push(context.Background(), w.batch(t, 5)); err != nil {
		t.Fatal(err)
	}
	where := regexp.MustCompile(`http://\S+/metrics`).FindString(said.String())
	res, err := http.Get(where)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`parvis_records_total{status="received"} 5`, `parvis_requests_total{method="POST",route="/v1/push",status="200"} 1`, "parvis_store_up 1",
		"parvis_devices_seen_hour 1", "parvis_records_missing 0",
	} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("there is no %s", line)
		}
	}
	if len(families) < 20 {
		t.Errorf("%d families", len(families))
	}
	// The figures themselves may have the digits of an interviewer's code by chance.
	names := regexp.MustCompile(`(?m) [^ ]+$`).ReplaceAllString(regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(string(text), ""), "")
	for _, private := range []string{"0417", "mall-exit", given.Device, given.Token} {
		if strings.Contains(names, private) {
			t.Errorf("it names %.8s", private)
		}
	}
	if !strings.Contains(names, `route="/v1/push"`) {
		t.Error("nothing is left to look through")
	}
	for _, at := range []string{"http://" + at + "/metrics", strings.TrimSuffix(where, "metrics")} {
		if res, err := http.Get(at); err != nil || res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %v, %v", at, res, err)
		}
	}
}

// Central is told to end while a batch is on its way: the batch is stored and answered, /readyz says no meanwhile, nobody new is let in
// afterwards, and the process ends well.
func TestEndingFinishesWhatItHasBegun(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	central := startProcess(t, p.data, "", "--drain", "1s")
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	code := strings.TrimSpace(p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--quiet"))
	client, err := agent.NewClient(agent.ClientParams{Central: central.url, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	given, err := client.Enrol(context.Background(), protocol.EnrolRequest{Code: code, Platform: "test", AppVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{epoch: given.Epoch, made: map[string]string{}}
	body := protocol.AppendBatch(nil, w.batch(t, 5))
	slow, feed := io.Pipe()
	request, err := http.NewRequest(http.MethodPost, central.url+protocol.PathPush, slow)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+given.Token)
	answer := make(chan string, 1)
	go func() {
		res, err := http.DefaultClient.Do(request)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		answer <- fmt.Sprint(res.StatusCode, string(text), err)
	}()
	if _, err := feed.Write(body[:100]); err != nil {
		t.Fatal(err)
	}
	if err := central.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	unready := false
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		res, err := http.Get(central.url + protocol.PathReady)
		if err != nil { // the door is shut
			break
		}
		_ = res.Body.Close()
		unready = unready || res.StatusCode == http.StatusServiceUnavailable
	}
	if !unready {
		t.Error("/readyz never said no")
	}
	if _, err := feed.Write(body[100:]); err != nil {
		t.Fatal(err)
	}
	if err := feed.Close(); err != nil {
		t.Fatal(err)
	}
	if got := <-answer; strings.Count(got, `"received"`) != 5 {
		t.Errorf("the batch was answered with %s", got)
	}
	if err := central.cmd.Wait(); err != nil {
		t.Errorf("the process ended with %v", err)
	}
	if said := p.must(t, "", "doctor"); !strings.Contains(said, "5 records are counted") {
		t.Error(said)
	}
}

// refused tries to serve and returns why it does not.
func (p place) refused(t *testing.T, args ...string) string {
	t.Helper()
	got := p.run(t, "", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	if got.code == 0 {
		t.Fatalf("it served: %s", got.stdout)
	}
	return got.stderr
}
