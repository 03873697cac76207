package look

import "fyne.io/fyne/v2"

// Role names a piece of text by what it is for.
type Role uint8

// The roles, with their size in dp at Normal.
const (
	Body         Role = iota // 17, what is read
	Title                    // 26 bold, the name of a screen
	Question                 // 21 bold, what is asked, on phones
	QuestionWide             // 26 bold, what is asked, on tablets and laptops
	Heading                  // 18 bold, the name of a card
	Strong                   // 17 bold, chosen tiles, figures in a row
	Action                   // 16 bold, the words on a button
	ActionLarge              // 22 bold, the words on the one large button
	Hint                     // 15 muted, how to ask
	Label                    // 15, chips and table cells
	Caption                  // 13.5 muted, what explains
	Section                  // 13.5 bold primary, where in the questionnaire
	Figure                   // 66 bold, the count of passers-by
	lastRole     = Figure
)

// Roles lists all roles.
func Roles() []Role {
	all := make([]Role, 0, lastRole+1)
	for r := Body; r <= lastRole; r++ {
		all = append(all, r)
	}
	return all
}

// Face is how a role is drawn: size in dp, style, and the colour it has where
// nothing else is said.
type Face struct {
	Size  float32
	Style fyne.TextStyle
	Ink   ColorName
}

// Type returns the face of a role at the theme's text size.
func (t Theme) Type(r Role) Face {
	f := face(r)
	f.Size *= t.size.Scale()
	return f
}

func face(r Role) Face {
	bold := fyne.TextStyle{Bold: true}
	switch r {
	case Title:
		return Face{26, bold, Text}
	case Question:
		return Face{21, bold, Text}
	case QuestionWide:
		return Face{26, bold, Text}
	case Heading:
		return Face{18, bold, Text}
	case Strong:
		return Face{17, bold, Text}
	case Action:
		return Face{16, bold, Text}
	case ActionLarge:
		return Face{22, bold, Text}
	case Hint:
		return Face{15, fyne.TextStyle{}, Muted}
	case Label:
		return Face{15, fyne.TextStyle{}, Text}
	case Caption:
		return Face{13.5, fyne.TextStyle{}, Muted}
	case Section:
		return Face{13.5, bold, Primary}
	case Figure:
		return Face{66, bold, Text}
	}
	return Face{17, fyne.TextStyle{}, Text}
}
