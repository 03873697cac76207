package look_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"parvis/app/look"
)

// luminance and contrast follow WCAG 2.2, definitions of relative luminance
// and contrast ratio.
func luminance(c color.Color) float64 {
	lin := func(v uint32) float64 {
		s := float64(v) / 0xFFFF
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

func TestContrastFormula(t *testing.T) {
	if got := contrast(color.Black, color.White); math.Abs(got-21) > 1e-6 {
		t.Fatalf("black on white is 21:1, got %v", got)
	}
	// A well-known border case: 767676 on white is just above 4.5:1.
	if got := contrast(color.NRGBA{0x76, 0x76, 0x76, 0xFF}, color.White); math.Abs(got-4.54) > 0.01 {
		t.Fatalf("767676 on white is 4.54:1, got %v", got)
	}
}

func TestEveryTextPairCanBeRead(t *testing.T) {
	for _, v := range look.Variants() {
		th := look.New(v, look.Normal)
		for _, p := range look.Pairs() {
			if c := contrast(th.Ink(p.Text), th.Ink(p.On)); c < 4.5 {
				t.Errorf("%s: %s on %s has %.2f:1, needs 4.5:1", v, p.Text, p.On, c)
			}
		}
	}
}

func TestFyneWidgetsCanBeRead(t *testing.T) {
	pairs := [][2]fyne.ThemeColorName{
		{theme.ColorNameForeground, theme.ColorNameBackground},
		{theme.ColorNameForeground, theme.ColorNameInputBackground},
		{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground},
		{theme.ColorNameForeground, theme.ColorNameMenuBackground},
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
		{theme.ColorNameError, theme.ColorNameBackground},
	}
	for _, v := range look.Variants() {
		th := look.New(v, look.Normal)
		for _, p := range pairs {
			if c := contrast(th.Color(p[0], 0), th.Color(p[1], 0)); c < 4.5 {
				t.Errorf("%s: %s on %s has %.2f:1, needs 4.5:1", v, p[0], p[1], c)
			}
		}
	}
}

func TestTextSizesScaleEveryRole(t *testing.T) {
	for _, r := range look.Roles() {
		last := float32(0)
		for _, s := range look.TextSizes() {
			size := look.New(look.Light, s).Type(r).Size
			if size <= last {
				t.Errorf("role %d does not grow at %s: %v after %v", r, s, size, last)
			}
			if size < 12 {
				t.Errorf("role %d at %s is %v dp: too small to read outdoors", r, s, size)
			}
			last = size
		}
	}
}

func TestNamesRoundTrip(t *testing.T) {
	for _, v := range look.Variants() {
		if got := look.ParseVariant(v.String()); got != v {
			t.Errorf("%s reads back as %s", v, got)
		}
	}
	for _, s := range look.TextSizes() {
		if got := look.ParseTextSize(s.String()); got != s {
			t.Errorf("%s reads back as %s", s, got)
		}
	}
	if look.ParseVariant("neon") != look.Light || look.ParseTextSize("") != look.Normal {
		t.Error("unknown names must fall back to light and normal")
	}
}

func TestThemeOfAnObjectFollowsOverridesAndTheApp(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Dark, look.Large))
	free := widget.NewLabel("free")
	if got := look.Of(free); got != look.New(look.Dark, look.Large) {
		t.Errorf("app's theme expected, got %+v", got)
	}
	inside := widget.NewLabel("inside")
	container.NewThemeOverride(container.NewVBox(inside), look.New(look.Sunlight, look.Largest))
	if got := look.Of(inside); got != look.New(look.Sunlight, look.Largest) {
		t.Errorf("override's theme expected, got %s %s", got.Variant(), got.TextSize())
	}
	if got := look.From(theme.DefaultTheme()); got != look.New(look.Light, look.Normal) {
		t.Errorf("a foreign theme reads as light and normal, got %+v", got)
	}
}

func TestSizeClasses(t *testing.T) {
	for width, want := range map[float32]look.Class{320: look.Phone, 599: look.Phone, 600: look.Tablet, 1099: look.Tablet, 1100: look.Laptop} {
		if got := look.ClassOf(width); got != want {
			t.Errorf("%v dp is %s, want %s", width, got, want)
		}
	}
}
