package fieldapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/look"
	"parvis/app/screens/closing"
	"parvis/app/screens/contact"
	"parvis/app/screens/interviews"
	"parvis/app/screens/observe"
	"parvis/app/screens/outline"
	"parvis/app/screens/question"
	"parvis/app/shell"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// conversation is the interview in front.
type conversation struct {
	a        *App
	study    study.Study
	session  *interview.Session
	asking   *question.Presenter
	seeing   *observe.Presenter
	view     *question.View
	practice bool
	pictures map[string]fyne.Resource
	depth    int // of the shell's stack with this conversation on top
}

// begin starts an interview with somebody who agreed.
func (a *App) begin(sheet *contact.Presenter, st study.Study, shift interview.Shift) {
	form, err := a.form(st)
	if err != nil {
		a.trouble(err)
		return
	}
	p := a.sessionParams(st, form)
	p.Shift, p.Contact, p.Language = shift, sheet.Contact(interview.InProgress), a.p.Words.Lang()
	session, err := interview.Start(a.ctx, p)
	if err != nil {
		a.trouble(err)
		return
	}
	a.converse(st, session, shift.Practice)
}

// resume goes on with a draft exactly where it was.
func (a *App) resume(id string) error {
	draft, err := a.p.Store.Draft(a.ctx, id)
	if err != nil {
		return err
	}
	st, err := a.p.Store.DraftStudy(a.ctx, id)
	if err != nil {
		return err
	}
	form, err := a.form(st)
	if err != nil {
		return err
	}
	session, err := interview.Resume(a.ctx, a.sessionParams(st, form), draft)
	if err != nil {
		return err
	}
	a.converse(st, session, draft.Practice)
	return nil
}

func (a *App) sessionParams(st study.Study, form *xform.Form) interview.SessionParams {
	return interview.SessionParams{
		Study: st, Form: form, Journal: activeJournal{a.p.Store, a.active}, Seal: seal.Values, Now: a.p.Now, NewID: a.p.NewID, Logger: a.p.Logger,
	}
}

// form reads the questionnaire and the lists attached to it.
func (a *App) form(st study.Study) (*xform.Form, error) {
	raw, err := a.p.Store.Blob(a.ctx, st.Form.SHA256)
	if err != nil {
		return nil, err
	}
	return xform.Parse(bytes.NewReader(raw), xform.ParseOptions{Resource: func(uri string) (io.ReadCloser, error) {
		file, err := a.media(st, uri)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", uri, fs.ErrNotExist)
		}
		return io.NopCloser(bytes.NewReader(file)), nil
	}})
}

func (a *App) media(st study.Study, uri string) ([]byte, error) {
	name := uri[strings.LastIndexByte(uri, '/')+1:]
	for _, m := range st.Media {
		if m.Name == name {
			return a.p.Store.Blob(a.ctx, m.SHA256)
		}
	}
	return nil, fs.ErrNotExist
}

func (a *App) converse(st study.Study, session *interview.Session, practice bool) {
	c := &conversation{a: a, study: st, session: session, practice: practice, pictures: map[string]fyne.Resource{}}
	site, _ := st.SiteByName(session.Site()) // a site that has gone has no location
	c.asking = question.New(question.Params{Interview: session, Study: st, Here: site.Location, Pictures: pictures{session, a.p.Store, a.active}})
	c.givenBefore()
	c.seeing = observe.New(observe.Params{Recorder: session, Study: st, Now: a.p.Now, Question: c.asked})
	a.front = c
	a.setFront(session.ID())
	c.depth = a.shell.Depth() + 1
	a.awake(true)
	a.shell.Push(&screen{title: st.Title.In(a.p.Words.Lang(), ""), build: c.build, back: c.back, key: c.key, shown: c.focus})
}

// asked is the question observations are bound to: the first of the page.
func (c *conversation) asked() string { return string(c.session.Position().Ref) }

// back lets the phone's back key do what the page's Back does.
func (c *conversation) back() bool {
	switch {
	case c.view != nil:
		c.view.Back()
	case c.session.Corrects():
		c.later()
	default:
		return false
	}
	return true
}

