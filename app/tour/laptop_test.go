package tour

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"parvis/app/look"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study/importer"
	"parvis/sync/relay"
)

// TestPairingWithALaptop pairs a tablet that has no way to central with a laptop, by typing what the laptop shows, gives it what waits,
// and forgets it, which can be taken back.
func TestPairingWithALaptop(t *testing.T) {
	ctx := context.Background()
	store, err := desk.Open(ctx, desk.Params{Path: filepath.Join(t.TempDir(), "desk.db")})
	must(t, err)
	d := newDevice(t, "en", sizes[0], look.Light, look.Normal)
	laptop, err := relay.New(ctx, relay.Params{Store: store, Now: d.clock.now, NewID: uuid.NewString, Name: "Sam’s laptop"})
	must(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	serving, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		if err := laptop.Serve(serving, listener); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		running.Wait()
		must(t, store.Close())
	})

	pkg, said, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(handingBook), Size: int64(len(handingBook))})
	if err != nil {
		t.Fatalf("%v %v", err, said)
	}
	must(t, d.store.SetPIN(ctx, devicePIN))
	d.given(pkg)
	w := &walk{d: d, t: t, ctx: ctx, taking: os.Getenv("TOUR") != "", out: filepath.Join(os.Getenv("TOUR"), "laptop-pairing")}
	d.ui.Do(d.app.Start)
	words := d.app.Shell().Words()
	w.tap("today.start_shift")
	w.tap("contact.refused")
	w.tap("common.today")
	w.tap("settings.title")
	w.tap("laptop.pair")
	w.typed("laptop.code", "192.168.43.1")
	w.tap("laptop.pair")
	must(t, d.robot.See(ctx, words.T("laptop.bad_code")))
	w.typed("laptop.code", laptop.Open(listener.Addr().String()).Link())
	w.picture("01-pair")
	w.tap("laptop.pair")
	must(t, d.robot.See(ctx, words.T("laptop.paired_now", "name", "Sam’s laptop")))
	w.tap("common.back")
	w.tap("today.send_now")
	waiting, err := d.store.Waiting(ctx)
	must(t, err)
	must(t, d.robot.See(ctx, words.N("laptop.given", waiting.Records)))
	w.picture("02-given")
	must(t, d.robot.See(ctx, words.N("laptop.others", waiting.Records, "when", words.Clock(d.clock.now()))))
	if list, err := store.Tablets(ctx); err != nil || len(list) != 1 || list[0].Held != 1 || list[0].Name != "0417" {
		t.Errorf("%+v, %v", list, err)
	}
	w.tap("settings.title")
	w.tap("laptop.pair")
	w.picture("03-paired")
	w.tap("laptop.forget")
	must(t, d.robot.See(ctx, words.T("laptop.forgotten")))
	if r, err := d.store.Relay(ctx); err != nil || !r.IsZero() {
		t.Errorf("%s is not forgotten, %v", r.Name, err)
	}
	w.tap("common.undo")
	must(t, d.robot.See(ctx, words.T("laptop.paired", "name", "Sam’s laptop", "when", words.Clock(d.clock.now()))))
}
