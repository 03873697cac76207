package study

import (
	"strconv"
	"strings"

	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// MinSecondsAttr is the attribute of a question's bind that says how many seconds it takes at least to ask and answer it.
const MinSecondsAttr = "min_seconds"

// MostQuestionSeconds is the longest minimum a question may have.
const MostQuestionSeconds = 3600

// MinSecondsOf is how many seconds a question takes at least: its own minimum, else the study's, which is not for what is only read
// out; 0 for no minimum. A minimum that is no such number counts as none.
func (s *Study) MinSecondsOf(q *xform.QuestionDef) int {
	if own, ok := q.Attrs[xmltree.Name{Space: Namespace, Local: MinSecondsAttr}]; ok {
		n, err := strconv.Atoi(strings.TrimSpace(own))
		if err != nil || n < 0 || n > MostQuestionSeconds {
			return 0
		}
		return n
	}
	if q.Control == xform.Note {
		return 0
	}
	return s.QuestionMinSeconds
}
