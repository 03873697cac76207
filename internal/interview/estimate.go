package interview

// CannotTell is the estimate of an interviewer who looked and could not say.
const CannotTell = "unknown"

// Sexes are what an interviewer can estimate, in the order of the screen.
func Sexes() []string { return []string{"female", "male"} }

// AgeBands are the bands of years an interviewer can estimate: wide, since nobody guesses well.
func AgeBands() []string { return []string{"under_35", "35_54", "55_69", "70_up"} }

// Estimable tells whether the interviewer is asked for an estimate: somebody was seen and gave no interview, and the study lacks
// whom it asked in vain.
func (d Disposition) Estimable() bool {
	switch d {
	case RefusedUnknown, RefusedIntroduction, NoTime, GotAway, LanguageBarrier, PhysicallyUnable:
		return true
	}
	return false
}

// Estimated tells whether the interviewer was asked and answered.
func (c Contact) Estimated() bool { return c.EstimatedSex != "" || c.EstimatedAge != "" }

// NotApproachedReasons are why nobody spoke to a selected person, the most frequent first. Labels stand in the interface's texts
// as contact.not_<name>.
func NotApproachedReasons() []string {
	return []string{"busy", "crowd", "group", "calling", "minor", "staff", "unsafe", Other}
}

// NotEligibleAtSight tells the reasons by which the person is seen not to belong to those the study asks.
func NotEligibleAtSight(reason string) bool { return reason == "minor" || reason == "staff" }
