package program_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parvis/sync/protocol"
)

// A batch that never ends does not keep central from ending, for whoever asks twice.
func TestASecondSignalEndsCentralAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	central := startProcess(t, p.data, "")
	token := enrolled(t, p, serving{url: central.url}, "0417")
	at := strings.TrimPrefix(central.url, "http://")
	conn, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n", protocol.PathPush, token)
	// Central answers 100 when it begins to read the body.
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, " 100 ") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := central.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		other, err := net.Dial("tcp", at)
		if errors.Is(err, syscall.ECONNREFUSED) {
			break
		}
		if err == nil {
			_ = other.Close()
		}
		if time.Now().After(deadline) {
			t.Fatal("it still takes connections")
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- central.cmd.Wait() }()
	for {
		_ = central.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				t.Fatalf("it waited for the batch: %v", err)
			}
			if status, ok := exit.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
				t.Errorf("it ended with %v", err)
			}
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}
