package interview

// Lent is how many rights laptops have passed on to a device in one of its epochs, in all.
type Lent struct {
	Epoch string `json:"epoch"`
	// Tills are by the epoch of the laptop's till, then by constraint.
	Tills map[string]map[string]int `json:"tills"`
}
