package importer

import (
	"fmt"
	"strings"

	"filippo.io/age"

	"parvis/internal/study"
	"parvis/internal/xlsform"
)

// settingNames are the names that the sheet study may hold.
func settingNames() []string {
	return []string{"study_id", "title", "agency", "agency_phone", "wave", "sampling_interval", "minutes", "min_seconds", "question_min_seconds", "incentive",
		"briefing", "identity", "closing", "edit_minutes", "back_check_share", "provisional_interviews", "probe", "cue", "eligible", "consent", "partial_from", "recipient"}
}

// readStudy reads the sheet study. Without one, the questionnaire's own names stand in.
func (in *importer) readStudy(s *study.Study) {
	s.Languages = append([]string{}, in.langs...)
	s.Interval = 1
	rows, _ := in.rows("study", []string{"name"}, []string{"name", "value"})
	first := map[string]int{}
	for _, row := range rows {
		name := strings.ToLower(row.Get("name"))
		at := place{in.book.Sheet("study").Name, row.Number, "name"}
		if !contains(settingNames(), name) {
			if name == "" {
				in.problem(at, "missing-name", "The row sets something, but does not say what.", "Write one of: "+strings.Join(settingNames(), ", ")+".")
				continue
			}
			in.problem(at, "unknown-name", fmt.Sprintf("A study has no %q.", shorten(name)), remedyNearest(name, settingNames(), "Write one of: "+strings.Join(settingNames(), ", ")+"."))
			continue
		}
		many := name == "probe" || name == "cue" || name == "recipient"
		if n := first[name]; n > 0 && !many {
			in.problem(at, "twice", fmt.Sprintf("%s stands in row %d already.", name, n), "Keep one of the two rows.")
			continue
		}
		first[name] = row.Number
		in.setting(s, name, row)
	}
	in.studyDefaults(s)
	if in.survey.asksConsent() && s.Consent.Always() {
		in.warning(place{sheet: in.survey.sheet}, "consent", "A question asks for consent, but the study does not say which answer gives it.", "Write a row consent in the sheet study, with an expression such as ${consent} = 'yes'.")
	}
}

func (in *importer) studyDefaults(s *study.Study) {
	if s.ID == "" {
		name := in.book.Name
		if in.form != nil {
			name = in.form.ID
		}
		s.ID = slug(name, "study")
	}
	if len(s.Title) == 0 {
		title := in.book.Name
		if in.form != nil && in.form.Title != "" {
			title = in.form.Title
		}
		s.Title = study.Text{in.standard: title}
	}
}

// setting reads one row of the sheet study.
func (in *importer) setting(s *study.Study, name string, row xlsform.Row) {
	sheet := in.book.Sheet("study").Name
	at := place{sheet, row.Number, "value"}
	plain := row.Get("value")
	if plain == "" {
		plain = study.Text(row.Translated("value")).In(in.standard, "")
	}
	if plain == "" {
		in.problem(at, "no-value", fmt.Sprintf("%s has no value.", name), "Write one, or delete the row.")
		return
	}
	switch name {
	case "study_id":
		if in.name(at, plain, "study") {
			s.ID = plain
		}
	case "title":
		s.Title = in.text(sheet, row, "value")
	case "agency":
		s.Agency = plain
	case "agency_phone":
		s.AgencyPhone = plain
	case "wave":
		s.Wave = plain
	case "sampling_interval":
		s.Interval, _ = in.whole(at, plain, 1, 10_000)
	case "minutes":
		s.Minutes, _ = in.whole(at, plain, 1, 600)
	case "min_seconds":
		s.MinSeconds, _ = in.whole(at, plain, 0, 36_000)
	case "question_min_seconds":
		s.QuestionMinSeconds, _ = in.whole(at, plain, 0, study.MostQuestionSeconds)
	case "incentive":
		s.Incentive = in.text(sheet, row, "value")
	case "briefing":
		s.Briefing = in.text(sheet, row, "value")
	case "identity":
		s.Identity = in.text(sheet, row, "value")
	case "closing":
		s.Closing = in.text(sheet, row, "value")
	case "edit_minutes":
		s.EditMinutes, _ = in.whole(at, plain, 0, 10_080)
	case "back_check_share":
		if n, ok := in.whole(at, strings.TrimSpace(strings.TrimSuffix(plain, "%")), 0, 100); ok {
			s.BackCheckShare = &n
		}
	case "provisional_interviews":
		s.ProvisionalInterviews = in.yes(at, plain)
	case "probe":
		s.Probes = in.phrase(s.Probes, at, row)
	case "cue":
		s.Cues = in.phrase(s.Cues, at, row)
	case "eligible":
		s.Eligible = in.rule(at, plain, screenerAnswer)
		in.ruleReads(at, name, s.Eligible)
	case "consent":
		s.Consent = in.rule(at, plain, screenerAnswer)
		in.ruleReads(at, name, s.Consent)
	case "partial_from":
		s.PartialFrom = in.partialFrom(at, plain)
	case "recipient":
		s.Recipients = in.recipient(s.Recipients, at, plain)
	}
}

