package endpoint_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// childDir tells this test's own program that it is to be a central, with its data there.
const childDir = "PARVIS_TEST_CENTRAL"

// TestMain is the program of the tests, and of a central of its own for those that measure what it takes.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := serveChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child is a central with the usual limits, in a process of its own, on a real socket.
type child struct {
	*central      // to ask it; it has no store here
	pid           int
	logFile       string
	Address       string
	Device, Admin string // tokens
	Epoch         string
	Code          string // one that nobody used
	Recipient     string
}

// serveChild is what the process does: it tells what there is in one line of JSON, and serves until it is asked to end.
func serveChild(dir string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	store, err := centralstore.Open(ctx, centralstore.Params{Dir: dir, Now: time.Now, Rand: rand.Reader, Cost: centralstore.Cost{MemoryKiB: 64, Passes: 1}})
	if err != nil {
		return err
	}
	pair, err := seal.NewPair()
	if err != nil {
		return err
	}
	c, err := furnish(ctx, store)
	if err != nil {
		return err
	}
	log, err := os.Create(dir + "/log")
	if err != nil {
		return err
	}
	e, err := endpoint.New(endpoint.Params{
		Store: store, Now: time.Now, NewRequestID: uuid.NewString, Import: importNamed, Logger: slog.New(slog.NewJSONHandler(log, nil)),
		HandIn: &endpoint.HandInKey{Recipient: pair.Recipient, Keys: pair.Keys()},
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c.Address, c.Recipient = listener.Addr().String(), pair.Recipient
	if err := json.NewEncoder(os.Stdout).Encode(c); err != nil {
		return err
	}
	if err := e.Serve(ctx, listener); err != nil {
		return err
	}
	return store.Close()
}

func furnish(ctx context.Context, store centralstore.Store) (c child, err error) {
	form := []byte("<h:html/>")
	pack := centralstore.StudyPackage{Actor: "test", Files: [][]byte{form}}
	pack.Study.ID, pack.Study.Title, pack.Study.Sites = "mall", study.Text{"": "mall"}, []study.Site{{Name: "north"}}
	pack.Study.Form.SHA256, pack.Study.Form.Size = protocol.Sum(form), int64(len(form))
	if _, err := store.PutStudy(ctx, pack); err != nil {
		return c, err
	}
	codes := make([]centralstore.Code, 2)
	for i := range codes {
		if codes[i], err = store.NewCode(ctx, centralstore.CodeOrder{Studies: []string{"mall"}, Interviewer: "0417", Valid: time.Hour, Actor: "test"}); err != nil {
			return c, err
		}
	}
	d, err := store.Enrol(ctx, centralstore.Enrolment{Code: codes[0].Text})
	if err != nil {
		return c, err
	}
	if err := store.AddUser(ctx, centralstore.NewUser{Name: "ada", Password: "a long enough password", Grants: []centralstore.Grant{{Role: centralstore.Administrator}}}); err != nil {
		return c, err
	}
	a, err := store.IssueToken(ctx, "ada", time.Hour)
	return child{Device: d.Secret, Epoch: d.Epoch, Admin: a.Secret, Code: codes[1].Text}, err
}

func startChild(t *testing.T) *child {
	t.Helper()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var trouble bytes.Buffer
	cmd := exec.Command(self)
	cmd.Env, cmd.Stderr = append(os.Environ(), childDir+"="+dir), &trouble
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("central ended with %v\n%s", err, trouble.String())
		}
	})
	c := &child{pid: cmd.Process.Pid, logFile: dir + "/log"}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, c)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, trouble.String())
	}
	c.central = &central{url: "http://" + c.Address}
	return c
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMiB is the most memory the process ever had, in MiB.
func (c *child) peakMiB(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.pid))
	if err != nil {
		t.Skip("this system does not tell what memory a process takes")
	}
	found := peak.FindSubmatch(status)
	if found == nil {
		t.Skip("this system does not tell what memory a process takes")
	}
	kib, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kib >> 10
}

// openFiles is how many files and connections the process has open.
func (c *child) openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", c.pid))
	if err != nil {
		t.Skip("this system does not tell what a process has open")
	}
	return len(entries)
}

// others tells that central serves whoever means well, while something goes on or after it.
func (c *child) others(t *testing.T, seq int64) {
	t.Helper()
	d := protocol.EnrolAnswer{Token: c.Device, Epoch: c.Epoch}
	if got := c.push(t, d, contact(t, d, seq, "mall")); got.Receipts[0].Status != protocol.Received {
		t.Errorf("a device is answered %+v", got.Receipts[0])
	}
	if got := c.do(t, request{method: "GET", path: protocol.PathStudies, token: c.Admin}); got.status != 200 || !strings.Contains(string(got.body), "mall") {
		t.Errorf("a person is answered %s", describe(got))
	}
}
