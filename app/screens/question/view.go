package question

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/observe"
	"parvis/internal/xform"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	// Lang is the interface's language as a code.
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	// Class is the window's size class: wide ones keep the observations beside the question.
	Class look.Class
	// Picture is a file of the study by its jr:// name; nil where it is not on the device.
	Picture func(name string) fyne.Resource
	// ChooseFile lets a person choose a file by the end of its name, of at most most bytes; done gets nil data where they left it.
	// Nil where there are no files.
	ChooseFile func(extensions []string, most int64, done func(data []byte, err error))
	// Background runs work beside the interface and then, in it, then; nil to run both at once.
	Background func(work, then func())
	// Observe is the observation strip of this page; nil where there is none, as in a preview.
	Observe *observe.View
	// Quick moves on by itself after a single choice.
	Quick bool
	// Practice tells that nothing here is data.
	Practice bool
	// OnMoved is called after the page changed, with true when the questionnaire ended; OnLeave when Back goes out of the first page;
	// OnMenu when the interviewer wants to stop; OnError when something could not be saved.
	OnMoved func(ended bool)
	OnLeave func()
	OnMenu  func()
	OnError func(error)
	// OnOutline shows what has been asked so far; nil where there is no such list.
	OnOutline func()
}

// View draws one page of the questionnaire.
type View struct {
	p       ViewParams
	page    *kit.Page
	top     *kit.TopBar
	answers []answer
	model   Model
}

// answer is the control of one item.
type answer interface {
	// objects are drawn below the question.
	objects() []fyne.CanvasObject
	// show brings the control up to date with the item.
	show(it Item)
	// settle saves what is still being typed; false where it cannot be an answer.
	settle(ctx context.Context) (ok bool, err error)
}

// NewView makes the page the presenter stands at.
func NewView(p ViewParams) *View {
	v := &View{p: p, model: p.Presenter.Model()}
	v.top = kit.NewTopBar(v.bar())
	params := kit.PageParams{Top: v.top}
	params.Body, params.Grow = v.body()
	if p.Observe != nil && v.model.Prompt == nil {
		params.Bottom = p.Observe.Strip()
		if p.Class != look.Phone {
			params.Sheet = p.Observe.Sheet()
		}
	}
	v.page = kit.NewPage(params)
	return v
}

// Content is what the window shows.
func (v *View) Content() fyne.CanvasObject { return v.page }

// Page is the page's frame, so that a sheet can be laid over it.
func (v *View) Page() *kit.Page { return v.page }

// Model is what the page shows now.
func (v *View) Model() Model { return v.model }

// Back does what the Back button does.
func (v *View) Back() { v.back() }

// ShowObservations lays the observation sheet over the page, or takes it away.
func (v *View) ShowObservations(open bool) {
	if !open || v.p.Observe == nil {
		v.page.SetSheet(nil)
		return
	}
	v.page.SetSheet(v.p.Observe.Sheet())
}

func (v *View) bar() kit.TopBarParams {
	w, m := v.p.Words, v.model
	bar := kit.TopBarParams{
		Back: w.T("common.back"), OnBack: v.back,
		Step:     w.T("question.step", "n", m.At, "total", m.About),
		Progress: float64(m.At) / float64(max(m.About, 1)),
		Next:     w.T("common.next"), OnNext: v.next,
	}
	if m.Other != "" {
		bar.Lang, bar.LangName, bar.OnLang = m.Other, w.T("question.switch_language"), v.switchLanguage
	}
	return bar
}

func (v *View) body() (objects []fyne.CanvasObject, grow fyne.CanvasObject) {
	if v.p.Practice {
		objects = append(objects, kit.NewBadge(v.p.Words.T("today.practice_note"), kit.Warn))
	}
	if v.model.Section != "" {
		objects = append(objects, kit.NewText(look.Section, v.model.Section))
	}
	if v.model.Prompt != nil {
		return append(objects, v.prompt(*v.model.Prompt)...), nil
	}
	for i, it := range v.model.Items {
		if i > 0 {
			objects = append(objects, kit.NewText(look.Caption, ""))
		}
		objects = append(objects, v.heading(it)...)
		a := v.control(it)
		v.answers = append(v.answers, a)
		drawn := a.objects()
		objects = append(objects, drawn...)
		if it.Kind == Verbatim && len(v.model.Items) == 1 {
			grow = drawn[len(drawn)-2] // the entry, above its foot
		}
	}
	if v.p.OnMenu != nil {
		stop := kit.NewButton(v.p.Words.T("question.break_off"), kit.Link, v.p.OnMenu)
		if v.p.OnOutline == nil {
			return append(objects, stop), grow
		}
		objects = append(objects, kit.Grid(2, kit.NewButton(v.p.Words.T("outline.title"), kit.Link, v.outline), stop))
	}
	return objects, grow
}

