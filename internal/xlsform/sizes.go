package xlsform

import "fmt"

// A questionnaire of more than this is no questionnaire; the bounds keep what
// is written for it, and the time it takes, in proportion to the file.
const (
	maxQuestions  = 20_000
	maxDepth      = 50
	maxName       = 256
	maxReferences = 1_000
	maxEntities   = 200
	maxLanguages  = 100
	maxTexts      = 5_000_000
)

// checkSizes refuses what is out of all proportion before work is done on it.
func (c *converter) checkSizes() {
	if n := len(c.survey.Rows); n > maxQuestions {
		c.d.problem(c.survey.Name, c.survey.Rows[maxQuestions].Number, "", "survey-size",
			fmt.Sprintf("The survey sheet has %d rows; at most %d are allowed.", n, maxQuestions), "Move lists of things to choose from to the choices sheet.")
		cut := *c.survey
		cut.Rows = cut.Rows[:maxQuestions]
		c.survey = &cut
	}
	if n := len(c.entities); n > maxEntities {
		c.d.problem(c.entitiesSheet(), c.entities[maxEntities].row, "", "entities-size",
			fmt.Sprintf("The entities sheet declares %d lists; at most %d are allowed.", n, maxEntities), "Delete lists that the questionnaire does not use.")
		c.entities = c.entities[:maxEntities]
	}
	texts := len(c.survey.Rows)
	for _, l := range c.listOrder {
		texts += len(l.choices)
	}
	langs := map[string]bool{}
	for _, cols := range [][]column{c.surveyColumns, c.choiceColumns} {
		for lang := range findTranslations(cols).byLanguage {
			langs[lang] = true
		}
	}
	if len(langs) > maxLanguages || len(langs)*texts > maxTexts {
		c.d.problem(c.survey.Name, 1, "", "language-count",
			fmt.Sprintf("The questionnaire has %d texts in %d languages, which is too much.", texts, len(langs)), "Use fewer languages, or data files for long lists.")
	}
}