func (c *conversation) build(env shell.Env) fyne.CanvasObject {
	if c.session.Ended() && !c.asking.Given() { // the end is the interviewer's
		c.view = nil
		if c.session.Corrects() {
			return c.correction(c.later)
		}
		return c.end()
	}
	w := c.a.p.Words
	strip := observe.NewView(observe.ViewParams{
		Presenter: c.seeing, Words: w, Language: w.Lang(), OnError: c.a.trouble, NumberOf: c.numberOf,
		OnOpen: func() { c.sheet(true) }, OnClose: func() { c.sheet(false) }, After: c.a.p.After, Do: c.a.shell.Do,
	})
	stop, stopWord := c.stop, "question.break_off"
	if c.session.Corrects() {
		stop, stopWord = c.stopCorrecting, "ended.finish"
	}
	c.view = question.NewView(question.ViewParams{
		Presenter: c.asking, Words: w, Spoken: c.spoken(), Class: env.Class, Picture: c.picture, Observe: strip, Quick: c.a.choices.Quick,
		Now: c.a.p.Now, Unlock: c.a.confirm, OnGiven: c.given, OnUndo: c.a.shell.Undo,
		OnMoved: func(bool) { c.moved() }, OnLeave: stop, OnMenu: stop, MenuWord: w.T(stopWord), OnOutline: c.outline, OnError: c.a.trouble,
		ChooseFile: c.a.chooseFile, Background: c.a.background, Locate: c.a.locate(),
	})
	return c.view.Content()
}

// sheet lays the observations over the page or takes them away; wide pages always show them.
func (c *conversation) sheet(open bool) {
	if c.view != nil && c.a.shell.Class() == look.Phone {
		c.view.ShowObservations(open)
	}
}

func (c *conversation) numberOf(ref string) string {
	for i, pos := range c.session.Pages() {
		if string(pos.Ref) == ref {
			return fmt.Sprint(i + 1)
		}
	}
	return ""
}

func (c *conversation) picture(name string) fyne.Resource {
	if r, known := c.pictures[name]; known {
		return r
	}
	var r fyne.Resource
	if file, err := c.a.media(c.study, name); err == nil {
		r = fyne.NewStaticResource(name, file)
	}
	c.pictures[name] = r
	return r
}

// end is the page after the last question.
func (c *conversation) end() fyne.CanvasObject {
	elsewhere, goOn := c.goOn()
	return closing.NewEnd(closing.EndParams{
		OnProvisional: goOn, Elsewhere: elsewhere,
		Words: c.a.p.Words, Outcome: c.session.Outcome(),
		OnBack: func() {
			if err := c.session.Back(c.a.ctx); err != nil {
				c.a.trouble(err)
			}
			c.a.shell.Rebuild()
		},
		OnFinish: c.finish, OnOutline: c.outline, Impressions: &closing.Impressions{Recorder: c.session}, OnError: c.a.trouble,
	})
}

// goOn offers to go on without a place, where the study allows it and others may still have some: how many, 0 for not known.
func (c *conversation) goOn() (elsewhere int, do func()) {
	if !c.session.MayGoOn() {
		return 0, nil
	}
	known, err := c.a.p.Store.Quotas(c.a.ctx, c.study.ID)
	if err != nil {
		c.a.trouble(err)
		return 0, nil
	}
	elsewhere, open := openElsewhere(known, c.session.QuotaFull())
	if !open {
		return 0, nil
	}
	return elsewhere, func() {
		if err := c.session.GoOn(c.a.ctx); err != nil {
			c.a.trouble(err)
		}
		c.a.shell.Rebuild()
	}
}

// openElsewhere is how many places others have in the fullest of the quotas that are full here, and whether there may be any. Of an
// account that this device knows nothing about, others may have some: n is 0 then.
func openElsewhere(known map[string]fieldstore.Quota, full []string) (n int, open bool) {
	n, all := math.MaxInt, true
	for _, account := range full {
		q, told := known[account]
		if !told {
			all = false
			continue
		}
		n = min(n, q.Elsewhere)
	}
	switch {
	case n <= 0:
		return 0, false
	case !all:
		return 0, true
	}
	return n, true
}

