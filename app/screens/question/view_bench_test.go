package question

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/look"
	"parvis/app/words"
	"parvis/assets"
)

// viewed shows a page on a phone before a canvas that needs no display.
func viewed(tb testing.TB, p *Presenter) func() *View {
	tb.Helper()
	texts, err := words.New(assets.Translations, "en")
	if err != nil {
		tb.Fatal(err)
	}
	w := test.NewTempWindow(tb, nil)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(360, 800))
	return func() *View {
		v := NewView(ViewParams{Presenter: p, Words: texts, Class: look.Phone, OnMoved: func(bool) {}, OnLeave: func() {}, OnError: func(err error) { tb.Error(err) }})
		w.SetContent(v.Content())
		return v
	}
}

// BenchmarkPageWithALongList builds the page of 20,000 choices, as after a tap.
func BenchmarkPageWithALongList(b *testing.B) {
	test.NewTempApp(b)
	var list strings.Builder
	for n := range 20_000 {
		fmt.Fprintf(&list, "| | l | p%d | Liège, rue de l’Église %d |\n", n, n)
	}
	p, s := ask(b, "| | type | name | label | appearance |\n| | select_one l | q | Where? | minimal |\n", list.String())
	show := viewed(b, p)
	for b.Loop() {
		if err := p.Choose(context.Background(), s.Position().Ref, "p7"); err != nil {
			b.Fatal(err)
		}
		show()
	}
}
