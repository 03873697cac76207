package deskapp

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"parvis/app/screens/devices"
	"parvis/app/shell"
	"parvis/internal/delivery"
	"parvis/internal/study"
)

// crewDevices is what the page of devices and the page of a new code remember.
type crewDevices struct {
	choice devices.Choice
	open   string          // the device whose pane is open
	ending *devices.Ending // being ordered; nil for none
	// codes are what central said last of codes; asked tells that it has.
	codes []delivery.CodeState
	asked bool

	order  devices.Order
	code   *devices.Code     // made last; nil for none
	page   *devices.CodeView // of a code, in sight; nil for none
	untick func()
	ticks  int
}

// leave closes what is open.
func (c *crewDevices) leave() { c.open, c.ending = "", nil }

// devices is the page of devices and codes.
func (a *App) devices(env shell.Env, st study.Study, p part) fyne.CanvasObject {
	w, c := a.p.Words, &a.crewDevices
	m, err := devices.Read(a.ctx, a.p.Store, st, c.choice, a.p.Now().Location())
	if err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	p.subtitle = w.T("devices.title")
	view := devices.ViewParams{
		Model: m, Words: w, Class: env.Class, Now: a.p.Now(), Codes: c.codes, Asked: c.asked,
		OnChoose: func(next devices.Choice) {
			c.choice = next
			a.shell.Rebuild()
		},
		OnOpen: func(device string) {
			c.open, c.ending = device, nil
			a.shell.Rebuild()
		},
		Last: c.code, OnShow: func() { a.codeScreen(m) },
		OnCode:    func(interviewer string) { a.openCode(st, m, interviewer) },
		OnMessage: a.writeTo,
		OnEnd:     a.beginEnding,
		OnExport:  func(xlsx bool) { a.export(m.Table(w, a.p.Now()), xlsx) },
	}
	p.body = devices.NewView(view)
	switch {
	case c.ending != nil:
		p.sheet = devices.NewEnding(devices.EndingParams{
			Ending: c.ending, Words: w, Now: a.p.Now(), OnDo: a.doEnding, OnAsk: a.askAgain, OnCancel: a.leaveEnding,
		})
	case c.open != "":
		p.sheet = devices.NewDetail(view, c.open)
	}
	return a.page(env, p)
}

// writeTo opens the messages with an interviewer as whom one writes to.
func (a *App) writeTo(interviewer string) {
	a.letter.To = interviewer
	a.goTo(tabLetters)
}

// askCodes asks central what became of codes. Without a connection what it said before stays.
func (a *App) askCodes() {
	a.shell.Go(func() func() {
		list, err := a.agent.Codes(a.ctx)
		return func() {
			if err != nil {
				a.p.Logger.Info("what became of codes is not known", "error", err)
				return
			}
			a.learnCodes(list)
		}
	})
}

// learnCodes takes over what central says; what is in sight is drawn anew where it changes.
func (a *App) learnCodes(list []delivery.CodeState) {
	c := &a.crewDevices
	c.codes, c.asked = list, true
	if c.code != nil && c.code.Used.IsZero() {
		c.code.Learn(list, a.p.Now().Location())
		if !c.code.Used.IsZero() {
			a.agent.Kick() // the new device can be fetched
			if c.page != nil {
				a.shell.Rebuild()
			}
		}
	}
	if a.tab == tabDevices && a.shell.Depth() == 1 && a.syncing.Bar() == nil && a.signedIn() && !a.writing() {
		a.shell.Rebuild()
	}
}

// openCode opens the page of a new code.
func (a *App) openCode(st study.Study, m devices.Model, interviewer string) {
	c := &a.crewDevices
	c.order, c.code = devices.NewOrder(interviewer, st.ID), nil
	a.codeScreen(m)
}

// codeScreen shows the code made last, or asks for whom one is wanted.
func (a *App) codeScreen(m devices.Model) {
	c := &a.crewDevices
	a.tickCode(c.code != nil)
	a.shell.Push(&screen{
		title: a.p.Words.T("devices.new_code"),
		build: func(env shell.Env) fyne.CanvasObject { return a.codePage(env, m.Interviewers()) },
		left: func() {
			c.page = nil
			a.tickCode(false)
		},
	})
}

func (a *App) codePage(env shell.Env, known []string) fyne.CanvasObject {
	c := &a.crewDevices
	all, err := a.p.Store.Studies(a.ctx)
	if err != nil {
		a.trouble(err)
	}
	c.page = devices.NewCodeView(devices.CodeParams{
		Order: &c.order, Code: c.code, Studies: all, Interviewers: known, Words: a.p.Words, Class: env.Class, Now: a.p.Now(),
		OnBack: a.shell.Back, OnMake: a.makeCode, OnChange: a.shell.Rebuild, OnSave: a.saveCode,
		OnCopy: func(link string) {
			fyne.CurrentApp().Clipboard().SetContent(link)
			a.shell.Notice(a.p.Words.T("devices.copied"))
		},
		OnAnother: func() {
			c.code, c.order.Fault = nil, devices.Fault{}
			a.tickCode(false)
			a.shell.Rebuild()
		},
	})
	return c.page.Content()
}

