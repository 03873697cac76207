package pin

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	// Go runs work in the background and then shows its outcome.
	Go      func(work func() (show func()))
	OnDone  func()
	OnError func(error)
	// OnBack leaves the page; nil where there is no way but through it.
	OnBack func()
	// OnForgot offers the recovery code; OnLanguage the languages of the interface. Nil for no such offer.
	OnForgot, OnLanguage func()
}

// View draws the page.
type View struct {
	p                  ViewParams
	page               *kit.Page
	before, pin, again *kit.Field
	try                *kit.Button
	label              string
}

// NewView makes the page.
func NewView(p ViewParams) *View {
	v := &View{p: p}
	t := p.Words.T
	title, intro, label := v.texts()
	v.label = label
	v.try = kit.NewButton(label, kit.Primary, v.start).Tall(look.ButtonLarge)
	form := v.fields()
	form = append(form, v.try)
	var body []fyne.CanvasObject
	var top *kit.TopBar
	if p.OnBack != nil {
		top = kit.NewTopBar(kit.TopBarParams{Back: t("common.back"), OnBack: p.OnBack, Title: title})
	} else {
		heading := fyne.CanvasObject(kit.NewText(look.Title, title))
		if p.OnLanguage != nil {
			heading = kit.Between(heading, kit.NewButton(t("common.language"), kit.Link, p.OnLanguage))
		}
		body = append(body, heading)
	}
	body = append(body, kit.NewText(look.Body, intro), kit.NewCard(form...))
	if p.OnForgot != nil {
		body = append(body, kit.NewButton(t("pin.forgot"), kit.Link, p.OnForgot))
	}
	params := kit.PageParams{Body: body}
	if top != nil {
		params.Top = top
	}
	v.page = kit.NewPage(params)
	return v
}

func (v *View) texts() (title, intro, button string) {
	t := v.p.Words.T
	switch v.p.Presenter.Mode {
	case Choose:
		return t("pin.choose_title"), t("pin.choose_intro"), t("pin.choose_button")
	case Enter:
		return t("pin.enter_title"), t("pin.enter_intro"), t("pin.enter_button")
	case Confirm:
		return t("pin.enter_title"), t("pin.confirm_intro"), t("common.next")
	case Change:
		return t("pin.change_title"), t("pin.choose_intro"), t("pin.change_title")
	}
	return t("pin.recover_title"), t("pin.recover_intro"), t("pin.enter_button")
}

func (v *View) fields() (shown []fyne.CanvasObject) {
	p, t := v.p.Presenter, v.p.Words.T
	field := func(label string, kind kit.EntryKind, to *string, last bool) *kit.Field {
		e := kit.EntryParams{Kind: kind, OnChange: func(text string) { *to = text }}
		if last {
			e.OnSubmit = func(string) { v.start() }
		}
		f := kit.NewField(label, e)
		shown = append(shown, f)
		return f
	}
	switch p.Mode {
	case Change:
		v.before = field(t("pin.before"), kit.PIN, &p.Before, false)
	case Recover:
		v.before = field(t("pin.recovery_code"), kit.Code, &p.Before, false)
	}
	label := t("pin.pin")
	if p.Mode == Change || p.Mode == Recover {
		label = t("pin.new")
	}
	v.pin = field(label, kit.PIN, &p.PIN, !p.Mode.chooses())
	if p.Mode.chooses() {
		v.again = field(t("pin.again"), kit.PIN, &p.Again, true)
	}
	return shown
}

// Content is what the window shows.
func (v *View) Content() fyne.CanvasObject { return v.page }

// Focus puts the cursor where one begins to type.
func (v *View) Focus() {
	first := v.pin
	if v.before != nil {
		first = v.before
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(first.Entry()); c != nil {
		c.Focus(first.Entry())
	}
}

func (v *View) start() {
	f := v.p.Presenter.Check()
	v.show(f)
	if !f.None() {
		return
	}
	v.try.SetText(v.p.Words.T("pin.working"))
	v.try.Disable()
	v.p.Go(func() func() {
		err := v.p.Presenter.Try(context.Background())
		return func() { v.tried(err) }
	})
}

func (v *View) tried(err error) {
	v.try.SetText(v.label)
	v.try.Enable()
	if err == nil {
		v.p.OnDone()
		return
	}
	f, known := v.p.Presenter.FaultOf(err)
	if !known {
		v.p.OnError(err)
		return
	}
	v.show(f)
	if f.PIN != "" {
		v.pin.Entry().SetText("")
	}
	v.Focus()
}

func (v *View) show(f Fault) {
	say := func(key string) string {
		switch {
		case key == "":
			return ""
		case f.Count > 0:
			return v.p.Words.N(key, f.Count)
		}
		return v.p.Words.T(key)
	}
	v.pin.SetMessage(say(f.PIN))
	if v.before != nil {
		v.before.SetMessage(say(f.Before))
	}
	if v.again != nil {
		v.again.SetMessage(say(f.Again))
	}
	v.page.Relayout()
}
