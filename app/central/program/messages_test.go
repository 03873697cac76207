package program_test

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/fieldstore/desk"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// A supervisor writes from the laptop and the host from the command line; the interviewer's device pulls both with the card, the
// mark of what was read comes back to the command line and to the laptop.
func TestAMessageGoesOutAndItsMarkComesBack(t *testing.T) {
	ctx, p := t.Context(), newPlace(t)
	p.must(t, "", "study", "import", samples+"/mall-exit.xlsx")
	p.must(t, "a long enough password\n", "user", "add", "ines", "--role", "supervisor", "--password-stdin")
	p.must(t, "", "interviewer", "card", "0417", "--name", "Inès Dubois", "--photo", photo(t))
	code := strings.TrimSpace(p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "-q"))
	s := p.serve(t)

	device, err := fieldstore.Open(ctx, fieldstore.Params{Path: filepath.Join(t.TempDir(), "device.db")})
	check(t, err)
	t.Cleanup(func() { check(t, device.Close()) })
	check(t, device.SetPIN(ctx, "271828"))
	field, err := agent.New(agent.Params{Store: device, Outbox: device, Now: time.Now})
	check(t, err)
	_, err = field.Enrol(ctx, s.url, code)
	check(t, err)
	laptop, err := desk.Open(ctx, desk.Params{Path: filepath.Join(t.TempDir(), "desk.db")})
	check(t, err)
	t.Cleanup(func() { check(t, laptop.Close()) })
	office, err := agent.New(agent.Params{Store: laptop, Now: time.Now})
	check(t, err)
	if err := office.SendMessage(ctx, protocol.MessageRequest{Study: "mall-exit", Text: "x"}); agent.ReasonOf(err) != agent.NotEnrolled {
		t.Errorf("nobody is signed in, but: %v", err)
	}
	_, err = office.SignIn(ctx, s.url, "ines", "a long enough password")
	check(t, err)

	check(t, office.SendMessage(ctx, protocol.MessageRequest{Study: "mall-exit", Interviewer: "0417", Text: "South door, please."}))
	s.stop() // the command line needs the folder for itself
	p.must(t, "", "message", "send", "--study", "mall-exit", "Rain", "at", "four.")
	s = p.serve(t)
	for _, store := range []interface {
		Credentials(context.Context) (delivery.Credentials, error)
		SaveCredentials(context.Context, delivery.Credentials) error
	}{device, laptop} { // central serves at another port now
		c, err := store.Credentials(ctx)
		check(t, err)
		c.Central = s.url
		check(t, store.SaveCredentials(ctx, c))
	}

	_, err = field.Sync(ctx)
	check(t, err)
	list, err := device.Messages(ctx)
	check(t, err)
	if len(list) != 2 || list[0].Text != "Rain at four." || list[1].From != "ines" {
		t.Fatalf("%+v", list)
	}
	card, err := device.Card(ctx)
	check(t, err)
	if card.Name != "Inès Dubois" || len(card.Photo) == 0 || len(card.Photo) > delivery.MostPhoto {
		t.Errorf("%s, photo of %d bytes", card.Name, len(card.Photo))
	}
	check(t, device.ReadMessage(ctx, list[1].ID))
	_, err = field.Sync(ctx)
	check(t, err)
	_, err = office.Sync(ctx)
	check(t, err)
	seen, err := laptop.Messages(ctx, "mall-exit", 10)
	check(t, err)
	if len(seen) != 2 || len(seen[0].ReadBy) != 0 || len(seen[1].ReadBy) != 1 || seen[1].ReadBy[0] != "0417" {
		t.Errorf("%+v", seen)
	}
	s.stop()
	said := p.must(t, "", "message", "list", "--study", "mall-exit")
	for _, want := range []string{"South door, please.", "0417", "Rain at four.", "nobody yet", "everybody in the study"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
}

func TestAMessageIsForOneOrAll(t *testing.T) {
	p := newPlace(t)
	p.must(t, "", "study", "import", samples+"/mall-exit.xlsx")
	for _, args := range [][]string{
		{"message", "send", "--study", "mall-exit", "--interviewer", "0417", "--device", "d", "x"},
		{"message", "send", "--study", "moon", "x"},
		{"message", "send", "--study", "mall-exit", "--device", "d9", "x"},
		{"interviewer", "card", "0417", "--name", " "},
		{"interviewer", "card", "0417", "--name", "x", "--photo", samples + "/mall-exit.xlsx"},
	} {
		if got := p.run(t, "", args...); got.code == 0 {
			t.Errorf("%v worked: %s", args, got.stdout)
		}
	}
}

// photo is a large picture in a file.
func photo(t testing.TB) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1200, 1600))
	for y := range 1600 {
		for x := range 1200 {
			m.SetRGBA(x, y, color.RGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	file := filepath.Join(t.TempDir(), "portrait.png")
	f, err := os.Create(file)
	check(t, err)
	check(t, png.Encode(f, m))
	check(t, f.Close())
	return file
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
