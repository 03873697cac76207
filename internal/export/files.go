package export

import (
	"slices"
	"strings"
)

// Names of the files. Each repeat of the questionnaire has one more, called as the repeat is.
const (
	Interviews   = "interviews.csv"   // one row an interview
	Verbatims    = "verbatims.csv"    // one row an exact word-for-word answer
	Observations = "observations.csv" // one row a thing the interviewer perceived
	Contacts     = "contacts.csv"     // one row an approach, whatever came of it
	Shifts       = "shifts.csv"       // one row an interviewer's shift
	Footfall     = "footfall.csv"     // one row a quarter of an hour of a shift
	Pauses       = "pauses.csv"       // one row a pause of a shift
	Corrections  = "corrections.csv"  // one row a count put right by a typed number
	ShiftNotes   = "shift_notes.csv"  // one row a note of weather or an event
	Reviews      = "reviews.csv"      // one row a decision about an interview
	Paradata     = "paradata.csv"     // one row a stay on a question
	Timings      = "timings.csv"      // one row a question, all stays on it together
	Audit        = "audit.csv"        // one row an event, as in ODK's audit log
	Codebook     = "codebook.csv"     // one row a column of the files above
	Choices      = "choices.csv"      // one row a choice of a question
	CodebookPage = "codebook.html"    // the codebook to read and print
)

// Media is the folder beside the files for what their cells name: pictures given as answers.
const Media = "media"

// Kinds of record, as they are called wherever records travel.
const (
	KindInterview = "interview"
	KindContact   = "contact"
	KindShift     = "shift"
	KindDecision  = "decision" // its body is a delivery.StoredDecision
)

// interviewColumns are the columns before the questions.
func interviewColumns() []string {
	return []string{
		"id", "study", "form", "form_version", "site", "region", "entrance", "shift", "contact", "interviewer", "language",
		"started", "ended", "duration_s", "disposition", "disposition_label", "break_off_at", "break_off_reason", "void",
		"corrections", "correction", "correction_reason", "cells", "provisional", "hasty_questions",
	}
}

func verbatimColumns() []string {
	return []string{"interview", "question", "index", "label", "text", "words", "language", "marks"}
}

func observationColumns() []string {
	return []string{"interview", "question", "index", "time", "since_ms", "valence", "energy", "cue", "note", "rating", "source"}
}

func paradataColumns() []string {
	return []string{"interview", "visit", "question", "index", "time", "dwell_ms", "first_tap_ms", "edits"}
}

func contactColumns() []string {
	return []string{
		"id", "study", "shift", "site", "region", "entrance", "interviewer", "time", "disposition", "disposition_label", "aapor_class",
		"eligibility_known", "contact_made", "void", "estimated_sex", "estimated_age", "estimate_source", "not_approached", "passed", "interview",
	}
}

func shiftColumns() []string {
	return []string{
		"id", "study", "site", "region", "entrance", "interviewer", "interval", "started", "ended", "pauses", "paused_s", "passed",
		"corrections", "corrected", "weather", "notes",
	}
}

// ofShift are the columns by which a row that belongs to a shift is found again.
func ofShift(more ...string) []string {
	return append([]string{"shift", "study", "site", "region", "entrance", "interviewer", "number"}, more...)
}

func pauseColumns() []string {
	return ofShift("from", "to", "paused_s", "reason", "words")
}

func correctionColumns() []string {
	return ofShift("id", "time", "from", "to", "reason", "words")
}

func shiftNoteColumns() []string {
	return ofShift("id", "time", "weather", "words")
}

func footfallColumns() []string {
	return []string{"shift", "study", "site", "region", "entrance", "from", "count"}
}

// repeatColumns are the columns before the questions of a repeat: the interview, the position within each repeat around it, and
// its own position, from 1.
func (l *layout) repeatColumns(t *table) []string {
	columns := []string{"interview"}
	var outer []string
	for up := t.repeat.Parent; up != ""; {
		around := l.tableOf(up)
		outer = append(outer, around.repeat.Name+"_index")
		up = around.repeat.Parent
	}
	slices.Reverse(outer)
	return append(append(columns, outer...), "index")
}

func (l *layout) tableOf(repeat string) *table {
	for _, t := range l.tables {
		if t.repeat.Ref == repeat {
			return t
		}
	}
	return l.tables[0]
}

// header is the first row of a table of answers.
func (l *layout) header(t *table) []string {
	columns := interviewColumns()
	if t.depth > 0 {
		columns = l.repeatColumns(t)
	}
	for _, c := range t.columns {
		columns = append(append(columns, c.variable.Column), c.flags...)
	}
	return columns
}

// nameFiles gives each table of answers its file. A repeat that is called as one of Parvis's own files, or as another repeat, is
// told apart by repeat_ and its groups. Names differ in more than capitals, since some file systems do not see those.
func (l *layout) nameFiles() []string {
	taken := []string{Interviews, Verbatims, Observations, Contacts, Shifts, Footfall, Pauses, Corrections, ShiftNotes, Reviews, Paradata, Timings, Audit, Codebook, Choices}
	names := []string{Interviews}
	for _, t := range l.tables[1:] {
		name := t.repeat.Name
		if slices.Contains(taken, strings.ToLower(name)+".csv") {
			name = "repeat_" + strings.ReplaceAll(strings.Trim(t.repeat.Ref, "/"), "/", ".")
		}
		for slices.Contains(taken, strings.ToLower(name)+".csv") {
			name += "_"
		}
		taken = append(taken, strings.ToLower(name)+".csv")
		names = append(names, name+".csv")
	}
	return names
}
