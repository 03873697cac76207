package fieldstore_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

func TestWeakPINsAreRefused(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	for _, pin := range []string{"", "48291", "111111", "123456", "987654", "aaaaaaa", "abcdef"} {
		if err := d.ChangePIN(ctx, devicePIN, pin); !errors.Is(err, fieldstore.ErrWeakPIN) {
			t.Errorf("%q: %v", pin, err)
		}
	}
	for _, pin := range []string{"482916", "regen in mei", "112233"} {
		if err := d.ChangePIN(ctx, devicePIN, pin); err != nil {
			t.Fatalf("%q: %v", pin, err)
		}
		if err := d.ChangePIN(ctx, pin, devicePIN); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.SetPIN(ctx, "735190"); !errors.Is(err, fieldstore.ErrPINSet) {
		t.Errorf("a second first PIN: %v", err)
	}
}

// Locked, the device neither reads nor saves what is closed, and says why; unlocked it goes on where it was.
func TestALockedDeviceGivesNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	s := d.begin(t, shift)
	if err := s.Answer(ctx, "/data/consent", "yes"); err != nil {
		t.Fatal(err)
	}
	d.Lock()
	if !d.IsLocked() {
		t.Error("it is not locked")
	}
	calls := map[string]func() error{
		"answer":      func() error { return s.Answer(ctx, "/data/consent", "no") },
		"draft":       func() error { _, err := d.Draft(ctx, s.ID()); return err },
		"shift":       func() error { _, err := d.CurrentShift(ctx); return err },
		"batch":       func() error { _, err := d.Unsent(ctx); return err },
		"credentials": func() error { _, err := d.Credentials(ctx); return err },
		"contact": func() error {
			_, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.NoTime})
			return err
		},
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, fieldstore.ErrPINNeeded) {
			t.Errorf("%s while locked: %v", name, err)
		}
	}
	if _, err := d.Outlook(ctx); err != nil {
		t.Errorf("what waits can be counted without the PIN: %v", err)
	}
	d.reopen(t)
	if s = d.resume(t, s.ID()); s.Value("/data/consent") != "yes" {
		t.Errorf("%q was saved", s.Value("/data/consent"))
	}
}

// Ten wrong PINs in a row shut the device, also over restarts; waits grow; the right one in between begins anew.
func TestTheTenthWrongPINShutsTheDevice(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	c := credentials("e1")
	c.Recovery = "7KQF-2M9X-0TBC-W4HD"
	if err := d.SaveEnrolment(ctx, c); err != nil {
		t.Fatal(err)
	}
	d.begin(t, d.shift(t, false))
	d.Lock()
	for n := 1; n <= 3; n++ {
		d.wrong(t, n)
	}
	if err := d.Unlock(ctx, devicePIN); err != nil {
		t.Fatal(err)
	}
	waited := time.Duration(0)
	for n := 1; n < fieldstore.MostWrongPINs; n++ {
		if n == 6 {
			d.openLocked(t)
		}
		wait := d.wrong(t, n)
		if wait < waited {
			t.Errorf("the wait after %d wrong PINs is %s, before it was %s", n, wait, waited)
		}
		if waited = wait; wait > 0 {
			d.now = d.now.Add(wait - time.Second)
			var soon *fieldstore.TooSoonError
			if err := d.Unlock(ctx, devicePIN); !errors.As(err, &soon) || soon.Wait > time.Second {
				t.Errorf("the right PIN before the wait was over: %v", err)
			}
			d.now = d.now.Add(time.Second)
		}
	}
	if err := d.Unlock(ctx, "000000"); !errors.Is(err, fieldstore.ErrShut) {
		t.Fatalf("the tenth: %v", err)
	}
	d.openLocked(t)
	if err := d.Unlock(ctx, devicePIN); !errors.Is(err, fieldstore.ErrShut) {
		t.Errorf("the right PIN after the tenth: %v", err)
	}
	if err := d.Recover(ctx, "7KQF-2M9X-0TBC-W4HE", "735190"); !errors.Is(err, fieldstore.ErrRecovery) {
		t.Errorf("a wrong recovery code: %v", err)
	}
	if err := d.Recover(ctx, "7kqf 2m9x otbc w4hd", "735190"); err != nil {
		t.Fatal(err)
	}
	if drafts, err := d.Drafts(ctx); err != nil || len(drafts) != 1 {
		t.Errorf("%d drafts after recovery, %v", len(drafts), err)
	}
	d.Lock()
	if err := d.Unlock(ctx, "735190"); err != nil {
		t.Errorf("the new PIN: %v", err)
	}
}

func TestWithoutARecoveryCodeThereIsNone(t *testing.T) {
	t.Parallel()
	if err := newDevice(t).Recover(context.Background(), "7KQF-2M9X-0TBC-W4HD", "735190"); !errors.Is(err, fieldstore.ErrNoRecovery) {
		t.Error(err)
	}
}

