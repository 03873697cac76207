// Package settings is how a person wants the screens: language, text size, light, hand, and whether single choices move on.
package settings

import (
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/words"
)

// Choices are what a person has chosen.
type Choices struct {
	Language string // of the interface: en, fr, nl
	Size     look.TextSize
	Light    look.Variant
	Quick    bool // single choices move on by themselves
	// LockAfter is how long the app stays open when nobody uses it.
	LockAfter time.Duration
	Hand      look.Hand
	WiFi      bool // pictures go over networks only that do not cost by the byte
}

// lockChoices are how long the app may lie open; the second is usual.
var lockChoices = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute}

// ViewParams is what a View needs.
type ViewParams struct {
	Words   *words.Words
	Choices Choices
	Version string
	// Reads tells that nobody is interviewed here, so that nothing about questions stands to choose from.
	Reads  bool
	OnBack func()
	// KnowsCosts tells that the device knows which networks cost by the byte; where it does not, there is nothing to choose.
	KnowsCosts bool
	// OnPIN changes the PIN, OnLock asks for it at once, OnHandIn offers what is unsent as a file, OnLaptop pairs with the supervisor's
	// laptop; nil where there is no PIN.
	OnPIN, OnLock, OnHandIn, OnLaptop func()
	// OnChange keeps and applies new choices.
	OnChange func(Choices)
}

// NewView makes the page.
func NewView(p ViewParams) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("settings.title")})
	var body []fyne.CanvasObject
	section := func(key string) { body = append(body, kit.NewText(look.Heading, w.T(key))) }
	tile := func(label string, chosen bool, change func(*Choices)) {
		t := kit.NewTile(label, kit.One, func() {
			c := p.Choices
			change(&c)
			p.OnChange(c)
		})
		t.SetChosen(chosen)
		body = append(body, t)
	}
	section("settings.language")
	for _, l := range words.Languages() {
		tile(l.Name, l.Code == p.Choices.Language, func(c *Choices) { c.Language = l.Code })
	}
	section("settings.text_size")
	for _, s := range []look.TextSize{look.Small, look.Normal, look.Large, look.Largest} {
		tile(w.T("settings.text_"+s.String()), s == p.Choices.Size, func(c *Choices) { c.Size = s })
	}
	body = append(body, kit.NewText(look.Question, w.T("settings.text_sample")))
	section("settings.light")
	for _, v := range []look.Variant{look.Light, look.Dark, look.Sunlight} {
		tile(w.T("settings.light_"+v.String()), v == p.Choices.Light, func(c *Choices) { c.Light = v })
	}
	toggle := func(label string, chosen bool, change func(*Choices)) fyne.CanvasObject {
		t := kit.NewTile(label, kit.Many, func() {
			c := p.Choices
			change(&c)
			p.OnChange(c)
		})
		t.SetChosen(chosen)
		return t
	}
	if !p.Reads {
		section("settings.hand")
		for _, h := range look.Hands() {
			tile(w.T("settings.hand_"+h.String()), h == p.Choices.Hand, func(c *Choices) { c.Hand = h })
		}
		section("today.my_interviews")
		body = append(body, toggle(w.T("settings.auto_advance"), p.Choices.Quick, func(c *Choices) { c.Quick = !c.Quick }))
	}
	if p.KnowsCosts {
		section("settings.connection")
		body = append(body, toggle(w.T("settings.pictures_wifi"), p.Choices.WiFi, func(c *Choices) { c.WiFi = !c.WiFi }),
			kit.NewText(look.Caption, w.T("settings.pictures_wifi_note")))
	}
	if p.OnPIN != nil {
		section("settings.safety")
		body = append(body, kit.NewText(look.Label, w.T("settings.lock_after")))
		for _, d := range lockChoices {
			tile(w.N("settings.minutes", int(d/time.Minute)), d == p.Choices.LockAfter, func(c *Choices) { c.LockAfter = d })
		}
		body = append(body, kit.NewButton(w.T("settings.lock_now"), kit.Quiet, p.OnLock),
			kit.NewButton(w.T("pin.change_title"), kit.Quiet, p.OnPIN), kit.NewButton(w.T("handin.title"), kit.Quiet, p.OnHandIn))
	}
	if p.OnLaptop != nil {
		section("laptop.title")
		body = append(body, kit.NewButton(w.T("laptop.pair"), kit.Quiet, p.OnLaptop))
	}
	body = append(body, kit.NewText(look.Caption, w.T("settings.version", "version", p.Version)))
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}
