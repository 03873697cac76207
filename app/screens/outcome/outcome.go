// Package outcome names the dispositions of contacts on the supervisor's screens, finer than the interviewer needs them. It knows
// interview's dispositions and the keys of the interface's texts, nothing else.
package outcome

import "parvis/internal/interview"

// Key is the key of a disposition's name in the interface's texts; what is not known is "other".
func Key(d interview.Disposition) string {
	switch d {
	case interview.Complete:
		return "contact.complete"
	case interview.Partial:
		return "contact.partial"
	case interview.RefusedIntroduction:
		return "interviewers.refused_introduction"
	case interview.BrokeOff:
		return "contact.broke_off"
	case interview.GotAway:
		return "contact.got_away"
	case interview.PhysicallyUnable:
		return "contact.unable"
	case interview.LanguageBarrier:
		return "interviewers.language_barrier"
	case interview.NoTime:
		return "contact.no_time"
	case interview.NotApproached:
		return "contact.not_approached"
	case interview.RefusedUnknown:
		return "interviewers.refused_unknown"
	case interview.ScreenedOut:
		return "contact.screened_out"
	case interview.QuotaFull:
		return "contact.quota_full"
	case interview.AlreadyInterviewed:
		return "contact.already_asked"
	case interview.InProgress:
		return "contact.in_progress"
	}
	return "contact.other"
}

// All lists every disposition in the order in which a supervisor reads them.
func All() []interview.Disposition {
	return []interview.Disposition{
		interview.Complete, interview.Partial, interview.BrokeOff, interview.RefusedIntroduction, interview.RefusedUnknown,
		interview.NoTime, interview.GotAway, interview.LanguageBarrier, interview.PhysicallyUnable, interview.AlreadyInterviewed,
		interview.ScreenedOut, interview.QuotaFull, interview.NotApproached, interview.InProgress,
	}
}
