package centralstore

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"parvis/internal/centralstore/postgrestest"
)

// engineVariable says over which engine the tests of this process run. Every test of this package runs twice: over SQLite, then in a
// second process over PostgreSQL.
const engineVariable = "PARVIS_TEST_ENGINE"

// server is the PostgreSQL of this process's tests; nil over SQLite.
var server *postgrestest.Server

func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv(engineVariable) == "postgres" {
		os.Exit(overPostgres(m))
	}
	status := m.Run()
	if status == 0 && flag.Lookup("test.fuzz").Value.String() == "" && flag.Lookup("test.bench").Value.String() == "" {
		status = again()
	}
	os.Exit(status)
}

// again runs the same tests over PostgreSQL.
func again() int {
	own, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("and over PostgreSQL:")
	cmd := exec.Command(own, keep(os.Args[1:])...)
	cmd.Env = append(os.Environ(), engineVariable+"=postgres")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "over PostgreSQL:", err)
		return 1
	}
	return 0
}

// keep leaves out the flags that name files, which the first run has written.
func keep(flags []string) (kept []string) {
	for _, f := range flags {
		name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		if !strings.Contains(name, "profile") && name != "test.gocoverdir" && name != "test.testlogfile" {
			kept = append(kept, f)
		}
	}
	return kept
}

func overPostgres(m *testing.M) int {
	dir, err := os.MkdirTemp("", "parvis-postgres-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	// What these tests are about is not what a power cut leaves: that has a server of its own.
	server, err = postgrestest.Start(context.Background(), filepath.Join(dir, "server"), "fsync=off", "full_page_writes=off", "max_connections=400")
	if errors.Is(err, postgrestest.ErrAbsent) {
		fmt.Println("SKIPPED over PostgreSQL:", err)
		return 0
	}
	if err == nil {
		defer func() { _ = server.Stop() }()
		err = prepareTemplate()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// template is a database with the schema in it, from which each test's own is copied.
const template = "template_parvis"

func prepareTemplate() error {
	ctx := context.Background()
	if err := server.NewDatabase(ctx, template, ""); err != nil {
		return err
	}
	e, err := openPostgres(ctx, Params{Database: server.Address(template), Logger: silent()})
	if err != nil {
		return err
	}
	return e.close()
}

var databases atomic.Int64

// database makes one for a test, with the newest schema; "" over SQLite.
func database(t testing.TB) string {
	t.Helper()
	return databaseLike(t, template)
}

// databaseLike makes one that begins as another one is, empty where none is named.
func databaseLike(t testing.TB, other string) string {
	t.Helper()
	if server == nil {
		return ""
	}
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := server.NewDatabase(t.Context(), name, other); err != nil {
		t.Fatal(err)
	}
	return server.Address(name)
}
