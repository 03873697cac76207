package assets

import "embed"

// Translations holds the interface texts, one file a language:
// translations/en.json, fr.json, nl.json. Package words reads them.
//
//go:embed translations/*.json
var Translations embed.FS
