package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"parvis/internal/centralstore"
)

// Params is what the program gets from its surroundings.
type Params struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() time.Time
	Rand           io.Reader // secrets come from it
	Dir            string    // where key files are written; "" for the current folder
	// Listening is called once central serves; nil for nobody.
	Listening func(net.Addr)
}

// Main is the program. Run it once.
type Main struct {
	p     Params
	store centralstore.Store
}

// New makes the program.
func New(p Params) *Main {
	if p.Listening == nil {
		p.Listening = func(net.Addr) {}
	}
	return &Main{p: p}
}

// commands is the command line.
type commands struct {
	Serve       serve       `cmd:"" help:"Serve devices, supervisors and research. Needs no configuration."`
	Study       study       `cmd:"" help:"Studies: import a workbook, list what is here."`
	Enrol       enrol       `cmd:"" name:"enrol-code" help:"Make a one-time code with which an interviewer's device enrols."`
	User        user        `cmd:"" help:"People: supervisors, researchers, administrators, viewers."`
	Token       token       `cmd:"" help:"Tokens for command-line use, such as research pull: make one (central token --user NAME), list, end one."`
	Device      phone       `cmd:"" help:"Devices: list them, shut one out."`
	Message     message     `cmd:"" help:"Messages to those in the field: send one, list them with who has read them."`
	Interviewer interviewer `cmd:"" help:"Interviewers: the card that says who one is."`
	Audit       audit       `cmd:"" help:"The audit log: export it, verify that nothing of it was changed."`
	Status      state       `cmd:"" help:"What is here: studies, interviews, devices, what is missing, what is in quarantine."`
	Backup      backup      `cmd:"" help:"Write all that central holds into one file, while it serves."`
	Restore     restore     `cmd:"" help:"Make a new central out of a backup, in an empty folder or database."`
	Doctor      doctor      `cmd:"" help:"Look whether central is sound and safe, and say what to do."`
	Recount     recount     `cmd:"" help:"Make the counts by day and site and the figures of quotas anew from what is stored, where the doctor says so."`
	Bench       bench       `cmd:"" help:"Play devices that push interviews of the sample study, and measure what central takes."`
}

// exit is how kong's exit leaves Run without ending the process.
type exit int

// Run does what the arguments say and returns the exit status: 0, 1 where it did not work, 2 where the arguments make no sense.
func (m *Main) Run(ctx context.Context, args []string) (code int) {
	defer func() {
		if e, ok := recover().(exit); ok {
			code = int(e)
		}
	}()
	var c commands
	parser, err := kong.New(&c, kong.Name("central"), kong.Description("The endpoint of Parvis. Start with: central serve"),
		kong.Writers(m.p.Stdout, m.p.Stderr), kong.Exit(func(status int) { panic(exit(status)) }),
		kong.Vars{"data": defaultData()})
	if err != nil {
		return m.say(err, 1)
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return m.say(fmt.Errorf("%w; see central --help", err), 2)
	}
	chosen.BindTo(ctx, (*context.Context)(nil))
	err = chosen.Run(m)
	if closing := m.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return m.say(err, 1)
	}
	return 0
}

// Close lets go of the data folder.
func (m *Main) Close() error {
	if m.store == nil {
		return nil
	}
	err := m.store.Close()
	m.store = nil
	return err
}

func (m *Main) say(err error, status int) int {
	if !errors.Is(err, errSaid) {
		fmt.Fprintf(m.p.Stderr, "central: %v\n", err)
	}
	return status
}

// errSaid ends a command that has explained itself already.
var errSaid = errors.New("said already")

func (m *Main) print(format string, args ...any) { fmt.Fprintf(m.p.Stdout, format, args...) }

// data is the flag every command has.
type data struct {
	Data    string `help:"The data folder." default:"${data}" env:"PARVIS_CENTRAL_DATA" type:"path" placeholder:"DIR"`
	DB      string `name:"db" help:"A PostgreSQL to keep everything in, postgres://USER@HOST/DATABASE; left out: a file in the data folder. A password belongs into ~/.pgpass, a service file or the variable: the command line can be read by everybody on the machine." env:"PARVIS_CENTRAL_DB" placeholder:"ADDRESS"`
	Replica string `help:"A PostgreSQL that follows it, for what people read; left out: none." env:"PARVIS_CENTRAL_REPLICA" placeholder:"ADDRESS"`
	Media   string `help:"Where files lie: a folder, or s3://HOST/BUCKET?region=REGION with the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; left out: the data folder." env:"PARVIS_CENTRAL_MEDIA" placeholder:"PLACE"`
}

// defaultData is in the user's own configuration folder, so that it is the same from wherever a command is given.
func defaultData() string {
	base, err := os.UserConfigDir()
	if err != nil {
		return "parvis-central"
	}
	return filepath.Join(base, "parvis", "central")
}

// flag is what other commands must be given to mean the same data: nothing where it is the default or comes from the environment.
func (d data) flag() string {
	flags := ""
	if d.Data != defaultData() && d.Data != os.Getenv("PARVIS_CENTRAL_DATA") {
		flags = " --data " + quoted(d.Data)
	}
	if d.DB != "" && d.DB != os.Getenv("PARVIS_CENTRAL_DB") {
		flags += " --db " + quoted(centralstore.DatabaseName(d.DB))
	}
	if d.Media != "" && d.Media != os.Getenv("PARVIS_CENTRAL_MEDIA") {
		flags += " --media " + quoted(d.Media)
	}
	return flags
}

// where is what a person is told about it.
func (d data) where() string {
	text := d.Data
	if d.DB != "" {
		text = centralstore.DatabaseName(d.DB) + ", with keys in " + d.Data
	}
	if d.Media != "" {
		text += ", files in " + d.Media
	}
	return text
}

// open opens the store; make allows a new data folder.
func (m *Main) open(ctx context.Context, d data, make bool) (centralstore.Store, error) {
	if _, err := os.Stat(filepath.Join(d.Data, centralstore.FileName)); err != nil && !make && d.DB == "" {
		return nil, fmt.Errorf("there is no central in %s; start one with: central serve%s", d.Data, d.flag())
	}
	_, missing := os.Stat(filepath.Join(d.Data, handInFile))
	p := m.storeParams(d)
	var err error
	if p.Key, err = m.storeKey(d); err != nil {
		return nil, err
	}
	store, err := centralstore.Open(ctx, p)
	if err != nil {
		return nil, err
	}
	m.store = store
	return store, m.agree(ctx, d, missing != nil)
}

// storeParams says where the store is.
func (m *Main) storeParams(d data) centralstore.Params {
	return centralstore.Params{Dir: d.Data, Database: d.DB, Replica: d.Replica, Media: d.Media, Now: m.p.Now, Rand: m.p.Rand}
}
