// Package idcard shows a passer-by who the interviewer is: photo, name, for whom, and where one may ask.
package idcard

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
	"parvis/internal/study"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	Lang() string
}

// Params is what the page needs.
type Params struct {
	Words Words
	// Card is empty but for the interviewer's code where central has not said more.
	Card   delivery.Card
	Study  study.Study
	Class  look.Class
	OnBack func()
}

// New makes the page.
func New(p Params) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("idcard.title")})
	var body []fyne.CanvasObject
	if len(p.Card.Photo) > 0 {
		body = append(body, p.portrait())
	}
	code := w.T("today.interviewer", "name", p.Card.Interviewer)
	if p.Card.Name != "" {
		body = append(body, kit.NewText(look.Title, p.Card.Name), kit.NewText(look.Body, code))
	} else {
		body = append(body, kit.NewText(look.Title, code), kit.NewText(look.Hint, w.T("idcard.no_name")))
	}
	if agency := strings.TrimSpace(p.Study.Agency); agency != "" {
		asks := []fyne.CanvasObject{kit.NewText(look.Heading, agency)}
		if p.Study.AgencyPhone != "" {
			asks = append(asks, kit.NewText(look.Caption, w.T("idcard.questions")), kit.NewText(look.Heading, p.Study.AgencyPhone))
		}
		body = append(body, kit.NewCard(asks...))
	}
	if words := p.Study.Identity.In(w.Lang(), ""); words != "" {
		body = append(body, kit.NewText(look.Body, words))
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}

// portrait is the photo, as high as leaves the name in sight.
func (p Params) portrait() fyne.CanvasObject {
	img := canvas.NewImageFromResource(fyne.NewStaticResource("portrait-"+p.Card.Interviewer, p.Card.Photo))
	img.FillMode = canvas.ImageFillContain
	height := float32(260)
	if p.Class != look.Phone {
		height = 420
	}
	img.SetMinSize(fyne.NewSize(120, height))
	return img
}
