// Package devices is the supervisor's page of devices and enrolment codes: which there are and what central last heard of each, a new code
// for an interviewer, and the end of a device that has left or is lost. The Model, Order, Code and Ending are plain Go; the views draw.
//
// What devices there are is read from the laptop's store and works without a connection. Codes, and what ending a device touches, are
// central's alone.
package devices

import (
	"context"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// Store is what the page reads.
type Store interface {
	Interviewers(ctx context.Context, studyID, day string) ([]desk.Interviewer, error)
	Laptops(ctx context.Context) ([]delivery.DeviceState, error)
	Schedule(ctx context.Context) (delivery.Schedule, error)
}

// State is how a device stands with central.
type State string

// The states; All is none of them and stands for all.
const (
	All     State = ""
	Active  State = "active"
	Revoked State = "revoked"
	Lost    State = "lost"
)

// States are the states to choose from, all of them first.
func States() []State { return []State{All, Active, Revoked, Lost} }

// StateOf is a device's state.
func StateOf(d delivery.DeviceState) State {
	switch {
	case d.Lost:
		return Lost
	case d.Revoked:
		return Revoked
	}
	return Active
}

// Choice is what is shown and how; the zero one is everything, the last heard from first.
type Choice struct {
	Show       State
	Sort       string // the key of a column
	Descending bool
}

// Device is one line.
type Device struct {
	delivery.DeviceState
	State State
	Form  string // the version of the questionnaire of the last interview it sent; empty for none
	// Absent are records that central knows of and does not have.
	Absent int64
}

// Model is everything the page shows.
type Model struct {
	Choice
	Devices []Device // all of them
	Counts  map[State]int
	Form    string // the version of the questionnaire the study has now
	// At is when this laptop last heard everything central had for it, zero for never; Failed tells that it was tried since.
	At     time.Time
	Failed bool
}

// Read reads the page of a study.
func Read(ctx context.Context, s Store, st study.Study, c Choice, zone *time.Location) (Model, error) {
	m := Model{Choice: c, Form: st.Form.Version, Counts: map[State]int{}}
	plan, err := s.Schedule(ctx)
	if err != nil {
		return m, err
	}
	m.Failed = plan.LastError != ""
	if plan.LastSuccess > 0 {
		m.At = time.UnixMilli(plan.LastSuccess).In(zone)
	}
	people, err := s.Interviewers(ctx, st.ID, "")
	if err != nil {
		return m, err
	}
	laptops, err := s.Laptops(ctx)
	if err != nil {
		return m, err
	}
	for _, i := range append(people, desk.Interviewer{Devices: laptops}) {
		for _, d := range i.Devices {
			line := Device{DeviceState: d, State: StateOf(d), Form: i.Forms[d.Device]}
			for _, gap := range d.Gaps() {
				line.Absent += gap.Last - gap.First + 1
			}
			m.Devices = append(m.Devices, line)
			m.Counts[line.State]++
		}
	}
	m.Counts[All] = len(m.Devices)
	slices.SortStableFunc(m.Devices, func(a, b Device) int { return int(min(max(b.LastSeen-a.LastSeen, -1), 1)) })
	return m, nil
}

// Shown are the devices of the chosen state.
func (m Model) Shown() []Device {
	return slices.DeleteFunc(slices.Clone(m.Devices), func(d Device) bool { return m.Show != All && d.State != m.Show })
}

// Device is the one with an id.
func (m Model) Device(id string) (d Device, known bool) {
	at := slices.IndexFunc(m.Devices, func(d Device) bool { return d.Device == id })
	if at < 0 {
		return d, false
	}
	return m.Devices[at], true
}

// Interviewers are the codes of those who have or had a device, in their order.
func (m Model) Interviewers() []string {
	found := map[string]bool{}
	var codes []string
	for _, d := range m.Devices {
		if d.Interviewer != "" && !found[d.Interviewer] {
			found[d.Interviewer] = true
			codes = append(codes, d.Interviewer)
		}
	}
	slices.Sort(codes)
	return codes
}

// Name tells a device from others of the same kind: its platform and the end of its id.
func (d Device) Name() string {
	id := d.Device
	if len(id) > tail {
		id = id[len(id)-tail:]
	}
	if d.Platform == "" {
		return id
	}
	return d.Platform + " · " + id
}

// Of is whose it is: the interviewer's, or a supervisor's laptop that lends rights.
func (d Device) Of(w Words) string {
	if d.Account != "" {
		return w.T("devices.laptop_of", "name", d.Account)
	}
	return d.Interviewer
}

// tail is how much of an id tells devices apart: its random end.
const tail = 6
