package program

import (
	"strconv"
	"strings"

	"parvis/internal/export"
)

// mostNamed is how many records that could not be read are named.
const mostNamed = 10

// report says what there is now and where.
func (p *pull) report(m *Main, f *fetching, s *export.Summary) {
	if s == nil {
		m.print("Nothing new. The files in %s are up to date.\n", p.Out)
		return
	}
	m.print("%s new, %s, %s and %s in all.\n", count(f.records, "record"), count(s.Interviews, "interview"), count(s.Contacts, "contact"), count(s.Shifts, "shift"))
	m.print("Files in %s:\n", p.Out)
	width := 0
	for _, file := range s.Files {
		width = max(width, len(file.Name))
	}
	for _, file := range s.Files {
		m.print("  %s%s  %s\n", file.Name, strings.Repeat(" ", width-len(file.Name)), count(file.Rows, rowsOf(file.Name)))
	}
	if s.PersonalQuestions > 0 {
		m.print("Personal data left out: %s.\n", count(s.PersonalQuestions, "question"))
	}
	if s.Practice > 0 {
		m.print("Practice left out: %s.\n", count(s.Practice, "record"))
	}
	if s.Strays > 0 {
		m.print("Left out: %s to questions that no version of the questionnaire at central has.\n", count(s.Strays, "answer"))
	}
	if s.Unreadable > 0 {
		m.print("Not whole: %s. Their answers are missing; everything else was written.\n", count(s.Unreadable, "record"))
		for _, problem := range s.Problems[:min(mostNamed, len(s.Problems))] {
			m.print("  %s %s: %s\n", problem.Kind, problem.ID, problem.Reason)
		}
	}
}

func rowsOf(file string) string {
	switch file {
	case export.Codebook:
		return "variable"
	case export.CodebookPage:
		return "variable"
	}
	return "row"
}

// count is a number with its thing, "1,204 interviews".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits + " " + thing
}
