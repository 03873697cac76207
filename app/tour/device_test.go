package tour

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/uuid"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/app/screens/fieldapp"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/seal"
	"parvis/internal/study/importer"
	"parvis/sync/agent"
)

// device is a tablet with the sample study on it, before a canvas that needs no display.
type device struct {
	t      testing.TB
	path   string
	store  *fieldstore.Store
	app    *fieldapp.App
	win    fyne.Window
	robot  *robot.Robot
	clock  *clock
	saved  []byte                   // the file that was saved last
	files  [][]byte                 // those that are chosen next, one after the other; where there is none the person leaves the dialog
	during func()                   // happens while a file is being chosen; nil for nothing
	ui     robot.Thread             // whatever touches widgets runs in it
	also   []func(*fieldapp.Params) // what a test wants of the app besides
	net    http.RoundTripper        // the way to central
}

// clock is a Saturday in November that passes as fast as the test says.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 11, 21, 10, 4, 0, 0, time.FixedZone("CET", 3600)).UnixNano())
	return c
}

func (c *clock) now() time.Time {
	return time.Unix(0, c.at.Load()).In(time.FixedZone("CET", 3600))
}

func (c *clock) pass(d time.Duration) { c.at.Add(int64(d)) }

// offline is a network that is not there.
type offline struct{}

func (offline) RoundTrip(*http.Request) (*http.Response, error) { return nil, http.ErrServerClosed }

func newDevice(t testing.TB, lang string, size fyne.Size, variant look.Variant, text look.TextSize, also ...func(*fieldapp.Params)) *device {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(variant, text))
	d := &device{t: t, clock: newClock(), ui: robot.NewThread(), also: also, net: offline{}, path: filepath.Join(t.TempDir(), "parvis.db")}
	d.win = app.NewWindow("Parvis")
	d.win.SetPadded(false)
	d.win.Resize(size)
	d.robot = robot.New(robot.Params{Canvas: d.win.Canvas(), Do: d.ui.Do, Patience: patience})
	d.openStore()
	for key, value := range map[string]string{"screens.language": lang, "screens.light": variant.String(), "screens.text_size": text.String()} {
		must(t, d.store.SaveSetting(context.Background(), key, value))
	}
	d.newApp()
	t.Cleanup(func() {
		d.app.Close()
		must(t, d.store.Close())
	})
	return d
}

func (d *device) openStore() {
	d.t.Helper()
	var err error
	d.store, err = fieldstore.Open(context.Background(), fieldstore.Params{Path: d.path, Now: d.clock.now, PINCost: cheap})
	must(d.t, err)
}

// newApp makes an app that has not started.
func (d *device) newApp() {
	d.t.Helper()
	texts, err := words.New(assets.Translations, "en")
	must(d.t, err)
	p := fieldapp.Params{
		Window: d.win, Words: texts, Store: d.store, Now: d.clock.now, Version: "0.1.0",
		SaveFile: func(_ string, data []byte, done func(bool, error)) {
			d.saved = data
			done(true, nil)
		},
		OpenFile: func(_ []string, _ int64, done func([]byte, error)) {
			var file []byte
			if len(d.files) > 0 {
				file, d.files = d.files[0], d.files[1:]
			}
			if d.during != nil {
				d.during()
			}
			done(file, nil)
		},
		After: func(time.Duration, func()) func() { return func() {} },
		Do:    d.ui.Soon,
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		NewAgent: func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error) {
			return agent.New(agent.Params{Store: d.store, Outbox: d.store, Carrying: d.store, Transport: d.net, Now: d.clock.now, Progress: progress, Finished: finished})
		},
	}
	for _, f := range d.also {
		f(&p)
	}
	d.app, err = fieldapp.New(p)
	must(d.t, err)
}

// restart closes the app and opens it again.
func (d *device) restart() {
	d.t.Helper()
	d.app.Close()
	must(d.t, d.store.Close())
	d.openStore()
	d.newApp()
	d.ui.Do(d.app.Start)
}

const devicePIN = "271828"

// cheap lets the tour enter the PIN at once.
var cheap = seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1}

// enrolled gives the device an identity and the sample studies, as central would.
func (d *device) enrolled(workbooks ...string) {
	d.t.Helper()
	var packages []*importer.Package
	for _, workbook := range workbooks {
		packages = append(packages, sample(d.t, workbook))
	}
	d.given(packages...)
}

// given gives the device an identity and studies.
func (d *device) given(packages ...*importer.Package) {
	d.t.Helper()
	ctx := context.Background()
	must(d.t, d.store.SaveEnrolment(ctx, delivery.Credentials{
		Central: "https://central.example.org", Device: uuid.NewString(), Epoch: uuid.NewString(), Interviewer: "0417", Token: "none", HandIn: recipient(d.t),
	}))
	var items []delivery.Item
	files := map[string][]byte{}
	for _, pkg := range packages {
		body, err := json.Marshal(pkg.Study)
		must(d.t, err)
		items = append(items, delivery.Item{Kind: delivery.ItemStudy, ID: pkg.Study.ID, Body: body})
		files[pkg.Study.Form.SHA256] = pkg.XForm
		for _, m := range pkg.Study.Media {
			files[m.SHA256] = pkg.Media[m.Name]
		}
	}
	must(d.t, d.store.ApplyPull(ctx, items, "1"))
	for sum, file := range files {
		must(d.t, d.store.AppendBlob(ctx, sum, 0, file))
		must(d.t, d.store.FinishBlob(ctx, sum))
	}
}

// recipient is a key that files and personal data can be sealed for.
func recipient(t testing.TB) string {
	t.Helper()
	pair, err := seal.NewPair()
	must(t, err)
	return pair.Recipient
}

// sample imports a sample study with a recipient for personal data.
func sample(t testing.TB, workbook string) *importer.Package {
	t.Helper()
	pkg, problems, err := importer.File("../../assets/studies/"+workbook+".xlsx", importer.Limits{})
	if err != nil {
		t.Fatalf("%s: %v\n%v", workbook, err, problems)
	}
	if len(pkg.Study.Recipients) == 0 {
		pkg.Study.Recipients = []string{recipient(t)}
	}
	return pkg
}

// patience is how long a text or a button is waited for: on a busy machine a picture takes its time.
const patience = 30 * time.Second

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
