package export

import "strings"

// meaning says what one of Parvis's own columns holds.
func meaning(file, column string) (Kind, string) {
	if m, ok := ownMeanings()[strings.TrimSuffix(file, ".csv")+"."+column]; ok {
		return m.kind, m.note
	}
	if m, ok := ownMeanings()[column]; ok {
		return m.kind, m.note
	}
	if outer, ok := strings.CutSuffix(column, "_index"); ok {
		return Integer, "position of the " + outer + " around it, from 1"
	}
	return Text, ""
}

type ownMeaning struct {
	kind Kind
	note string
}

// ownMeanings are the columns by name; where one name means different things, by file and name.
func ownMeanings() map[string]ownMeaning {
	return map[string]ownMeaning{
		"id":                {Text, "identity of the record (UUID version 7)"},
		"study":             {Text, "identity of the study"},
		"form":              {Text, "identity of the questionnaire"},
		"form_version":      {Text, "version of the questionnaire"},
		"site":              {Single, "name of the site"},
		"region":            {Single, "name of the site's region"},
		"entrance":          {Single, "name of the entrance"},
		"shift":             {Text, "id of the shift, see shifts.csv"},
		"contact":           {Text, "id of the contact, see contacts.csv"},
		"interview":         {Text, "id of the interview, see interviews.csv"},
		"interviewer":       {Single, "code of the interviewer"},
		"language":          {Single, "language at the end of the interview"},
		"started":           {DateTime, "the device's clock, with its offset from UTC"},
		"ended":             {DateTime, "the device's clock, with its offset from UTC; empty while it runs"},
		"duration_s":        {Decimal, "seconds the interview was open, by a monotonic clock"},
		"disposition":       {Single, "outcome by AAPOR's Standard Definitions"},
		"disposition_label": {Text, "the outcome in words"},
		"break_off_at":      {Text, "question at which the respondent broke off"},
		"break_off_reason":  {Single, "why it was broken off: no_time, too_long, topic, called_away, other"},
		"void":              {Single, "why the interview must not count: mistake, duplicate; empty where it counts"},
		"corrections":       {Integer, "how often the interview was changed after it had ended; the row holds what stands now"},
		"correction":        {Single, "the last change: edit answers put right, undo an ending taken back at once, void it must not count"},
		"correction_reason": {Single, "why the last change was made"},
		"hasty_questions":   {Integer, "number of questions answered in less than the study's minimum of seconds"},
		"cells":             {Multiple, "names of the quota constraints the respondent falls in, with @ and the day where the target is for each day"},
		"provisional":       {Integer, "1 where the interview counts in no quota until a supervisor accepts it, because its device had no right left, as after it was written off; else 0"},
		"index":             {Text, "position in the repeat, from 1; inner ones after a slash; empty outside repeats"},
		"question":          {Text, "variable, see the column variable of this codebook; the path of a page with several questions"},
		"time":              {DateTime, "the device's clock, with its offset from UTC"},

		"verbatims.label": {Text, "the question in the language of the interview"},
		"verbatims.text":  {Text, "exact words"},
		"verbatims.words": {Integer, "number of words"},
		"verbatims.marks": {Text, "probes and pauses: kind, label, and the character before which each was set"},

		"observations.since_ms": {Integer, "milliseconds since the question appeared, by a monotonic clock"},
		"observations.valence":  {Integer, "interviewer-perceived: -2 very unpleasant to 2 very pleasant"},
		"observations.energy":   {Integer, "interviewer-perceived: -2 very low to 2 very high"},
		"observations.cue":      {Single, "interviewer-perceived: what was noticed"},
		"observations.note":     {Text, "interviewer-perceived: in the interviewer's words"},
		"observations.rating":   {Integer, "interviewer-perceived: of the whole interview, 1 never to 5 very often; the cue says what"},
		"observations.source":   {Text, "always interviewer-perceived: what an observer saw, not what the respondent said"},

		"paradata.visit":        {Integer, "number of the stay within the interview, from 1"},
		"paradata.dwell_ms":     {Integer, "milliseconds the page was shown, by a monotonic clock"},
		"paradata.first_tap_ms": {Integer, "milliseconds from when the question appeared to the first tap or keystroke on its answers; empty for none"},
		"paradata.edits":        {Integer, "how often the answer was changed during the stay; empty for never"},

		"timings.stays":        {Integer, "how often the question was shown"},
		"timings.dwell_ms":     {Integer, "milliseconds it was shown, all stays together, by a monotonic clock"},
		"timings.first_tap_ms": {Integer, "milliseconds from when the question appeared to the first tap or keystroke on its answers, in the first stay that had one; empty for none"},
		"timings.edits":        {Integer, "how often an answer given before was changed, all stays together"},
		"timings.words":        {Integer, "number of words of a verbatim; empty for other questions and where nothing was said"},
		"timings.hasty":        {Integer, "1 answered in less than the study's minimum of seconds, 0 not, or there is none; on a page of several questions how many"},

		"audit.instance ID":   {Text, "id of the interview, see interviews.csv; the columns after it are those of ODK's audit log"},
		"audit.event":         {Single, "what happened, as ODK calls it: form start, question, group questions, add repeat, delete repeat, jump, end screen, constraint error, form save, form exit, form resume, form finalize, change reason"},
		"audit.node":          {Text, "XPath of the question, group or repeat, positions from 1"},
		"audit.start":         {Integer, "milliseconds since 1970-01-01 UTC: the device's clock at the start or the last resume, and monotonic time since"},
		"audit.end":           {Integer, "likewise; empty for what takes no time"},
		"audit.latitude":      {Decimal, "always empty: no place is recorded"},
		"audit.longitude":     {Decimal, "always empty: no place is recorded"},
		"audit.accuracy":      {Decimal, "always empty: no place is recorded"},
		"audit.old-value":     {Text, "answer when the question came up, where it is another when it is left; always empty for personal questions"},
		"audit.new-value":     {Text, "answer when the question was left, where it has changed; always empty for personal questions"},
		"audit.user":          {Single, "code of the interviewer"},
		"audit.change-reason": {Single, "of the event change reason: why the interview was corrected after its end; what was changed stands between the form resume before it and it"},

		"contacts.aapor_class":       {Single, "I complete, P partial, R refusal, NC non-contact, O other, UH and UO unknown, NE not eligible; empty for what does not count"},
		"contacts.eligibility_known": {Integer, "1 known, 0 not known"},
		"contacts.contact_made":      {Integer, "1 spoken to, 0 not"},
		"contacts.void":              {Integer, "1 taken back or of an interview that must not count: leave it out; 0 counts"},
		"contacts.estimated_sex":     {Single, "interviewer-estimated, not said by the person: female, male, unknown for cannot tell; empty where nobody guessed"},
		"contacts.estimated_age":     {Single, "interviewer-estimated, not said by the person: under_35, 35_54, 55_69, 70_up, unknown for cannot tell; empty where nobody guessed"},
		"contacts.estimate_source":   {Text, "interviewer-estimated wherever sex or age are: what an observer guessed"},
		"contacts.not_approached":    {Single, "why nobody spoke to a selected person: busy, crowd, group, calling, minor, staff, unsafe, other; empty for approaches"},
		"contacts.passed":            {Integer, "persons counted in the shift when the person was selected"},
		"contacts.interview":         {Text, "id of the interview it led to, see interviews.csv"},

		"shifts.interval": {Integer, "every n-th person passing is approached"},
		"shifts.pauses":   {Integer, "number of pauses"},
		"shifts.paused_s": {Decimal, "seconds of ended pauses, by the wall clock"},
		"shifts.passed":   {Integer, "persons counted, corrections included"},

		"shifts.corrections": {Integer, "how often the count was put right by a typed number, see corrections.csv"},
		"shifts.corrected":   {Integer, "persons these corrections added, negative where they took some off"},
		"shifts.weather":     {Multiple, "weather noted, in order: sunny, cloudy, rain, storm, snow, wind, hot, cold, indoors"},
		"shifts.notes":       {Text, "notes in the interviewer's words, one a line with its time, see shift_notes.csv"},

		"number": {Integer, "number within the shift, from 1"},
		"words":  {Text, "in the interviewer's words"},

		"pauses.from":     {DateTime, "start of the pause"},
		"pauses.to":       {DateTime, "its end; empty while it runs"},
		"pauses.paused_s": {Decimal, "seconds of an ended pause, by the wall clock"},
		"pauses.reason":   {Single, "break, weather, nobody, venue, supervisor, device, other; empty where none was given"},

		"reviews.decision":   {Single, "review_accept, review_reject, review_return (sent back for correction), review_comment, back_check; of the first three the one of the latest time (then id) stands, of back_check the latest"},
		"reviews.revision":   {Integer, "which revision of the interview was read; one that was sent back in an earlier revision than the present one is open again"},
		"reviews.result":     {Single, "of a back-check: confirmed, minor, major, not_reached"},
		"reviews.reason":     {Text, "why, or the comment: too_fast, made_up, wrong_person, not_as_written, missing, twice, or in the supervisor's own words"},
		"reviews.message":    {Text, "what was sent to the interviewer"},
		"reviews.by":         {Text, "user who decided"},
		"reviews.time":       {DateTime, "UTC, by the laptop's clock, no later than central heard of it"},
		"reviews.id":         {Text, "identity of the decision (UUID version 7)"},
		"corrections.from":   {Integer, "persons counted before"},
		"corrections.to":     {Integer, "the number typed"},
		"corrections.reason": {Single, "missed, twice, handover, trial, other"},

		"shift_notes.weather": {Single, "sunny, cloudy, rain, storm, snow, wind, hot, cold, indoors; empty for an event alone"},

		"footfall.from":  {DateTime, "start of the quarter of an hour"},
		"footfall.count": {Integer, "persons counted in it"},
	}
}
