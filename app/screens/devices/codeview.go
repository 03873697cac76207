package devices

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/skip2/go-qrcode"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/fieldstore"
)

// CodeParams is what the page of a new code needs.
type CodeParams struct {
	Order   *Order
	Code    *Code // nil while none was made
	Studies []fieldstore.StudyState
	// Interviewers are those known, to choose from.
	Interviewers []string
	Words        Words
	Class        look.Class
	Now          time.Time
	OnBack       func()
	OnMake       func()
	OnChange     func() // the order was changed by a tap
	OnCopy       func(link string)
	OnSave       func(Code)
	OnAnother    func()
}

// CodeView is the page of a new code.
type CodeView struct {
	p      CodeParams
	page   *kit.Page
	status *kit.Text // how long the code lasts; nil while there is none
}

// NewCodeView makes the page.
func NewCodeView(p CodeParams) *CodeView {
	v := &CodeView{p: p}
	top := kit.NewTopBar(kit.TopBarParams{Back: p.Words.T("common.back"), OnBack: p.OnBack, Title: p.Words.T("devices.new_code")})
	var body []fyne.CanvasObject
	if p.Code == nil {
		body = v.form()
	} else {
		body = v.shown()
	}
	// The code is wide, and the form is read more easily where it is not.
	v.page = kit.NewPage(kit.PageParams{Top: top, Body: body, Wide: p.Code != nil})
	return v
}

// Content is the page.
func (v *CodeView) Content() fyne.CanvasObject { return v.page }

// Tick renews what the clock changes.
func (v *CodeView) Tick(now time.Time) {
	if v.status != nil {
		v.status.SetText(v.p.Code.Status(v.p.Words, now))
	}
}

// suggested is how many known interviewers stand to choose from.
const suggested = 16

func (v *CodeView) form() []fyne.CanvasObject {
	p, w, o := v.p, v.p.Words, v.p.Order
	field := kit.NewField(w.T("devices.for_whom"), kit.EntryParams{
		Text: o.Interviewer, Placeholder: "0417", OnChange: func(text string) { o.Interviewer = text }, OnSubmit: func(string) { p.OnMake() },
	})
	card := []fyne.CanvasObject{field}
	var chips []fyne.CanvasObject
	for _, code := range p.Interviewers[:min(len(p.Interviewers), suggested)] {
		chips = append(chips, chip(code, code == o.Interviewer, func() {
			o.Interviewer = code
			p.OnChange()
		}))
	}
	if len(chips) > 0 {
		card = append(card, kit.Flow(chips...))
	}
	card = append(card, v.studies()...)
	card = append(card, v.lasting()...)
	for _, l := range o.Fault.Lines(w) {
		card = append(card, kit.NewTextIn(look.Body, look.Bad, l))
	}
	do := kit.NewButton(w.T("devices.make"), kit.Primary, p.OnMake)
	if o.Making {
		do.SetText(w.T("devices.making"))
		do.Disable()
	}
	return []fyne.CanvasObject{kit.NewText(look.Body, w.T("devices.code_what")), kit.NewCard(append(card, do)...)}
}

// studies are tiles where there are several, words where there is one.
func (v *CodeView) studies() []fyne.CanvasObject {
	w, o := v.p.Words, v.p.Order
	if len(v.p.Studies) < 2 {
		return nil
	}
	out := []fyne.CanvasObject{kit.NewText(look.Label, w.T("devices.for_studies"))}
	for _, st := range v.p.Studies {
		tile := kit.NewTile(st.Title.In(w.Lang(), st.ID), kit.Many, func() {
			o.Turn(st.ID)
			v.p.OnChange()
		})
		tile.SetChosen(slices.Contains(o.Studies, st.ID))
		out = append(out, tile)
	}
	return out
}

func (v *CodeView) lasting() []fyne.CanvasObject {
	w, o := v.p.Words, v.p.Order
	var chips []fyne.CanvasObject
	for _, minutes := range Lasting() {
		said := w.N("devices.hours", minutes/60)
		if minutes >= 24*60 {
			said = w.N("devices.days", minutes/(24*60))
		}
		chips = append(chips, chip(said, minutes == o.Minutes, func() {
			o.Minutes = minutes
			v.p.OnChange()
		}))
	}
	return []fyne.CanvasObject{kit.NewText(look.Label, w.T("devices.valid_for")), kit.Flow(chips...)}
}

// shown is the code large, as a QR code and in letters, with how long it lasts and where it leads.
func (v *CodeView) shown() []fyne.CanvasObject {
	p, w, c := v.p, v.p.Words, *v.p.Code
	role := look.Title
	if p.Class == look.Laptop {
		role = look.Figure
	}
	v.status = kit.NewText(look.Strong, c.Status(w, p.Now))
	said := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("devices.code_of", "name", c.Interviewer)), kit.NewText(look.Hint, joined(c.Studies))}
	if !c.Open(p.Now) {
		return []fyne.CanvasObject{kit.NewCard(append(said, v.status, kit.NewButton(w.T("devices.another"), kit.Primary, p.OnAnother))...)}
	}
	said = append(said, kit.NewText(role, c.Text), v.status, kit.NewText(look.Body, w.T("devices.code_how", "address", c.Central)), kit.Flow(
		kit.NewButton(w.T("devices.save_sheet"), kit.Primary, func() { p.OnSave(c) }), kit.NewButton(w.T("devices.copy"), kit.Quiet, func() { p.OnCopy(c.Link) }),
		kit.NewButton(w.T("devices.another"), kit.Link, p.OnAnother),
	))
	text := kit.ColumnGap(look.Gap, said...)
	once := kit.NewText(look.Caption, w.T("devices.code_once"))
	img := drawn(c.Link, p.Class)
	switch {
	case img == nil: // it can still be typed
		return []fyne.CanvasObject{kit.NewCard(text), once}
	case p.Class == look.Phone:
		return []fyne.CanvasObject{kit.NewCard(img, text), once}
	}
	return []fyne.CanvasObject{kit.NewCard(kit.Between(text, img)), once}
}

// qrPixels is the side of the code as it is drawn.
const qrPixels = 800

// sideOf is the side of the code in dp: large enough to be scanned across a table, on phones as large as there is room.
func sideOf(class look.Class) float32 {
	return map[look.Class]float32{look.Phone: 280, look.Tablet: 320, look.Laptop: 400}[class]
}

// drawn is a QR code on white, whatever the theme; nil for a text too long for one.
func drawn(link string, class look.Class) fyne.CanvasObject {

	picture, err := qrcode.Encode(link, qrcode.Medium, qrPixels)
	if err != nil {
		return nil
	}
	img := canvas.NewImageFromResource(fyne.NewStaticResource("code-"+link+".png", picture))
	img.FillMode, img.ScaleMode = canvas.ImageFillContain, canvas.ImageScalePixels
	img.SetMinSize(fyne.NewSize(sideOf(class), sideOf(class)))
	return img
}
