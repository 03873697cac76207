package closing

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// CorrectionParams is what the page of a correction needs.
type CorrectionParams struct {
	Words  Words
	OnBack func() // nil where there is nothing to go back to
	// OnSave makes the corrected answers those that count, OnOutline shows them to choose from, OnLater goes on another time, OnLeave
	// throws the correction away.
	OnSave, OnOutline, OnLater, OnLeave func()
}

// NewCorrection makes the page from which answers of an interview that had ended are put right.
func NewCorrection(p CorrectionParams) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("ended.correct")})
	return kit.NewPage(kit.PageParams{Top: top, Body: []fyne.CanvasObject{
		kit.NewText(look.Title, w.T("ended.correct")),
		kit.NewText(look.Body, w.T("ended.correct_how")),
		kit.NewButton(w.T("outline.title"), kit.Quiet, p.OnOutline).Tall(look.ButtonLarge),
		kit.NewButton(w.T("ended.save"), kit.Primary, p.OnSave).Tall(look.ButtonLarge),
		kit.NewButton(w.T("question.pause_interview"), kit.Link, p.OnLater),
		kit.NewButton(w.T("ended.leave"), kit.Danger, p.OnLeave),
	}})
}
