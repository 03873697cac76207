//go:build !robot

package main

import (
	"fyne.io/fyne/v2"

	"parvis/app/screens/fieldapp"
)

func robotFlags(*options) {}

// started begins what runs beside the screens: phones allow it from here on.
func started(_ options, field *fieldapp.App, _ fyne.Window) { field.Background() }
