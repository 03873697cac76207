package closing

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/robot"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/interview"
)

// Going on is offered with the number of places that others have, and without any number where nobody knows it.
func TestGoingOnProvisionallyIsOffered(t *testing.T) {
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		goOn      func()
		elsewhere int
		want      string
	}{
		"known":       {func() {}, 3, w.N("question.full_here", 3)},
		"not known":   {func() {}, 0, w.T("question.full_unknown")},
		"not offered": {nil, 0, w.T("question.quota_full")},
	} {
		win := test.NewTempApp(t).NewWindow("")
		win.SetContent(NewEnd(EndParams{Words: w, Outcome: interview.QuotaFull, OnProvisional: c.goOn, Elsewhere: c.elsewhere}))
		win.Resize(fyne.NewSize(400, 800))
		person := robot.New(robot.Params{Canvas: win.Canvas(), Do: func(f func()) { f() }, Patience: time.Second})
		if !person.Sees(c.want) {
			t.Errorf("%s: %q is not said", name, c.want)
		}
		if person.Sees(w.T("question.go_on_provisionally")) != (c.goOn != nil) {
			t.Errorf("%s: it is offered, or not, against what was asked", name)
		}
	}
}
