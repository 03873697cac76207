package devices

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Lasting are how long a code may be valid, in minutes: an hour, a day, a week, thirty days.
func Lasting() []int { return []int{60, 24 * 60, 7 * 24 * 60, 30 * 24 * 60} }

// mostInterviewer is the longest code of an interviewer, in characters.
const mostInterviewer = 32

// Order is a code being asked for.
type Order struct {
	Interviewer string
	Studies     []string // ids
	Minutes     int
	Making      bool
	Fault       Fault // what was wrong; zero for nothing
}

// NewOrder is an order for an interviewer, or for one still to be named, in a study, for a day.
func NewOrder(interviewer, studyID string) Order {
	return Order{Interviewer: interviewer, Studies: []string{studyID}, Minutes: 24 * 60}
}

// Turn takes a study in or out.
func (o *Order) Turn(studyID string) {
	if at := slices.Index(o.Studies, studyID); at >= 0 {
		o.Studies = slices.Delete(slices.Clone(o.Studies), at, at+1)
		return
	}
	o.Studies = append(slices.Clone(o.Studies), studyID)
}

// Request is what central is asked; where something is missing, fault says what.
func (o Order) Request() (r protocol.CodesRequest, fault Fault) {
	who := strings.TrimSpace(o.Interviewer)
	switch n := utf8.RuneCountInString(who); {
	case n == 0:
		return r, Fault{What: "devices.no_interviewer"}
	case n > mostInterviewer || strings.ContainsAny(who, " \t\n"):
		return r, Fault{What: "devices.bad_interviewer"}
	case len(o.Studies) == 0:
		return r, Fault{What: "devices.no_study"}
	}
	return protocol.CodesRequest{Studies: o.Studies, Interviewer: who, Minutes: o.Minutes}, Fault{}
}

// Code is a code that was made, as it is shown.
type Code struct {
	ID, Text    string
	Central     string // the address a device has to reach
	Link        string // what the QR code holds
	Interviewer string
	Studies     []string // their titles
	// Until is when it ends by this laptop's clock, a little early rather than late.
	Until time.Time
	// Used is when a device enrolled with it, as central told; zero for not yet, as far as is known. Device is its id.
	Used   time.Time
	Device string
}

// Made is the code central answered with to an order; asked is when it was asked, by this laptop's clock, since central's may differ.
// ok is false where there is none in the answer.
func Made(r protocol.CodesRequest, a protocol.CodesAnswer, central string, titles []string, asked time.Time) (c Code, ok bool) {
	if len(a.Codes) == 0 {
		return c, false
	}
	c = Code{
		Text: a.Codes[0], Central: central, Link: protocol.EnrolLink(central, a.Codes[0]), Interviewer: r.Interviewer, Studies: titles,
		Until: asked.Add(time.Duration(r.Minutes) * time.Minute),
	}
	if len(a.IDs) > 0 {
		c.ID = a.IDs[0]
	}
	return c, true
}

// Learn takes over what central says became of codes.
func (c *Code) Learn(list []delivery.CodeState, zone *time.Location) {
	for _, known := range list {
		if c.ID != "" && known.ID == c.ID && known.Used > 0 {
			c.Used, c.Device = time.UnixMilli(known.Used).In(zone), known.Device
		}
	}
}

// Open tells that the code can still be used, as far as is known.
func (c Code) Open(now time.Time) bool {
	return c.Text != "" && c.Used.IsZero() && now.Before(c.Until)
}

// Status says what became of the code, or how long it still lasts.
func (c Code) Status(w Words, now time.Time) string {
	switch {
	case !c.Used.IsZero():
		return w.T("devices.code_used", "when", w.Moment(c.Used, now))
	case !now.Before(c.Until):
		return w.T("devices.code_over", "when", w.Moment(c.Until, now))
	}
	return w.T("devices.code_open", "when", w.Moment(c.Until, now), "left", Left(w, c.Until.Sub(now)))
}

// Left says a span in its two largest units; the last hour runs by the second.
func Left(w Words, d time.Duration) string {
	d = max(d, 0)
	hours, minutes, seconds := int(d/time.Hour), int(d/time.Minute)%60, int(d/time.Second)%60
	switch {
	case hours >= 48:
		return w.T("devices.left_days", "days", hours/24, "hours", hours%24)
	case hours > 0:
		return w.T("devices.left_hours", "hours", hours, "minutes", minutes)
	case minutes > 0:
		return w.T("devices.left_minutes", "minutes", minutes, "seconds", seconds)
	}
	return w.T("devices.left_seconds", "seconds", seconds)
}

// CodeLine says of a code that central knows what became of it.
func CodeLine(w Words, c delivery.CodeState, now time.Time) string {
	at := func(ms int64) string { return w.Moment(time.UnixMilli(ms).In(now.Location()), now) }
	switch {
	case c.Used > 0:
		return w.T("devices.code_was_used", "when", at(c.Used))
	case c.Expires <= now.UnixMilli():
		return w.T("devices.code_was_over", "when", at(c.Expires))
	}
	return w.T("devices.code_is_open", "when", at(c.Expires))
}
