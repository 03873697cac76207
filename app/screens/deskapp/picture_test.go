package deskapp

import (
	"testing"
	"time"

	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
)

func TestHowOldThePictureIs(t *testing.T) {
	t.Parallel()
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 14, 34, 0, 0, time.UTC)
	ago := func(d time.Duration) int64 { return now.Add(-d).UnixMilli() }
	devices := []delivery.DeviceState{{LastSeen: ago(time.Hour)}, {LastSeen: ago(15 * time.Hour)}, {LastSeen: ago(time.Minute), Revoked: true}, {}}
	for _, c := range []struct {
		plan    delivery.Schedule
		devices []delivery.DeviceState
		want    string
	}{
		{delivery.Schedule{}, devices, "No picture yet: sync once."},
		{delivery.Schedule{LastSuccess: ago(2 * time.Minute)}, nil, "Picture of 14:32, 2 minutes ago."},
		{delivery.Schedule{LastSuccess: ago(10 * time.Second)}, devices, "Picture of 14:33, just now. 1 of 3 devices heard from today."},
		{delivery.Schedule{LastSuccess: ago(3 * time.Hour), LastError: "sync.error.offline"}, nil, "Picture of 11:34, 3 hours ago. The last attempt to sync failed."},
		{delivery.Schedule{LastSuccess: ago(72 * time.Hour)}, nil, "Picture of 18 November, 14:34, 3 days ago."},
	} {
		if got := pictureOf(c.plan, c.devices, now).in(w, now); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
