package question

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// written is an answer typed on one line: text, a number, a date.
type written struct {
	v       *View
	it      Item
	entry   *kit.Entry
	problem *kit.Text
	note    *kit.Text
	dirty   bool
}

func newWritten(v *View, it Item) *written {
	w := &written{v: v, it: it, problem: newProblem(), note: kit.NewText(look.Caption, "").Held()}
	kind := map[Kind]kit.EntryKind{Whole: kit.Integer, Decimal: kit.Decimal}[it.Kind]
	if it.Kind == Text && slices.Contains(it.Appearance, "numbers") {
		kind = kit.Phone
	}
	w.entry = kit.NewEntry(kit.EntryParams{
		Name: it.Label, Kind: kind, Text: shown(it), Placeholder: v.placeholder(it),
		OnChange: w.changed, OnFocus: v.focused,
		OnSubmit: func(string) { v.next() },
	})
	w.show(it)
	return w
}

func (v *View) placeholder(it Item) string {
	switch it.Kind {
	case Day:
		return v.p.Words.T("question.date_hint")
	case Clock:
		return v.p.Words.T("question.time_hint")
	case Place:
		return v.p.Words.T("question.place_hint")
	}
	return ""
}

// changed saves at every keystroke what already is an answer; the rest waits for settle.
func (w *written) changed(text string) {
	w.dirty = true
	w.v.touched()
	value, ok := stored(w.it, text)
	if !ok {
		w.note.SetText("")
		return
	}
	if err := w.v.p.Presenter.Draft(context.Background(), w.it.Ref, value); err != nil {
		w.v.p.OnError(err)
		return
	}
	w.note.SetText(w.v.p.Words.T("question.saved"))
}

func (w *written) settle(ctx context.Context) (bool, error) {
	if !w.dirty {
		return true, nil
	}
	value, ok := stored(w.it, w.entry.Text)
	if !ok {
		return false, nil
	}
	if err := w.v.p.Presenter.Write(ctx, w.it.Ref, value); err != nil {
		return true, err
	}
	w.dirty = false
	return true, nil
}

func (w *written) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{w.problem, w.entry, w.note}
}

func (w *written) show(it Item) {
	w.it = it
	w.v.showProblem(w.problem, it)
}

// stored turns what was typed into the standard's form; false where it cannot be an answer of the type.
func stored(it Item, typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", true
	}
	switch it.Kind {
	case Whole:
		return typed, isNumber(typed, false)
	case Decimal:
		value := strings.Replace(typed, ",", ".", 1)
		return value, isNumber(value, true)
	case Day:
		for _, layout := range []string{"2006-01-02", "2/1/2006", "2.1.2006", "2-1-2006", "2 1 2006"} {
			if t, err := time.Parse(layout, typed); err == nil {
				return t.Format("2006-01-02"), true
			}
		}
		return "", false
	case Clock:
		for _, layout := range []string{"15:04", "15.04", "15h04", "1504"} {
			if t, err := time.Parse(layout, typed); err == nil {
				return t.Format("15:04:05.000"), true
			}
		}
		return "", false
	case Place:
		parts := strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
		if len(parts) != 2 || !isNumber(parts[0], true) || !isNumber(parts[1], true) {
			return "", false
		}
		return parts[0] + " " + parts[1] + " 0 0", true
	}
	return typed, true
}

func isNumber(s string, fraction bool) bool {
	digits, points := 0, 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '-' && i == 0:
		case r == '.' && fraction:
			points++
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// shown turns a stored answer into what one types.
func shown(it Item) string {
	switch it.Kind {
	case Clock:
		if len(it.Value) >= 5 {
			return it.Value[:5]
		}
	case Place:
		if parts := strings.Fields(it.Value); len(parts) >= 2 {
			return parts[0] + ", " + parts[1]
		}
	}
	return it.Value
}
