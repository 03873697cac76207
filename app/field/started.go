//go:build !robot

package main

import "fyne.io/fyne/v2"

func robotFlags(*options) {}

// robotWorks is false: a person does.
func robotWorks(options, any, fyne.Window) bool { return false }
