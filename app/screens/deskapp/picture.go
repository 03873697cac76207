package deskapp

import (
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

// Picture is how old what is shown is.
type Picture struct {
	// At is when this laptop last heard everything central had for it; zero for never.
	At time.Time
	// Failed tells that it was tried since, without success.
	Failed bool
	// Devices are those central knows of that are not signed off, Heard those it heard from on the day of now.
	Devices, Heard int
}

func pictureOf(plan delivery.Schedule, devices []delivery.DeviceState, now time.Time) Picture {
	p := Picture{Failed: plan.LastError != ""}
	if plan.LastSuccess > 0 {
		p.At = time.UnixMilli(plan.LastSuccess).In(now.Location())
	}
	today := now.Format(time.DateOnly)
	for _, d := range devices {
		if d.Revoked {
			continue
		}
		p.Devices++
		if d.LastSeen > 0 && time.UnixMilli(d.LastSeen).In(now.Location()).Format(time.DateOnly) == today {
			p.Heard++
		}
	}
	return p
}

// pictureWords are the interface's texts a picture needs.
type pictureWords interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Moment(t, now time.Time) string
}

// in says it in words.
func (p Picture) in(w pictureWords, now time.Time) string {
	if p.At.IsZero() {
		return w.T("board.no_picture")
	}
	said := w.T("board.picture_of", "clock", w.Moment(p.At, now), "age", age(w, now.Sub(p.At)))
	if p.Devices > 0 {
		said += " " + w.N("board.devices_heard", p.Devices, "heard", p.Heard)
	}
	if p.Failed {
		said += " " + w.T("board.attempt_failed")
	}
	return said
}

func age(w pictureWords, d time.Duration) string {
	switch {
	case d < time.Minute:
		return w.T("date.just_now")
	case d < time.Hour:
		return w.N("date.minutes_ago", int(d/time.Minute))
	case d < 48*time.Hour:
		return w.N("date.hours_ago", int(d/time.Hour))
	}
	return w.N("date.days_ago", int(d/(24*time.Hour)))
}

// foot reads the picture's age anew.
func (a *App) foot() string {
	now := a.p.Now()
	plan, err := a.p.Store.Schedule(a.ctx)
	if err != nil {
		a.p.Logger.Error("the schedule cannot be read", "error", err)
	}
	devices, err := a.p.Store.Devices(a.ctx)
	if err != nil {
		a.p.Logger.Error("the devices cannot be read", "error", err)
	}
	said := pictureOf(plan, devices, now).in(a.p.Words, now)
	unsent, err := a.p.Store.Unsent(a.ctx)
	if err != nil {
		a.p.Logger.Error("what waits cannot be counted", "error", err)
	}
	for _, line := range waiting(a.p.Words, unsent) {
		said += " " + line
	}
	return said
}

// waiting says what of the decisions made here has not reached central.
func waiting(w pictureWords, u desk.Unsent) (lines []string) {
	for _, c := range []struct {
		key string
		n   int
	}{{"decisions.waiting", u.Mine}, {"decisions.others", u.Others}, {"decisions.refused", u.Refused}} {
		if c.n > 0 {
			lines = append(lines, w.N(c.key, c.n))
		}
	}
	return lines
}
