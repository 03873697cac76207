package tour

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"
	"github.com/ledongthuc/pdf"
	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/draw"

	"parvis/app/look"
	"parvis/app/screens/settings"
	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/sync/agent"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// central is a real one over loopback, on the tour's clock, with the sample study and a supervisor.
type central struct {
	store  centralstore.Store
	client *http.Client
	url    string
	gone   atomic.Bool // from the network
}

func newCentral(t testing.TB, c *clock) *central {
	t.Helper()
	store, err := centralstore.Open(t.Context(), centralstore.Params{Dir: t.TempDir(), Now: c.now, Rand: rand.Reader, Cost: centralstore.Cost{MemoryKiB: 64, Passes: 1}})
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	pkg := sample(t, "mall-exit")
	files := [][]byte{pkg.XForm}
	for _, m := range pkg.Study.Media {
		files = append(files, pkg.Media[m.Name])
	}
	_, err = store.PutStudy(t.Context(), centralstore.StudyPackage{Study: pkg.Study, Files: files, Actor: "test"})
	must(t, err)
	must(t, store.AddUser(t.Context(), centralstore.NewUser{
		Name: "ines", Password: "a long enough password", Actor: "test", Grants: []centralstore.Grant{{Role: centralstore.Supervisor, Study: pkg.Study.ID}},
	}))
	e, err := endpoint.New(endpoint.Params{Store: store, Now: c.now, NewRequestID: uuid.NewString})
	must(t, err)
	server := httptest.NewServer(e.Handler())
	t.Cleanup(server.Close)
	return &central{store: store, client: server.Client(), url: server.URL}
}

// elsewhere leads what is for an address in the field to the central on this machine, so that pictures show the address that it would have.
type elsewhere struct{ *central }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	if e.gone.Load() {
		return offline{}.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(e.url, "http://")
	return e.client.Transport.RoundTrip(r)
}

// enrol uses a code as a device does, and gives back what speaks for it.
func (c *central) enrol(t testing.TB, now func() time.Time, code, platform, version string) (protocol.EnrolAnswer, *agent.Client) {
	t.Helper()
	client, err := agent.NewClient(agent.ClientParams{Central: c.url, Now: now})
	must(t, err)
	d, err := client.Enrol(t.Context(), protocol.EnrolRequest{Code: code, Platform: platform, AppVersion: version})
	must(t, err)
	client.Authorise(d.Token)
	return d, client
}

// crew enrols nine devices over a morning. One has rights and has sent some of its records; one was shut out, one lost.
func (c *central) crew(t testing.TB, k *clock) {
	t.Helper()
	platforms := []string{"android/arm64", "android/arm64", "ios/arm64", "android/arm", "linux/amd64"}
	for n, who := range newCrew(k.now(), nil).people[:9] {
		code, err := c.store.NewCode(t.Context(), centralstore.CodeOrder{Studies: []string{"mall-exit"}, Interviewer: who, Valid: time.Hour, Actor: "ada"})
		must(t, err)
		d, client := c.enrol(t, k.now, code.Text, platforms[n%len(platforms)], []string{"0.4.0", "0.3.2"}[n/6])
		k.pass(time.Duration(7+n) * time.Minute)
		switch n {
		case 2:
			_, err = client.Leases(t.Context(), []delivery.LeaseStatement{{Study: "mall-exit", Epoch: d.Epoch, Holdings: map[string]delivery.LeaseHolding{}}})
			must(t, err)
			_, err = client.Push(t.Context(), []delivery.Record{fieldContact(t, d, k.now(), 1), fieldContact(t, d, k.now(), 9)})
			must(t, err)
		case 4:
			must(t, c.store.RevokeDevice(t.Context(), d.Device, "test"))
		case 6:
			must(t, c.store.LoseDevice(t.Context(), d.Device, "test"))
		}
	}
}

// lends has ines's laptop ask for rights to pass on.
func (c *central) lends(t testing.TB, now func() time.Time) {
	t.Helper()
	token, err := c.signIn(t.Context(), now)
	must(t, err)
	client, err := agent.NewClient(agent.ClientParams{Central: c.url, Token: token, Now: now})
	must(t, err)
	epoch := uuid.Must(uuid.NewV7()).String()
	said := delivery.TillSaid{Epochs: []delivery.EpochNumbers{{Epoch: epoch, Visit: "1-9f0c"}}}
	_, err = client.Till(t.Context(), said, protocol.TillRequest{
		Laptop: strings.Repeat("3f", 32), Platform: "linux/amd64", AppVersion: "0.4.0",
		Statements: []delivery.LeaseStatement{{Study: "mall-exit", Epoch: epoch, Number: 1, Holdings: map[string]delivery.LeaseHolding{}}},
	})
	must(t, err)
}

