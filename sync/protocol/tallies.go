package protocol

// TallyList counts a study's records by their newest revisions, within the sites the asker may see.
type TallyList struct {
	Tallies []Tally `json:"tallies"`
}

// Tally is how many records of a kind came out in one way on one day.
type Tally struct {
	Day         string `json:"day"` // of the place where it was, 2026-11-24; unknown where the device's clock lay beyond every calendar
	Site        string `json:"site"`
	Interviewer string `json:"interviewer"`
	Kind        Kind   `json:"kind"`                  // shift, contact or interview
	Disposition string `json:"disposition,omitempty"` // AAPOR's code, such as 1.0; none for a shift
	Count       int    `json:"count"`
}
