// Package postgrestest starts real PostgreSQL servers in temporary folders for tests: alone, or a primary with a synchronous standby.
// It knows Debian's and the common places of PostgreSQL's programs, and nothing of Parvis.
package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrAbsent: this machine has no PostgreSQL server to start.
var ErrAbsent = errors.New("no PostgreSQL server is installed here (Debian: apt-get install postgresql)")

// Server is a running PostgreSQL that listens on the loopback only.
type Server struct {
	bin, dir string
	port     int
	cmd      *exec.Cmd
	log      *bytes.Buffer
	gone     chan struct{}
}

// Start makes a new cluster below dir and starts it. settings are lines of postgresql.conf. It fails with ErrAbsent where there is no
// PostgreSQL.
func Start(ctx context.Context, dir string, settings ...string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: filepath.Join(dir, "data")}
	// The server's user must reach its folder below one that belongs to another user.
	if err := s.give(dir); err != nil {
		return nil, err
	}
	if err := s.run(ctx, "initdb", "-D", s.dir, "-U", "parvis", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"); err != nil {
		return nil, err
	}
	return s, s.Begin(ctx, settings...)
}

// Standby makes a second server that follows this one under a name, reaching it at via (HostPort, or a relay before it), and starts it.
func (s *Server) Standby(ctx context.Context, dir, name, via string, settings ...string) (*Server, error) {
	f := &Server{bin: s.bin, dir: filepath.Join(dir, "data")}
	if err := f.give(dir); err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(via)
	if err != nil {
		return nil, err
	}
	from := fmt.Sprintf("host=%s port=%s user=parvis application_name=%s", host, port, name)
	if err := f.run(ctx, "pg_basebackup", "-D", f.dir, "-d", from, "-R", "--checkpoint=fast", "--no-sync"); err != nil {
		return nil, err
	}
	return f, f.Begin(ctx, settings...)
}

// Begin starts the server on a free port, with settings on top of those it has, and waits until it answers.
func (s *Server) Begin(ctx context.Context, settings ...string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	if s.port == 0 {
		s.port = port
	}
	arguments := []string{"-D", s.dir, "-p", strconv.Itoa(s.port), "-h", "127.0.0.1", "-k", ""}
	for _, one := range slices.Concat([]string{"shared_buffers=64MB", "max_connections=60"}, settings) {
		arguments = append(arguments, "-c", one)
	}
	s.log, s.gone = &bytes.Buffer{}, make(chan struct{})
	s.cmd = exec.Command(filepath.Join(s.bin, "postgres"), arguments...)
	s.cmd.Stdout, s.cmd.Stderr, s.cmd.SysProcAttr, s.cmd.Dir = s.log, s.log, s.attributes(), s.dir
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
	}
	go func() {
		_ = s.cmd.Wait() // how it ended is seen by whoever asks it
		close(s.gone)
	}()
	return s.answer(ctx)
}

func (s *Server) answer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if exec.CommandContext(ctx, filepath.Join(s.bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(s.port)).Run() == nil {
			return nil
		}
		select {
		case <-s.gone:
			return fmt.Errorf("PostgreSQL ended at once: %s", s.log)
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %s", s.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Kill ends the server as a power cut would: at once, without a word to anybody.
func (s *Server) Kill() error {
	// Its children follow when the first process is gone; -9 to all of the group spares the wait.
	err := syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-s.gone
	return err
}

// Stop ends the server quickly.
func (s *Server) Stop() error {
	err := s.cmd.Process.Signal(syscall.SIGINT)
	<-s.gone
	return err
}

// Promote makes a standby the server that takes writes, and waits until it does.
func (s *Server) Promote(ctx context.Context) error {
	return s.run(ctx, "pg_ctl", "promote", "-w", "-D", s.dir)
}

// NewDatabase makes a database, as a copy of another one where template names it.
func (s *Server) NewDatabase(ctx context.Context, name, template string) error {
	arguments := []string{"-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-U", "parvis"}
	if template != "" {
		arguments = append(arguments, "-T", template)
	}
	return s.run(ctx, "createdb", append(arguments, name)...)
}

// SQL runs statements in a database and returns what they print.
func (s *Server) SQL(ctx context.Context, database, statements string) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "psql"), "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-U", "parvis", "-d", database, "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", statements)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("psql: %w: %s", err, out)
	}
	return strings.TrimSpace(string(out)), nil
}

// Dump is all that a database holds, as SQL.
func (s *Server) Dump(ctx context.Context, database string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "pg_dump"), "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-U", "parvis", database)
	return cmd.Output()
}

// Address is how a client reaches a database.
func (s *Server) Address(database string) string {
	return fmt.Sprintf("postgres://parvis@%s/%s?sslmode=disable", s.HostPort(), database)
}

// HostPort is where the server listens.
func (s *Server) HostPort() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

func (s *Server) run(ctx context.Context, program string, arguments ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), arguments...)
	cmd.SysProcAttr, cmd.Dir = s.attributes(), "/"
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// owner is whom the server runs as: PostgreSQL refuses to run as root.
func owner() (id *syscall.Credential) {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return nil
}

func (s *Server) attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: owner(), Setpgid: true}
}

// give makes the folder and hands it to the server's user.
func (s *Server) give(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	who := owner()
	if who == nil {
		return nil
	}
	return os.Chown(dir, int(who.Uid), int(who.Gid))
}

// programs is the folder of the newest PostgreSQL here.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", ErrAbsent
}

func version(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
