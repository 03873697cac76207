package pin

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/seal"
)

func store(t *testing.T) *fieldstore.Store {
	t.Helper()
	s, err := fieldstore.Open(context.Background(), fieldstore.Params{
		Path: filepath.Join(t.TempDir(), "parvis.db"), PINCost: seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // nothing is lost with a folder that goes away
	return s
}

func TestWhatIsWrongIsSaidBesideItsField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p    Presenter
		want Fault
	}{
		"nothing typed":         {Presenter{Mode: Enter}, Fault{PIN: "pin.missing"}},
		"a short PIN to enter":  {Presenter{Mode: Enter, PIN: "1"}, Fault{}},
		"a weak first PIN":      {Presenter{Mode: Choose, PIN: "123456", Again: "123456"}, Fault{PIN: "pin.weak"}},
		"typed differently":     {Presenter{Mode: Choose, PIN: "271828", Again: "271829"}, Fault{Again: "pin.differs"}},
		"a good first PIN":      {Presenter{Mode: Choose, PIN: "271828", Again: "271828"}, Fault{}},
		"no PIN until now":      {Presenter{Mode: Change, PIN: "271828", Again: "271828"}, Fault{Before: "pin.missing"}},
		"no recovery code":      {Presenter{Mode: Recover, PIN: "271828", Again: "271828"}, Fault{Before: "pin.missing"}},
		"a weak recovered PIN":  {Presenter{Mode: Recover, Before: "x", PIN: "000000", Again: "000000"}, Fault{PIN: "pin.weak"}},
		"everything to recover": {Presenter{Mode: Recover, Before: "x", PIN: "271828", Again: "271828"}, Fault{}},
	} {
		if got := c.p.Check(); got != c.want || got.None() != (c.want == Fault{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestEveryModeDoesItsWork(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), store(t)
	must := func(p Presenter) {
		t.Helper()
		p.Store = s
		if err := p.Try(ctx); err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
	}
	must(Presenter{Mode: Choose, PIN: "271828"})
	if err := s.SaveEnrolment(ctx, delivery.Credentials{Central: "https://c.test", Device: "d", Epoch: "e", Token: "t", Recovery: "7KQF-2M9X-0TBC-W4HD"}); err != nil {
		t.Fatal(err)
	}
	s.Lock()
	must(Presenter{Mode: Confirm, PIN: "271828"})
	if !s.IsLocked() {
		t.Error("showing who one is has opened the device")
	}
	must(Presenter{Mode: Enter, PIN: "271828"})
	must(Presenter{Mode: Change, Before: "271828", PIN: "314159"})
	s.Lock()
	must(Presenter{Mode: Recover, Before: "7KQF2M9X0TBCW4HD", PIN: "161803"})
	s.Lock()
	must(Presenter{Mode: Enter, PIN: "161803"})
}

func TestErrorsBecomeWordsBesideTheirField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mode Mode
		err  error
		want Fault
	}{
		"wrong":             {Enter, &fieldstore.WrongPINError{Left: 3}, Fault{PIN: "pin.wrong", Count: 3}},
		"wrong old one":     {Change, &fieldstore.WrongPINError{Left: 9}, Fault{Before: "pin.wrong", Count: 9}},
		"too soon":          {Enter, &fieldstore.TooSoonError{Wait: 61 * time.Second}, Fault{PIN: "pin.wait", Count: 2}},
		"a moment too soon": {Enter, &fieldstore.TooSoonError{Wait: time.Second}, Fault{PIN: "pin.wait", Count: 1}},
		"shut":              {Enter, fieldstore.ErrShut, Fault{PIN: "pin.shut"}},
		"recovery wrong":    {Recover, fieldstore.ErrRecovery, Fault{Before: "pin.recovery_wrong"}},
		"no recovery":       {Recover, fieldstore.ErrNoRecovery, Fault{Before: "pin.recovery_none"}},
	} {
		p := Presenter{Mode: c.mode}
		if got, known := p.FaultOf(c.err); !known || got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if _, known := (&Presenter{}).FaultOf(errors.New("disk")); known {
		t.Error("another error was taken for one about PINs")
	}
}
