package interview

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"parvis/internal/study"
	"parvis/internal/xform"
)

// What a Session's caller can act on.
var (
	// ErrNoRecipient: the questionnaire asks for personal data and the study names nobody who could open them.
	ErrNoRecipient = errors.New("the questionnaire asks for personal data, but the study has no recipient whose key could seal them; " +
		"add a recipient to the study")
	// ErrClosed: the interview has ended.
	ErrClosed = errors.New("the interview has ended")
	// ErrNotEnded: there are questions left.
	ErrNotEnded = errors.New("the interview has not reached its end")
	// ErrNoPage: the page does not exist, or no longer.
	ErrNoPage = errors.New("there is no such page now")
)

// Sealer seals personal values for the study's recipients; the result is text.
type Sealer func(recipients []string, values map[string]string) (string, error)

// SessionParams is what an interview needs.
type SessionParams struct {
	Study   study.Study
	Form    *xform.Form
	Shift   Shift
	Contact Contact // of Start: ID, Interview and At are filled in where they are missing
	Journal Journal
	Seal    Sealer
	// Now is the wall clock in the device's zone; nil for time.Now.
	Now func() time.Time
	// Monotonic never jumps; its zero is of no account. Nil for the process's own clock.
	Monotonic func() time.Duration
	Rand      *rand.Rand    // nil for a random seed
	NewID     func() string // UUIDv7
	// Language to begin in, in full or as a code; "" for the questionnaire's default.
	Language string
	DeviceID string
	Logger   *slog.Logger // nil for silence; it hears neither answers nor names
}

// Session conducts one interview. Every call that changes something has been kept by the Journal when it returns nil; where the
// Journal fails, the session is as it was before. It may be called from any goroutine.
type Session struct {
	mu       sync.Mutex
	p        SessionParams
	draft    Draft // what does not change, and Language
	contact  Contact
	in       *xform.Instance
	pos      xform.Position
	page     xform.Page
	saved    []byte // the snapshot the journal has
	log      paradata
	rules    rules
	hard     []hard
	held     Held
	personal map[xform.Ref]bool
	minima   map[xform.Ref]minimum
	tap      int64         // open time of the first tap on the present page, until it is left; 0 for none yet
	refused  []int64       // open times when the interview could not end, until a step tells them
	began    time.Duration // monotonic, when this run of the program opened the interview
	openMS   int64         // open time of earlier runs
	closed   bool
	removed  removal // what PutBack would bring back
}

// Start begins an interview at its first page. The contact is kept with it, as in progress.
func Start(ctx context.Context, p SessionParams) (*Session, error) {
	s, err := newSession(p)
	if err != nil {
		return nil, err
	}
	if s.in, err = s.p.Form.New(s.world()); err != nil {
		return nil, fmt.Errorf("begin the questionnaire: %w", err)
	}
	s.introduce()
	s.speak(p.Language)
	if err := s.prefill(); err != nil {
		return nil, fmt.Errorf("begin the questionnaire: %w", err)
	}
	s.show(s.in.First())
	if s.saved, err = s.in.Snapshot(); err != nil {
		return nil, fmt.Errorf("begin the questionnaire: %w", err)
	}
	s.began = s.p.Monotonic() // open time begins with the first page
	step := s.step(StepStart, "")
	d := s.draft
	d.Position, d.Snapshot = s.pos.String(), s.saved
	if err := s.p.Journal.Begin(ctx, Opening{Draft: d, Step: step, Contact: s.contact}); err != nil {
		return nil, err
	}
	s.log.apply(step)
	return s, nil
}

