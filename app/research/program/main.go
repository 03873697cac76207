package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// Params is what the program gets from its surroundings.
type Params struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() time.Time
	Getenv         func(string) string
	Transport      http.RoundTripper                          // nil for the standard one
	Sleep          func(context.Context, time.Duration) error // nil for real time
}

// Main is the program. Run it once.
type Main struct{ p Params }

// New makes the program.
func New(p Params) *Main {
	if p.Sleep == nil {
		p.Sleep = sleep
	}
	return &Main{p: p}
}

// commands is the command line.
type commands struct {
	Pull  pull       `cmd:"" help:"Fetch what is new from central and write it as CSV files with a codebook."`
	Key   keyGroup   `cmd:"" help:"Keys that open personal data."`
	Quota quotaGroup `cmd:"" help:"Quotas: try ways of sharing them."`
	Form  form       `cmd:"" help:"Questionnaires: check a workbook, try it, convert it to an XForm."`
}

// exit is how kong's exit leaves Run without ending the process.
type exit int

// errSaid ends a command that has explained itself already.
var errSaid = errors.New("said already")

// Run does what the arguments say and returns the exit status: 0, 1 where it did not work, 2 where the arguments make no sense.
func (m *Main) Run(ctx context.Context, args []string) (code int) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case exit:
			code = int(e)
		default:
			panic(e)
		}
	}()
	var c commands
	parser, err := kong.New(&c, kong.Name("research"), kong.Description("What a research team takes away from Parvis. Start with: research pull --help"),
		kong.Writers(m.p.Stdout, m.p.Stderr), kong.Exit(func(status int) { panic(exit(status)) }), kong.UsageOnError())
	if err != nil {
		return m.say(err, 1)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(m.p.Stderr, "research: %v\nresearch --help lists the commands, research pull --help the options of one.\n", err)
		return 2
	}
	chosen.BindTo(ctx, (*context.Context)(nil))
	if err := chosen.Run(m); err != nil {
		return m.say(err, 1)
	}
	return 0
}

func (m *Main) say(err error, status int) int {
	if !errors.Is(err, errSaid) {
		fmt.Fprintf(m.p.Stderr, "research: %v\n", err)
	}
	return status
}

func (m *Main) print(format string, args ...any) { fmt.Fprintf(m.p.Stdout, format, args...) }

// onTerminal tells whether a person watches what is written to w.
func onTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
