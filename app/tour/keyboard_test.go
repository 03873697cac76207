package tour

import (
	"testing"

	"fyne.io/fyne/v2"

	"parvis/app/look"
	"parvis/app/screens/question"
)

// typist has a keyboard and nothing else.
type typist struct{ *controls }

// press presses keys one after the other, as a keyboard does: a key, and what it writes.
func (k typist) press(names ...fyne.KeyName) {
	for _, name := range names {
		k.robot.Key(name)
		if f := k.win.Canvas().Focused(); f != nil && len(name) == 1 {
			f.TypedRune(rune(name[0]))
		}
	}
}

func (k typist) write(text string) {
	for _, r := range text {
		k.press(fyne.KeyName(string(r)))
	}
}

// TestAWholeInterviewByKeys answers every kind of question without a finger or a mouse: digits choose, arrows move, Space chooses
// where the focus stands, Enter goes on.
func TestAWholeInterviewByKeys(t *testing.T) {
	if fyne.CurrentDevice().IsMobile() {
		t.Skip("phones have no keyboard of this kind")
	}
	k := typist{newControls(t, "en", sizes[2], look.New(look.Light, look.Normal))}
	given := map[string]string{}
	for page := 0; !k.page().Ended; page++ {
		if page > 60 {
			t.Fatalf("the questionnaire does not end: %+v", k.page())
		}
		m := k.page()
		if m.Prompt != nil {
			k.press(fyne.KeyReturn)
			continue
		}
		for range m.Items {
			k.answer()
		}
		for _, it := range k.page().Items {
			given[it.Name] = it.Value
		}
		k.press(fyne.KeyReturn)
	}
	for name, want := range map[string]string{
		"read": "OK", "purpose": "look", "seen": "windows show", "brand": "lumen", "agree": "2", "recommend": "10", "stars": "4", "minutes": "95",
		"best": "kestrel lumen orto", "country": "BE", "welcome_desk": "2", "signs": "2", "job": "baker", "why": "less queue", "income": "42500",
		"last": "2026-11-02", "moved": "2019-02-01", "born": "1984-01-01", "came": "10:30:00.000", "next": "2026-12-24T10:30:00.000+01:00",
		"where": "50.85 4.35 0 0", "born_in": "BE", "others": "buy eat", "remark": "none", "poster": "no", "sex": "man",
	} {
		if given[name] != want {
			t.Errorf("%s is %q, want %q", name, given[name], want)
		}
	}
}

// answer answers the first item of the page that has no answer yet, by keys.
func (k typist) answer() {
	m := k.page()
	for _, it := range m.Items {
		if it.Value != "" {
			continue
		}
		switch it.Kind {
		case question.Acknowledge:
			k.press(fyne.Key1)
		case question.Single, question.Likert, question.TableRow:
			k.press(fyne.Key2)
		case question.Several:
			k.press(fyne.Key1, fyne.Key3)
			if len(m.Items) > 1 {
				k.press(fyne.KeyReturn)
			}
		case question.Scale:
			k.press(fyne.Key1, fyne.Key0)
		case question.Stars:
			k.press(fyne.Key4)
		case question.Slider:
			k.press(fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
		case question.Order:
			k.press(fyne.Key1, fyne.Key2, fyne.Key3)
		case question.Listed:
			if len(m.Items) > 1 {
				k.press(fyne.KeyDown, fyne.KeySpace)
			}
			k.write("belg")
			k.press(fyne.KeyReturn)
		case question.Verbatim:
			k.write("less queue")
			k.press(fyne.KeyEscape)
		case question.Month:
			k.write("2019")
			k.press(fyne.KeyReturn, fyne.KeyRight, fyne.KeySpace)
		case question.Year:
			k.write("1984")
		case question.Day:
			k.write("2-11-2026")
		case question.Clock:
			k.write("1030")
		case question.DayClock:
			k.write("24-12-2026")
			k.press(fyne.KeyReturn)
			k.write("10:30")
		case question.Place:
			k.write("50.85, 4.35")
		case question.Whole, question.Decimal:
			k.write("42500")
		case question.Text:
			k.write(map[string]string{"job": "baker", "remark": "none"}[it.Name])
		default:
			continue
		}
		return
	}
}