func (d *device) wrong(t *testing.T, nth int) time.Duration {
	t.Helper()
	began := time.Now()
	err := d.Unlock(context.Background(), "000000")
	took := time.Since(began)
	var wrong *fieldstore.WrongPINError
	if !errors.As(err, &wrong) || wrong.Left != fieldstore.MostWrongPINs-nth {
		t.Fatalf("wrong PIN %d: %v", nth, err)
	}
	if took < fieldstore.LeastRefusal {
		t.Errorf("it was refused after %s", took)
	}
	return wrong.Wait
}

// openLocked restarts the device and leaves it locked.
func (d *device) openLocked(t *testing.T) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := fieldstore.Open(context.Background(), fieldstore.Params{Path: d.path, Now: func() time.Time { return d.now }, PINCost: cheap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test may have closed it before
	d.Store = s
}

// A device that was restarted asks for its PIN.
func TestADeviceOpensLocked(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := fieldstore.Open(context.Background(), fieldstore.Params{Path: d.path})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }() // nothing was written
	if has, err := s.HasPIN(context.Background()); err != nil || !has || !s.IsLocked() {
		t.Errorf("has a PIN %v, locked %v, %v", has, s.IsLocked(), err)
	}
}

// What lies on the disk, in the file and beside it, shows nothing of what was said, noted or who anybody is, neither while an
// interview runs nor after it; not even overwritten pages do.
func TestTheDiskShowsNothingOfWhatWasSaid(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	c := credentials("e1")
	c.Interviewer, c.Token, c.Recovery = "Wilhelmina Vandenbroucke", "token-3f9a71c2", "7KQF-2M9X-0TBC-W4HD"
	if err := d.SaveEnrolment(ctx, c); err != nil {
		t.Fatal(err)
	}
	d.editable(t, 30)
	for _, item := range []delivery.Item{
		{Kind: delivery.ItemMessage, ID: "m1", Body: []byte(`{"id":"m1","study":"visit","from":"Sofie","text":"bring the galoshes"}`)},
		{Kind: delivery.ItemCard, ID: c.Interviewer, Body: []byte(`{"interviewer":"Wilhelmina Vandenbroucke","name":"Mina V."}`)},
	} {
		if err := d.ApplyPull(ctx, []delivery.Item{item}, "c2"); err != nil {
			t.Fatal(err)
		}
	}
	shift := d.shift(t, false)
	if _, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.NoTime, EstimatedAge: "age_parrots"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.PauseShift(ctx, shift.ID, ""); err != nil {
		t.Fatal(err)
	}
	if err := d.ExplainPause(ctx, shift.ID, interview.Other, "hailstones everywhere"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ResumeShift(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SaveShiftNote(ctx, shift.ID, interview.ShiftNote{Words: "a brass band plays Verdi"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.CorrectPassers(ctx, shift.ID, 12, interview.Other, "the escalator counted twice"); err != nil {
		t.Fatal(err)
	}
	done := d.complete(t, d.begin(t, shift), "37", "Cornelia Oosterlinck")
	if err := d.tryReopen(done.ID, interview.CorrectEdit, "misheard the tram stop"); err != nil {
		t.Fatal(err)
	}
	s := d.begin(t, shift)
	for _, a := range [][2]string{{"/data/consent", "yes"}, {"/data/age", "44"}, {"/data/trade", "no"}} {
		if err := s.Answer(ctx, s.Page().Questions[0].Ref, a[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Draft(ctx, "/data/why", "because the fountain reminded me of Trieste"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Observe(ctx, interview.Observation{Question: "/data/why", Note: "glanced at her watch twice"}); err != nil {
		t.Fatal(err)
	}
	secrets := []string{
		"Wilhelmina", "Vandenbroucke", "token-3f9a71c2", "7KQF", "age_parrots", "hailstones", "Verdi", "escalator", "galoshes", "Mina V", "tram stop", "Cornelia", "Oosterlinck", "look around",
		"fountain", "Trieste", "glanced", "<age>", "\"answers\"", devicePIN,
	}
	d.showsNone(t, "while an interview runs", secrets)
	if _, err := s.BreakOff(ctx, "had to catch a bus to Trieste"); err != nil {
		t.Fatal(err)
	}
	d.showsNone(t, "after it ended", secrets)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.showsNone(t, "after the app closed", secrets)
	d.open(t)
	if body, err := d.Record(ctx, done.ID, 0); err != nil || !bytes.Contains(body, []byte("look around")) || bytes.Contains(body, []byte("Cornelia")) {
		t.Errorf("the record cannot be read with the PIN, or holds a name: %v", err)
	}
}

func (d *device) showsNone(t *testing.T, when string, secrets []string) {
	t.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		raw, err := os.ReadFile(d.path + suffix)
		if suffix == "" && (err != nil || !bytes.Contains(raw, []byte("CREATE TABLE outbox"))) {
			t.Fatalf("this is not the device's file: %v", err)
		}
		for _, form := range []int{0, 1} {
			if form == 1 {
				raw = bytes.ReplaceAll(raw, []byte{0}, nil) // UTF-16 reads as UTF-8 without its zeros
			}
			for _, secret := range secrets {
				if bytes.Contains(bytes.ToLower(raw), []byte(strings.ToLower(secret))) {
					t.Errorf("%s: parvis.db%s shows %q", when, suffix, secret)
				}
			}
		}
	}
}
