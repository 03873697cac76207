// Package look is how Parvis looks: colours for three kinds of light, named
// text roles in four sizes, and the grid that spaces everything.
//
// It knows Fyne's theme interface and nothing of widgets, screens, words or
// studies. Everything that draws asks it; nothing else names a colour, a text
// size or a distance.
//
//	app.Settings().SetTheme(look.New(look.Light, look.Normal))   // at start
//	app.Settings().SetTheme(look.New(look.Sunlight, look.Large)) // at any time
//	t := look.Of(widget)                                         // when drawing
//	rect.FillColor = t.Ink(look.Surface)
package look

import (
	"image/color"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Variant is the kind of light a screen is made for.
type Variant uint8

const (
	// Light is warm paper, for shade and indoors.
	Light Variant = iota
	// Dark is for evenings.
	Dark
	// Sunlight is black on white with 2 dp lines, for glare.
	Sunlight
)

// Variants lists all variants in the order settings offer them.
func Variants() []Variant { return []Variant{Light, Dark, Sunlight} }

// String is the stable name of the variant, as settings store it.
func (v Variant) String() string {
	switch v {
	case Dark:
		return "dark"
	case Sunlight:
		return "sunlight"
	}
	return "light"
}

// ParseVariant reads what String wrote; anything else is Light.
func ParseVariant(s string) Variant {
	for _, v := range Variants() {
		if v.String() == s {
			return v
		}
	}
	return Light
}

// TextSize is the size of all text together.
type TextSize uint8

const (
	// Normal is the size the screens are drawn for.
	Normal TextSize = iota
	// Small fits more on a page.
	Small
	// Large is a fifth larger.
	Large
	// Largest is nearly half larger.
	Largest
)

// TextSizes lists all sizes from small to large.
func TextSizes() []TextSize { return []TextSize{Small, Normal, Large, Largest} }

// Scale is the factor by which the size multiplies every role.
func (s TextSize) Scale() float32 {
	switch s {
	case Small:
		return 0.9
	case Large:
		return 1.2
	case Largest:
		return 1.45
	}
	return 1
}

// String is the stable name of the size, as settings store it.
func (s TextSize) String() string {
	switch s {
	case Small:
		return "small"
	case Large:
		return "large"
	case Largest:
		return "largest"
	}
	return "normal"
}

// ParseTextSize reads what String wrote; anything else is Normal.
func ParseTextSize(s string) TextSize {
	for _, t := range TextSizes() {
		if t.String() == s {
			return t
		}
	}
	return Normal
}

// Theme is a fyne.Theme made of one variant and one text size. It is a value
// without state: to switch at run time, set another one.
type Theme struct {
	variant Variant
	size    TextSize
	hand    Hand
}

var _ fyne.Theme = Theme{}

// New returns the theme for a variant and a text size.
func New(v Variant, s TextSize) Theme { return Theme{variant: v, size: s} }

// Of returns the theme that applies to an object: the one of the override it
// lies in, else the app's. Under a foreign theme it is light and normal.
func Of(o fyne.CanvasObject) Theme {
	return From(theme.CurrentForWidget(o))
}

// Current returns the app's theme.
func Current() Theme { return From(theme.Current()) }

// From recovers a Theme from Fyne's view of it. Fyne wraps the themes of
// overrides in a type of its own that embeds them under the name Theme.
func From(th fyne.Theme) Theme {
	if t, ok := th.(Theme); ok {
		return t
	}
	wrapped := reflect.Indirect(reflect.ValueOf(th))
	if wrapped.Kind() != reflect.Struct {
		return Theme{}
	}
	field := wrapped.FieldByName("Theme")
	if !field.IsValid() || !field.CanInterface() {
		return Theme{}
	}
	t, _ := field.Interface().(Theme)
	return t
}

// Variant is the kind of light the theme is made for.
func (t Theme) Variant() Variant { return t.variant }

// TextSize is the text size of the theme.
func (t Theme) TextSize() TextSize { return t.size }

// With returns the theme for other light, the text size kept.
func (t Theme) With(v Variant) Theme { t.variant = v; return t }

// WithTextSize returns the theme with another text size, the light kept.
func (t Theme) WithTextSize(s TextSize) Theme { t.size = s; return t }

// Ink is the colour of that name.
func (t Theme) Ink(n ColorName) color.Color { return rgb(hex(t.variant, n)) }

// LineWidth is the width of quiet lines and borders in dp: 1, or 2 in sunlight.
func (t Theme) LineWidth() float32 {
	if t.variant == Sunlight {
		return 2
	}
	return 1
}

// ChosenWidth is the width in dp of the border around what is chosen: 2, or 4
// in sunlight, where every border is black and only width can tell.
func (t Theme) ChosenWidth() float32 {
	if t.variant == Sunlight {
		return 4
	}
	return 2
}

// Color answers Fyne. The system's preference of light or dark is ignored: the
// person who stands in the sun chooses.
func (t Theme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, known := t.fyneColor(n); known {
		return c
	}
	return t.Ink(n)
}

// Font answers Fyne: the toolkit's Noto Sans.
func (t Theme) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

// Icon answers Fyne with the toolkit's icons.
func (t Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size answers Fyne for its own widgets, of which Parvis uses entries, lists
// and scrolls.
func (t Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return t.Type(Body).Size
	case theme.SizeNameCaptionText:
		return t.Type(Caption).Size
	case theme.SizeNameHeadingText:
		return t.Type(Title).Size
	case theme.SizeNameSubHeadingText:
		return t.Type(Heading).Size
	case theme.SizeNameInputBorder:
		return 2
	case theme.SizeNameInputRadius:
		return RadiusTile
	case theme.SizeNameInnerPadding:
		return Gap
	case theme.SizeNameSeparatorThickness:
		return t.LineWidth()
	case theme.SizeNameInlineIcon:
		return 20 * t.size.Scale()
	}
	return theme.DefaultTheme().Size(n)
}
