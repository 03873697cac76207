package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// ColorName names a colour by what it is for.
type ColorName = fyne.ThemeColorName

// The colours. On a filled shape only its own On colour is used for text.
const (
	Background ColorName = "parvisBackground" // the page
	Surface    ColorName = "parvisSurface"    // cards, tiles, bars
	Control    ColorName = "parvisControl"    // quiet buttons, chips, pad cells
	Pressed    ColorName = "parvisPressed"    // a quiet control under the finger
	Line       ColorName = "parvisLine"       // borders and rules
	Track      ColorName = "parvisTrack"      // the empty part of a bar
	Text       ColorName = "parvisText"       // what is read
	Muted      ColorName = "parvisMuted"      // what explains
	Primary    ColorName = "parvisPrimary"    // the one action, what is chosen
	OnPrimary  ColorName = "parvisOnPrimary"
	Tint       ColorName = "parvisTint"   // behind what is chosen
	Leased     ColorName = "parvisLeased" // promised to devices, not yet done
	Accent     ColorName = "parvisAccent" // observations and nothing else
	OnAccent   ColorName = "parvisOnAccent"
	Good       ColorName = "parvisGood"
	OnGood     ColorName = "parvisOnGood"
	Caution    ColorName = "parvisCaution"
	Bad        ColorName = "parvisBad"
	OnBad      ColorName = "parvisOnBad"
	Practice   ColorName = "parvisPractice" // what is not data, and nothing else
	OnPractice ColorName = "parvisOnPractice"
)

// Pair is text of one colour on a ground of another.
type Pair struct{ Text, On ColorName }

// Pairs lists every combination of text and ground that the kit draws; each
// keeps a contrast of 4.5:1 or more in every variant.
func Pairs() []Pair {
	grounds := []struct {
		on   ColorName
		text []ColorName
	}{
		{Background, []ColorName{Text, Muted, Primary, Good, Bad}},
		{Surface, []ColorName{Text, Muted, Primary, Accent, Good, Caution, Bad}},
		{Tint, []ColorName{Text, Muted, Primary, Bad}},
		{Control, []ColorName{Text, Muted, Primary, Bad}},
		{Pressed, []ColorName{Text, Primary, Bad}},
		{Primary, []ColorName{OnPrimary}},
		{Accent, []ColorName{OnAccent}},
		{Good, []ColorName{OnGood}},
		{Bad, []ColorName{OnBad}},
		{Practice, []ColorName{OnPractice}},
	}
	var all []Pair
	for _, g := range grounds {
		for _, text := range g.text {
			all = append(all, Pair{text, g.on})
		}
	}
	return all
}

// hex is a switch, not a table, so that nothing is built before it is asked.
func hex(v Variant, n ColorName) uint32 {
	switch n {
	case Background:
		return pick(v, 0xF6F4EE, 0x101615, 0xFFFFFF)
	case Surface:
		return pick(v, 0xFFFFFF, 0x1A2321, 0xFFFFFF)
	case Control:
		return pick(v, 0xECE9E1, 0x25302D, 0xFFFFFF)
	case Pressed:
		return pick(v, 0xDFDBD0, 0x31403D, 0xE6E6E6)
	case Line:
		return pick(v, 0xDAD6CB, 0x31403D, 0x000000)
	case Track:
		return pick(v, 0xDAD6CB, 0x31403D, 0xFFFFFF)
	case Text:
		return pick(v, 0x1B2422, 0xEEF2EF, 0x000000)
	case Muted:
		return pick(v, 0x5A6763, 0xA3B1AC, 0x000000)
	case Primary:
		return pick(v, 0x0E5A5A, 0x6CC5BB, 0x00363A)
	case OnPrimary:
		return pick(v, 0xFFFFFF, 0x06201E, 0xFFFFFF)
	case Tint:
		return pick(v, 0xE2EEEC, 0x1F3330, 0xFFFFFF)
	case Leased:
		return pick(v, 0x8DBDB8, 0x3C7A74, 0x9FB6B8)
	case Accent:
		return pick(v, 0xC2570C, 0xF2A057, 0x8A2C00)
	case OnAccent:
		return pick(v, 0xFFFFFF, 0x2A1503, 0xFFFFFF)
	case Good:
		return pick(v, 0x2C7A4B, 0x7CCB98, 0x004D20)
	case OnGood:
		return pick(v, 0xFFFFFF, 0x06200F, 0xFFFFFF)
	case Caution:
		return pick(v, 0x9A6700, 0xE5B454, 0x5B3A00)
	case Bad:
		return pick(v, 0xB3261E, 0xF2A09A, 0x8A0000)
	case OnBad:
		return pick(v, 0xFFFFFF, 0x2B0605, 0xFFFFFF)
	case Practice:
		return pick(v, 0x5B3E99, 0xC3AEF0, 0x3A1A80)
	case OnPractice:
		return pick(v, 0xFFFFFF, 0x1C0F38, 0xFFFFFF)
	}
	return pick(v, 0x1B2422, 0xEEF2EF, 0x000000)
}

func pick(v Variant, light, dark, sunlight uint32) uint32 {
	switch v {
	case Dark:
		return dark
	case Sunlight:
		return sunlight
	}
	return light
}

func rgb(h uint32) color.NRGBA {
	return color.NRGBA{R: uint8(h >> 16), G: uint8(h >> 8), B: uint8(h), A: 0xFF}
}

// fyneColor translates the names that Fyne's own widgets ask for.
func (t Theme) fyneColor(n fyne.ThemeColorName) (color.Color, bool) {
	switch n {
	case theme.ColorNameBackground:
		return t.Ink(Background), true
	case theme.ColorNameInputBackground, theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground:
		return t.Ink(Surface), true
	case theme.ColorNameButton, theme.ColorNameDisabledButton:
		return t.Ink(Control), true
	case theme.ColorNameInputBorder, theme.ColorNameSeparator:
		return t.Ink(Line), true
	case theme.ColorNameForeground:
		return t.Ink(Text), true
	case theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		return t.Ink(Muted), true
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return t.Ink(Primary), true
	case theme.ColorNameForegroundOnPrimary:
		return t.Ink(OnPrimary), true
	case theme.ColorNameError:
		return t.Ink(Bad), true
	case theme.ColorNameForegroundOnError:
		return t.Ink(OnBad), true
	case theme.ColorNameSuccess:
		return t.Ink(Good), true
	case theme.ColorNameForegroundOnSuccess:
		return t.Ink(OnGood), true
	case theme.ColorNameWarning:
		return t.Ink(Caution), true
	}
	return t.fyneWash(n)
}

// fyneWash holds the colours that lie over or behind others.
func (t Theme) fyneWash(n fyne.ThemeColorName) (color.Color, bool) {
	switch n {
	case theme.ColorNameShadow, theme.ColorNameScrollBarBackground:
		return color.Transparent, true
	case theme.ColorNameScrollBar:
		return t.veil(Muted, 0x80), true
	case theme.ColorNameHover:
		return t.veil(Text, 0x0A), true
	case theme.ColorNameFocus, theme.ColorNameSelection:
		return t.veil(Primary, 0x40), true
	case theme.ColorNamePressed:
		return t.veil(Text, 0x14), true
	}
	return nil, false
}

func (t Theme) veil(n ColorName, alpha uint8) color.Color {
	c := rgb(hex(t.variant, n))
	c.A = alpha
	return c
}
