package interview

// FactsOf says what an outcome tapped at the introduction implies: whether contact was made, and whether eligibility is known.
func FactsOf(d Disposition) (contactMade, eligibilityKnown bool) {
	switch d {
	case GotAway, NotApproached:
		return false, false
	case Complete, Partial, RefusedIntroduction, ScreenedOut, QuotaFull, AlreadyInterviewed:
		return true, true
	}
	return true, false
}

// Class derives the class rates are computed from. Whoever was lost before eligibility was known is of unknown eligibility,
// whatever the reason; AAPOR calls those without contact UH and the others UO.
func (c Contact) Class() Class {
	class := c.Disposition.Class()
	switch class {
	case ClassUnapproached:
		if c.EligibilityKnown { // seen not to belong to those the study asks
			return ClassNotEligible
		}
	case ClassRefusal, ClassNonContact, ClassOther, ClassUnknown:
		if c.EligibilityKnown {
			if class == ClassUnknown {
				return ClassRefusal
			}
			return class
		}
		if !c.ContactMade {
			return ClassUnapproached
		}
		return ClassUnknown
	}
	return class
}
