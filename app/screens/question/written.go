package question

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// written is an answer typed on one line: text, a number, a place.
type written struct {
	troubled
	v     *View
	it    Item
	entry *kit.Entry
	note  *kit.Text
	dirty bool
}

func newWritten(v *View, it Item) *written {
	w := &written{v: v, it: it, troubled: newTroubled(), note: kit.NewText(look.Caption, "").Held()}
	w.entry = kit.NewEntry(kit.EntryParams{
		Name: it.Label, Kind: entryKind(it), Text: shown(it), Placeholder: v.placeholder(it),
		OnChange: w.changed, OnFocus: v.focused,
		OnSubmit: func(string) { v.onward(it.Ref) },
	})
	w.show(it)
	return w
}

func entryKind(it Item) kit.EntryKind {
	switch {
	case it.Kind == Whole:
		return kit.Integer
	case it.Kind == Decimal:
		return kit.Decimal
	case it.Control == xform.Secret:
		return kit.Secret
	case it.Kind == Text && looks(it.Question, "numbers"):
		return kit.Phone
	}
	return kit.Line
}

func (v *View) placeholder(it Item) string {
	switch {
	case it.Kind == Place:
		return v.w.T("question.place_hint")
	case it.DataType == xform.Barcode:
		return v.w.T("question.barcode_hint")
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
	w.v.touched()
	if err := w.v.p.Presenter.Draft(context.Background(), w.it.Ref, value); err != nil {
		w.v.p.OnError(err)
		return
	}
	w.note.SetText(w.v.w.T("question.saved"))
	if grouped := grouped(value); isGrouped(w.it) && grouped != value {
		w.note.SetText(grouped + " · " + w.v.w.T("question.saved"))
	}
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
	objects := []fyne.CanvasObject{w.problem}
	if chips := w.places(); len(chips) > 0 {
		objects = append(objects, kit.Flow(chips...))
	}
	return append(objects, w.entry, w.note)
}

// places are the locations one tap fills in: the device's own and the site's.
func (w *written) places() (chips []fyne.CanvasObject) {
	if w.it.Kind != Place {
		return nil
	}
	if w.v.p.Locate != nil {
		chips = append(chips, kit.NewChip(w.v.w.T("question.place_device"), kit.Plain, w.locate))
	}
	if here := w.it.Here; here != "" {
		chips = append(chips, kit.NewChip(w.v.w.T("question.place_here"), kit.Plain, func() { w.fill(here + " 0 0") }))
	}
	return chips
}

func (w *written) locate() {
	geopoint, err := w.v.p.Locate()
	if err != nil {
		w.v.p.OnError(err)
		return
	}
	w.fill(geopoint)
}

// fill answers with a whole geopoint, of which the entry shows the place.
func (w *written) fill(geopoint string) {
	it := w.it
	it.Value = geopoint
	w.entry.SetText(shown(it))
	w.dirty = false
	w.v.do(func(ctx context.Context) error { return w.v.p.Presenter.Write(ctx, w.it.Ref, geopoint) })
}

func (w *written) show(it Item) {
	w.it = it
	w.say(w.v.problem(it))
}

// stored turns what was typed into the standard's form; false where it cannot be an answer of the type.
func stored(it Item, typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", true
	}
	switch it.Kind {
	case Whole:
		value := ungrouped(typed)
		return value, isNumber(value, false)
	case Decimal:
		value := strings.Replace(ungrouped(typed), ",", ".", 1)
		return value, isNumber(value, true)
	case Place:
		where, ok := study.ParseLocation(typed)
		return where + " 0 0", ok
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
	switch {
	case it.Kind == Place:
		if parts := strings.Fields(it.Value); len(parts) >= 2 {
			return parts[0] + ", " + parts[1]
		}
	case isGrouped(it):
		return grouped(it.Value)
	}
	return it.Value
}

// isGrouped tells whether a number is to be shown with its thousands apart, by the standard's appearance.
func isGrouped(it Item) bool {
	return (it.Kind == Whole || it.Kind == Decimal) && looks(it.Question, "thousands-sep")
}

// thousands keeps figures apart in every language: a comma or a point would mean decimals in one or the other.
const thousands = "\u00a0"

// grouped sets the thousands of a number apart.
func grouped(number string) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	whole, fraction := number, ""
	if i := strings.IndexByte(number, '.'); i >= 0 {
		whole, fraction = number[:i], number[i:]
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + thousands + whole[at:]
	}
	return sign + whole + fraction
}

// ungrouped takes out the spaces that set thousands apart.
func ungrouped(typed string) string {
	return strings.NewReplacer(thousands, "", " ", "", "\u202f", "").Replace(typed)
}
