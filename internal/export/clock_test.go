package export

import (
	"math/rand/v2"
	"testing"
	"time"

	"parvis/internal/interview"
)

func TestMomentsAreISO8601WithOffset(t *testing.T) {
	at := time.Date(2026, 5, 2, 14, 3, 7, 250_000_000, time.FixedZone("", 2*3600))
	var c clock
	if got := string(c.append(nil, interview.MomentOf(at))); got != "2026-05-02T14:03:07.250+02:00" {
		t.Errorf("got %s", got)
	}
	if got := string(c.append(nil, interview.Moment{})); got != "" {
		t.Errorf("a moment never recorded reads %q", got)
	}
}

func TestClockAgreesWithTheLibrary(t *testing.T) {
	const seed = 11
	rng := rand.New(rand.NewPCG(seed, seed))
	var c clock
	base := time.Date(2026, 2, 28, 23, 59, 0, 0, time.UTC).UnixMilli()
	for i := range 20_000 {
		m := interview.Moment{UTC: base + rng.Int64N(172_800_000) - 86_400_000, Offset: 15 * (rng.IntN(113) - 56)}
		if i%4 == 0 {
			m.UTC = rng.Int64N(250_000_000_000_000) - 60_000_000_000_000
		}
		want := m.Time().Format("2006-01-02T15:04:05.000Z07:00")
		if got := string(c.append(nil, m)); got != want {
			t.Fatalf("seed %d: %v reads %s, want %s", seed, m, got, want)
		}
	}
}

func TestSecondsKeepTheirMilliseconds(t *testing.T) {
	for ms, want := range map[int64]string{0: "0", 1: "0.001", 312_400: "312.4", 60_000: "60", 3_600_001: "3600.001"} {
		if got := string(appendSeconds(nil, ms)); got != want {
			t.Errorf("%d ms reads %s, want %s", ms, got, want)
		}
	}
}
