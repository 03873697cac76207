package program_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/app/central/program"
	"parvis/internal/centralstore/postgrestest"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// childVariable holds, in a process of its own, what central is to do there.
const childVariable = "PARVIS_TEST_CENTRAL"

// TestCentralInAProcess is no test of its own: it is central, in a process that can be killed.
func TestCentralInAProcess(t *testing.T) {
	told := os.Getenv(childVariable)
	if told == "" {
		t.Skip("only run by other tests, in a process of its own")
	}
	var args []string
	if err := json.Unmarshal([]byte(told), &args); err != nil {
		t.Fatal(err)
	}
	m := program.New(program.Params{
		Stdin: strings.NewReader(""), Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Rand: rand.Reader, Dir: os.TempDir(),
		Listening: func(a net.Addr) { fmt.Printf("LISTENING http://%s\n", a) },
	})
	ctx, stop := program.UntilSignalled(context.Background())
	defer stop()
	if code := m.Run(ctx, args); code != 0 {
		t.Errorf("central ended with %d", code)
	}
}

// process is a central that can be killed.
type process struct {
	url string
	cmd *exec.Cmd
}

func startProcess(t *testing.T, data, database string, flags ...string) *process {
	t.Helper()
	args, err := json.Marshal(append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "error"}, flags...))
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(os.Args[0], "-test.run=^TestCentralInAProcess$")}
	p.cmd.Env = append(os.Environ(), childVariable+"="+string(args), "PARVIS_CENTRAL_DB="+database)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(out)
	for p.url == "" && lines.Scan() {
		_, p.url, _ = strings.Cut(lines.Text(), "LISTENING ")
	}
	if p.url == "" {
		t.Fatal("central did not begin to serve")
	}
	go func() {
		for lines.Scan() { // or it would wait for its words to be read
		}
	}()
	return p
}

func (p *process) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGKILL) // it may have gone already
	_ = p.cmd.Wait()
}

// fieldwork is devices that make records and deliver them to whichever central answers, as long as it goes on.
type fieldwork struct {
	mu       sync.Mutex
	centrals []string
	acked    atomic.Int64
	errors   atomic.Int64
	over     atomic.Bool
}

func (f *fieldwork) at(n int) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.centrals[n%len(f.centrals)]
}

func (f *fieldwork) replace(n int, url string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.centrals[n] = url
}

// worker is one device.
type worker struct {
	f            *fieldwork
	token, epoch string
	seq          int64
	made         map[string]string // id -> sum
	acked        map[string]bool
}

// work makes batches and delivers each until it has receipts, asking first what arrived where an answer was lost.
func (w *worker) work(t *testing.T, n int) {
	at := n
	for !w.f.over.Load() {
		batch := w.batch(t, 5)
		for lost := false; ; lost = true {
			client, err := agent.NewClient(agent.ClientParams{Central: w.f.at(at), Token: w.token, Now: time.Now})
			if err != nil {
				t.Error(err)
				return
			}
			err = w.deliver(client, batch, lost)
			if err == nil {
				break
			}
			w.f.errors.Add(1)
			if agent.ReasonOf(err) == agent.Revoked || agent.ReasonOf(err) == agent.Refused || agent.ReasonOf(err) == agent.Forbidden {
				t.Error(err)
				return
			}
			at++ // the other central
			time.Sleep(50 * time.Millisecond)
		}
	}
}

func (w *worker) batch(t *testing.T, count int) (batch []delivery.Record) {
	for range count {
		w.seq++
		id := uuid.Must(uuid.NewV7()).String()
		body, err := json.Marshal(interview.Contact{
			ID: id, Study: "mall-exit", Site: "riverside", At: interview.Moment{UTC: time.Now().UnixMilli()}, Disposition: interview.RefusedUnknown,
		})
		if err != nil {
			t.Error(err)
		}
		r := delivery.Record{ID: id, Kind: delivery.KindContact, Revision: 1, Study: "mall-exit", Epoch: w.epoch, Seq: w.seq, Body: body, SHA256: delivery.Sum(body)}
		w.made[id] = r.SHA256
		batch = append(batch, r)
	}
	return batch
}

func (w *worker) deliver(client *agent.Client, batch []delivery.Record, lost bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if lost {
		var ids []delivery.Identity
		for _, r := range batch {
			ids = append(ids, r.Identity())
		}
		got, err := client.Have(ctx, ids)
		if err != nil {
			return err
		}
		if len(got.Receipts) == len(batch) {
			return w.settle(got.Receipts)
		}
	}
	got, err := client.Push(ctx, batch)
	if err != nil {
		return err
	}
	return w.settle(got.Receipts)
}

func (w *worker) settle(receipts []delivery.Receipt) error {
	for _, r := range receipts {
		if r.Status == delivery.Quarantined {
			return errors.New("quarantined: " + r.Reason)
		}
		w.acked[r.ID] = true
		w.f.acked.Add(1)
	}
	return nil
}

