package question

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// askingPage is the page that asks.
func (v *View) askingPage() *kit.Page {
	params := kit.PageParams{Top: kit.NewTopBar(v.bar())}
	params.Body, params.Grow = v.body()
	if v.p.Observe != nil && v.model.Prompt == nil && !v.model.Given {
		params.Bottom = v.p.Observe.Strip()
		if v.p.Class != look.Phone {
			params.Sheet = v.p.Observe.Sheet()
		}
	}
	return kit.NewPage(params)
}

func (v *View) bar() kit.TopBarParams {
	w, m := v.w, v.model
	bar := kit.TopBarParams{
		Back: w.T("common.back"), OnBack: v.back,
		Step:     w.T("question.step", "n", m.At, "total", m.About),
		Progress: float64(m.At) / float64(max(m.About, 1)),
		Next:     w.T("common.next"), OnNext: v.next,
	}
	if m.Given {
		bar.Back = ""
	}
	if m.Other != "" {
		bar.Lang, bar.LangName, bar.OnLang = m.Other, w.T("question.switch_language"), v.switchLanguage
	}
	return bar
}

func (v *View) body() (objects []fyne.CanvasObject, grow fyne.CanvasObject) {
	if v.p.Practice && !v.model.Given {
		objects = append(objects, kit.NewBadge(v.w.T("today.practice_note"), kit.Warn))
	}
	if v.model.Section != "" {
		objects = append(objects, kit.NewText(look.Section, v.model.Section))
	}
	if v.model.Prompt != nil {
		return append(objects, v.roster(*v.model.Prompt)...), nil
	}
	if v.model.Own && !v.model.Given {
		objects = append(objects, v.handOver())
	}
	drawn, grow := v.questions()
	objects = append(objects, drawn...)
	if !v.model.Given {
		objects = append(objects, v.links()...)
	}
	return objects, grow
}

// questions are the items of the page, each below its words. The last object but the foot grows where the page asks one thing only.
func (v *View) questions() (objects []fyne.CanvasObject, grow fyne.CanvasObject) {
	items := v.model.Items
	for i := 0; i < len(items); i++ {
		it := items[i]
		if it.Kind == TableHead {
			v.answers = append(v.answers, &said{words: it.Label})
			objects = append(objects, v.answers[i].objects()...)
			continue
		}
		if len(objects) > 0 && i > 0 && items[i-1].Kind != TableHead {
			objects = append(objects, kit.NewText(look.Caption, ""))
		}
		if it.Kind == TableRow {
			rows := rowsFrom(items[i:])
			table := newTable(v, rows)
			for n := range rows {
				v.answers = append(v.answers, &tableRow{of: table, at: n})
			}
			objects = append(objects, table.table)
			i += len(rows) - 1
			continue
		}
		objects = append(objects, v.heading(it)...)
		a := v.control(it)
		v.answers = append(v.answers, a)
		drawn := a.objects()
		objects = append(objects, drawn...)
		if g, ok := a.(interface{ grows() fyne.CanvasObject }); ok && v.alone() {
			grow = g.grows()
		}
	}
	return objects, grow
}

// rowsFrom are the rows of one table: neighbours with as many choices.
func rowsFrom(items []Item) []Item {
	n := 1
	for n < len(items) && items[n].Kind == TableRow && items[n].Control == items[0].Control && len(items[n].Choices) == len(items[0].Choices) {
		n++
	}
	return items[:n]
}

// alone tells whether the page asks one thing only, whatever else it says.
func (v *View) alone() bool {
	asking := 0
	for _, it := range v.model.Items {
		if it.Kind != Reading && it.Kind != TableHead {
			asking++
		}
	}
	return asking == 1
}

// heading is what is asked. A note above a row that is asked alone is only its lead.
func (v *View) heading(it Item) []fyne.CanvasObject {
	role := v.p.Class.Question()
	if it.Kind == Reading {
		role = look.Question
		if len(v.model.Items) > 1 && v.alone() {
			role = look.Body
		}
	}
	objects := []fyne.CanvasObject{kit.NewText(role, it.Label)}
	if it.Hint != "" {
		objects = append(objects, kit.NewText(look.Hint, it.Hint))
	}
	if it.Sealed {
		objects = append(objects, kit.NewBadge(v.w.T("question.sealed"), kit.Calm), kit.NewText(look.Hint, v.w.T("question.sealed_note")))
	}
	if said := v.limits(it); said != "" {
		objects = append(objects, kit.NewText(look.Hint, said))
	}
	for _, media := range []string{it.Audio, it.Video} {
		if media != "" {
			objects = append(objects, kit.NewTextIn(look.Hint, look.Bad, v.w.T("question.cannot_play", "name", base(media))))
		}
	}
	if it.Image != "" {
		objects = append(objects, v.picture(it.Image, 240))
	}
	if hasCard(it.Question) && !v.model.Given && (it.Image == "" || v.resource(it.Image) != nil) {
		objects = append(objects, kit.Flow(kit.NewButton(v.w.T("question.show_card"), kit.Quiet, func() { v.showCard(it) })))
	}
	return objects
}