// fieldContact is a contact as a device sends it.
func fieldContact(t testing.TB, d protocol.EnrolAnswer, at time.Time, seq int64) delivery.Record {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	body, err := json.Marshal(interview.Contact{ID: id, Study: "mall-exit", Site: "north", Interviewer: d.Interviewer, At: interview.MomentOf(at), Disposition: interview.NoTime})
	must(t, err)
	return delivery.Record{ID: id, Kind: delivery.KindContact, Revision: 1, Study: "mall-exit", Epoch: d.Epoch, Seq: seq, SHA256: delivery.Sum(body), Body: body}
}

// TestTourDevices sees which devices there are, makes a code that a device then uses, and marks a device as lost, with a real central.
// Without TOUR it walks once and takes no pictures.
func TestTourDevices(t *testing.T) {
	out := os.Getenv("TOUR")
	for _, at := range []struct {
		name, lang string
		size       fyne.Size
		text       look.TextSize
	}{
		{"desk-laptop-en", "en", fyne.NewSize(1280, 800), look.Normal}, {"desk-laptop-fr", "fr", fyne.NewSize(1280, 800), look.Normal},
		{"desk-laptop-nl", "nl", fyne.NewSize(1280, 800), look.Normal}, {"desk-largest-fr", "fr", fyne.NewSize(1280, 800), look.Largest},
		{"desk-tablet-en", "en", fyne.NewSize(800, 1280), look.Normal}, {"desk-phone-nl", "nl", fyne.NewSize(360, 800), look.Normal},
	} {
		if out == "" && at.name != "desk-laptop-fr" {
			continue
		}
		t.Run(at.name, func(t *testing.T) {
			l := newLaptop(t, at.lang, at.size)
			c := newCentral(t, l.clock)
			l.net = elsewhere{c}
			must(t, settings.Choices{Language: at.lang, Size: at.text}.Save(t.Context(), l.store))
			l.again(at.lang, at.size)
			if out != "" {
				l.out = filepath.Join(out, at.name)
			}
			c.crew(t, l.clock)
			c.lends(t, l.clock.now)
			l.devices(c, at.size.Width >= 1100)
		})
	}
}

func (l *laptop) devices(c *central, wide bool) {
	ctx := l.t.Context()
	given, err := c.signIn(ctx, l.clock.now)
	must(l.t, err)
	must(l.t, l.store.SaveCredentials(ctx, delivery.Credentials{Central: "https://central.example.org", User: "ines", Role: "supervisor", Token: given}))
	l.ui.Do(l.app.Start)
	must(l.t, l.robot.See(ctx, l.word("today.no_study")))
	l.tap(l.word("sync.now"))
	must(l.t, l.robot.See(ctx, l.word("board.site")))
	l.clock.pass(21 * time.Minute)
	l.to(wide, "nav.devices")
	must(l.t, l.robot.See(ctx, l.word("devices.new_code")))
	must(l.t, l.robot.See(ctx, "0423"))
	l.picture("11-devices")
	l.tap(l.word("devices.show_lost", "n", "1"))
	must(l.t, l.robot.See(ctx, l.word("devices.state_lost")))
	l.tap(l.word("devices.show_all", "n", "10"))

	l.newCode(c)
	l.lose(c)
	l.to(wide, "nav.quotas")
	c.gone.Store(true)
	l.to(wide, "nav.devices")
	l.row("0418")
	l.tap(l.word("devices.revoke"))
	must(l.t, l.robot.See(ctx, l.word("devices.needs_connection")))
	l.picture("11-devices-offline")
}

func (c *central) signIn(ctx context.Context, now func() time.Time) (string, error) {
	client, err := agent.NewClient(agent.ClientParams{Central: c.url, Now: now})
	if err != nil {
		return "", err
	}
	given, err := client.SignIn(ctx, protocol.SignInRequest{User: "ines", Password: "a long enough password"})
	return given.Token, err
}

