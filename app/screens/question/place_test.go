package question

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
)

// chips finds the chips of the page's first answer.
func (v *View) chip(t *testing.T, name string) *kit.Chip {
	t.Helper()
	for _, o := range v.answers[0].(*written).places() {
		if c, ok := o.(*kit.Chip); ok && c.AccessibleName() == name {
			return c
		}
	}
	t.Fatalf("there is no chip %q", name)
	return nil
}

func TestALocationIsTheDevicesTheSitesOrTyped(t *testing.T) {
	test.NewTempApp(t)
	p, s := ask(t, "| | type | name | label |\n| | geopoint | at | Where? |\n", yesNo)
	p.p.Here = "50.8467 4.3525"
	var said error
	geopoint, trouble := "51.050000 3.720000 0 12.5", error(nil)
	v := NewView(ViewParams{
		Presenter: p, Words: keys{}, OnError: func(err error) { said = err }, OnMoved: func(bool) {},
		Locate: func() (string, error) { return geopoint, trouble },
	})
	kept := func(want string) {
		t.Helper()
		if got := s.Value("/data/at"); got != want {
			t.Errorf("%q was kept, want %q", got, want)
		}
	}
	v.chip(t, "question.place_here").Tapped(nil)
	kept("50.8467 4.3525 0 0")
	v.chip(t, "question.place_device").Tapped(nil)
	kept(geopoint)
	if shown := v.answers[0].(*written).entry.Text; shown != "51.050000, 3.720000" {
		t.Errorf("the page shows %q", shown)
	}
	v.settle() // leaving the page must not take the accuracy away
	kept(geopoint)
	trouble = errors.New("no sky")
	v.chip(t, "question.place_device").Tapped(nil)
	if !errors.Is(said, trouble) {
		t.Errorf("the error said is %v", said)
	}
	kept(geopoint)
	v.answers[0].(*written).entry.SetText("1.5 2")
	kept("1.5 2 0 0")
}
