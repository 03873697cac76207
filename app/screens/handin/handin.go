// Package handin is where an interviewer hands in what is unsent as a file, from a device that will not synchronise any more: how
// much it is, what to finish before, and one button. It only draws.
package handin

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
}

// Params is what the page needs.
type Params struct {
	Words Words
	// Interviews, Records and Pictures are what the file holds, Unfinished the interviews that still go on and are not in it.
	Interviews, Records, Pictures, Unfinished int
	OnBack, OnSave                            func()
}

// New makes the page.
func New(p Params) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("handin.title")})
	if p.Records == 0 {
		return kit.NewPage(kit.PageParams{Top: top, Body: []fyne.CanvasObject{
			kit.NewEmptyState(w.T("today.all_sent"), w.T("handin.nothing"), "", nil), p.unfinished(),
		}})
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: []fyne.CanvasObject{
		kit.NewText(look.Body, w.T("handin.what")),
		kit.NewCard(
			kit.NewText(look.Heading, w.N("handin.interviews", p.Interviews)),
			kit.NewText(look.Hint, w.N("handin.others", p.Records-p.Interviews)),
			p.pictures(), p.unfinished(),
			kit.NewButton(w.T("handin.save"), kit.Primary, p.OnSave).Tall(look.ButtonLarge),
		),
		kit.NewText(look.Hint, w.T("handin.stays")),
	}})
}

func (p Params) pictures() fyne.CanvasObject {
	if p.Pictures == 0 {
		return kit.NewText(look.Hint, "")
	}
	return kit.NewText(look.Hint, p.Words.N("handin.pictures", p.Pictures))
}

func (p Params) unfinished() fyne.CanvasObject {
	if p.Unfinished == 0 {
		return kit.NewText(look.Hint, "")
	}
	return kit.NewTextIn(look.Hint, look.Caution, p.Words.N("handin.unfinished", p.Unfinished))
}
