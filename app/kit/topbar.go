package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// TopBarParams says what stands in a top bar. Empty words leave a part out.
type TopBarParams struct {
	Back     string
	OnBack   func()
	Title    string // the name of the screen, bold
	Subtitle string // under it, small
	Step     string // "Question 11 of about 32", with the progress line
	Progress float64
	Lang     string // "FR"
	LangName string // accessible name of the language button
	OnLang   func()
	Next     string
	OnNext   func()
	Quiet    bool // Next is quiet: it is not the one action of the screen
}

// TopBar holds Back, where one is, the language and Next. It stays at the top
// because the keyboard would move or hide anything at the bottom. Where one
// row is too narrow for the words, where one is goes into a second.
type TopBar struct {
	core
	box, rule        *canvas.Rectangle
	back, lang, next *Button
	title, sub, step paragraph
	track, done      *canvas.Rectangle
	progress         float64
}

// NewTopBar returns a top bar.
func NewTopBar(p TopBarParams) *TopBar {
	b := &TopBar{box: &canvas.Rectangle{}, rule: &canvas.Rectangle{}, track: &canvas.Rectangle{}, done: &canvas.Rectangle{}}
	b.title = paragraph{role: look.Action}
	b.sub = paragraph{role: look.Caption}
	b.step = paragraph{role: look.Caption}
	b.back = NewButton("", Quiet, nil)
	b.lang = NewButton("", Quiet, nil)
	b.next = NewButton("", Primary, nil)
	b.extend(b)
	b.apply(p)
	return b
}

// Set shows other words, progress and callbacks.
func (b *TopBar) Set(p TopBarParams) {
	b.apply(p)
	b.Refresh()
}

func (b *TopBar) apply(p TopBarParams) {
	b.title.text, b.sub.text, b.step.text = p.Title, p.Subtitle, p.Step
	b.progress = min(max(p.Progress, 0), 1)
	set := func(btn *Button, text, name string, tap func()) {
		btn.label.text, btn.name, btn.onTap, btn.Hidden = text, name, tap, text == ""
	}
	set(b.back, p.Back, "", p.OnBack)
	set(b.lang, p.Lang, p.LangName, p.OnLang)
	set(b.next, p.Next, "", p.OnNext)
	b.next.kind = Primary
	if p.Quiet {
		b.next.kind = Quiet
	}
}

// SetProgress moves the progress line and changes the words above it.
func (b *TopBar) SetProgress(step string, progress float64) {
	b.step.text, b.progress = step, min(max(progress, 0), 1)
	b.Refresh()
}

// Back is its Back button.
func (b *TopBar) Back() *Button { return b.back }

// Lang is its language button.
func (b *TopBar) Lang() *Button { return b.lang }

// Next is its Next button.
func (b *TopBar) Next() *Button { return b.next }

const (
	barPad  float32 = 8  // above and below the buttons
	barSide float32 = 12 // left and right of them
	barLine float32 = 6  // the progress line
)

// fitButtons chooses the buttons' own padding: narrower where that lets all
// stand in one row, else as wide as the buttons alone allow. It tells the
// width left between them and whether where one is fits there.
func (b *TopBar) fitButtons(width float32) (middle float32, one bool) {
	for _, pad := range []float32{look.Padding, look.Gap} {
		middle = width - 2*barSide - b.pad(pad) - look.Tight
		if b.fits(middle) {
			return middle, true
		}
	}
	for _, pad := range []float32{look.Padding, look.Gap, look.Tight, look.Unit} {
		if b.pad(pad)+2*barSide <= width {
			break
		}
	}
	return middle, false
}

// pad sets the buttons' padding and returns the width that they then take.
func (b *TopBar) pad(pad float32) (used float32) {
	for _, btn := range []*Button{b.back, b.lang, b.next} {
		if btn.Visible() {
			btn.pad = pad
			used += btn.naturalWidth() + look.Tight
		}
	}
	return used
}