func (c *conversation) finish() {
	done, err := c.session.Finish(c.a.ctx)
	if !c.unfinished(err) {
		c.done(done, err)
	}
}

// unfinished leads to what keeps the interview from ending, where it is that.
func (c *conversation) unfinished(err error) bool {
	var unfinished *interview.UnfinishedError
	if !errors.As(err, &unfinished) {
		return false
	}
	c.goThere(unfinished.Violations)
	return true
}

// goThere shows the first question that keeps the interview from ending, and says how many there are.
func (c *conversation) goThere(wrong []xform.Violation) {
	for _, pos := range c.session.Pages() {
		if pos.Ref != wrong[0].Ref {
			continue
		}
		if err := c.session.GoTo(c.a.ctx, pos); err != nil {
			c.a.trouble(err)
			return
		}
	}
	c.a.shell.Rebuild()
	c.a.shell.Notice(c.a.p.Words.N("question.still_missing", len(wrong)))
}

// outline lists what has been asked so far and goes back to what is tapped.
func (c *conversation) outline() {
	a := c.a
	a.shell.Push(&screen{title: a.p.Words.T("outline.title"), build: func(shell.Env) fyne.CanvasObject {
		return outline.New(outline.Params{
			Words: a.p.Words, Pages: c.session.Outline(), OnBack: a.shell.Back,
			OnPage: func(pos xform.Position) {
				if err := c.session.GoTo(a.ctx, pos); err != nil {
					a.trouble(err)
				}
				a.shell.Pop()
			},
		})
	}})
}

// stop offers to go on later, or to say why it ends here.
func (c *conversation) stop() {
	a := c.a
	a.shell.Push(&screen{title: a.p.Words.T("question.break_off"), build: func(shell.Env) fyne.CanvasObject {
		return closing.NewStop(closing.StopParams{
			Words: a.p.Words, OnBack: a.shell.Back,
			OnLater:    c.later,
			OnBreakOff: func(reason string) { c.endEarly(c.session.BreakOff, reason) },
			OnVoid:     func(reason string) { c.endEarly(c.session.Void, reason) },
		})
	}})
}

// endEarly ends the interview from the page that asks why, and leaves that page with it. For a few seconds it can be taken back.
func (c *conversation) endEarly(end func(context.Context, string) (interview.Interview, error), reason string) {
	done, err := end(context.WithoutCancel(c.a.ctx), reason)
	if err == nil {
		c.a.shell.Pop()
	}
	c.done(done, err)
	if err == nil {
		c.a.offerBack(done, c.a.p.Words.T("contact.recorded", "outcome", c.said(done)))
	}
}

func (c *conversation) done(done interview.Interview, err error) {
	a := c.a
	if err != nil {
		a.trouble(err)
		return
	}
	c.leave()
	a.agent.Kick()
	a.shell.Replace(&screen{title: a.p.Words.T("closing.thanks"), build: func(shell.Env) fyne.CanvasObject {
		return closing.NewDone(closing.DoneParams{
			Words: a.p.Words, Outcome: c.said(done), OnNext: a.shell.Pop,
			Closing: c.study.Closing.In(done.Language, ""), Agency: c.study.Agency, Phone: c.study.AgencyPhone,
		})
	}})
}

// said is what came of an interview, in words.
func (c *conversation) said(done interview.Interview) string {
	row := fieldstore.InterviewRow{Disposition: done.Disposition, Void: done.Void != ""}
	if kept, err := c.a.p.Store.Interviews(c.a.ctx, fieldstore.Filter{ID: done.ID, Limit: 1}); err == nil && len(kept) == 1 {
		row = kept[0] // which knows too whether it had a place
	}
	said, _ := interviews.Mark(c.a.p.Words, row)
	return said
}

// leave notes that the interview is no longer in front.
func (c *conversation) leave() {
	c.a.front = nil
	c.a.setFront("")
	c.a.awake(false)
}
