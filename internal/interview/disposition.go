package interview

// Disposition is the outcome of a contact, by AAPOR's Standard Definitions (10th edition) as applied to intercepts.
type Disposition string

// The outcomes an interviewer or the questionnaire can give.
const (
	Complete            Disposition = "1.0"  // all asked
	Partial             Disposition = "1.2"  // broke off past the study's threshold
	RefusedIntroduction Disposition = "2.11" // refused at the introduction or the consent
	BrokeOff            Disposition = "2.12" // broke off before the threshold
	GotAway             Disposition = "2.2"  // selected, walked on before being spoken to
	PhysicallyUnable    Disposition = "2.32" // unable to take part
	LanguageBarrier     Disposition = "2.33" // no common language
	NoTime              Disposition = "2.35" // willing, but no time now
	NotApproached       Disposition = "3.11" // selected by the interval, nobody spoke to them
	RefusedUnknown      Disposition = "3.21" // refused before eligibility was known
	ScreenedOut         Disposition = "4.7"  // not eligible by the screener
	QuotaFull           Disposition = "4.8"  // not eligible, the cell is full
	AlreadyInterviewed  Disposition = "4.9"  // was interviewed in this study before: not eligible
	InProgress          Disposition = "0"    // the interview has been started and not ended
)

// Class is AAPOR's class of a disposition: I complete, P partial, R refusal, NC non-contact, O other, UH/UO unknown, NE not eligible.
type Class string

// The classes that rates are computed from.
const (
	ClassComplete     Class = "I"
	ClassPartial      Class = "P"
	ClassRefusal      Class = "R"
	ClassNonContact   Class = "NC"
	ClassOther        Class = "O"
	ClassUnknown      Class = "UO"
	ClassUnapproached Class = "UH" // eligibility unknown, not even spoken to
	ClassNotEligible  Class = "NE"
	ClassOpen         Class = ""
)

// AtIntroduction lists what an interviewer can tap on the contact sheet, the most frequent first. Agreeing starts an interview
// and is not among them.
func AtIntroduction() []Disposition {
	return []Disposition{RefusedUnknown, NoTime, GotAway, LanguageBarrier, AlreadyInterviewed, PhysicallyUnable}
}

// Class derives the AAPOR class. An interview in progress has none.
func (d Disposition) Class() Class {
	switch d {
	case Complete:
		return ClassComplete
	case Partial:
		return ClassPartial
	case RefusedIntroduction, BrokeOff:
		return ClassRefusal
	case GotAway:
		return ClassNonContact
	case PhysicallyUnable, LanguageBarrier, NoTime:
		return ClassOther
	case NotApproached:
		return ClassUnapproached
	case RefusedUnknown:
		return ClassUnknown
	case ScreenedOut, QuotaFull, AlreadyInterviewed:
		return ClassNotEligible
	}
	return ClassOpen
}

// Valid tells whether d is one of the outcomes above.
func (d Disposition) Valid() bool { return d == InProgress || d.Class() != ClassOpen }

// Final tells whether nothing more is to come of the contact.
func (d Disposition) Final() bool { return d.Class() != ClassOpen }