// makeCode asks central for the code. It can be shown again until the app is closed: central keeps no copy.
func (a *App) makeCode() {
	c := &a.crewDevices
	request, fault := c.order.Request()
	if c.order.Fault = fault; c.order.Making || fault.What != "" {
		a.shell.Rebuild()
		return
	}
	credentials, err := a.p.Store.Credentials(a.ctx)
	if err != nil {
		a.trouble(err)
		return
	}
	titles := a.titlesOf(request.Studies)
	c.order.Making = true
	a.shell.Rebuild()
	asked := a.p.Now()
	a.shell.Go(func() func() {
		answer, err := a.agent.NewCodes(a.ctx, request)
		return func() {
			c.order.Making, c.order.Fault = false, devices.FaultOf(err)
			if made, ok := devices.Made(request, answer, credentials.Central, titles, asked); err == nil && ok && c.page != nil {
				c.code = &made
				a.tickCode(true)
			}
			if c.page != nil {
				a.shell.Rebuild()
			}
			a.askCodes()
		}
	})
}

// titlesOf are the titles of studies.
func (a *App) titlesOf(ids []string) (titles []string) {
	for _, id := range ids {
		title := id
		if st, err := a.p.Store.Study(a.ctx, id); err == nil {
			title = st.Title.In(a.p.Words.Lang(), id)
		}
		titles = append(titles, title)
	}
	return titles
}

// askEvery is after how many seconds central is asked again whether a code in sight was used.
const askEvery = 15

// tickCode runs the clock of the code in sight, or stops it.
func (a *App) tickCode(on bool) {
	c := &a.crewDevices
	if c.untick != nil {
		c.untick()
		c.untick = nil
	}
	if !on {
		return
	}
	c.untick = a.p.After(time.Second, func() {
		a.shell.Do(func() {
			if c.page == nil || c.code == nil {
				return
			}
			now := a.p.Now()
			if !c.code.Open(now) {
				a.shell.Rebuild()
				return
			}
			c.page.Tick(now)
			if c.ticks++; c.ticks%askEvery == 0 {
				a.askCodes()
			}
			a.tickCode(true)
		})
	})
}

// saveCode lets a person save the code as a sheet to print.
func (a *App) saveCode(code devices.Code) {
	sheet := devices.Paper(a.p.Words, code, a.p.Now(), theme.DefaultTextFont().Content(), theme.DefaultTextBoldFont().Content())
	data, err := sheet.PDF()
	if err != nil {
		a.trouble(err)
		return
	}
	a.save(fileName(a.study, "code", code.Interviewer)+".pdf", data)
}

// beginEnding shows what ending a device means, once central has said what it touches.
func (a *App) beginEnding(d devices.Device, lost bool) {
	a.crewDevices.ending = &devices.Ending{Device: d, Lost: lost}
	a.askEnding()
	a.shell.Rebuild()
}

// askEnding asks central what the ending touches, and whether the person may.
func (a *App) askEnding() {
	e := a.crewDevices.ending
	e.Fault, e.Known = devices.Fault{}, nil
	a.shell.Go(func() func() {
		known, err := a.agent.DeviceEnding(a.ctx, e.Device.Device)
		return func() {
			if a.crewDevices.ending != e {
				return
			}
			if e.Fault = devices.FaultOf(err); err == nil {
				e.Known = &known
			}
			a.shell.Rebuild()
		}
	})
}

func (a *App) askAgain() {
	a.askEnding()
	a.shell.Rebuild()
}

// leaveEnding goes back to the device.
func (a *App) leaveEnding() {
	a.crewDevices.ending = nil
	a.shell.Rebuild()
}

func (a *App) doEnding() {
	e := a.crewDevices.ending
	if e == nil || !e.Ready() {
		return
	}
	e.Doing = true
	a.shell.Rebuild()
	a.shell.Go(func() func() {
		// Once it is on its way it is not taken back half-way.
		err := a.agent.EndDevice(context.WithoutCancel(a.ctx), e.Device.Device, e.Lost, strings.TrimSpace(e.Reason))
		return func() {
			e.Doing = false
			if e.Fault = devices.FaultOf(err); err == nil {
				said := map[bool]string{false: "devices.ended_revoked", true: "devices.ended_lost"}[e.Lost]
				a.crewDevices.leave()
				a.shell.Rebuild()
				a.shell.Notice(a.p.Words.T(said))
				return
			}
			a.p.Logger.Error("the device was not ended", "error", err)
			a.shell.Rebuild()
		}
	})
}