// yes reads whether something holds.
func (in *importer) yes(at place, value string) bool {
	switch strings.ToLower(value) {
	case "yes", "true", "1":
		return true
	case "no", "false", "0":
		return false
	}
	in.problem(at, "not-yes-or-no", fmt.Sprintf("%q is neither yes nor no.", shorten(value)), "Write yes or no.")
	return false
}

// phrase reads a probe or a cue: its name from the plain value, its words from the translated ones; where there are no
// translations the plain value is both.
func (in *importer) phrase(list []study.Phrase, at place, row xlsform.Row) []study.Phrase {
	p := study.Phrase{Name: row.Get("value")}
	words := row.Translated("value")
	delete(words, "")
	switch {
	case len(words) == 0:
		p.Label = study.Text{in.standard: p.Name}
		p.Name = slug(p.Name, "phrase")
	case p.Name == "":
		p.Label = in.text(at.sheet, row, "value")
		p.Name = slug(p.Label.In(in.standard, ""), "phrase")
	default:
		if !in.name(at, p.Name, "phrase") {
			return list
		}
		p.Label = in.text(at.sheet, row, "value")
		if words[in.standard] == "" {
			delete(p.Label, in.standard)
		}
	}
	for _, have := range list {
		if have.Name == p.Name {
			in.problem(at, "twice", fmt.Sprintf("%q stands here already.", p.Name), "Give each probe and each cue a name of its own.")
			return list
		}
	}
	return append(list, p)
}

// partialFrom finds the question from which a break-off counts as a partial interview.
func (in *importer) partialFrom(at place, name string) string {
	name = strings.TrimSuffix(strings.TrimPrefix(name, "${"), "}")
	if !in.reference(at, name, anyAnswer) {
		return ""
	}
	if r := in.survey.byName[name]; !r.asked() {
		in.problem(at, "not-asked", fmt.Sprintf("%q is not a question that is asked.", name), "Name the first question of the part that makes an interview worth keeping.")
		return ""
	}
	if in.result == nil {
		return ""
	}
	return in.result.Names[name]
}

func (in *importer) recipient(list []string, at place, key string) []string {
	for _, k := range strings.Fields(key) {
		if strings.HasPrefix(strings.ToUpper(k), "AGE-SECRET-KEY-") {
			in.problem(at, "secret-key", "This is a secret key: whoever has the workbook could read all personal data.", "Write the public key that belongs to it, which starts with age1, and make a new pair, since this one is no secret any more.")
			continue
		}
		if _, err := age.ParseX25519Recipient(k); err != nil {
			in.problem(at, "recipient", fmt.Sprintf("%q is not a public key of age.", shorten(k)), "Write the line that starts with age1, as age-keygen prints it.")
			continue
		}
		list = append(list, k)
	}
	return list
}

func (x *surveyIndex) asksConsent() bool {
	for _, r := range x.byName {
		if r.asked() && r.has(study.RoleConsent) {
			return true
		}
	}
	return false
}

// slug makes a name of a text: letters without accents and digits, other runs of characters as "_".
func slug(s, otherwise string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r != '-' && !validName(string(r)) }), "_")
	s = strings.Trim(s, "_-")
	if len(s) > 64 {
		s = strings.TrimRight(s[:64], "_-")
	}
	if s == "" {
		return otherwise
	}
	return s
}
