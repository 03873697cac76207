package board

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/robot"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

// shown puts the board before somebody and tells what can be read and tapped on it.
func shown(t *testing.T, p ViewParams) (person *robot.Robot, read string) {
	t.Helper()
	win := test.NewTempApp(t).NewWindow("")
	t.Cleanup(win.Close)
	fyne.CurrentApp().Settings().SetTheme(look.New(look.Light, look.Normal))
	win.SetContent(kit.NewPage(kit.PageParams{Body: NewView(p)}))
	win.Resize(fyne.NewSize(1280, 800))
	person = robot.New(robot.Params{Canvas: win.Canvas(), Do: func(f func()) { f() }, Patience: time.Second})
	return person, person.Text()
}

// A change of a quota that a newer workbook dropped has no line to be taken back from: it stands on the board by itself, also where a line
// is left for the other quota it names, and where the study has no quotas any more.
func TestChangesOfQuotasThatAreGone(t *testing.T) {
	open := []desk.Unanswered{
		{ID: "here", Reason: "r1", Aims: map[string]delivery.Aim{"men": {Target: 21}}, Undoable: true},
		{ID: "gone", Reason: "few come", Aims: map[string]delivery.Aim{"youth": {Target: 75, Closed: true}}, Undoable: true},
		{ID: "moved", Reason: "r3", Aims: map[string]delivery.Aim{"men": {Target: 19}, "youth": {Target: 31}}},
	}
	m := steered{open: open}.model(t)
	var ids []string
	for _, d := range m.dropped() {
		ids = append(ids, d.ID)
	}
	if !slices.Equal(ids, []string{"gone", "moved"}) {
		t.Fatalf("%q", ids)
	}
	w := english(t)
	for name, on := range map[string]Model{"a board": m, "no quotas": {Open: open[1:]}} {
		var undone []string
		person, read := shown(t, ViewParams{Model: on, Words: w, Class: look.Laptop, OnUndo: func(id string) { undone = append(undone, id) }})
		for _, want := range []string{w.T("board.dropped"), "youth: 75 wanted", "youth: nothing more is given out", "few come", "men: 19 wanted", "youth: 31 wanted"} {
			if !strings.Contains(read, want) {
				t.Errorf("%s: %q is not said: %s", name, want, read)
			}
		}
		if err := person.Tap(t.Context(), w.T("common.undo")); err != nil || !slices.Equal(undone, []string{"gone"}) {
			t.Errorf("%s: %q, %v", name, undone, err)
		}
	}
	if _, read := shown(t, ViewParams{Model: steered{open: open[:1]}.model(t), Words: w, Class: look.Laptop}); strings.Contains(read, w.T("board.dropped")) {
		t.Error("there is a quota for each change, and yet: " + read)
	}
}
