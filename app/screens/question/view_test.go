package question

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
)

func TestTheBackKeyFirstTakesAwayWhatLiesOverThePage(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, look.Normal))
	p, s := ask(t, "| | type | name | label | appearance |\n| | text | first | First? | |\n| | text | q | Why? | multiline |\n", yesNo)
	next(t, p)
	v := viewed(t, p)()
	at := s.Position()
	v.answers[0].(*verbatim).readBack()
	if v.page.Sheet() == nil {
		t.Fatal("nothing is read back")
	}
	v.Back()
	if v.page.Sheet() != nil || s.Position() != at {
		t.Errorf("sheet there: %v; at %v, was at %v", v.page.Sheet() != nil, s.Position(), at)
	}
	v.Back()
	if s.Position() == at {
		t.Error("the second press leads nowhere")
	}
}

// What is wrong is said beside the question, by the questionnaire's own words where it has some.
func TestWhatIsWrongIsSaidBesideTheQuestion(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, look.Normal))
	ctx := context.Background()
	p, _ := ask(t, `| | type | name | label | appearance | constraint | constraint_message | required |
| | begin group | g | | field-list | | | |
| | integer | a | How many? | | . < 10 | Under ten, please. | |
| | select_one yn | b | Which? | | | | yes |
| | end group | | | | | | |
`, yesNo)
	v := viewed(t, p)()
	must(t, p.Write(ctx, v.model.Items[0].Ref, "12"))
	v.next()
	said := func(i int) *kit.Text {
		return v.answers[i].(interface{ where() fyne.CanvasObject }).where().(*kit.Text)
	}
	if got := said(0); got.Text() != "Under ten, please." || !got.Visible() {
		t.Errorf("beside the number: %q, in sight: %v", got.Text(), got.Visible())
	}
	if got := said(1); got.Text() == "" || !got.Visible() {
		t.Errorf("beside the choice: %q, in sight: %v", got.Text(), got.Visible())
	}
	must(t, p.Write(ctx, v.model.Items[0].Ref, "7"))
	v.refresh()
	if said(0).Visible() {
		t.Error("a right answer still has a mistake beside it")
	}
}
