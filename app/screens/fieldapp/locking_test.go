package fieldapp

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/seal"
	"parvis/sync/agent"
)

// closet is an app on an enrolled device, whose clock and timers the test holds.
type closet struct {
	*App
	store *fieldstore.Store
	now   time.Time
	wait  time.Duration
	fire  func() // what the last timer would run; nil once it was stopped
}

const devicePIN = "271828"

func newCloset(t *testing.T) *closet {
	t.Helper()
	ctx := context.Background()
	c := &closet{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return c.now }
	var err error
	c.store, err = fieldstore.Open(ctx, fieldstore.Params{
		Path: filepath.Join(t.TempDir(), "parvis.db"), Now: clock, PINCost: seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1},
	})
	must(t, err)
	t.Cleanup(func() { _ = c.store.Close() }) // nothing is lost with a folder that goes away
	must(t, c.store.SetPIN(ctx, devicePIN))
	must(t, c.store.SaveEnrolment(ctx, delivery.Credentials{Central: "https://central.test", Device: "d", Epoch: "e", Interviewer: "0417", Token: "t"}))
	texts, err := words.New(assets.Translations, "en")
	must(t, err)
	win := test.NewTempApp(t).NewWindow("Parvis")
	c.App, err = New(Params{
		Window: win, Words: texts, Store: c.store, Now: clock, Do: func(f func()) { f() },
		After: func(d time.Duration, f func()) func() {
			c.wait, c.fire = d, f
			return func() { c.fire = nil }
		},
		NewAgent: func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error) {
			return agent.New(agent.Params{Store: c.store, Outbox: c.store, Now: clock, Progress: progress, Finished: finished})
		},
	})
	must(t, err)
	t.Cleanup(c.Close)
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *closet) title() string { return c.shell.Top().Title() }

func TestADeviceAsksForItsPINWhenItStarts(t *testing.T) {
	c := newCloset(t)
	c.store.Lock()
	c.Start()
	if c.title() != "Enter your PIN" {
		t.Fatalf("it starts with %q", c.title())
	}
	c.shell.Back()
	if c.title() != "Enter your PIN" || c.shell.Depth() != 1 {
		t.Errorf("Back leads round the PIN, to %q", c.title())
	}
}

func TestAnAppThatNobodyUsesLocksAndComesBackWhereItWas(t *testing.T) {
	c := newCloset(t)
	c.Start()
	c.openSettings()
	before := c.title()
	if c.fire == nil || c.wait != 5*time.Minute {
		t.Fatalf("it waits %s", c.wait)
	}
	c.fire()
	if !c.store.IsLocked() || c.title() != "Enter your PIN" {
		t.Fatalf("locked %v, shows %q", c.store.IsLocked(), c.title())
	}
	c.Lock() // twice is once
	depth := c.shell.Depth()
	must(t, c.store.Unlock(context.Background(), devicePIN))
	c.shell.Pop()
	if c.title() != before || c.shell.Depth() != depth-1 {
		t.Errorf("it comes back with %q", c.title())
	}
}

func TestAbsenceLocksByItsLength(t *testing.T) {
	for name, away := range map[string]struct {
		gone time.Duration
		lock bool
	}{
		"a moment":       {30 * time.Second, false},
		"a lunch":        {40 * time.Minute, true},
		"clock put back": {-3 * time.Hour, true},
	} {
		c := newCloset(t)
		c.Start()
		c.Away()
		c.now = c.now.Add(away.gone)
		c.Resumed()
		if c.store.IsLocked() != away.lock {
			t.Errorf("%s: locked %v", name, c.store.IsLocked())
		}
	}
}

func TestADamagedFileIsSaidPlainly(t *testing.T) {
	c := newCloset(t)
	got := c.explain(fieldstore.ErrDamaged)
	if got.What == "" || got.Safe == "" || got.Do == "" || got.What == c.explain(errors.New("another")).What {
		t.Errorf("%+v", got)
	}
}
