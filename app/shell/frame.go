package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"parvis/app/kit"
	"parvis/app/look"
)

// frame draws the screen in sight and a banner over its lower part.
type frame struct {
	widget.BaseWidget
	shell   *Shell
	ground  *canvas.Rectangle
	content fyne.CanvasObject
	banner  *kit.Banner
	// covered hides all but the ground.
	covered bool
	ribbon  *kit.Ribbon // nil where nothing stands across the top
}

func newFrame(s *Shell) *frame {
	f := &frame{shell: s, ground: &canvas.Rectangle{}}
	f.ExtendBaseWidget(f)
	return f
}

func (f *frame) show(o fyne.CanvasObject) {
	f.content = o
	f.Refresh()
}

func (f *frame) setRibbon(text string) {
	switch {
	case text == "":
		f.ribbon = nil
	case f.ribbon == nil || f.ribbon.Text() != text:
		f.ribbon = kit.NewRibbon(text)
	}
}

func (f *frame) setBanner(b *kit.Banner) {
	if f.banner == nil && b == nil {
		return
	}
	f.banner = b
	f.place(f.Size())
	canvas.Refresh(f)
}

// HeightFor implements kit.Flowing: a frame takes what there is.
func (f *frame) HeightFor(float32) float32 { return 320 }

// Resize is Fyne's hook; it also tells the shell how wide the window is.
func (f *frame) Resize(size fyne.Size) {
	if size.Width > 0 {
		f.shell.resized(size.Width)
	}
	f.BaseWidget.Resize(size)
}

// CreateRenderer is Fyne's hook.
func (f *frame) CreateRenderer() fyne.WidgetRenderer { return &frameRenderer{f} }

const bannerWidth float32 = 560

// place keeps the banner above a strip at the bottom, which is 68 dp high.
func (f *frame) place(size fyne.Size) {
	f.ground.FillColor = look.Of(f).Ink(look.Background)
	f.ground.Resize(size)
	top := float32(0)
	if f.ribbon != nil {
		top = f.ribbon.HeightFor(size.Width)
		f.ribbon.Move(fyne.NewPos(0, 0))
		f.ribbon.Resize(fyne.NewSize(size.Width, top))
	}
	if f.content != nil {
		f.content.Move(fyne.NewPos(0, top))
		f.content.Resize(fyne.NewSize(size.Width, max(size.Height-top, 0)))
	}
	if f.banner == nil {
		return
	}
	w := min(size.Width-2*look.Gap, bannerWidth)
	h := f.banner.HeightFor(w)
	f.banner.Move(fyne.NewPos((size.Width-w)/2, max(size.Height-look.StripHeight-look.Gap-h, 0)))
	f.banner.Resize(fyne.NewSize(w, h))
}

type frameRenderer struct{ f *frame }

func (r *frameRenderer) Destroy() {}

func (r *frameRenderer) Layout(size fyne.Size) { r.f.place(size) }

func (r *frameRenderer) MinSize() fyne.Size { return fyne.NewSize(280, 320) }

func (r *frameRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.f.ground}
	if r.f.covered {
		return o
	}
	if r.f.ribbon != nil {
		o = append(o, r.f.ribbon)
	}
	if r.f.content != nil {
		o = append(o, r.f.content)
	}
	if r.f.banner != nil {
		o = append(o, r.f.banner)
	}
	return o
}

func (r *frameRenderer) Refresh() {
	r.f.place(r.f.Size())
	canvas.Refresh(r.f)
}
