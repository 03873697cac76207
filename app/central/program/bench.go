package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"parvis/app/central/load"
	"parvis/assets"
	"parvis/internal/centralstore"
	"parvis/internal/respondent"
	"parvis/internal/study/importer"
	"parvis/sync/endpoint"
)

// benchStudy is the practice study that load goes into, and nothing else does.
const benchStudy = "parvis-bench"

// bench has no variable of the environment for where data lie: load must never reach a real central because of one.
type bench struct {
	Central     string        `help:"The address of a central that serves already; left out: bench starts one of its own, in a temporary folder." placeholder:"URL"`
	Data        string        `help:"With --central: the data folder of that central, where bench makes its enrolment codes." type:"path" placeholder:"DIR"`
	DB          string        `name:"db" help:"With --central: the PostgreSQL of that central. Without: an empty one for bench's own central, of no use afterwards." placeholder:"ADDRESS"`
	Codes       string        `help:"With --central: a file with one enrolment code on each line, made with --codes-only where the data are." type:"existingfile" placeholder:"FILE"`
	CodesOnly   bool          `help:"Bring the practice study to the central in --data (and --db), print a code for each device, and end."`
	Devices     int           `help:"How many devices push at the same time." default:"50"`
	Batch       int           `help:"How many interviews a device sends at once." default:"20"`
	Interviews  int           `help:"How many interviews in all; 10000 where --duration is not given either."`
	Duration    time.Duration `help:"For how long, such as 10m."`
	YesThisOne  bool          `name:"yes-this-central" help:"Load a central that holds real studies too. Practice interviews stay in it for ever, in the study parvis-bench."`
	Seed        uint64        `help:"The answers that are given." default:"1" hidden:""`
	ReportEvery time.Duration `help:"How often to say how far it is." default:"5s"`
}

// The usual amount of work, and how many different interviews it is made of.
const (
	usualInterviews = 10000
	differentOnes   = 40
)

