// Package contact is the contact sheet: the footfall counter with its sampling interval, what became of each approach, and the
// shift's live figures. The Presenter is plain Go and tested without a display; the View draws and forwards taps.
package contact

import (
	"context"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// UndoFor is how long a tapped outcome can be taken back by one tap.
const UndoFor = 5 * time.Second

// Store keeps the shift; every call has saved when it returns.
type Store interface {
	CountPasser(ctx context.Context, shift string) (passed int, err error)
	UndoPasser(ctx context.Context, shift string) (passed int, err error)
	SaveContact(ctx context.Context, c interview.Contact) (interview.Contact, error)
	ReviseContact(ctx context.Context, c interview.Contact) (interview.Contact, error)
	UndoContact(ctx context.Context, id string) error
	Contacts(ctx context.Context, shift string) ([]interview.Contact, error)
	ShiftFigures(ctx context.Context, shift string) (fieldstore.ShiftFigures, error)
	QuotaCounts(ctx context.Context, studyID string) (map[string]int, error)
	Quotas(ctx context.Context, studyID string) (map[string]fieldstore.Quota, error)
	Aims(ctx context.Context, studyID string) (map[string]delivery.Aim, error)
	PauseShift(ctx context.Context, id, reason string) (interview.Shift, error)
	ResumeShift(ctx context.Context, id string) (interview.Shift, error)
	EndShift(ctx context.Context, id string) (interview.Shift, error)
	ExplainPause(ctx context.Context, shift, reason, words string) error
	CorrectPassers(ctx context.Context, shift string, to int, reason, words string) (interview.Shift, error)
	SaveShiftNote(ctx context.Context, shift string, note interview.ShiftNote) (interview.ShiftNote, error)
	Outlook(ctx context.Context) (fieldstore.Outlook, error)
	Condition(ctx context.Context) (fieldstore.Condition, error)
}

// Params is what a Presenter needs.
type Params struct {
	Store Store
	Study study.Study
	Shift interview.Shift
	Now   func() time.Time
	NewID func() string
}

// Presenter holds the state of the contact sheet.
type Presenter struct {
	p        Params
	figures  fieldstore.ShiftFigures
	counts   map[string]int
	rights   map[string]fieldstore.Quota
	aims     map[string]delivery.Aim // targets in force of what has no rights
	outlook  fieldstore.Outlook
	device   fieldstore.Condition
	last     string
	lastTime time.Time
	// guessed is the contact the interviewer is asked for an estimate of; its ID is empty for none.
	guessed interview.Contact
	// whyNot asks why the selected person is not approached.
	whyNot bool
}

// New reads the shift's state.
func New(ctx context.Context, p Params) (*Presenter, error) {
	c := &Presenter{p: p}
	return c, c.read(ctx)
}

// read changes nothing where it fails: the next contact is recorded with the count that stands here.
func (c *Presenter) read(ctx context.Context) error {
	figures, err := c.p.Store.ShiftFigures(ctx, c.p.Shift.ID)
	if err != nil {
		return err
	}
	contacts, err := c.p.Store.Contacts(ctx, c.p.Shift.ID)
	if err != nil {
		return err
	}
	c.figures, c.guessed = figures, interview.Contact{}
	if len(contacts) > 0 {
		// The one tapped just now is the latest even where the clock has gone back since the others.
		tapped := slices.IndexFunc(contacts, func(x interview.Contact) bool { return x.ID == c.last })
		c.askGuess(contacts[max(tapped, 0)])
	}
	return c.ReadDelivery(ctx)
}

// ReadDelivery brings what waits, what may be done and how the device stands up to date, after an exchange with central.
func (c *Presenter) ReadDelivery(ctx context.Context) error {
	outlook, err := c.p.Store.Outlook(ctx)
	if err != nil {
		return err
	}
	device, err := c.p.Store.Condition(ctx)
	if err != nil {
		return err
	}
	counts, err := c.p.Store.QuotaCounts(ctx, c.p.Study.ID)
	if err != nil {
		return err
	}
	rights, err := c.p.Store.Quotas(ctx, c.p.Study.ID)
	if err != nil {
		return err
	}
	aims, err := c.p.Store.Aims(ctx, c.p.Study.ID)
	if err != nil {
		return err
	}
	c.outlook, c.device, c.counts, c.rights, c.aims = outlook, device, counts, rights, aims
	return nil
}

// Model is everything the sheet shows.
type Model struct {
	Site, Entrance study.Text
	Since          time.Time
	Paused         bool
	Pause          interview.Pause
	Practice       bool
	Asking         Asking
	// Guessed is the contact an estimate is asked of.
	Guessed interview.Contact
	// Weather is that noted last, empty for none.
	Weather string
	Outlook fieldstore.Outlook
	Device  fieldstore.Condition
	// Passed is the count of passers-by; Step of Every dots of the present interval are filled; Due tells that the next person
	// is to be approached.
	Passed, Step, Every, More int
	Due                       bool
	CanUndo                   bool // a passer-by was counted and can be taken off again
	CanUndoOutcome            bool
	Figures                   fieldstore.ShiftFigures
	Cells                     []Cell
}

// Cell is one quota constraint that can fill at this site, with what is done for it as far as this device knows.
type Cell struct {
	Label        study.Text
	Done, Target int
	// Today tells that the target is for the present day; Wave is the label of the wave it is for.
	Today bool
	Wave  study.Text
	// Apart tells that the target is for each wave and the present day lies in none: nobody is wanted.
	Apart bool
	// Untold tells that central has said what this device may do, and nothing of this: an interview would end as full, so nobody is wanted,
	// and what others have is not known.
	Untold bool
	// Leased tells that the constraint is shared with other devices: then Left counts the rights of this one, and Elsewhere what others or
	// nobody has.
	Leased          bool
	Mine, Elsewhere int
}

// Left is how many are still wanted of this device, never negative.
func (c Cell) Left() int {
	switch {
	case c.Apart, c.Untold:
		return 0
	case c.Leased:
		return c.Mine
	}
	return max(0, c.Target-c.Done)
}

// within narrows a cell to what is left of a hard constraint that everybody falls in.
func (c *Cell) within(total Cell) {
	c.Apart, c.Untold = c.Apart || total.Apart, c.Untold || total.Untold
	if c.Leased {
		c.Mine, c.Elsewhere = min(c.Mine, total.Mine), min(c.Elsewhere, total.Elsewhere)
		return
	}
	c.Target = min(c.Target, c.Done+total.Left())
}

// Model is the state now.
func (c *Presenter) Model() Model {
	s := c.p.Shift
	m := Model{Since: s.Started.Time(), Passed: c.figures.Passed, Every: max(1, s.Interval), Figures: c.figures}
	if site, ok := c.p.Study.SiteByName(s.Site); ok {
		m.Site = site.Label
		if entrance, ok := site.EntranceBy(s.Entrance); ok {
			m.Entrance = entrance.Label
		}
	}
	m.Pause, m.Paused = s.Paused()
	m.Asking, m.Guessed, m.Weather = c.asking(), c.guessed, s.Weather()
	m.Outlook, m.Device = c.outlook, c.device
	since := max(0, m.Passed-c.figures.Selected)
	m.Step = min(since, m.Every)
	m.More, m.Due = m.Every-m.Step, since >= m.Every
	m.CanUndo = m.Passed > 0
	m.CanUndoOutcome = c.canUndo()
	m.Cells = c.cells()
	return m
}

// cells lists the constraints of this site, the emptiest first, so that the interviewer sees whom to look for.
func (c *Presenter) cells() []Cell {
	var cells []Cell
	today := study.DayOf(c.p.Now())
	for _, q := range c.here() {
		if !q.Condition.Always() {
			cells = append(cells, c.cell(q, today))
		}
	}
	for _, q := range c.here() { // who falls in a cell falls in a total of the place too
		if q.Kind == study.Hard && q.Condition.Always() && len(c.rights) > 0 {
			total := c.cell(q, today)
			for i := range cells {
				cells[i].within(total)
			}
		}
	}
	slices.SortStableFunc(cells, func(a, b Cell) int { return b.Left() - a.Left() })
	return cells
}

// here lists the constraints that can fill at this site.
func (c *Presenter) here() (list []study.Quota) {
	site, _ := c.p.Study.SiteByName(c.p.Shift.Site) // a site that has gone has no region
	for _, q := range c.p.Study.Quotas {
		if (q.Site == "" || q.Site == c.p.Shift.Site) && (q.Region == "" || q.Region == site.Region) {
			list = append(list, q)
		}
	}
	return list
}

func (c *Presenter) cell(q study.Quota, today string) Cell {
	account := c.p.Study.AccountOn(q, today)
	cell := Cell{Label: q.Label, Done: c.counts[account], Target: q.Target, Today: q.Period == study.EachDay}
	if q.Period == study.EachWave {
		wave, in := c.p.Study.WaveOn(today)
		cell.Wave, cell.Apart = wave.Label, !in
	}
	if aim, told := c.aims[q.Name]; told && q.Kind != study.Hard {
		if cell.Target = aim.Target; aim.Closed {
			cell.Target = min(aim.Target, cell.Done)
		}
	}
	switch r, ok := c.rights[account]; {
	case ok:
		cell.Leased, cell.Done, cell.Target, cell.Mine, cell.Elsewhere = true, r.Used, r.Cap, r.Free, r.Elsewhere
	case q.Kind == study.Hard && len(c.rights) > 0:
		cell.Untold = !cell.Apart
	}
	return cell
}

// Now is the time by which the sheet goes.
func (c *Presenter) Now() time.Time { return c.p.Now() }

// Pass counts one passer-by.
func (c *Presenter) Pass(ctx context.Context) error {
	return c.counted(c.p.Store.CountPasser(ctx, c.p.Shift.ID))
}

// Unpass takes the last passer-by off again.
func (c *Presenter) Unpass(ctx context.Context) error {
	return c.counted(c.p.Store.UndoPasser(ctx, c.p.Shift.ID))
}

func (c *Presenter) counted(passed int, err error) error {
	if err == nil {
		c.figures.Passed = passed
	}
	return err
}

// Contact is a new approach with an outcome; InProgress is one that agreed.
func (c *Presenter) Contact(d interview.Disposition) interview.Contact {
	s := c.p.Shift
	made, known := interview.FactsOf(d)
	return interview.Contact{
		ID: c.p.NewID(), Study: s.Study, Shift: s.ID, Site: s.Site, Entrance: s.Entrance, Interviewer: s.Interviewer, Practice: s.Practice,
		At: interview.MomentOf(c.p.Now()), Disposition: d, Passed: c.figures.Passed, ContactMade: made, EligibilityKnown: known,
	}
}
