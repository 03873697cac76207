package main

import "fyne.io/fyne/v2/lang"

// systemLocale is what the toolkit knows of the system's language where the environment says nothing, as on phones.
func systemLocale() string { return lang.SystemLocale().LanguageString() }
