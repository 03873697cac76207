package question

import (
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// Model is everything the page shows.
type Model struct {
	At, About int
	Section   string
	Items     []Item
	// Prompt is set on the page that offers another round of a repeat.
	Prompt *xform.RepeatInfo
	// Ended means the last page lies behind.
	Ended bool
	// Language is the tag of the language being asked in, "EN"; Other that of the one a tap changes to, empty where there is none.
	Language, Other string
	// Members are those of the repeat that the prompt is about.
	Members []interview.Member
	// Cover lies over the whole page, about the question Covered.
	Cover   Cover
	Covered Item
	// Given means that the respondent holds the device; Returning that nothing is left for them to do with it. Own means that the
	// page is one that respondents answer by themselves.
	Given, Returning, Own bool
}

// Item is one question of the page.
type Item struct {
	xform.Question
	Kind Kind
	// Chosen are the values of a choice.
	Chosen []string
	// Problem is why Next did not move on; empty where nothing is wrong or the form has no words for it, then Broken says which rule.
	Problem string
	Broken  xform.ViolationKind
	// Low and High are the words at the ends of a scale.
	Low, High string
	// Probes are the study's follow-ups, for verbatims.
	Probes []study.Phrase
	// Here is the location that one tap fills in; "" for none.
	Here string
	// Sealed tells that there is an answer which nobody here can read.
	Sealed bool
	// Former is the picture that this answer gave way to and that can come back; "" for none.
	Former string
	// Marks are the probes and pauses set in this verbatim, by position.
	Marks []interview.Mark
	// Least and Most are how many choices are asked for; 0 for no limit. Short means that there are fewer.
	Least, Most int
	Short       bool
}