func (v *View) heading(it Item) []fyne.CanvasObject {
	role := v.p.Class.Question()
	if it.Kind == Reading {
		role = look.Question
	}
	objects := []fyne.CanvasObject{kit.NewText(role, it.Label)}
	if it.Hint != "" {
		objects = append(objects, kit.NewText(look.Hint, it.Hint))
	}
	if it.Image != "" {
		objects = append(objects, v.picture(it.Image, 240))
	}
	return objects
}

// prompt asks for another round of a repeat. Next goes on without one.
func (v *View) prompt(r xform.RepeatInfo) []fyne.CanvasObject {
	w := v.p.Words
	return []fyne.CanvasObject{
		kit.NewText(v.p.Class.Question(), w.T("question.add_another", "name", r.Label)),
		kit.NewText(look.Hint, w.N("question.so_far", r.Count)),
		kit.NewButton(w.T("common.add"), kit.Primary, func() {
			if err := v.p.Presenter.AddRepeat(context.Background(), r); err != nil {
				v.p.OnError(err)
				return
			}
			v.p.OnMoved(false)
		}).Tall(look.ButtonLarge),
	}
}

func (v *View) next() {
	ctx := context.Background()
	for i, a := range v.answers {
		ok, err := a.settle(ctx)
		if err != nil {
			v.p.OnError(err)
			return
		}
		if !ok {
			it := v.model.Items[i]
			it.Broken = xform.WrongType
			a.show(it)
			v.page.Relayout()
			return
		}
	}
	moved, err := v.p.Presenter.Next(ctx)
	if err != nil {
		v.p.OnError(err)
		return
	}
	if moved {
		v.p.OnMoved(v.p.Presenter.Model().Ended)
		return
	}
	v.refresh()
}

func (v *View) back() {
	ctx := context.Background()
	for _, a := range v.answers {
		if _, err := a.settle(ctx); err != nil {
			v.p.OnError(err)
			return
		}
	}
	before := v.model.At
	if err := v.p.Presenter.Back(ctx); err != nil {
		v.p.OnError(err)
		return
	}
	if m := v.p.Presenter.Model(); m.At == before && samePage(m, v.model) {
		v.p.OnLeave()
		return
	}
	v.p.OnMoved(false)
}

// outline saves what is being typed before the list covers it.
func (v *View) outline() {
	for _, a := range v.answers {
		if _, err := a.settle(context.Background()); err != nil {
			v.p.OnError(err)
			return
		}
	}
	v.p.OnOutline()
}

func samePage(a, b Model) bool {
	if len(a.Items) == 0 || len(b.Items) == 0 {
		return len(a.Items) == len(b.Items) && a.Prompt != nil == (b.Prompt != nil)
	}
	return a.Items[0].Ref == b.Items[0].Ref
}

func (v *View) switchLanguage() {
	ctx := context.Background()
	for _, a := range v.answers {
		if _, err := a.settle(ctx); err != nil {
			v.p.OnError(err)
			return
		}
	}
	if err := v.p.Presenter.SwitchLanguage(ctx); err != nil {
		v.p.OnError(err)
		return
	}
	v.p.OnMoved(false)
}

// refresh shows the same page anew. Where an answer made questions of the page come or go, the page is built again.
func (v *View) refresh() {
	before := v.model
	v.model = v.p.Presenter.Model()
	if !sameItems(before, v.model) {
		v.p.OnMoved(v.model.Ended)
		return
	}
	for i, a := range v.answers {
		a.show(v.model.Items[i])
	}
	v.page.Relayout()
}

func sameItems(a, b Model) bool {
	if len(a.Items) != len(b.Items) {
		return false
	}
	for i := range a.Items {
		if a.Items[i].Ref != b.Items[i].Ref {
			return false
		}
	}
	return true
}

// do runs a deed that saves, then shows what it changed.
func (v *View) do(deed func(context.Context) error) bool {
	if err := deed(context.Background()); err != nil {
		v.p.OnError(err)
		v.refresh()
		return false
	}
	v.refresh()
	return true
}

// problem is what is wrong with an item, in words.
func (v *View) problem(it Item) string {
	switch {
	case it.Problem != "":
		return it.Problem
	case it.Broken == xform.MissingAnswer:
		return v.p.Words.T("question.required")
	case it.Broken == xform.WrongType:
		return v.p.Words.T(map[Kind]string{Whole: "question.whole_number_expected", Decimal: "question.number_expected", Day: "question.date_expected",
			Clock: "question.time_expected", Place: "question.place_expected"}[it.Kind])
	case it.Broken != 0:
		return v.p.Words.T("question.not_valid")
	}
	return ""
}
