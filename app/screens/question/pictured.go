package question

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/shell"
	"parvis/internal/picture"
)

// pictured is an answer that is a picture from a file.
type pictured struct {
	settled
	troubled
	v     *View
	it    Item
	body  *fyne.Container
	busy  bool
	drawn string // the answer whose picture is drawn
	frame fyne.CanvasObject
}

func newPictured(v *View, it Item) *pictured {
	p := &pictured{v: v, troubled: newTroubled(), body: kit.Column()}
	p.show(it)
	return p
}

func (p *pictured) objects() []fyne.CanvasObject { return []fyne.CanvasObject{p.problem, p.body} }

func (p *pictured) show(it Item) {
	p.it = it
	p.say(p.v.problem(it))
	p.body.Objects = p.state()
	p.body.Refresh()
}

// state is what there is to see and to do: nothing yet, one moment, or a picture.
func (p *pictured) state() []fyne.CanvasObject {
	w := p.v.w
	switch {
	case p.busy:
		return []fyne.CanvasObject{kit.NewText(look.Body, w.T("question.picture_preparing"))}
	case p.it.Value == "" && p.it.ReadOnly:
		return nil
	case p.it.Value == "":
		return append(p.takenBack("question.picture_removed"),
			kit.NewButton(w.T("question.picture_choose"), kit.Primary, p.choose).Tall(look.ButtonLarge),
			kit.NewText(look.Caption, w.T("question.picture_hint")))
	}
	objects := []fyne.CanvasObject{p.shown()}
	if p.it.ReadOnly {
		return objects
	}
	objects = append(objects, p.takenBack("question.picture_replaced")...)
	return append(objects, kit.Grid(2,
		kit.NewButton(w.T("question.picture_replace"), kit.Quiet, p.choose),
		kit.NewButton(w.T("question.picture_remove"), kit.Quiet, func() {
			p.v.do(func(ctx context.Context) error { return p.v.p.Presenter.RemovePicture(ctx, p.it) })
		})))
}

// takenBack says that a picture went, and lets it come back.
func (p *pictured) takenBack(what string) []fyne.CanvasObject {
	if p.it.Former == "" {
		return nil
	}
	undo := kit.NewButton(p.v.w.T("common.undo"), kit.Link, func() {
		p.v.do(func(ctx context.Context) error { return p.v.p.Presenter.FormerPicture(ctx, p.it) })
	})
	return []fyne.CanvasObject{kit.Between(kit.NewText(look.Hint, p.v.w.T(what)), undo)}
}

// shown is the picture itself; one that is not on the device is said.
func (p *pictured) shown() fyne.CanvasObject {
	if p.drawn == p.it.Value {
		return p.frame
	}
	p.drawn, p.frame = p.it.Value, nil
	if strings.HasPrefix(p.it.Value, "jr://") { // the questionnaire's own default
		p.frame = p.v.picture(p.it.Value, p.height())
		return p.frame
	}
	jpeg := p.v.p.Presenter.Picture(context.Background(), p.it)
	if jpeg == nil {
		p.frame = kit.NewTextIn(look.Hint, look.Bad, p.v.w.T("question.picture_gone"))
		return p.frame
	}
	img := canvas.NewImageFromResource(fyne.NewStaticResource(p.it.Value, jpeg))
	img.FillMode = canvas.ImageFillContain
	img.SetMinSize(fyne.NewSize(120, p.height()))
	p.frame = img
	return img
}

// height is the picture's in dp: its buttons stay in sight.
func (p *pictured) height() float32 {
	if p.v.p.Class == look.Phone {
		return 260
	}
	return 340
}

// choose lets a person choose a file and answers with it. The file is made ready beside the interface, which says so.
func (p *pictured) choose() {
	if p.v.p.ChooseFile == nil {
		p.trouble(ErrNoPictures)
		return
	}
	p.v.p.ChooseFile(picture.Extensions(), picture.MostBytes, func(data []byte, err error) {
		if errors.Is(err, shell.ErrTooLarge) {
			err = picture.ErrTooLarge
		}
		if err != nil {
			p.trouble(err)
			return
		}
		if data != nil {
			p.take(data)
		}
	})
}

func (p *pictured) take(data []byte) {
	it := p.it
	p.wait(true)
	var made Prepared
	var err error
	p.v.background(func() { made, err = p.v.p.Presenter.Prepare(it, data) }, func() {
		p.wait(false)
		if err == nil {
			err = p.v.p.Presenter.Give(context.Background(), it, made)
		}
		if err != nil {
			p.trouble(err)
			return
		}
		p.v.p.OnMoved(false) // the page may have been built anew in the meantime
	})
}

func (p *pictured) wait(busy bool) {
	p.busy = busy
	p.show(p.it)
	p.v.page.Relayout()
}

// trouble says below the question what was wrong with the file; what has to do with saving is the app's to say.
func (p *pictured) trouble(err error) {
	key := PictureProblem(err)
	if key == "" {
		p.v.p.OnError(err)
		return
	}
	p.it.Problem = p.v.w.T(key)
	p.show(p.it)
	p.v.page.Relayout()
}

// background runs work beside the interface and then, in it, then; at once where there is nothing to run it.
func (v *View) background(work, then func()) {
	if v.p.Background == nil {
		work()
		then()
		return
	}
	v.p.Background(work, then)
}
