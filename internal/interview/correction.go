package interview

import (
	"time"

	"parvis/internal/study"
)

// Correction tells why a record has a further revision.
type Correction struct {
	At     Moment         `json:"at"`
	Kind   CorrectionKind `json:"kind"`
	Reason string         `json:"reason"`
}

// CorrectionKind is what was done to an interview that had ended.
type CorrectionKind string

// The kinds of correction.
const (
	CorrectEdit CorrectionKind = "edit" // answers were put right
	CorrectUndo CorrectionKind = "undo" // its ending, or its being void, was taken back at once
	CorrectVoid CorrectionKind = "void" // it turned out not to count
)

// UndoGrace is how long after an ending it can be taken back, whatever the study allows: the screen offers it for a few seconds, and
// a phone in a pocket may be slow.
const UndoGrace = time.Minute

// Editable tells whether an interview that ended then may be corrected now.
func Editable(st study.Study, ended Moment, now time.Time) bool {
	return st.EditMinutes > 0 && !now.After(editUntil(st, ended))
}

func editUntil(st study.Study, ended Moment) time.Time {
	return ended.Time().Add(time.Duration(st.EditMinutes) * time.Minute)
}

// Voided is an interview that had ended, with its contact, as both are to be kept when it turns out that it must not count. Its
// outcome stays, so that the rest of what is known of it does.
func Voided(i Interview, c Contact, reason string, at Moment) (Interview, Contact) {
	if reason == "" {
		reason = "void"
	}
	i.Void, c.Void = reason, true
	return corrected(i, at, CorrectVoid, reason), c
}

// Unvoided takes Voided back.
func Unvoided(i Interview, c Contact, at Moment) (Interview, Contact) {
	i.Void, c.Void = "", false
	return corrected(i, at, CorrectUndo, "undo"), c
}

func corrected(i Interview, at Moment, kind CorrectionKind, reason string) Interview {
	i.Corrections = append(append([]Correction{}, i.Corrections...), Correction{At: at, Kind: kind, Reason: reason})
	return i
}