// limits says how many choices are wanted.
func (v *View) limits(it Item) string {
	switch {
	case it.Least > 0 && it.Least == it.Most:
		return v.w.N("question.exactly", it.Most)
	case it.Least > 0 && it.Most > 0:
		return v.w.T("question.between", "least", it.Least, "most", it.Most)
	case it.Most > 0:
		return v.w.N("question.at_most", it.Most)
	case it.Least > 1:
		return v.w.N("question.at_least", it.Least)
	}
	return ""
}

// links are what an interviewer may do besides answering.
func (v *View) links() []fyne.CanvasObject {
	var links []fyne.CanvasObject
	link := func(key string, tap func()) *kit.Button {
		b := kit.NewButton(v.w.T(key), kit.Link, tap)
		links = append(links, b)
		return b
	}
	if v.p.OnMenu != nil {
		if v.p.OnOutline != nil {
			link("outline.title", v.outline)
		}
		links = append(links, kit.NewButton(v.p.MenuWord, kit.Link, v.p.OnMenu))
	}
	if v.p.OnUndo != nil {
		v.cleaner = link("question.clear", v.clear)
		v.cleaner.Hidden = !v.answered()
	}
	if len(links) == 0 {
		return nil
	}
	return []fyne.CanvasObject{kit.FlowGap(look.Padding, links...)}
}

// answered tells whether there is anything to clear.
func (v *View) answered() bool {
	return slices.ContainsFunc(v.model.Items, func(it Item) bool { return it.Value != "" && it.Asks() })
}

// clear takes the page's answers back; an undo gives them again.
func (v *View) clear() {
	if !v.settle() {
		return
	}
	had := map[xform.Ref]string{}
	for _, it := range v.p.Presenter.Model().Items {
		if it.Value == "" || !it.Asks() {
			continue
		}
		had[it.Ref] = it.Value
		if err := v.p.Presenter.Clear(context.Background(), it.Ref); err != nil {
			v.p.OnError(err)
			return
		}
	}
	v.rebuilt()
	v.undo(v.w.T("question.cleared"), func(ctx context.Context) error {
		for ref, value := range had {
			if err := v.p.Presenter.Restore(ctx, ref, value); err != nil {
				return err
			}
		}
		return nil
	})
}

// spoken tells whether the interface's words are in the language the respondent is asked in: a respondent reads no other.
func (v *View) spoken() (Words, bool) {
	code := study.LanguageCode(v.p.Presenter.p.Interview.Language())
	for _, w := range []Words{v.p.Spoken, v.p.Words} {
		if w != nil && w.Lang() == code {
			return w, true
		}
	}
	return v.p.Words, false
}

// problem is what is wrong with an item, in words that can be said to the respondent: the questionnaire's own, else the interface's in
// the respondent's language.
func (v *View) problem(it Item) string {
	w, _ := v.spoken()
	switch {
	case it.Problem != "":
		return it.Problem
	case it.Broken == xform.MissingAnswer:
		return w.T("question.required")
	case it.Broken == xform.WrongType:
		return w.T(map[Kind]string{
			Whole: "question.whole_number_expected", Decimal: "question.number_expected", Day: "question.date_expected",
			Clock: "question.time_expected", DayClock: "question.moment_expected", Month: "question.month_expected", Year: "question.year_expected",
			Place: "question.place_expected",
		}[it.Kind])
	case it.Broken != 0:
		return w.T("question.not_valid")
	case it.Short:
		return w.N("question.at_least", it.Least)
	}
	return ""
}

func (v *View) resource(name string) fyne.Resource {
	if name == "" || v.p.Picture == nil {
		return nil
	}
	return v.p.Picture(name)
}

// picture is a showcard of a height in dp at most; a missing one is said, never left blank.
func (v *View) picture(name string, height float32) fyne.CanvasObject {
	r := v.resource(name)
	if r == nil {
		return kit.NewTextIn(look.Hint, look.Bad, v.w.T("question.picture_missing", "name", base(name)))
	}
	img := canvas.NewImageFromResource(r)
	img.FillMode = canvas.ImageFillContain
	img.SetMinSize(fyne.NewSize(120, height))
	return img
}