// newCode makes a code by keys, looks at it, saves it for paper, and sees that a device used it.
func (l *laptop) newCode(c *central) {
	ctx := l.t.Context()
	l.tap(l.word("devices.new_code"))
	must(l.t, l.robot.See(ctx, l.word("devices.code_what")))
	l.tap(l.word("devices.make"))
	must(l.t, l.robot.See(ctx, l.word("devices.no_interviewer")))
	l.picture("11-new-code")
	must(l.t, l.robot.Type(ctx, l.word("devices.for_whom"), "0463\n")) // Enter makes it
	must(l.t, l.robot.See(ctx, l.word("devices.save_sheet")))
	l.picture("11-code")
	scanned := l.scan()
	l.tap(l.word("devices.copy"))
	var link string
	l.ui.Do(func() { link = fyne.CurrentApp().Clipboard().Content() })
	central, code, ok := protocol.ReadEnrolLink(link)
	if !ok || central != "https://central.example.org" || !l.robot.Sees(code) || scanned != link {
		l.t.Fatalf("the link %q is not that of the code in sight, which a camera reads as %q", link, scanned)
	}
	l.tap(l.word("devices.save_sheet"))
	l.savedCode(code)
	l.clock.pass(30 * time.Minute)
	l.ui.Do(*l.second.Load())
	must(l.t, l.robot.See(ctx, l.word("devices.left_hours", "hours", 23, "minutes", 30)))
	l.tap(l.word("common.back"))
	l.tap(l.word("devices.show_code"))
	c.enrol(l.t, l.clock.now, code, "android/arm64", "0.4.0")
	for range 15 { // central is asked again every now and then
		l.ui.Do(*l.second.Load())
	}
	must(l.t, l.robot.See(ctx, l.word("devices.code_used", "when", l.clock.now().Format("15:04"))))
	l.picture("11-code-used")
	l.tap(l.word("common.back"))
	l.tap(l.word("sync.now"))
	must(l.t, l.robot.See(ctx, l.word("devices.show_all", "n", "11")))
	l.row("0463")
	must(l.t, l.robot.See(ctx, l.word("devices.message")))
	l.picture("11-device")
	l.tap(l.word("devices.message"))
	must(l.t, l.robot.See(ctx, l.word("letters.to")))
}

// scan reads the QR code in sight as a camera does, with a library that has nothing to do with the one that drew it. As with a camera, one
// look may not find it (one in a thousand): the next is from another distance.
func (l *laptop) scan() string {
	l.t.Helper()
	file := filepath.Join(l.t.TempDir(), "sight.png")
	must(l.t, l.robot.Picture(file))
	data, err := os.ReadFile(file)
	must(l.t, err)
	picture, err := png.Decode(bytes.NewReader(data))
	must(l.t, err)
	for _, distance := range []float64{1, 0.75, 0.5, 1.3, 2} {
		size := picture.Bounds().Size()
		seen := image.NewGray(image.Rect(0, 0, int(distance*float64(size.X)), int(distance*float64(size.Y))))
		draw.BiLinear.Scale(seen, seen.Bounds(), picture, picture.Bounds(), draw.Src, nil)
		bits, err := gozxing.NewBinaryBitmapFromImage(seen)
		must(l.t, err)
		read, err := reader.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
		if err == nil {
			return read.GetText()
		}
		l.t.Logf("from distance %g: %v", distance, err)
	}
	l.t.Fatal("no camera reads this")
	return ""
}

// savedCode reads the sheet that was saved last.
func (l *laptop) savedCode(code string) {
	l.t.Helper()
	s := l.saved[len(l.saved)-1]
	r, err := pdf.NewReader(bytes.NewReader(s.data), int64(len(s.data)))
	must(l.t, err)
	plain, err := r.GetPlainText()
	must(l.t, err)
	var text bytes.Buffer
	_, err = text.ReadFrom(plain)
	must(l.t, err)
	if !strings.HasSuffix(s.name, "-code-0463.pdf") || !strings.Contains(text.String(), code) {
		l.t.Errorf("%s does not hold %s: %q", s.name, code, text.String())
	}
}

// lose marks a device as lost once it is clear what that means.
func (l *laptop) lose(c *central) {
	ctx := l.t.Context()
	l.to(l.class == look.Laptop, "nav.devices")
	l.row("0423")
	l.tap(l.word("devices.lose"))
	must(l.t, l.robot.See(ctx, l.word("devices.ending_final")))
	if l.robot.Can(l.word("devices.lost_do")) {
		l.t.Error("it can be ordered without a reason")
	}
	must(l.t, l.robot.Type(ctx, l.word("devices.reason"), "Oublié dans le tram 4."))
	l.picture("11-lost")
	l.tap(l.word("devices.lost_do"))
	must(l.t, l.robot.See(ctx, l.word("devices.ended_lost")))
	log, err := c.store.Audit(ctx, 1)
	must(l.t, err)
	if log[0].Action != "device lost" || log[0].Actor != "user:ines" || log[0].Details != "Oublié dans le tram 4." {
		l.t.Errorf("%+v", log[0])
	}
	l.tap(l.word("sync.now"))
	must(l.t, l.robot.See(ctx, l.word("devices.show_lost", "n", "2")))
}
