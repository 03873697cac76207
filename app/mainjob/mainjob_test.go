package mainjob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Variables that make this test's binary the interviewer's process.
const (
	partVar    = "PARVIS_TEST_PART" // morning, afternoon, endless, tablet or laptop
	dirVar     = "PARVIS_TEST_DIR"
	centralVar = "PARVIS_TEST_CENTRAL"
	codeVar    = "PARVIS_TEST_CODE"
	roundVar   = "PARVIS_TEST_ROUND"
)

func TestMain(m *testing.M) {
	part := os.Getenv(partVar)
	if part == "" {
		os.Exit(m.Run())
	}
	run := atTablet
	if part == "laptop" {
		run = atLaptop
	}
	if err := run(part); err != nil {
		fmt.Fprintln(os.Stderr, part+":", err)
		os.Exit(1)
	}
}

func atTablet(part string) error {
	i, err := newInterviewer(os.Getenv(dirVar), os.Getenv(centralVar), os.Getenv(codeVar))
	if err != nil {
		return err
	}
	parts := map[string]func() error{"morning": i.morning, "afternoon": i.afternoon, "endless": i.endless, "tablet": i.tablet}
	if err := parts[part](); err != nil {
		return err
	}
	i.app.Close()
	return i.store.Close()
}

func atLaptop(string) error {
	s, err := newSupervisor(os.Getenv(dirVar), os.Getenv(centralVar))
	if err != nil {
		return err
	}
	return errors.Join(s.laptop(), s.close())
}

func TestAWorkbookBecomesInterviewsBecomesData(t *testing.T) {
	dir := t.TempDir()
	bin := programs(t)
	central := startCentral(t, bin, dir)
	imported := central.command("study", "import", "../../assets/studies/mall-exit.xlsx")
	if !strings.Contains(imported, "mall-exit") {
		t.Fatalf("the import says: %s", imported)
	}
	code := strings.TrimSpace(central.command("enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--quiet"))
	net := newNetwork(t, central.url)

	killed := work(t, dir, "morning", net.URL, code)
	var exit *exec.ExitError
	if !errors.As(killed, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the app was to be killed in the middle of a question: %v", killed)
	}
	if err := work(t, dir, "afternoon", net.URL, ""); err != nil {
		t.Fatal(err)
	}

	data := pull(t, bin, central, dir)
	compareCells(t, dir, data)
	compareRecords(t, dir, central)
	nothingPersonal(t, dir, data)
}

// work runs one part of the shift in a process of its own.
func work(t *testing.T, dir, part, central, code string) error {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 8*time.Minute)
	defer stop()
	process := exec.CommandContext(ctx, os.Args[0])
	process.Env = append(os.Environ(), partVar+"="+part, dirVar+"="+dir, centralVar+"="+central, codeVar+"="+code)
	var said bytes.Buffer
	process.Stdout, process.Stderr = &said, &said
	err := process.Run()
	if err != nil {
		t.Logf("%s: %v\n%s", part, err, said.String())
	}
	return err
}

// programs builds central and research.
func programs(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "../central", "../research")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// process is central, running.
type process struct {
	t         *testing.T
	bin, data string
	url       string
}

func startCentral(t *testing.T, bin, dir string) process {
	t.Helper()
	c := process{t: t, bin: bin, data: filepath.Join(dir, "central")}
	serve := exec.Command(filepath.Join(bin, "central"), "serve", "--data", c.data, "--listen", "127.0.0.1:0")
	said := &lines{}
	serve.Stdout, serve.Stderr = said, &bytes.Buffer{}
	must(t, serve.Start())
	t.Cleanup(func() {
		_ = serve.Process.Signal(os.Interrupt)
		_ = serve.Wait()
	})
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	for range 600 {
		if c.url = address.FindString(said.String()); c.url != "" {
			return c
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("central did not say where it is: %s", said.String())
	return c
}

// command runs another command of central on the same data, while it serves.
func (c process) command(args ...string) string {
	c.t.Helper()
	run := exec.Command(filepath.Join(c.bin, "central"), append(args, "--data", c.data)...)
	run.Dir = c.t.TempDir() // where a key file is written
	if args[0] == "study" {
		path, err := filepath.Abs(args[2])
		must(c.t, err)
		run.Args[3] = path
	}
	run.Stdin = strings.NewReader("a long password\n")
	out, err := run.Output()
	if err != nil {
		c.t.Fatalf("central %v: %v\n%s", args, err, out)
	}
	return string(out)
}
