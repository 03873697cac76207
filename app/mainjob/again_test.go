package mainjob

import (
	"fmt"
	"strings"
)

// stillAt checks that the question of that name is in front.
func (i *interviewer) stillAt(name string) func() error {
	return func() error {
		at := ""
		i.inFront(func() {
			if m, ok := i.app.Question(); ok && len(m.Items) > 0 {
				at = m.Items[0].Name
			}
		})
		if at != name {
			return fmt.Errorf("%q is in front, not %q", at, name)
		}
		return nil
	}
}

// correct puts an answer of the French interview right, which moves it to another quota cell, and says of the last one that it must
// not count, which is taken back.
func (i *interviewer) correct() error {
	return do(
		func() error { return i.tap("common.today") },
		func() error { return i.tap("today.open_list") },
		func() error { return i.open(", French", i.words.T("contact.complete")) },
		func() error { return i.tap("ended.correct") },
		func() error { return i.tap("ended.why_respondent") },
		func() error { return i.tap("outline.title") },
		func() error { return i.open("4. ", "") },
		i.stillAt("sex"),
		i.chooseMan,
		func() error { return i.tap("ended.finish") },
		func() error { return i.tap("ended.save") },
		func() error { return i.see(i.words.T("ended.corrected", "n", 1)) },
		func() error {
			return i.truth.tell(told{Interview: 1, Given: map[string]string{"sex": "man"}, Corrections: 1})
		},
		func() error { return i.open(", English", i.words.T("contact.complete")) },
		func() error { return i.tap("closing.void_duplicate") },
		func() error { return i.tap("common.undo") },
		func() error { return i.truth.tell(told{Interview: 6, Corrections: 2}) },
		func() error { return i.tap("common.back") },
		func() error { return i.tap("today.resume_shift") },
	)
}

func (i *interviewer) chooseMan() error {
	label := ""
	i.inFront(func() {
		m, _ := i.app.Question()
		for _, c := range m.Items[0].Choices {
			if c.Value == "man" {
				label = c.Label
			}
		}
	})
	return i.robot.Tap(i.ctx, label)
}

// open taps the first row whose name holds one text and ends with another.
func (i *interviewer) open(holds, ends string) error {
	for _, name := range i.robot.Names() {
		if (strings.HasPrefix(name, holds) || strings.HasPrefix(holds, ",") && strings.Contains(name, holds)) && strings.HasSuffix(name, ends) {
			return i.robot.Tap(i.ctx, name)
		}
	}
	return fmt.Errorf("no row with %q and %q among %q", holds, ends, i.robot.Names())
}
