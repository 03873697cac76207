package devices

import (
	"errors"
	"strings"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// Ending is the end of a device's enrolment that somebody is about to order. It cannot be undone, so that what it touches is shown
// first: without central's word on that there is no going on.
type Ending struct {
	Device Device
	Lost   bool // written off, rather than only revoked
	Reason string
	// Known is what central says it touches; nil while it has not said.
	Known *delivery.DeviceEnding
	Doing bool
	Fault Fault
}

// Ready tells that it can be ordered.
func (e Ending) Ready() bool { return e.Known != nil && !e.Doing && e.Check() == "" }

// Check is the key of what is missing or too long; empty for nothing.
func (e Ending) Check() string {
	switch reason := strings.TrimSpace(e.Reason); {
	case reason == "":
		return "devices.reason_missing"
	case len(reason) > protocol.MaxReason:
		return "devices.reason_long"
	}
	return ""
}

// key is one of two texts.
func (e Ending) key(name string) string {
	if e.Lost {
		return "devices.lost_" + name
	}
	return "devices.revoke_" + name
}

// Lines say what it touches and what it means, in the order in which it matters.
func (e Ending) Lines(w Words, now time.Time) (lines []string) {
	if e.Known == nil {
		return nil
	}
	k := *e.Known
	heard := Heard(w, k.LastSeen, now)
	if k.Missing > 0 {
		lines = append(lines, w.N("devices.ending_missing", int(k.Missing), "when", heard))
	} else {
		lines = append(lines, w.T("devices.ending_nothing", "when", heard))
	}
	if k.Rights > 0 {
		lines = append(lines, w.N(e.key("rights"), k.Rights, "quotas", w.N("devices.quotas", k.Constraints)))
	} else {
		lines = append(lines, w.T("devices.ending_no_rights"))
	}
	return append(lines, w.T(e.key("later")), w.T("devices.ending_final"))
}

// Fault is what a person reads of what did not work: the key of what happened, and central's own words where it gave any.
type Fault struct {
	What string // key; empty for no fault
	Said string
}

// FaultOf tells an error of central's; the key of one that has nothing to do with devices is the agent's own.
func FaultOf(err error) Fault {
	reason := agent.ReasonOf(err)
	f := Fault{What: agent.Explain(err).Key}
	switch reason {
	case "":
		return Fault{}
	case agent.Offline, agent.NotCentral:
		f.What = "devices.needs_connection"
	case agent.Forbidden:
		f.What, f.Said = "devices.forbidden", said(err)
	case agent.Refused:
		f.What, f.Said = "devices.refused", said(err)
	}
	return f
}

// said are central's own words.
func said(err error) string {
	var e *agent.Error
	if !errors.As(err, &e) || e.Problem == nil {
		return ""
	}
	return e.Problem.Title
}

// Lines are what a person reads.
func (f Fault) Lines(w Words) (lines []string) {
	if f.What == "" {
		return nil
	}
	lines = []string{w.T(f.What)}
	if f.Said != "" {
		lines = append(lines, w.T("devices.central_says", "words", f.Said))
	}
	return lines
}
