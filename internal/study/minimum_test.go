package study_test

import (
	"testing"

	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

func TestMinSecondsOfAQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		own      string // "-" for none
		control  xform.Control
		standard int
		want     int
	}{
		{"nothing said", "-", xform.Input, 0, 0},
		{"the study's", "-", xform.Select1, 3, 3},
		{"its own", " 8 ", xform.Select1, 3, 8},
		{"its own is none", "0", xform.Select1, 3, 0},
		{"only read out", "-", xform.Note, 3, 0},
		{"read out, with its own", "6", xform.Note, 3, 6},
		{"no number", "ten", xform.Input, 3, 0},
		{"longer than any", "3601", xform.Input, 0, 0},
	} {
		q := &xform.QuestionDef{Control: c.control}
		if c.own != "-" {
			q.Attrs = map[xmltree.Name]string{{Space: study.Namespace, Local: "min_seconds"}: c.own}
		}
		if got := (&study.Study{QuestionMinSeconds: c.standard}).MinSecondsOf(q); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
