package program

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"

	"parvis/internal/export/archive"
	"parvis/sync/agent"
)

// stateFolder is where a folder of CSV files keeps what was pulled.
const stateFolder = ".parvis"

type pull struct {
	Central   string   `help:"Central's address." required:"" placeholder:"URL" env:"PARVIS_CENTRAL"`
	Study     string   `help:"The study." required:"" placeholder:"STUDY"`
	Out       string   `help:"The folder for the files; made where it is not there." required:"" type:"path" placeholder:"DIR"`
	Format    string   `help:"What to write." enum:"csv" default:"csv"`
	TokenFile string   `help:"A file that holds a token, as central token makes it. Else the token in the environment, PARVIS_TOKEN." type:"path" placeholder:"FILE"`
	User      string   `help:"Sign in as this user instead; asks for the password." placeholder:"NAME"`
	ExcelSafe bool     `help:"Put an apostrophe before text that a spreadsheet would run as a formula (it begins with = + - or @). Changes the respondents' words: not for analysis."`
	BOM       bool     `name:"bom" help:"Begin each file with a byte-order mark, by which Excel recognises UTF-8."`
	Moved     bool     `help:"Central has another address than when this folder was last pulled into."`
	Without   []string `help:"Files to leave out, such as paradata.csv; may be given several times." placeholder:"FILE"`
}

// Help is what research pull --help says below the options.
func (p *pull) Help() string {
	return `Run it again at any time: it fetches only what is new, and a revised interview replaces its row. Stopping it, or a
lost connection, loses nothing. Pictures come into the folder media, called as their cells say. Personal answers are
never in the files; values are written as they stand in the data, and codebook.csv (codebook.html to read) says what
they mean. Set PARVIS_TOKEN or give --token-file or --user.`
}

// Run pulls and writes.
func (p *pull) Run(ctx context.Context, m *Main) error {
	address, err := agent.Address(p.Central)
	if err != nil {
		return explain(err, p.Central)
	}
	client, err := m.signIn(ctx, address, p.TokenFile, p.User)
	if err != nil {
		return explain(err, address)
	}
	if err := os.MkdirAll(p.Out, 0o700); err != nil {
		return fmt.Errorf("making the folder for the files: %w", err)
	}
	kept, err := archive.Open(archive.Params{Dir: filepath.Join(p.Out, stateFolder), Central: nameOf(address), Study: p.Study, Moved: p.Moved})
	if errors.Is(err, archive.ErrOtherCentral) {
		return fmt.Errorf("%w with --moved", err)
	}
	if err != nil {
		return err
	}
	defer func() { _ = kept.Close() }() // everything that counts has been forced to the disk
	f := &fetching{m: m, client: client, archive: kept, study: p.Study}
	if err := f.all(ctx); err != nil {
		return explain(err, address)
	}
	w := &writing{m: m, pull: p, archive: kept}
	summary, err := w.all(ctx)
	if err != nil {
		return err
	}
	p.report(m, f, summary)
	pictures := &picturing{fetching: f, dir: p.Out}
	err = pictures.all(ctx)
	pictures.report()
	return explain(err, address)
}

// nameOf is what a folder calls the central it was pulled from: its address; all of this machine are one, whatever the port.
func nameOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return "a central on this machine"
	}
	return address
}

// explain turns what went wrong between here and central into words that say what to do.
func explain(err error, central string) error {
	var e *agent.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	said := ""
	if e.Problem != nil {
		said = e.Problem.Title
		if e.Problem.Detail != "" {
			said += " " + e.Problem.Detail
		}
	}
	switch e.Reason {
	case agent.Cancelled:
		return errors.New("stopped. What was pulled is kept: run the same command again to go on")
	case agent.Offline:
		return fmt.Errorf("%s cannot be reached. Check the address and the network, then run the same command again: what was pulled is kept", central)
	case agent.NotEnrolled, agent.SignInAgain, agent.Revoked:
		return errors.New("central does not accept this token. Make a new one with central token, or sign in with --user")
	case agent.BadPassword:
		return errors.New("the user name or the password is not right")
	case agent.Forbidden:
		return fmt.Errorf("%s Ask whoever hosts central for the role of researcher in this study", sentence(said, "This is not allowed."))
	case agent.Insecure, agent.BadAddress:
		return fmt.Errorf("%s is no address research can use: it must begin with https:// (http:// only for this machine)", central)
	case agent.NotCentral:
		return fmt.Errorf("what answers at %s is not central. Check the address", central)
	case agent.AppTooOld:
		return errors.New("this program is too old for central. Install the newer one")
	case agent.CentralTooOld:
		return errors.New("central is older than this program. Ask whoever hosts it to update it")
	case agent.TooMany:
		return errors.New("central asks for a pause. Wait a minute and run the same command again: what was pulled is kept")
	case agent.BadAnswer:
		return errors.New("an answer of central came damaged. Run the same command again: what was pulled is kept")
	case agent.CentralTrouble:
		return fmt.Errorf("%s Run the same command again later: what was pulled is kept", sentence(said, "Central has a problem."))
	}
	return errors.New(sentence(said, "Central refused the request."))
}

func sentence(said, otherwise string) string {
	if said == "" {
		return otherwise
	}
	return said
}
