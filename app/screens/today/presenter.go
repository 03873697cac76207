// Package today is the first page of the day: the study, where the interviewer stands, the shift, and what waits to be sent. The
// Presenter is plain Go; the View draws.
package today

import (
	"context"
	"errors"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// Store is what the page reads and the two choices it keeps.
type Store interface {
	Enrolment(ctx context.Context) (delivery.Credentials, error)
	Studies(ctx context.Context) ([]fieldstore.StudyState, error)
	// Study reads also one that is no longer assigned.
	Study(ctx context.Context, id string) (study.Study, error)
	CurrentShift(ctx context.Context) (interview.Shift, error)
	StartShift(ctx context.Context, start fieldstore.ShiftStart) (interview.Shift, error)
	Outlook(ctx context.Context) (fieldstore.Outlook, error)
	Unread(ctx context.Context) (int, error)
	Condition(ctx context.Context) (fieldstore.Condition, error)
	Assignments(ctx context.Context, from string) ([]fieldstore.Assigned, error)
	SeeAssignments(ctx context.Context) error
	Setting(ctx context.Context, key string) (string, error)
	SaveSetting(ctx context.Context, key, value string) error
}

// Params is what a Presenter needs.
type Params struct {
	Store Store
	Now   func() time.Time
}

// Presenter holds the state of the page.
type Presenter struct {
	p Params
	m Model
}

// New reads the state.
func New(ctx context.Context, p Params) (*Presenter, error) {
	t := &Presenter{p: p}
	return t, t.Read(ctx)
}

// Model is everything the page shows.
type Model struct {
	Day         time.Time
	Interviewer string
	Revoked     bool
	Studies     []study.Study
	// Chosen is the study, site and entrance in force; Study.ID is empty where there is none yet.
	Study    study.Study
	Ready    bool // its questionnaire is on the device and interviews can begin
	Site     study.Site
	Entrance study.Entrance
	Interval int
	// Shift is the open one; its ID is empty where none is.
	Shift   interview.Shift
	Outlook fieldstore.Outlook
	Unread  int // messages of the supervisor
	// Plan is where the supervisor wants the interviewer to be.
	Plan Plan
	// Device is how its clock and its storage stand.
	Device fieldstore.Condition
}

// Keys of what the interviewer chose last.
const (
	keyStudy    = "today.study"
	keySite     = "today.site"
	keyEntrance = "today.entrance"
	keyFor      = "today.assignment" // the assignment at hand when the place was chosen
)

// Read brings the state up to date, after a synchronisation or a shift.
func (t *Presenter) Read(ctx context.Context) error {
	c, err := t.p.Store.Enrolment(ctx)
	if err != nil {
		return err
	}
	m := Model{Day: t.p.Now(), Interviewer: c.Interviewer, Revoked: c.Revoked}
	states, err := t.p.Store.Studies(ctx)
	if err != nil {
		return err
	}
	if m.Shift, err = t.p.Store.CurrentShift(ctx); err != nil && !errors.Is(err, fieldstore.ErrNotFound) {
		return err
	}
	if m.Outlook, err = t.p.Store.Outlook(ctx); err != nil {
		return err
	}
	if m.Unread, err = t.p.Store.Unread(ctx); err != nil {
		return err
	}
	if m.Device, err = t.p.Store.Condition(ctx); err != nil {
		return err
	}
	if m.Plan, err = t.plan(ctx, m.Day, states); err != nil {
		return err
	}
	if err := t.choose(ctx, &m, states); err != nil {
		return err
	}
	m.Plan.Elsewhere = m.Plan.elsewhere(m)
	t.m = m
	return nil
}

// choose settles study, site and entrance: those of the open shift, else those of the assignment at hand unless the interviewer chose
// others for it, else the last ones, else the first.
func (t *Presenter) choose(ctx context.Context, m *Model, states []fieldstore.StudyState) error {
	var want [4]string
	for i, key := range []string{keyStudy, keySite, keyEntrance, keyFor} {
		value, err := t.p.Store.Setting(ctx, key)
		if err != nil {
			return err
		}
		want[i] = value
	}
	if a := m.Plan.Now; a != nil && want[3] != a.key() {
		entrance := a.Entrance.Name
		if entrance == "" && want[1] == a.Site.Name {
			entrance = want[2]
		}
		want = [4]string{a.Study.ID, a.Site.Name, entrance}
	}
	if s := m.Shift; s.ID != "" {
		want = [4]string{s.Study, s.Site, s.Entrance}
	}
	for i, state := range states {
		m.Studies = append(m.Studies, state.Study)
		if i == 0 || state.ID == want[0] {
			m.Study, m.Ready = state.Study, state.Ready
		}
	}
	if s := m.Shift; s.ID != "" && m.Study.ID != s.Study { // withdrawn since; its shift still has to be ended
		var err error
		if m.Study, err = t.p.Store.Study(ctx, s.Study); err != nil {
			return err
		}
		m.Ready = false
	}
	if len(m.Study.Sites) == 0 {
		return nil
	}
	m.Site = m.Study.Sites[0]
	if site, ok := m.Study.SiteByName(want[1]); ok {
		m.Site = site
	}
	m.Entrance = m.Site.Entrances[0]
	if entrance, ok := m.Site.EntranceBy(want[2]); ok {
		m.Entrance = entrance
	}
	m.Interval = m.Study.IntervalAt(m.Site.Name, m.Entrance.Name)
	if m.Shift.ID != "" {
		m.Interval = m.Shift.Interval // as it began, whatever a newer version of the study says
	}
	return nil
}

// Model is the state as last read.
func (t *Presenter) Model() Model { return t.m }

// Choose keeps where the interviewer stands; an empty site or entrance takes the first.
func (t *Presenter) Choose(ctx context.Context, studyID, site, entrance string) error {
	assignment := ""
	if t.m.Plan.Now != nil {
		assignment = t.m.Plan.Now.key()
	}
	for key, value := range map[string]string{keyStudy: studyID, keySite: site, keyEntrance: entrance, keyFor: assignment} {
		if err := t.p.Store.SaveSetting(ctx, key, value); err != nil {
			return err
		}
	}
	return t.Read(ctx)
}

// Start opens a shift where the interviewer stands.
func (t *Presenter) Start(ctx context.Context, practice bool) (interview.Shift, error) {
	shift, err := t.p.Store.StartShift(ctx, fieldstore.ShiftStart{
		Study: t.m.Study.ID, Site: t.m.Site.Name, Entrance: t.m.Entrance.Name, Practice: practice,
	})
	if err != nil {
		return shift, err
	}
	return shift, t.Read(ctx)
}
