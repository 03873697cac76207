package deskapp

import (
	"slices"

	"fyne.io/fyne/v2"

	"parvis/app/look"
	"parvis/app/screens/flags"
	"parvis/app/screens/people"
	"parvis/app/screens/progress"
	"parvis/app/shell"
	"parvis/internal/export/table"
	"parvis/internal/interview"
	"parvis/internal/quality"
	"parvis/internal/study"
)

// digest makes anew what flags are judged by, beside the screens; the page in sight is drawn anew when it is done.
func (a *App) digest() {
	a.shell.Go(func() func() {
		err := a.p.Store.Digest(a.ctx)
		return func() {
			switch {
			case a.ctx.Err() != nil:
			case err != nil:
				a.p.Logger.Error("the digest failed", "error", err)
			case a.shell.Depth() == 1 && a.syncing.Bar() == nil && a.signedIn() && (a.tab == tabPeople || a.tab == tabFlags):
				a.shell.Rebuild()
			}
		}
	})
}

func (a *App) people(env shell.Env, st study.Study, p part) fyne.CanvasObject {
	w := a.p.Words
	m, err := people.Read(a.ctx, a.p.Store, st, a.crew)
	if err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	p.subtitle = w.T("interviewers.title")
	view := people.ViewParams{
		Model: m, Words: w, Class: env.Class, Now: a.p.Now(), Flags: a.flagView(st, m.Flags),
		OnChoose: func(c people.Choice) {
			a.crew = c
			a.shell.Rebuild()
		},
		OnOpen:   a.openPerson,
		OnRead:   func(code string) { a.readOf(st, code) },
		OnFlags:  func() { a.goTo(tabFlags) },
		OnTakeIn: a.openTakeIn,
		OnExport: func(xlsx bool) { a.export(m.Table(w, a.p.Now(), people.Sides()...), xlsx) },
	}
	if a.person != "" {
		view.Class = look.Phone // the pane takes the room of the columns it shows anyway
		view.Next = a.nextAssignment(st, a.person)
	}
	p.body = people.NewView(view)
	if a.person != "" {
		p.sheet = people.NewDetail(view, a.person, func() { view.OnOpen("") })
	}
	return a.page(env, p)
}

func (a *App) openPerson(code string) {
	a.person = code
	a.shell.Rebuild()
}

// flagView says how flags are drawn and where they lead.
func (a *App) flagView(st study.Study, list []quality.Flag) flags.ViewParams {
	w := a.p.Words
	return flags.ViewParams{
		Flags: list, Words: w,
		Site: func(name string) string {
			if s, known := st.SiteByName(name); known {
				return s.Label.In(w.Lang(), name)
			}
			return name
		},
		Question: func(ref string) string { return a.question(st, ref) },
		OnRead:   func(f quality.Flag) { a.readFlagged(st, f) },
		OnPerson: func(code string) {
			a.goTo(tabPeople)
			a.openPerson(code)
		},
	}
}

// question is a question's label, or its name where the questionnaire is not here.
func (a *App) question(st study.Study, ref string) string {
	if err := a.reader(st); err == nil {
		if label := a.reading.Label(a.ctx, ref, a.p.Words.Lang()); label != "" {
			return label
		}
	}
	return ref
}

// readFlagged lists the interviews a flag is about.
func (a *App) readFlagged(st study.Study, f quality.Flag) {
	err := a.reader(st)
	if err == nil {
		err = a.reading.NarrowTo(a.ctx, f.Interviews, f.Interviewer+": "+flags.Name(a.p.Words, f.Kind))
	}
	if err != nil {
		a.trouble(err)
		return
	}
	a.goTo(tabReview)
}

// reasons say why an interview deserves a look.
func (a *App) reasons(st study.Study, i interview.Interview) (said []string) {
	all, err := a.p.Store.Flags(a.ctx, st.ID)
	if err != nil {
		a.p.Logger.Error("the flags cannot be read", "error", err)
	}
	for _, f := range all {
		if f.Interviewer == i.Interviewer && slices.Contains(f.Interviews, i.ID) {
			said = append(said, flags.Name(a.p.Words, f.Kind)+": "+flags.Reason(a.p.Words, f, a.question(st, f.Question)))
		}
	}
	return said
}

func (a *App) flagged(env shell.Env, st study.Study, p part) fyne.CanvasObject {
	list, err := a.p.Store.Flags(a.ctx, st.ID)
	if err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	p.subtitle = a.p.Words.T("quality.title")
	view := a.flagView(st, list)
	view.OnExport = func(xlsx bool) { a.export(flags.Table(a.p.Words, list, view.Site, view.Question), xlsx) }
	p.body = flags.NewView(view)
	return a.page(env, p)
}

func (a *App) progressed(env shell.Env, st study.Study, p part) fyne.CanvasObject {
	m, err := progress.Read(a.ctx, a.p.Store, st, a.pictured)
	if err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	p.subtitle = a.p.Words.T("progress.title")
	p.body = progress.NewView(progress.ViewParams{
		Model: m, Words: a.p.Words,
		OnChoose: func(c progress.Choice) {
			a.pictured = c
			a.shell.Rebuild()
		},
		OnPerson: func(code string) {
			a.goTo(tabPeople)
			a.openPerson(code)
		},
		OnExport: func(t table.Table, xlsx bool) { a.export(t, xlsx) },
		OnReport: func() { a.printShift(st, m.Day, m.Site) },
	})
	return a.page(env, p)
}