// fits tells whether where one is fits into a width: every word of it whole,
// hardly higher than the buttons, with room for a progress line to be read.
func (b *TopBar) fits(middle float32) bool {
	t := b.themeOf()
	need := max(b.title.longest(t), b.sub.longest(t), b.step.longest(t))
	if b.step.text != "" {
		need = max(need, 84)
	}
	if need == 0 {
		return true
	}
	return middle >= need && b.middleHeight(middle) <= look.Target*max(t.TextSize().Scale(), 1)+barPad
}

func (b *TopBar) middleHeight(width float32) float32 {
	t := b.themeOf()
	h := b.title.heightFor(t, width) + b.sub.heightFor(t, width) + b.step.heightFor(t, width)
	if b.step.text != "" {
		h += look.Unit + barLine
	}
	return h
}

func (b *TopBar) buttonHeight(width float32) float32 {
	h := float32(0)
	for _, btn := range []*Button{b.back, b.lang, b.next} {
		if btn.Visible() {
			h = max(h, btn.HeightFor(min(btn.naturalWidth(), width)))
		}
	}
	return h
}

// HeightFor implements Flowing.
func (b *TopBar) HeightFor(width float32) float32 {
	b.remember(width)
	middle, one := b.fitButtons(width)
	row := b.buttonHeight(width)
	if one {
		return max(row, b.middleHeight(middle), look.Target) + 2*barPad
	}
	return row + barPad + b.middleHeight(width-2*barSide) + 2*barPad
}

func (b *TopBar) leastWidth() float32 { return 280 }

func (b *TopBar) paint(t look.Theme) {
	shape(b.box, t, look.Surface, look.Surface, 0, 0)
	shape(b.rule, t, look.Line, look.Line, 0, 0)
	width := float32(0)
	if t.Variant() == look.Sunlight {
		width = 1
	}
	shape(b.track, t, look.Track, look.Line, width, barLine/2)
	shape(b.done, t, look.Primary, look.Primary, 0, barLine/2)
}

func (b *TopBar) place(size fyne.Size) {
	t := b.themeOf()
	put(b.box, 0, 0, size.Width, size.Height)
	put(b.rule, 0, size.Height-t.LineWidth(), size.Width, t.LineWidth())
	_, one := b.fitButtons(size.Width)
	row := b.buttonHeight(size.Width)
	y := barPad
	if one {
		row = max(row, size.Height-2*barPad)
	}
	left, right := barSide, size.Width-barSide
	mirror := func(x, w float32) float32 { // under the left thumb, Next stands at the left
		if t.Hand() == look.Left {
			return size.Width - x - w
		}
		return x
	}
	height := min(row, max(look.Target, b.buttonHeight(size.Width)))
	y += (row - height) / 2
	if b.back.Visible() {
		w := b.back.naturalWidth()
		put(b.back, mirror(left, w), y, w, height)
		left += w + look.Tight
	}
	for _, btn := range []*Button{b.next, b.lang} {
		if btn.Visible() {
			w := btn.naturalWidth()
			put(btn, mirror(right-w, w), y, w, height)
			right -= w + look.Tight
		}
	}
	if !one {
		b.placeMiddle(barSide, barPad+row+barPad, size.Width-2*barSide)
		return
	}
	if !b.back.Visible() {
		left += look.Unit
	}
	middle := right - left
	b.placeMiddle(mirror(left, middle), (size.Height-b.middleHeight(middle))/2, middle)
}

func (b *TopBar) placeMiddle(x, y, w float32) {
	t := b.themeOf()
	y += b.title.place(t, x, y, w)
	y += b.sub.place(t, x, y, w)
	y += b.step.place(t, x, y, w)
	b.track.Hidden, b.done.Hidden = b.step.text == "", b.step.text == "" || b.progress == 0
	put(b.track, x, y+look.Unit, w, barLine)
	put(b.done, x, y+look.Unit, max(w*float32(b.progress), barLine), barLine)
}

func (b *TopBar) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{b.box, b.rule, b.track, b.done}
	o = b.step.objects(b.sub.objects(b.title.objects(o)))
	return append(o, b.back, b.lang, b.next)
}
