package kit_test

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
)

// BenchmarkPage is a tap on Next as the kit sees it: a question page with five
// tiles and the strip is built and laid out for a phone. The goal is 16 ms,
// study, storage and drawing included, so the kit must take far less.
func BenchmarkPage(b *testing.B) {
	app := test.NewTempApp(b)
	app.Settings().SetTheme(look.New(look.Light, look.Normal))
	b.ReportAllocs()
	for b.Loop() {
		p := singlePage()
		p.Resize(phone)
	}
}

// BenchmarkChoose is a tap on a tile.
func BenchmarkChoose(b *testing.B) {
	app := test.NewTempApp(b)
	app.Settings().SetTheme(look.New(look.Light, look.Normal))
	tile := kit.NewTile("Yes, something else", kit.One, nothing)
	page := kit.NewPage(kit.PageParams{})
	page.SetBody(tile)
	page.Resize(phone)
	on := false
	for b.Loop() {
		on = !on
		tile.SetChosen(on)
	}
}
