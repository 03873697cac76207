package health

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// Cards draws warnings, each with what is safe and what to do.
func Cards(warnings []Warning) []fyne.CanvasObject {
	var cards []fyne.CanvasObject
	for _, w := range warnings {
		cards = append(cards, kit.NewCard(
			kit.NewTextIn(look.Heading, look.Bad, w.What), kit.NewText(look.Body, w.Safe), kit.NewText(look.Body, w.Do)))
	}
	return cards
}
