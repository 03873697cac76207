package observe

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/internal/interview"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	// Language is the language of the interface, in which the study's own cues are read.
	Language string
	// OnOpen is called when the sheet is wanted, OnClose when it is not; OnError when something could not be saved.
	OnOpen, OnClose func()
	OnError         func(error)
	// After runs f once after d, and Do runs f where widgets may be touched: the undo goes when its time is over.
	After func(d time.Duration, f func()) (stop func())
	Do    func(func())
	// NumberOf tells a question's number for the timeline; empty where it has none.
	NumberOf func(ref string) string
}

// View draws the strip at the bottom of a page and the sheet that says more.
type View struct {
	p     ViewParams
	mini  *kit.PadMini
	chips []*kit.Chip
	strip *kit.Strip
	sheet *sheet
}

// stripCues is how many cues stand on the strip itself.
const stripCues = 3

// NewView makes the strip.
func NewView(p ViewParams) *View {
	v := &View{p: p}
	m := p.Presenter.Model()
	v.mini = kit.NewPadMini(p.Words.T("observe.open"), markOf(m), p.OnOpen)
	objects := []fyne.CanvasObject{v.mini}
	for _, cue := range m.Cues[:min(stripCues, len(m.Cues))] {
		chip := kit.NewChip(v.label(cue), kit.Observation, func() { v.do(func(ctx context.Context) error { return p.Presenter.Cue(ctx, cue.Name) }) })
		chip.SetChosen(cue.Chosen)
		v.chips = append(v.chips, chip)
		objects = append(objects, chip)
	}
	objects = append(objects, kit.NewChip(p.Words.T("common.more"), kit.Plain, p.OnOpen))
	v.strip = kit.NewStrip(objects...)
	return v
}

// Strip stands at the bottom of the question page.
func (v *View) Strip() fyne.CanvasObject { return v.strip }

// Sheet says more: the pad at full size, every cue, a note, what was observed so far.
func (v *View) Sheet() *kit.Sheet {
	if v.sheet == nil {
		v.sheet = newSheet(v)
	}
	v.sheet.show(v.p.Presenter.Model())
	return v.sheet.sheet
}

// Refresh shows the state anew, after the page moved on or an undo ran out.
func (v *View) Refresh() {
	m := v.p.Presenter.Model()
	v.mini.SetMark(markOf(m))
	for i, chip := range v.chips {
		chip.SetChosen(m.Cues[i].Chosen)
	}
	if v.sheet != nil {
		v.sheet.show(m)
	}
}

func (v *View) do(deed func(context.Context) error) (done bool) {
	err := deed(context.Background())
	if err != nil {
		v.p.OnError(err)
	}
	v.Refresh()
	v.p.After(UndoFor+100*time.Millisecond, func() { v.p.Do(v.Refresh) })
	return err == nil
}

func (v *View) label(c Cue) string {
	if len(c.Label) > 0 {
		return c.Label.In(v.p.Language, "")
	}
	return v.p.Words.T("observe.cue_" + c.Name)
}

func (v *View) labelOf(name string, cues []Cue) string {
	for _, c := range cues {
		if c.Name == name {
			return v.label(c)
		}
	}
	if slices.Contains(interview.Impressions(), name) {
		return v.p.Words.T("observe.cue_" + name)
	}
	return name
}

// line is one observation in words: "11:32:10 Hesitates, question 12".
func (v *View) line(o interview.Observation, cues []Cue) string {
	var said []string
	switch {
	case o.Cue != "":
		said = append(said, v.labelOf(o.Cue, cues))
	case o.Note != "":
		said = append(said, "“"+o.Note+"”")
	case o.Valence != nil && o.Energy != nil:
		said = append(said, v.nameOf(kit.Mark{Valence: *o.Valence, Energy: *o.Energy}))
	}
	if number := v.p.NumberOf(o.Question); number != "" {
		said = append(said, v.p.Words.T("observe.at_question", "n", number))
	}
	return o.At.Time().Format("15:04:05") + " " + strings.Join(said, ", ")
}

// nameOf says a mark in words and figures, so that nothing depends on where a coloured square stands.
func (v *View) nameOf(m kit.Mark) string {
	return v.p.Words.T("observe.cell", "valence", v.p.Words.T("observe.valence_"+step(m.Valence)), "energy", fmt.Sprintf("%+d", m.Energy))
}

func step(n int) string {
	return map[int]string{-2: "m2", -1: "m1", 0: "0", 1: "p1", 2: "p2"}[n]
}

func markOf(m Model) *kit.Mark {
	if !m.Marked {
		return nil
	}
	return &kit.Mark{Valence: m.Valence, Energy: m.Energy}
}