// Run plays the devices and prints the figures, also when it is stopped.
func (b *bench) Run(ctx context.Context, m *Main) error {
	if err := b.check(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "parvis-bench-")
	if err != nil {
		return fmt.Errorf("making a temporary folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what stays in the temporary folder is practice
	pack, err := practiceStudy()
	if err != nil {
		return err
	}
	if b.Codes == "" {
		if err := b.prepare(ctx, m, pack, dir); err != nil {
			return err
		}
	}
	codes, err := b.codes(ctx, m)
	if err != nil {
		return err
	}
	if b.CodesOnly {
		m.print("%s\n", strings.Join(codes, "\n"))
		return nil
	}
	return b.load(ctx, m, pack, dir, codes)
}

func (b *bench) check() error {
	if b.Interviews == 0 && b.Duration == 0 {
		b.Interviews = usualInterviews
	}
	elsewhere := b.Central != "" || b.CodesOnly
	switch {
	case b.Devices < 1 || b.Devices > mostCodes:
		return fmt.Errorf("--devices is 1 to %d", mostCodes)
	case b.Batch < 1 || b.Batch > load.MostBatch:
		return fmt.Errorf("--batch is 1 to %d", load.MostBatch)
	case b.Interviews < 0 || b.Duration < 0:
		return errors.New("--interviews and --duration are more than nothing")
	case b.Codes != "" && (b.Central == "" || b.CodesOnly):
		return errors.New("--codes goes with --central, the address where the codes are good")
	case b.Central != "" && b.Codes == "" && b.Data == "":
		return errors.New("bench needs enrolment codes at that central: name its data folder with --data, and its --db if it has one, or bring codes in a file\n" +
			"with --codes; they are made where the data are, with: central bench --codes-only --data DIR")
	case b.CodesOnly && b.Data == "": // the study's files go there too
		return errors.New("--codes-only needs --data, the central's data folder, and its --db if it has one")
	case !elsewhere && b.Data != "":
		return errors.New("--data goes with --central: bench's own central has a temporary folder")
	}
	return nil
}

// practiceStudy is the sample study under a name that nobody takes for real fieldwork.
func practiceStudy() (*importer.Package, error) {
	files, err := fs.Sub(assets.Studies, "studies/mall-exit")
	if err != nil {
		return nil, fmt.Errorf("reading the sample study: %w", err)
	}
	book, err := assets.Studies.ReadFile("studies/mall-exit.xlsx")
	if err != nil {
		return nil, fmt.Errorf("reading the sample study: %w", err)
	}
	pack, _, err := importer.Read(importer.Params{Name: "mall-exit.xlsx", Workbook: bytes.NewReader(book), Size: int64(len(book)), Files: files})
	if err != nil {
		return nil, fmt.Errorf("reading the sample study: %w", err)
	}
	return pack, respondent.Practice(pack, benchStudy, "Practice: made by central bench")
}

// prepare opens the store and brings the practice study into it.
func (b *bench) prepare(ctx context.Context, m *Main, pack *importer.Package, dir string) error {
	own := b.Central == "" && !b.CodesOnly
	where := data{Data: b.Data, DB: b.DB}
	if where.Data == "" {
		where.Data = dir
	}
	store, err := m.open(ctx, where, own)
	if err != nil {
		return err
	}
	status, err := store.Status(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(status.Studies, func(s centralstore.StudyState) bool { return s.Study.ID != benchStudy })
	switch {
	case at >= 0 && own:
		return fmt.Errorf("this database holds the study %s: bench's own central takes an empty one", status.Studies[at].Study.ID)
	case at >= 0 && !b.YesThisOne:
		return fmt.Errorf("this central holds the study %s: practice does not mix with real data.\n"+
			"Bench without --central starts a central of its own. If you mean this one all the same: --yes-this-central", status.Studies[at].Study.ID)
	}
	for _, s := range status.Studies {
		if s.Study.ID == benchStudy {
			return nil // as it is: a new version each time would only make the devices fetch it
		}
	}
	_, err = store.PutStudy(ctx, packageOf(pack, actor()))
	return err
}

// codes are made, or read from the file.
func (b *bench) codes(ctx context.Context, m *Main) ([]string, error) {
	if b.Codes != "" {
		text, err := os.ReadFile(b.Codes)
		codes := strings.Fields(string(text))
		if err == nil && len(codes) < b.Devices {
			err = fmt.Errorf("%s has %s for %s", b.Codes, plural(len(codes), "code", "codes"), plural(b.Devices, "device", "devices"))
		}
		if err != nil {
			return nil, err
		}
		return codes[:b.Devices], nil
	}
	var codes []string
	for n := range b.Devices {
		code, err := m.store.NewCode(ctx, centralstore.CodeOrder{
			Studies: []string{benchStudy}, Interviewer: fmt.Sprintf("bench-%04d", n+1), Valid: 24 * time.Hour, Actor: actor(),
		})
		if err != nil {
			return nil, err
		}
		codes = append(codes, code.Text)
	}
	return codes, nil
}

func (b *bench) load(ctx context.Context, m *Main, pack *importer.Package, dir string, codes []string) error {
	fmt.Fprintf(m.p.Stderr, "Conducting %d interviews of the sample study, which the devices then push over and over.\n", differentOnes)
	made, err := respondent.Interviews(ctx, respondent.Params{Study: pack, Count: differentOnes, Seed: b.Seed, Dir: dir})
	if err != nil {
		return err
	}
	address, stop := b.Central, func() error { return nil }
	if address == "" {
		if address, stop, err = b.serve(m); err != nil {
			return err
		}
	}
	before, err := b.stored(ctx, m)
	if err != nil {
		return errors.Join(err, stop())
	}
	figures, err := load.Run(ctx, load.Params{
		Central: address, Codes: codes, Interviews: made, Batch: b.Batch, Total: b.Interviews, Duration: b.Duration, Now: m.p.Now,
		Every: b.ReportEvery, Progress: func(f load.Figures) { b.progress(m, f) },
	})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil // it was stopped on purpose
	}
	b.show(m, figures)
	if err == nil {
		err = b.held(m, before, figures)
	}
	return errors.Join(err, stop())
}

// serve starts a central for this run alone.
func (b *bench) serve(m *Main) (address string, stop func() error, err error) {
	e, err := endpoint.New(endpoint.Params{
		Store: m.store, Now: m.p.Now, NewRequestID: uuid.NewString,
		Logger: slog.New(slog.NewJSONHandler(m.p.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return "", nil, err
	}
	// Stopping the load is not stopping central: it ends after the last device.
	ctx, cancel := context.WithCancel(context.Background())
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		cancel()
		return "", nil, fmt.Errorf("cannot listen on this machine: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- e.Serve(ctx, listener) }()
	return "http://" + listener.Addr().String(), func() error { cancel(); return <-ended }, nil
}

// stored is how many interviews the practice study has; -1 where only the network leads to it.
func (b *bench) stored(ctx context.Context, m *Main) (int, error) {
	if m.store == nil {
		return -1, nil
	}
	status, err := m.store.Status(ctx)
	for _, s := range status.Studies {
		if s.Study.ID == benchStudy {
			return s.Interviews, err
		}
	}
	return 0, err
}

// held compares what central acknowledged with what it holds.
func (b *bench) held(m *Main, before int, f load.Figures) error {
	after, err := b.stored(context.Background(), m)
	switch {
	case err != nil:
		return err
	case f.Quarantined > 0:
		return fmt.Errorf("%s went into quarantine; see central status", plural(f.Quarantined, "interview", "interviews"))
	case before < 0:
		return nil
	case after-before < f.Interviews:
		return fmt.Errorf("central acknowledged %d interviews and holds %d", f.Interviews, after-before)
	}
	m.print("  Central holds every interview it acknowledged.\n")
	return nil
}

func (b *bench) progress(m *Main, f load.Figures) {
	total := ""
	if b.Interviews > 0 {
		total = fmt.Sprintf(" of %d", b.Interviews)
	}
	fmt.Fprintf(m.p.Stderr, "%6.0f s  %d%s interviews, %.0f/s, p99 %s\n", f.Took.Seconds(), f.Interviews, total, f.PerSecond(), milliseconds(f.P99))
}

func (b *bench) show(m *Main, f load.Figures) {
	m.print("\n%s, %d interviews a push: %d interviews in %.1f s\n\n", plural(b.Devices, "device", "devices"), b.Batch, f.Interviews, f.Took.Seconds())
	rows := [][]string{
		{"Interviews a second", fmt.Sprintf("%.0f", f.PerSecond())},
		{"A push", fmt.Sprintf("p50 %s, p95 %s, p99 %s, longest %s", milliseconds(f.P50), milliseconds(f.P95), milliseconds(f.P99), milliseconds(f.Longest))},
	}
	if f.Interviews > 0 {
		rows = append(rows, []string{"Bytes an interview", fmt.Sprintf("%d up, %d down, on the wire with everything around it", f.Up/int64(f.Interviews), f.Down/int64(f.Interviews))})
	}
	rows = append(rows, []string{"Errors", fmt.Sprint(f.Errors + f.Quarantined)}, []string{"Tried again", retryWords(f)})
	table(m.p.Stdout, rows)
	if b.Central == "" {
		m.print("  Devices and central shared this machine and this process.\n")
	}
}

func retryWords(f load.Figures) string {
	var words []string
	for reason, n := range f.Retries {
		words = append(words, fmt.Sprintf("%d (%s)", n, reason))
	}
	if len(words) == 0 {
		return "0"
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
