package question

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/internal/xform"
)

// settle saves what is still being typed; false where it could not be saved.
func (v *View) settle() bool {
	for _, a := range v.answers {
		if _, err := a.settle(context.Background()); err != nil {
			v.p.OnError(err)
			return false
		}
	}
	return true
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
			it := v.itemOf(i)
			it.Broken = xform.WrongType
			a.show(it)
			v.page.Relayout()
			v.reveal(a)
			return
		}
	}
	moved, err := v.p.Presenter.Next(ctx)
	if err != nil {
		v.p.OnError(err)
		return
	}
	if moved {
		v.moved(v.p.Presenter.Model().Ended)
		return
	}
	v.refresh()
	for i, a := range v.answers {
		if i < len(v.model.Items) && v.problem(v.model.Items[i]) != "" {
			v.reveal(a)
			return
		}
	}
}

// reveal scrolls to what is wrong with an answer.
func (v *View) reveal(a answer) {
	if t, ok := a.(interface{ where() fyne.CanvasObject }); ok {
		v.page.Reveal(t.where())
	}
}

func (v *View) back() {
	if !v.settle() {
		return
	}
	before := v.model.At
	if err := v.p.Presenter.Back(context.Background()); err != nil {
		v.p.OnError(err)
		return
	}
	if m := v.p.Presenter.Model(); m.At == before && samePage(m, v.model) {
		v.p.OnLeave()
		return
	}
	v.moved(false)
}

func samePage(a, b Model) bool {
	if len(a.Items) == 0 || len(b.Items) == 0 {
		return len(a.Items) == len(b.Items) && a.Prompt != nil == (b.Prompt != nil)
	}
	return a.Items[0].Ref == b.Items[0].Ref
}

// outline saves what is being typed before the list covers it.
func (v *View) outline() {
	if v.settle() {
		v.p.OnOutline()
	}
}

func (v *View) switchLanguage() {
	if !v.settle() {
		return
	}
	if err := v.p.Presenter.SwitchLanguage(context.Background()); err != nil {
		v.p.OnError(err)
		return
	}
	v.moved(false)
}