// Resume goes on with a draft exactly where it was: same page, same answers, same order of choices. Study and form are those it was
// begun with; the parameters' Shift and Contact are not looked at, since the draft knows them.
func Resume(ctx context.Context, p SessionParams, d Draft) (*Session, error) {
	if d.Approach.ID == "" || d.Approach.ID != d.Contact {
		return nil, fmt.Errorf("resume the interview %s: its contact is missing", d.ID)
	}
	p.Shift = Shift{
		ID: d.Shift, Study: d.Study, Site: d.Site, Entrance: d.Entrance, Interviewer: d.Interviewer, Practice: d.Practice,
		Interval: p.Study.IntervalAt(d.Site, d.Entrance),
	}
	s, err := newSession(p)
	if err != nil {
		return nil, err
	}
	s.draft, s.contact, s.saved, s.openMS = d, d.Approach, d.Snapshot, d.OpenMS
	s.draft.Snapshot, s.draft.Steps = nil, nil
	s.held = d.Held
	s.log.goOnFrom(d.Again)
	for _, step := range d.Steps {
		s.log.apply(step)
	}
	pos, ok := xform.ParsePosition(d.Position)
	if err := s.restore(pos); err != nil {
		return nil, fmt.Errorf("resume the interview: %w", err)
	}
	if !ok || !s.exists(pos) {
		s.show(s.in.First())
	}
	if s.justReopened() {
		return s, s.reserveAnew(ctx)
	}
	step := s.step(StepResume, "")
	step.Changes = s.changes()
	if err := s.p.Journal.Save(ctx, s.saving(&step, nil)); err != nil {
		return nil, err
	}
	s.log.apply(step)
	return s, nil
}

func newSession(p SessionParams) (*Session, error) {
	if p.Form == nil || p.Journal == nil || p.NewID == nil || p.Seal == nil {
		return nil, errors.New("interview: SessionParams lack the form, the journal, the sealer or what makes identifiers")
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Monotonic == nil {
		start := time.Now()
		p.Monotonic = func() time.Duration { return time.Since(start) }
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Session{p: p, began: p.Monotonic(), personal: personalIn(p.Form), minima: minimaOf(p.Form, p.Study)}
	if len(s.personal) > 0 && len(p.Study.Recipients) == 0 {
		return nil, ErrNoRecipient
	}
	var err error
	if s.rules, err = compileRules(p.Form, p.Study); err != nil {
		return nil, err
	}
	if s.hard, err = compileHard(p.Form, p.Study, p.Shift.Site); err != nil {
		return nil, err
	}
	return s, nil
}

// introduce makes the draft and the contact from the shift.
func (s *Session) introduce() {
	now := MomentOf(s.p.Now())
	c, sh := s.p.Contact, s.p.Shift
	if c.ID == "" {
		c.ID = s.p.NewID()
	}
	if c.Interview == "" {
		c.Interview = s.p.NewID()
	}
	if c.At.IsZero() {
		c.At, c.Passed = now, sh.Passed
	}
	c.Study, c.Shift, c.Site, c.Entrance, c.Interviewer, c.Practice = sh.Study, sh.ID, sh.Site, sh.Entrance, sh.Interviewer, sh.Practice
	c.Disposition, c.ContactMade, c.EligibilityKnown = InProgress, true, false
	s.contact = c
	s.draft = Draft{
		ID: c.Interview, Study: s.p.Study.ID, Form: s.p.Form.ID, FormVersion: s.p.Form.Version, FormSHA256: s.p.Study.Form.SHA256,
		Shift: sh.ID, Contact: c.ID, Site: sh.Site, Entrance: sh.Entrance, Interviewer: sh.Interviewer, Practice: sh.Practice, Started: now,
	}
}

func (s *Session) world() xform.World {
	return xform.World{
		Now: s.p.Now, Location: s.p.Now().Location(), Rand: s.p.Rand, DeviceID: s.p.DeviceID, Username: s.p.Shift.Interviewer,
	}
}

// open is the monotonic time the interview has been open, milliseconds.
func (s *Session) open() int64 { return s.openMS + (s.p.Monotonic() - s.began).Milliseconds() }

// step describes what is being done now.
func (s *Session) step(kind StepKind, ref xform.Ref) Step {
	return Step{Number: s.log.steps + 1, Kind: kind, Question: string(ref), At: MomentOf(s.p.Now()), OpenMS: s.open(), Position: s.pos.String()}
}

func (s *Session) saving(step *Step, snapshot []byte) Saving {
	c := Saving{Draft: s.draft.ID, OpenMS: s.open(), Position: s.pos.String(), Language: s.draft.Language, Snapshot: snapshot, Step: step}
	if step != nil {
		c.OpenMS = step.OpenMS
	}
	return c
}
