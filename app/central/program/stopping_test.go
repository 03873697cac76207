package program_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// slow is a batch on its way, of which central has read the beginning.
type slow struct {
	conn  net.Conn
	in    *bufio.Reader
	rest  []byte
	batch []delivery.Record
	token string
}

// half begins to push and returns once central reads.
func half(t *testing.T, p place, central string) *slow {
	t.Helper()
	code := strings.TrimSpace(p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--quiet"))
	client, err := agent.NewClient(agent.ClientParams{Central: central, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	given, err := client.Enrol(context.Background(), protocol.EnrolRequest{Code: code, Platform: "test", AppVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	s := &slow{token: given.Token, batch: (&worker{epoch: given.Epoch, made: map[string]string{}}).batch(t, 50)}
	var records []protocol.Record
	for _, r := range s.batch {
		records = append(records, protocol.Record(r))
	}
	body := protocol.AppendBatch(nil, records)
	at := strings.TrimPrefix(central, "http://")
	if s.conn, err = net.Dial("tcp", at); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.conn.Close() })
	s.in = bufio.NewReader(s.conn)
	// Central answers 100 when it begins to read the body.
	fmt.Fprintf(s.conn, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		protocol.PathPush, at, s.token, protocol.ContentJSON, len(body))
	line, err := s.in.ReadString('\n')
	if err != nil || !strings.Contains(line, " 100 ") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := s.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	s.rest = body
	s.send(t, len(body)/2)
	return s
}

// send goes on by so many bytes.
func (s *slow) send(t *testing.T, n int) {
	t.Helper()
	n = min(n, len(s.rest))
	if _, err := s.conn.Write(s.rest[:n]); err != nil {
		t.Fatal(err)
	}
	s.rest = s.rest[n:]
}

// until waits until done is true, while the batch dribbles on.
func (s *slow) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it took too long: %s", what)
		}
		if len(s.rest) > 1000 {
			s.send(t, 1)
		}
	}
}

// refuses tells whether nobody listens any more.
func refuses(central string) bool {
	conn, err := net.Dial("tcp", strings.TrimPrefix(central, "http://"))
	if err == nil {
		_ = conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

func TestABatchOnItsWayIsStoredAndAnsweredWhenCentralStops(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	central := startProcess(t, p.data, "", "--drain", "3s")
	s := half(t, p, central.url)
	ask := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	ready := func() int {
		res, err := ask.Get(central.url + protocol.PathReady)
		if err != nil {
			t.Fatalf("it was gone before it had said that it goes: %v", err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	if got := ready(); got != http.StatusOK {
		t.Fatalf("ready: %d", got)
	}
	if err := central.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.until(t, "saying that it goes", func() bool { return ready() == http.StatusServiceUnavailable })
	if res, err := ask.Get(central.url + protocol.PathHealth); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("it is not alive while it drains: %v", err)
	} else {
		_ = res.Body.Close()
	}
	s.until(t, "refusing new connections", func() bool { return refuses(central.url) })

	s.send(t, len(s.rest))
	res, err := http.ReadResponse(s.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer protocol.PushAnswer
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK || len(answer.Receipts) != len(s.batch) {
		t.Fatalf("%s, %v, %d receipts", res.Status, err, len(answer.Receipts))
	}
	if err := central.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	s.verify(t, p.serve(t).url)
}

// verify asks central for every record of the batch.
func (s *slow) verify(t *testing.T, central string) {
	t.Helper()
	client, err := agent.NewClient(agent.ClientParams{Central: central, Token: s.token, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var ids []delivery.Identity
	for _, r := range s.batch {
		ids = append(ids, r.Identity())
	}
	have, err := client.Have(context.Background(), ids)
	if err != nil || len(have.Receipts) != len(ids) {
		t.Fatalf("%d of %d records are stored, %v", len(have.Receipts), len(ids), err)
	}
}

func TestASecondSignalEndsCentralAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	central := startProcess(t, p.data, "")
	s := half(t, p, central.url)
	if err := central.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.until(t, "refusing new connections", func() bool { return refuses(central.url) })
	ended := make(chan error, 1)
	go func() { ended <- central.cmd.Wait() }()
	for {
		_ = central.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
		select {
		case err := <-ended:
			exit, ok := errors.AsType[*exec.ExitError](err)
			if !ok {
				t.Fatalf("it finished with the batch on its way: %v", err)
			}
			if status, ok := exit.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
				t.Errorf("it ended with %v", err)
			}
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}
