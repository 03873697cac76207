package question

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/observe"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	// Lang is the interface's language as a code.
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	// Spoken are the interface's texts in the language the respondent is asked in; nil where the interface does not speak it.
	Spoken Words
	// Class is the window's size class: wide ones keep the observations beside the question.
	Class look.Class
	// Picture is a file of the study by its jr:// name; nil where it is not on the device.
	Picture func(name string) fyne.Resource
	// ChooseFile lets a person choose a file by the end of its name, of at most most bytes; done gets nil data where they left it.
	// Nil where there are no files.
	ChooseFile func(extensions []string, most int64, done func(data []byte, err error))
	// Background runs work beside the interface and then, in it, then; nil to run both at once.
	Background func(work, then func())
	// Observe is the observation strip of this page; nil where there is none, as in a preview.
	Observe *observe.View
	// Quick moves on by itself after a single choice.
	Quick bool
	// Practice tells that nothing here is data.
	Practice bool
	// Now is the wall clock in the device's zone; nil where no answer may be "now".
	Now func() time.Time
	// Locate is where the device is, as a geopoint: latitude, longitude, altitude, accuracy; nil where the device cannot tell. Its error
	// is for OnError.
	Locate func() (geopoint string, err error)
	// Unlock asks for the interviewer's PIN and tells whether it was right; nil where there is none.
	Unlock func(done func(ok bool))
	// OnGiven is told when the device goes to the respondent and when it comes back; nil where nobody keeps it in mind.
	OnGiven func(given bool)
	// OnUndo offers for a while to undo what was just done; nil where nothing can be offered.
	OnUndo func(said string, undo func())
	// OnMoved is called after the page changed, with true when the questionnaire ended; OnLeave when Back goes out of the first page;
	// OnMenu when the interviewer wants to stop; OnError when something could not be saved.
	OnMoved func(ended bool)
	OnLeave func()
	OnMenu  func()
	// MenuWord is what the way to stop is called.
	MenuWord string
	OnError  func(error)
	// OnOutline shows what has been asked so far; nil where there is no such list.
	OnOutline func()
}

// View draws one page of the questionnaire, or what lies over it.
type View struct {
	p       ViewParams
	w       Words // the respondent's while they hold the device
	page    *kit.Page
	answers []answer
	model   Model
	at      int // the item that keys answer
	sheet   bool
	gone    bool        // another page has taken its place
	cleaner *kit.Button // takes the answers back; nil where it is not offered
	tapped  bool
}

// answer is the control of one item.
type answer interface {
	// objects are drawn below the question.
	objects() []fyne.CanvasObject
	// show brings the control up to date with the item.
	show(it Item)
	// settle saves what is still being typed; false where it cannot be an answer.
	settle(ctx context.Context) (ok bool, err error)
}

// NewView makes the page the presenter stands at.
func NewView(p ViewParams) *View {
	p.Presenter.Fold(p.Class == look.Phone)
	v := &View{p: p, w: p.Words, model: p.Presenter.Model()}
	if v.model.Given && p.Spoken != nil {
		v.w = p.Spoken
	}
	switch {
	case v.model.Cover == Card:
		v.page = v.cardPage()
	case v.model.Given && (v.model.Returning || !v.model.Own):
		v.page = v.returnPage()
	case v.model.Cover == List:
		v.page = v.listPage()
	default:
		v.page = v.askingPage()
	}
	v.begin()
	return v
}

// Content is what the window shows.
func (v *View) Content() fyne.CanvasObject { return v.page }

// Page is the page's frame, so that a sheet can be laid over it.
func (v *View) Page() *kit.Page { return v.page }

// Model is what the page shows now.
func (v *View) Model() Model { return v.model }

// ShowObservations lays the observation sheet over the page, or takes it away.
func (v *View) ShowObservations(open bool) {
	v.sheet = open && v.p.Observe != nil && !v.model.Given
	if !v.sheet {
		v.page.SetSheet(nil)
		return
	}
	v.page.SetSheet(v.p.Observe.Sheet())
}

// Back does what the phone's back key does: it takes away what lies over the page, else goes to the page before. While the respondent
// holds the device it does nothing.
func (v *View) Back() {
	switch {
	case v.model.Given:
	case v.model.Cover != Nothing:
		v.uncover()
	case v.sheet:
		v.ShowObservations(false)
	default:
		v.back()
	}
}

// rebuilt has the page built again, after something came over it or went.
func (v *View) rebuilt() { v.moved(v.p.Presenter.Model().Ended) }

// moved gives way to the page that comes: from here on nothing of this one may take the focus.
func (v *View) moved(ended bool) {
	v.gone = true
	v.p.OnMoved(ended)
}

func (v *View) uncover() {
	v.p.Presenter.Uncover()
	v.rebuilt()
}

// do runs a deed that saves, then shows what it changed.
func (v *View) do(deed func(context.Context) error) bool {
	v.touched()
	err := deed(context.Background())
	if err != nil {
		v.p.OnError(err)
	}
	v.refresh()
	return err == nil
}

// refresh shows the same page anew. Where an answer made questions of the page come or go, the page is built again.
func (v *View) refresh() {
	before := v.model
	v.model = v.p.Presenter.Model()
	if !sameItems(before, v.model) {
		v.moved(v.model.Ended)
		return
	}
	for i, a := range v.answers {
		a.show(v.itemOf(i))
	}
	if v.cleaner != nil {
		v.cleaner.Hidden = !v.answered()
	}
	v.page.Relayout()
}

// itemOf is the item that a control asks.
func (v *View) itemOf(i int) Item {
	if v.model.Cover == List {
		return v.model.Covered
	}
	return v.model.Items[i]
}

func sameItems(a, b Model) bool {
	if len(a.Items) != len(b.Items) {
		return false
	}
	for i := range a.Items {
		if a.Items[i].Ref != b.Items[i].Ref {
			return false
		}
	}
	return true
}

// undo offers to take back what was just done.
func (v *View) undo(said string, f func(context.Context) error) {
	if v.p.OnUndo != nil {
		v.p.OnUndo(said, func() {
			if err := f(context.Background()); err != nil {
				v.p.OnError(err)
			}
			v.rebuilt()
		})
	}
}

// touched tells the interview of the first tap or keystroke on the page.
func (v *View) touched() {
	if !v.tapped {
		v.tapped = true
		v.p.Presenter.Touched()
	}
}

// focused is touched for entries: who taps one begins to answer. Elsewhere than on phones the page itself may have put the cursor there.
func (v *View) focused(on bool) {
	if on && fyne.CurrentDevice().IsMobile() {
		v.touched()
	}
}
