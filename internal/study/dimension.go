package study

// Dimension is a question of the screener by which quotas divide respondents, such as age.
type Dimension struct {
	Question string   `json:"question"` // its name
	Choices  []Phrase `json:"choices"`  // those that a quota wants, in the order of their list
}

// Pick is what a quota wants of one dimension: one of these choices.
type Pick struct {
	Question string   `json:"question"`
	Choices  []string `json:"choices"` // never empty, in the order of the dimension
}
