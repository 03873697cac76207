package robot

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
)

// Params is what a robot needs.
type Params struct {
	Canvas fyne.Canvas
	// Do runs a function where widgets may be touched and waits for it: fyne.DoAndWait.
	Do func(func())
	// Patience is how long to wait for a thing to appear; zero means five seconds.
	Patience time.Duration
	// Pace is a pause after every tap, so that a person can watch.
	Pace time.Duration
}

// Robot taps and types like a person before the screen.
type Robot struct {
	p    Params
	taps []time.Duration
}

// New makes a robot before a canvas.
func New(p Params) *Robot {
	if p.Patience == 0 {
		p.Patience = 5 * time.Second
	}
	if p.Do == nil {
		p.Do = fyne.DoAndWait
	}
	return &Robot{p: p}
}

// ErrNotThere means nothing of that name could be tapped in time; the error's text lists what could.
var ErrNotThere = errors.New("not on the screen")

// Do runs f where widgets may be touched and waits for it.
func (r *Robot) Do(f func()) { r.p.Do(f) }

// Tap taps the widget of that name, scrolling to it if need be.
func (r *Robot) Tap(ctx context.Context, name string) error {
	return r.until(ctx, "tap "+name, func() bool {
		target, ok := r.find(name)
		if !ok {
			return false
		}
		r.press(target)
		return true
	})
}

// TapAny taps the first of several names that is there, and says which.
func (r *Robot) TapAny(ctx context.Context, names ...string) (string, error) {
	tapped := ""
	err := r.until(ctx, "tap one of "+strings.Join(names, ", "), func() bool {
		for _, name := range names {
			if target, ok := r.find(name); ok {
				r.press(target)
				tapped = name
				return true
			}
		}
		return false
	})
	return tapped, err
}

// Type puts the cursor into the field of that name and types text, a rune at a time; a line break is the Enter key.
func (r *Robot) Type(ctx context.Context, field, text string) error {
	return r.until(ctx, "type into "+field, func() bool {
		target, ok := r.find(field)
		if !ok {
			return false
		}
		focusable, ok := target.object.(fyne.Focusable)
		if !ok {
			return false
		}
		r.p.Canvas.Focus(focusable)
		r.taps = append(r.taps, 0) // a finger puts the cursor there
		for _, key := range text {
			if key == '\n' {
				focusable.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
				continue
			}
			focusable.TypedRune(key)
		}
		return true
	})
}

// Key presses a key where the cursor is, or on the canvas where it is nowhere.
func (r *Robot) Key(name fyne.KeyName) {
	r.p.Do(func() {
		if focused := r.p.Canvas.Focused(); focused != nil {
			focused.TypedKey(&fyne.KeyEvent{Name: name})
		} else if typed := r.p.Canvas.OnTypedKey(); typed != nil {
			typed(&fyne.KeyEvent{Name: name})
		}
	})
}

// Rune types a letter where the cursor is, or on the canvas where it is nowhere.
func (r *Robot) Rune(letter rune) {
	r.p.Do(func() {
		if focused := r.p.Canvas.Focused(); focused != nil {
			focused.TypedRune(letter)
		} else if typed := r.p.Canvas.OnTypedRune(); typed != nil {
			typed(letter)
		}
	})
}

// See waits until part of the text stands on the screen.
func (r *Robot) See(ctx context.Context, part string) error {
	return r.until(ctx, "see "+part, func() bool { return strings.Contains(r.page(), part) })
}

// Sees tells whether part of the text stands on the screen now.
func (r *Robot) Sees(part string) (yes bool) {
	r.p.Do(func() { yes = strings.Contains(r.page(), part) })
	return yes
}

// Can tells whether the widget of that name could be tapped now.
func (r *Robot) Can(name string) (yes bool) {
	r.p.Do(func() { _, yes = r.find(name) })
	return yes
}

// Names lists what could be tapped now, in painting order.
func (r *Robot) Names() (names []string) {
	r.p.Do(func() { names = r.names() })
	return names
}

// Picture saves what the screen shows as a PNG.
func (r *Robot) Picture(file string) (err error) {
	r.p.Do(func() {
		var f *os.File
		if err = os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return
		}
		if f, err = os.Create(file); err != nil {
			return
		}
		err = errors.Join(png.Encode(f, r.p.Canvas.Capture()), f.Close())
	})
	return err
}

