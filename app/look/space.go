package look

// Distances in dp, on a grid of 4.
const (
	Unit    float32 = 4  // the grid
	Tight   float32 = 8  // between things that belong together
	Gap     float32 = 12 // between tiles, buttons, cards
	Padding float32 = 16 // inside cards and around pages on phones

	PaddingWide float32 = 28 // around pages on tablets and laptops

	Target       float32 = 48 // the least height and width of what is tapped
	TileHeight   float32 = 56
	ChipHeight   float32 = 40
	ButtonLarge  float32 = 64
	ButtonHuge   float32 = 96
	TopBarHeight float32 = 64
	StripHeight  float32 = 68

	RadiusTile   float32 = 14
	RadiusButton float32 = 12
	RadiusCard   float32 = 16
	RadiusSheet  float32 = 20

	// ReadingWidth is the widest a column of text and tiles becomes.
	ReadingWidth float32 = 720
	// PaneWidth is the width of the pane at the right of wide pages.
	PaneWidth float32 = 400
)

// Class is the size class of a window.
type Class uint8

const (
	// Phone is narrower than 600 dp.
	Phone Class = iota
	// Tablet is 600 to 1099 dp wide.
	Tablet
	// Laptop is 1100 dp wide or more.
	Laptop
)

// ClassOf is the class of a window of that width in dp.
func ClassOf(width float32) Class {
	switch {
	case width < 600:
		return Phone
	case width < 1100:
		return Tablet
	}
	return Laptop
}

// Padding is the space in dp around a page of the class.
func (c Class) Padding() float32 {
	if c == Phone {
		return Padding
	}
	return PaddingWide
}

// Question is the role in which a page of the class asks.
func (c Class) Question() Role {
	if c == Phone {
		return Question
	}
	return QuestionWide
}

// String names the class.
func (c Class) String() string {
	switch c {
	case Tablet:
		return "tablet"
	case Laptop:
		return "laptop"
	}
	return "phone"
}
