package interview

import (
	"strconv"

	"parvis/internal/study"
	"parvis/internal/xform"
)

// Further names of questions that are filled in before the first page, beside those of package study.
const (
	FieldShift      = "shift"
	FieldInterval   = "sampling_interval"
	FieldStudyTitle = "study_title"
)

// prefill gives the questionnaire what shift and study know, in nodes of the agreed names that nobody is asked.
func (s *Session) prefill() error {
	lang, standard := s.draft.Language, s.p.Study.DefaultLanguage()
	site, _ := s.p.Study.SiteByName(s.p.Shift.Site)
	entrance, _ := site.EntranceBy(s.p.Shift.Entrance)
	for name, value := range map[string]string{
		study.FieldSite:          s.p.Shift.Site,
		study.FieldSiteLabel:     site.Label.In(lang, standard),
		study.FieldRegion:        site.Region,
		study.FieldEntrance:      s.p.Shift.Entrance,
		study.FieldEntranceLabel: entrance.Label.In(lang, standard),
		study.FieldInterviewer:   s.p.Shift.Interviewer,
		FieldShift:               s.p.Shift.ID,
		FieldInterval:            strconv.Itoa(s.p.Shift.Interval),
		FieldStudyTitle:          s.p.Study.Title.In(lang, standard),
	} {
		for _, ref := range s.p.Form.Named(name) {
			if q, asked := s.in.Question(ref); asked && !q.ReadOnly {
				continue
			}
			if err := s.in.Preset(ref, value); err != nil && xform.CodeOf(err) != xform.BadType {
				return err
			}
		}
	}
	return nil
}
