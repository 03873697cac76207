package observe

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/study"
)

// keys are texts that nobody has to read.
type keys struct{}

func (keys) T(key string, _ ...any) string { return key }

// A remark that could not be saved is still there to be saved again.
func TestARemarkStaysUntilItIsKept(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, look.Normal))
	s, troubles := newStrip(study.Study{}), 0
	v := NewView(ViewParams{
		Presenter: s.Presenter, Words: keys{}, OnError: func(error) { troubles++ }, Do: func(f func()) { f() },
		After: func(time.Duration, func()) func() { return func() {} }, NumberOf: func(string) string { return "" },
	})
	w := test.NewTempWindow(t, v.Sheet())
	w.Resize(fyne.NewSize(360, 800))
	var note *kit.Entry
	var keep *kit.Chip
	for _, o := range test.LaidOutObjects(w.Content()) {
		switch o := o.(type) {
		case *kit.Entry:
			note = o
		case *kit.Chip:
			if o.AccessibleName() == "observe.keep_note" {
				keep = o
			}
		}
	}
	if note == nil || keep == nil {
		t.Fatal("there is nothing to write a remark in")
	}
	note.SetText("her phone rang")
	s.err = errors.New("disk")
	test.Tap(keep)
	if troubles != 1 || note.Text != "her phone rang" {
		t.Errorf("%d troubles said, the remark is %q", troubles, note.Text)
	}
	s.err = nil
	test.Tap(keep)
	if troubles != 1 || note.Text != "" || len(s.kept) != 1 {
		t.Errorf("%d troubles said, the remark is %q, %d kept", troubles, note.Text, len(s.kept))
	}
}
