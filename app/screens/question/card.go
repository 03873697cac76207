package question

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

func (v *View) showCard(it Item) {
	if v.settle() {
		v.p.Presenter.ShowCard(it.Ref)
		v.rebuilt()
	}
}

// cardPage is a showcard on the whole screen: the question's picture, or its choices in large print. In the respondent's hands only the
// card is there, and the way back needs the interviewer.
func (v *View) cardPage() *kit.Page {
	it := v.model.Covered
	params := kit.PageParams{Top: v.cardBar(), Wide: it.Image != ""}
	if it.Image != "" {
		params.Grow = v.picture(it.Image, 200)
		params.Body = []fyne.CanvasObject{params.Grow}
		return kit.NewPage(params)
	}
	params.Body = []fyne.CanvasObject{kit.NewText(look.Hint, it.Label)}
	for _, c := range it.Choices {
		params.Body = append(params.Body, kit.NewCard(kit.NewText(v.p.Class.Question(), c.Label)))
	}
	return kit.NewPage(params)
}

func (v *View) cardBar() *kit.TopBar {
	if v.model.Given {
		return kit.NewTopBar(kit.TopBarParams{Next: v.w.T("question.give_back"), OnNext: v.giveBack, Quiet: true})
	}
	return kit.NewTopBar(kit.TopBarParams{
		Back: v.w.T("question.hide_card"), OnBack: v.uncover, Next: v.w.T("question.hand_over"), OnNext: v.give, Quiet: true,
	})
}

// handOver offers the device to the respondent, on a page that respondents answer by themselves.
func (v *View) handOver() fyne.CanvasObject {
	return kit.NewCard(
		kit.NewText(look.Body, v.w.T("question.hand_over_note")),
		kit.NewButton(v.w.T("question.hand_over"), kit.Primary, v.give).Tall(look.ButtonLarge),
	)
}

// returnPage thanks the respondent, who has answered all there was for them.
func (v *View) returnPage() *kit.Page {
	return kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{
		kit.NewText(look.Title, v.w.T("question.return_title")),
		kit.NewText(look.Body, v.w.T("question.return_note")),
		kit.NewButton(v.w.T("question.give_back"), kit.Primary, v.giveBack).Tall(look.ButtonHuge),
	}})
}

func (v *View) give() {
	if !v.settle() {
		return
	}
	v.p.Presenter.HandOver()
	v.given(true)
}

// giveBack asks for the interviewer's PIN where there is one.
func (v *View) giveBack() {
	if !v.settle() {
		return
	}
	taken := func(ok bool) {
		if ok {
			v.p.Presenter.TakeBack()
			v.given(false)
		}
	}
	if v.p.Unlock == nil {
		taken(true)
		return
	}
	v.p.Unlock(taken)
}

func (v *View) given(given bool) {
	if v.p.OnGiven != nil {
		v.p.OnGiven(given)
	}
	v.rebuilt()
}
