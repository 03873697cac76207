package carry

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"github.com/skip2/go-qrcode"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	Lang() string
	Number(n int) string
	Clock(t time.Time) string
	Moment(t, now time.Time) string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Model Model
	Words Words
	Now   time.Time
	Class look.Class
	// OnStart and OnStop let tablets connect and end that; OnCode shows a new code for an address.
	OnStart, OnStop func()
	OnCode          func(address string)
	OnShutOut       func(delivery.Tablet)
}

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	body := []fyne.CanvasObject{kit.NewText(look.Body, p.Words.T("carry.what")), p.service()}
	for _, l := range p.Model.Lending {
		body = append(body, kit.NewText(look.Hint, p.Words.T("carry.lending", "study", l.Title.In(p.Words.Lang(), ""), "here", p.Words.Number(l.Here), "lent", p.Words.Number(l.Lent))))
	}
	return append(body, p.tablets()...)
}

func (p ViewParams) service() fyne.CanvasObject {
	w, m := p.Words, p.Model
	if !m.On {
		return kit.NewCard(kit.NewButton(w.T("carry.start"), kit.Primary, p.OnStart).Tall(look.ButtonLarge))
	}
	card := []fyne.CanvasObject{kit.Between(
		kit.NewText(look.Heading, w.T("carry.on_since", "when", w.Moment(m.Since, p.Now))), kit.NewButton(w.T("carry.stop"), kit.Quiet, p.OnStop),
	)}
	if len(m.Addresses) == 0 {
		return kit.NewCard(append(card, kit.NewTextIn(look.Strong, look.Bad, w.T("carry.no_network")))...)
	}
	if len(m.Addresses) > 1 {
		var chips []fyne.CanvasObject
		for _, address := range m.Addresses {
			chip := kit.NewChip(address, kit.Plain, func() { p.OnCode(address) })
			chip.SetChosen(address == m.Address)
			chips = append(chips, chip)
		}
		card = append(card, kit.NewText(look.Label, w.T("carry.address")), kit.Flow(chips...))
	} else {
		card = append(card, kit.NewText(look.Hint, w.T("carry.address")+": "+m.Address))
	}
	if m.Link == "" {
		return kit.NewCard(append(card, kit.NewButton(w.T("carry.show_code"), kit.Primary, func() { p.OnCode(m.Address) }))...)
	}
	return kit.NewCard(append(card, p.code()...)...)
}

// code is the link as a QR code and in letters, which a tablet without a camera can be given by hand.
func (p ViewParams) code() []fyne.CanvasObject {
	w, m := p.Words, p.Model
	said := kit.ColumnGap(8, kit.NewText(look.Body, w.T("carry.code_until", "clock", w.Clock(m.Until))), kit.NewText(look.Strong, m.Link),
		kit.NewButton(w.T("carry.new_code"), kit.Quiet, func() { p.OnCode(m.Address) }))
	picture, err := qrcode.Encode(m.Link, qrcode.Medium, qrPixels)
	if err != nil { // the link can still be typed
		return []fyne.CanvasObject{said}
	}
	img := canvas.NewImageFromResource(fyne.NewStaticResource("pairing-"+m.Link+".png", picture))
	img.FillMode = canvas.ImageFillContain
	img.ScaleMode = canvas.ImageScalePixels
	img.SetMinSize(fyne.NewSize(qrSide, qrSide))
	if p.Class == look.Phone {
		return []fyne.CanvasObject{img, said}
	}
	return []fyne.CanvasObject{kit.Beside(qrSide, img, said)}
}

// qrSide is the side of the code in dp, large enough to be scanned at arm's length; qrPixels is how it is drawn.
const (
	qrSide   float32 = 240
	qrPixels int     = 480
)

func (p ViewParams) tablets() []fyne.CanvasObject {
	w := p.Words
	if len(p.Model.Tablets) == 0 {
		return []fyne.CanvasObject{kit.NewEmptyState(w.T("carry.nobody"), w.T("carry.nobody_do"), "", nil)}
	}
	table := kit.NewTable(
		kit.TableColumn{Title: w.T("carry.tablet"), Weight: 1}, kit.TableColumn{Title: w.T("carry.seen"), Weight: 1},
		kit.TableColumn{Title: w.T("carry.held"), Weight: 2}, kit.TableColumn{Title: w.T("carry.forwarded"), Number: true, Weight: 1},
	)
	var rows []kit.TableRow
	var more, shut []fyne.CanvasObject
	for _, t := range p.Model.Tablets {
		rows = append(rows, kit.TableRow{Cells: []kit.TableCell{{Text: t.Name}, {Text: p.moment(t.Seen)}, {Text: p.held(t)}, {Text: w.Number(t.Forwarded)}}})
		if t.Trouble != "" {
			more = append(more, kit.NewTextIn(look.Hint, look.Caution, t.Name+": "+w.T("carry.refused", "code", t.Trouble)))
		}
		shut = append(shut, kit.NewButton(w.T("carry.shut_out", "name", t.Name), kit.Link, func() { p.OnShutOut(t) }))
	}
	table.SetRows(rows...)
	return append(append([]fyne.CanvasObject{table}, more...), kit.Flow(shut...))
}

// held is how much waits here, and since when.
func (p ViewParams) held(t delivery.Tablet) string {
	if t.Held == 0 {
		return p.Words.Number(0)
	}
	return p.Words.T("carry.held_since", "n", p.Words.Number(t.Held), "when", p.moment(t.Since), "kb", strconv.FormatInt(max(1, t.Bytes>>10), 10))
}

func (p ViewParams) moment(ms int64) string {
	if ms == 0 {
		return "–"
	}
	return p.Words.Moment(time.UnixMilli(ms).In(p.Now.Location()), p.Now)
}
