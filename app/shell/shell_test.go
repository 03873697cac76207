package shell_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/shell"
	"parvis/app/words"
	"parvis/assets"
)

// screen is a plain screen that notes what happens to it.
type screen struct {
	name   string
	log    *[]string
	takes  int // how many Backs it takes for itself
	builds int
	class  look.Class
}

func (s *screen) Title() string { return s.name }

func (s *screen) Content(env shell.Env) fyne.CanvasObject {
	s.builds++
	s.class = env.Class
	return kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{
		kit.NewText(look.Title, s.name), kit.NewButton(env.Words.T("common.next"), kit.Primary, func() {}),
	}})
}
func (s *screen) Shown() { *s.log = append(*s.log, "shown "+s.name) }
func (s *screen) Left()  { *s.log = append(*s.log, "left "+s.name) }
func (s *screen) Back() bool {
	s.takes--
	return s.takes >= 0
}

// clock runs what is due when the test says so.
type clock struct{ due []*func() }

func (c *clock) after(_ time.Duration, f func()) func() {
	mine := &f
	c.due = append(c.due, mine)
	return func() { *mine = func() {} }
}

func (c *clock) ring() {
	due := c.due
	c.due = nil
	for _, f := range due {
		(*f)()
	}
}

type rig struct {
	*shell.Shell
	window fyne.Window
	words  *words.Words
	clock  *clock
	log    []string
	quits  int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, look.Normal))
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{words: w, clock: &clock{}, window: test.NewTempWindow(t, nil)}
	r.Shell = shell.New(shell.Params{
		Window: r.window, Words: w, After: r.clock.after,
		Do: func(f func()) { f() }, Quit: func() { r.quits++ },
	})
	r.window.SetPadded(false)
	r.window.SetContent(r.Root())
	r.window.Resize(fyne.NewSize(360, 800))
	return r
}

func (r *rig) screen(name string) *screen { return &screen{name: name, log: &r.log} }

func TestStack(t *testing.T) {
	r := newRig(t)
	r.Reset(r.screen("today"))
	r.Push(r.screen("contact"))
	r.Replace(r.screen("question"))
	if r.Depth() != 2 || r.Top().Title() != "question" {
		t.Fatalf("depth %d, top %s", r.Depth(), r.Top().Title())
	}
	r.Back()
	r.Back()
	want := []string{"shown today", "shown contact", "left contact", "shown question", "left question", "shown today"}
	if !slices.Equal(r.log, want) {
		t.Errorf("got %v, want %v", r.log, want)
	}
	if r.quits != 1 || r.Top().Title() != "today" {
		t.Errorf("Back on the last screen: %d quits, top %s", r.quits, r.Top().Title())
	}
}

func TestBackKeysAndScreensThatTakeBack(t *testing.T) {
	r := newRig(t)
	r.Reset(r.screen("today"))
	q := r.screen("question")
	q.takes = 1
	r.Push(q)
	key := r.window.Canvas().OnTypedKey()
	key(&fyne.KeyEvent{Name: mobile.KeyBack})
	if r.Depth() != 2 {
		t.Fatal("the screen took Back, but it was left")
	}
	key(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if r.Depth() != 1 {
		t.Fatal("Escape did not go back")
	}
}

func TestSizeClassRebuilds(t *testing.T) {
	r := newRig(t)
	s := r.screen("today")
	r.Reset(s)
	if s.class != look.Phone {
		t.Fatalf("class %s on a phone", s.class)
	}
	built := s.builds
	r.window.Resize(fyne.NewSize(380, 800))
	if s.builds != built {
		t.Error("built anew although the class is the same")
	}
	for width, want := range map[float32]look.Class{800: look.Tablet, 1280: look.Laptop} {
		r.window.Resize(fyne.NewSize(width, 800))
		if s.class != want || r.Class() != want {
			t.Errorf("%v dp: screen got %s, shell says %s, want %s", width, s.class, r.Class(), want)
		}
	}
}

func TestLanguageAndLookRebuild(t *testing.T) {
	r := newRig(t)
	s := r.screen("today")
	r.Reset(s)
	built := s.builds
	r.words.Use("fr")
	r.SetLook(look.New(look.Sunlight, look.Largest))
	if s.builds != built+2 || look.Current() != look.New(look.Sunlight, look.Largest) {
		t.Errorf("%d builds after two changes, look %v", s.builds-built, look.Current())
	}
}

func TestUndoBarGoesAfterItsTime(t *testing.T) {
	r := newRig(t)
	r.Reset(r.screen("contact"))
	undone := 0
	r.Undo("Recorded: Refused", func() { undone++ })
	if r.Banner() == nil || r.Banner().Text() != "Recorded: Refused" {
		t.Fatal("no banner")
	}
	test.Tap(r.Banner().Action())
	if undone != 1 || r.Banner() != nil {
		t.Errorf("undone %d times, banner %v", undone, r.Banner())
	}
	r.Undo("Recorded: No time", func() { undone++ })
	r.clock.ring()
	if r.Banner() != nil || undone != 1 {
		t.Error("the bar stayed after its time")
	}
}

func TestABannerGoesWithItsScreen(t *testing.T) {
	r := newRig(t)
	r.Reset(r.screen("contact"))
	r.Undo("Recorded: Refused", func() { t.Error("undone by itself") })
	r.words.Use("nl")
	if r.Banner() == nil {
		t.Fatal("a switch of language took the banner away")
	}
	r.Push(r.screen("question"))
	if r.Banner() != nil {
		t.Error("a banner of the screen before lies over the next")
	}
	r.Notice("Saved")
	if r.Banner() == nil {
		t.Error("no banner on the next screen")
	}
}

func TestAnOldTimerClosesNoNewBanner(t *testing.T) {
	r := newRig(t)
	r.Reset(r.screen("contact"))
	r.Undo("first", func() {})
	late := *r.clock.due[0]
	r.Notice("second")
	late()
	if r.Banner() == nil || r.Banner().Text() != "second" {
		t.Error("the timer of the first banner closed the second")
	}
}

func TestTroubleStaysUntilClosed(t *testing.T) {
	r := newRig(t)
	r.Reset(r.screen("today"))
	again := 0
	r.Trouble(shell.Trouble{What: "No connection", Safe: "All saved.", Do: "Work on.", Action: "Try again", OnAction: func() { again++ }})
	r.clock.ring()
	if r.Banner() == nil {
		t.Fatal("an error went away by itself")
	}
	test.Tap(r.Banner().Action())
	if again != 1 || r.Banner() != nil {
		t.Errorf("tried again %d times, banner %v", again, r.Banner())
	}
}

func TestGoShowsInTheInterface(t *testing.T) {
	r := newRig(t)
	done := make(chan string, 1)
	r.Go(func() func() {
		result := "computed"
		return func() { done <- result }
	})
	select {
	case got := <-done:
		if got != "computed" {
			t.Errorf("got %q", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was shown")
	}
}