// Two centrals serve one database. One of them is killed under load, then the database's primary, whose synchronous standby takes over:
// nothing that was acknowledged is lost, and nothing is there twice.
func TestNothingIsLostWhenACentralAndThenThePrimaryAreKilled(t *testing.T) {
	dir, err := os.MkdirTemp("", "parvis-failover-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	primary, err := postgrestest.Start(ctx, filepath.Join(dir, "primary"))
	if errors.Is(err, postgrestest.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = primary.Kill() })
	link := relayTo(t, primary.HostPort())
	standby, err := primary.Standby(ctx, filepath.Join(dir, "standby"), "standby", link.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = standby.Kill() })
	for _, statement := range []string{`CREATE DATABASE parvis`, `ALTER SYSTEM SET synchronous_standby_names = 'standby'`, `SELECT pg_reload_conf()`} {
		if _, err := primary.SQL(ctx, "postgres", statement); err != nil {
			t.Fatal(err)
		}
	}
	database := fmt.Sprintf("postgres://parvis@%s,%s/parvis?sslmode=disable", primary.HostPort(), standby.HostPort())
	workers, f, stop := fieldworkOver(t, database)

	f.until(t, 300)
	stop(0)
	f.until(t, 300)
	// What is acknowledged while the standby hears nothing would be lost with the primary.
	link.cut()
	time.Sleep(time.Second)
	if err := primary.Kill(); err != nil {
		t.Fatal(err)
	}
	before := f.acked.Load()
	if err := standby.Promote(ctx); err != nil {
		t.Fatal(err)
	}
	f.until(t, 300)
	f.over.Store(true)
	workers.wait()
	t.Logf("%d records acknowledged, %d of them after the primary was killed; %d exchanges failed on the way", f.acked.Load(), f.acked.Load()-before, f.errors.Load())
	if f.errors.Load() == 0 {
		t.Error("no exchange failed: nothing was tried")
	}
	workers.verify(t, standby)
}

// relay is a link between two servers that can be cut.
type relay struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

func relayTo(t *testing.T, address string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: l}
	t.Cleanup(r.cut)
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", address)
			if err != nil {
				_ = from.Close() // whoever called sees that nobody is there
				continue
			}
			r.mu.Lock()
			r.conns = append(r.conns, from, to)
			r.mu.Unlock()
			for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
				go func() {
					_, _ = io.Copy(way[0], way[1]) // until either side ends
					_ = way[0].Close()
				}()
			}
		}
	}()
	return r
}

func (r *relay) cut() {
	_ = r.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		_ = c.Close()
	}
}

// until waits for so many more acknowledgements.
func (f *fieldwork) until(t *testing.T, more int64) {
	t.Helper()
	want := f.acked.Load() + more
	for deadline := time.Now().Add(2 * time.Minute); f.acked.Load() < want; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) || t.Failed() {
			t.Fatalf("it stands still at %d acknowledgements, after %d failed exchanges", f.acked.Load(), f.errors.Load())
		}
	}
}

type team struct {
	all  []*worker
	done sync.WaitGroup
}

func (w *team) wait() { w.done.Wait() }

// fieldworkOver starts two centrals and eight devices; stop kills a central and starts another in its place.
func fieldworkOver(t *testing.T, database string) (workers *team, f *fieldwork, stop func(n int)) {
	t.Helper()
	t.Setenv("PARVIS_CENTRAL_DB", database)
	first := newPlace(t)
	centrals := []*process{startProcess(t, first.data, database)}
	key, err := os.ReadFile(filepath.Join(first.data, "hand-in.key"))
	if err != nil {
		t.Fatal(err)
	}
	second := newPlace(t)
	if err := errors.Join(os.MkdirAll(second.data, 0o700), os.WriteFile(filepath.Join(second.data, "hand-in.key"), key, 0o600)); err != nil {
		t.Fatal(err)
	}
	centrals = append(centrals, startProcess(t, second.data, database))
	first.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	f = &fieldwork{centrals: []string{centrals[0].url, centrals[1].url}}
	workers = &team{}
	codes := strings.Fields(first.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--count", "8", "--quiet"))
	for n, code := range codes {
		client, err := agent.NewClient(agent.ClientParams{Central: f.at(n), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		given, err := client.Enrol(context.Background(), protocol.EnrolRequest{Code: code, Platform: "test", AppVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		w := &worker{f: f, token: given.Token, epoch: given.Epoch, made: map[string]string{}, acked: map[string]bool{}}
		workers.all = append(workers.all, w)
		workers.done.Go(func() { w.work(t, n) })
	}
	return workers, f, func(n int) {
		centrals[n].kill()
		centrals[n] = startProcess(t, first.data, database)
		f.replace(n, centrals[n].url)
	}
}

// verify compares the database with what the devices know.
func (w *team) verify(t *testing.T, server *postgrestest.Server) {
	t.Helper()
	out, err := server.SQL(context.Background(), "parvis", `SELECT id || ' ' || sha256 || ' ' || encode(sha256(body), 'hex') FROM records`)
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]string{}
	for _, line := range strings.Split(out, "\n") {
		part := strings.Fields(line)
		if len(part) != 3 || part[1] != part[2] {
			t.Fatalf("a record's bytes are not its own: %s", line)
		}
		if _, twice := stored[part[0]]; twice {
			t.Errorf("%s is there twice", part[0])
		}
		stored[part[0]] = part[1]
	}
	total := 0
	for _, one := range w.all {
		total += len(one.made)
		for id, sum := range one.made {
			if one.acked[id] && stored[id] != sum {
				t.Errorf("%s was acknowledged and is lost", id)
			}
			if !one.acked[id] {
				t.Errorf("%s was never acknowledged", id)
			}
		}
	}
	if total != len(stored) {
		t.Errorf("%d records were made, %d are stored", total, len(stored))
	}
	if out, err = server.SQL(context.Background(), "parvis", `SELECT COUNT(*) FROM quarantine`); err != nil || out != "0" {
		t.Errorf("%s in quarantine, %v", out, err)
	}
	if out, err = server.SQL(context.Background(), "parvis", `SELECT COUNT(*) FROM (SELECT epoch FROM arrived GROUP BY epoch HAVING COUNT(*) > 1 OR MIN(first) > 1) gaps`); err != nil || out != "0" {
		t.Errorf("%s devices have gaps, %v", out, err)
	}
}
