package look

// Hand is the hand that taps. What is tapped most lies under its thumb.
type Hand uint8

const (
	// Right is the hand of most people.
	Right Hand = iota
	// Left mirrors what has a side: Next, the pane beside a question.
	Left
)

// Hands lists both hands in the order settings offer them.
func Hands() []Hand { return []Hand{Right, Left} }

// String is the stable name of the hand, as settings store it.
func (h Hand) String() string {
	if h == Left {
		return "left"
	}
	return "right"
}

// ParseHand reads what String wrote; anything else is Right.
func ParseHand(s string) Hand {
	if s == Left.String() {
		return Left
	}
	return Right
}

// Hand is the hand the theme is laid out for.
func (t Theme) Hand() Hand { return t.hand }

// ForHand returns the theme for a hand, light and text size kept.
func (t Theme) ForHand(h Hand) Theme { t.hand = h; return t }