func (r *Robot) until(ctx context.Context, what string, try func() bool) error {
	deadline := time.Now().Add(r.p.Patience)
	for {
		done := false
		r.p.Do(func() { done = try() })
		if done {
			time.Sleep(r.p.Pace)
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: %w; there is: %s; the page reads: %s", what, ErrNotThere, strings.Join(r.Names(), " | "), r.Text())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// find looks for a tappable or focusable object of that name which a finger would hit, scrolling it into view.
func (r *Robot) find(name string) (seen, bool) {
	for _, s := range scan(r.p.Canvas) {
		if text(s.object) != name || !usable(s.object) {
			continue
		}
		if len(s.scrolls) > 0 {
			reveal(s)
		}
		for _, again := range scan(r.p.Canvas) {
			if again.object == s.object && r.hits(again) {
				return again, true
			}
		}
	}
	return seen{}, false
}

func usable(o fyne.CanvasObject) bool {
	if d, ok := o.(fyne.Disableable); ok && d.Disabled() {
		return false
	}
	_, tappable := o.(fyne.Tappable)
	_, focusable := o.(fyne.Focusable)
	return tappable || focusable
}

// reveal scrolls the areas around an object until its middle is in view.
func reveal(s seen) {
	for _, around := range s.scrolls {
		inside := s.at.Subtract(around.at).Add(around.scroll.Offset)
		view, size := around.scroll.Size(), s.object.Size()
		offset := around.scroll.Offset
		if inside.Y < offset.Y || inside.Y+size.Height > offset.Y+view.Height {
			offset.Y = max(0, inside.Y-(view.Height-size.Height)/2)
		}
		if inside.X < offset.X || inside.X+size.Width > offset.X+view.Width {
			offset.X = max(0, inside.X-(view.Width-size.Width)/2)
		}
		if offset != around.scroll.Offset {
			around.scroll.ScrollToOffset(offset)
		}
	}
}

// hits tells whether a finger on the object's middle reaches it: nothing that takes taps lies above, and it is not cut off.
func (r *Robot) hits(s seen) bool {
	middle := middleOf(s)
	if !s.clip.has(middle) {
		return false
	}
	var top fyne.CanvasObject
	for _, o := range scan(r.p.Canvas) {
		if takesTaps(o.object) && o.clip.has(middle) && boxOf(o.at, o.object.Size()).has(middle) {
			top = o.object
		}
	}
	return top == s.object
}

func takesTaps(o fyne.CanvasObject) bool {
	_, tappable := o.(fyne.Tappable)
	_, focusable := o.(fyne.Focusable)
	return tappable || focusable
}

func middleOf(s seen) fyne.Position {
	size := s.object.Size()
	return s.at.AddXY(size.Width/2, size.Height/2)
}

func (r *Robot) press(s seen) {
	size := s.object.Size()
	at := &fyne.PointEvent{AbsolutePosition: middleOf(s), Position: fyne.NewPos(size.Width/2, size.Height/2)}
	if focusable, ok := s.object.(fyne.Focusable); ok {
		r.p.Canvas.Focus(focusable)
	}
	if tappable, ok := s.object.(fyne.Tappable); ok {
		began := time.Now()
		tappable.Tapped(at)
		r.taps = append(r.taps, time.Since(began))
	}
}

// Taps is how long each tap until now took until the app had done all it does at once: saved, and built what comes next.
func (r *Robot) Taps() []time.Duration { return slices.Clone(r.taps) }

func (r *Robot) names() []string {
	var names []string
	for _, s := range scan(r.p.Canvas) {
		if name := text(s.object); name != "" && usable(s.object) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Text is all that stands on the page now, in painting order; lines of wrapped text are joined by a space.
func (r *Robot) Text() (page string) {
	r.p.Do(func() { page = r.page() })
	return page
}

// page is all text in painting order, whether or not it is scrolled into view; lines of wrapped text are joined by a space.
func (r *Robot) page() string {
	var words []string
	for _, s := range scan(r.p.Canvas) {
		if t := text(s.object); t != "" {
			words = append(words, t)
		}
	}
	return strings.Join(words, " ")
}
