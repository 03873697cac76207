package fieldstore_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

// The file's pages turn to noise one after another: whatever is hit, the device opens with its PIN, says what happened, keeps the
// damaged file whole, has most of its records word for word, and can hand them in.
func TestADamagedDeviceIsRescued(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDevice(t)
	c := credentials("e1")
	c.Recovery = "7KQF-2M9X-0TBC-W4HD"
	if err := d.SaveEnrolment(ctx, c); err != nil {
		t.Fatal(err)
	}
	shift := d.shift(t, false)
	for range 12 {
		d.complete(t, d.begin(t, shift), "30", "Anna Peeters")
	}
	d.begin(t, shift)
	records, err := d.Unsent(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	sound, err := os.ReadFile(d.path)
	if err != nil {
		t.Fatal(err)
	}
	const seed = 20261124
	random := rand.New(rand.NewPCG(seed, 1))
	var shares []int // of every hundred records
	for page := 1; page < len(sound)/4096; page += 1 + random.IntN(6) {
		damaged := append([]byte{}, sound...)
		for i := range 4096 {
			damaged[page*4096+i] = byte(random.Uint32())
		}
		got := d.rescued(t, page, damaged)
		shares = append(shares, 100*intact(records, got)/len(records))
	}
	slices.Sort(shares)
	// Pages of the schema hide everything, the records' own pages a few of them, most pages none; in a file of some days' work the
	// schema's are a hundredth.
	if t.Logf("%% of records rescued, by the page that was hit: %v", shares); shares[len(shares)/4] < 90 || shares[len(shares)/2] < 100 {
		t.Errorf("too little was rescued")
	}
}

func intact(before, after []delivery.Record) (n int) {
	have := map[string]bool{}
	for _, r := range after {
		have[string(r.Body)] = true
	}
	for _, r := range before {
		if have[string(r.Body)] {
			n++
		}
	}
	return n
}

// rescued opens the device on a damaged file and returns what is unsent on it.
func (d *device) rescued(t *testing.T, page int, file []byte) []delivery.Record {
	t.Helper()
	ctx := context.Background()
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(d.path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(d.path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	d.open(t)
	if d.Rescued() == nil {
		err := d.Check(ctx)
		if err == nil { // a page that nothing lies on
			got := d.unsent(t)
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			return got
		}
		if !errors.Is(err, fieldstore.ErrDamaged) {
			t.Fatalf("page %d: %v", page, err)
		}
		d.reopen(t)
	}
	r := d.Rescued()
	if r == nil {
		t.Fatalf("page %d: the damage was found and not mended", page)
	}
	if err := os.Remove(r.Aside); err != nil {
		t.Errorf("page %d: the damaged file was not kept: %v", page, err)
	}
	got := d.unsent(t)
	if err := d.Check(ctx); err != nil {
		t.Errorf("page %d: the new file: %v", page, err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return got
}

func (d *device) unsent(t *testing.T) []delivery.Record {
	t.Helper()
	records, err := d.Unsent(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return records
}
