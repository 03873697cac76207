package export

import "parvis/internal/study"

// Kind is how the values of a variable are to be read.
type Kind string

// The kinds of variable.
const (
	Single   Kind = "single"   // one choice's name
	Multiple Kind = "multiple" // names of choices separated by spaces
	Ranking  Kind = "ranking"  // all names of choices in the respondent's order
	Integer  Kind = "integer"
	Decimal  Kind = "decimal"
	Text     Kind = "text"
	Date     Kind = "date"      // 2026-05-02
	Time     Kind = "time"      // 14:03:00.000+02:00
	DateTime Kind = "date-time" // ISO 8601
	Place    Kind = "place"     // latitude longitude altitude accuracy; several separated by ;
	File     Kind = "file"      // name of an attached file
	Tick     Kind = "tick"      // OK once acknowledged
)

// MostFlags is the number of choices up to which a multiple choice gets a column of 0 and 1 for each; longer lists stay in their
// one column, else a list of all towns would make a file nobody can open.
const MostFlags = 250

// Choice is one answer on offer.
type Choice struct {
	Value string
	Label study.Text // by language; may hold ${question} where an earlier answer is shown
}

// Variable is one question as research sees it.
type Variable struct {
	Ref      string     // path in the questionnaire without positions, "/data/visit/bought"
	Name     string     // of the question
	Column   string     // heading in the file, unique there; see Dictionary
	Kind     Kind       //
	Label    study.Text // as asked, by language
	Sections []study.Text
	Choices  []Choice
	Relevant string      // the expression that decides whether it is asked, as the questionnaire has it; empty for always
	Computed bool        // no person answers it
	Roles    study.Roles // what it means to the study
	Repeat   string      // path of the innermost repeat it stands in, empty for none
	Versions []string    // of the questionnaire that have it, oldest first
}

// flagged tells whether the variable has a column for each choice.
func (v *Variable) flagged() bool {
	return v.Kind == Multiple && len(v.Choices) > 0 && len(v.Choices) <= MostFlags
}

// Repeat is a block of questions that is asked several times; its answers stand in a file of their own.
type Repeat struct {
	Ref    string // path without positions
	Name   string
	Parent string // path of the repeat around it, empty for none
	Label  study.Text
}

// Questionnaire is one version of a form as research sees it: variables and repeats in the order they are asked.
type Questionnaire struct {
	ID, Version string
	Languages   []string // default first; empty where texts have no language
	Variables   []*Variable
	Repeats     []Repeat
	// Silent are paths that never hold an answer of their own: notes, and what the field app fills in from the shift (site, region,
	// entrance, interviewer, shift), which Parvis's own columns say already.
	Silent []string
}
