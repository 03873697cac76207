package question

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/study"
)

// control makes the answer control of an item.
func (v *View) control(it Item) answer {
	switch it.Kind {
	case Single, Several:
		return newTiles(v, it)
	case Scale:
		return newScale(v, it)
	case Acknowledge:
		return newTick(v, it)
	case Order:
		return newRanking(v, it)
	case Slider:
		return newSlider(v, it)
	case Reading, Unable:
		return newSaid(v, it)
	case Verbatim:
		return newVerbatim(v, it)
	case Picture:
		return newPictured(v, it)
	}
	return newWritten(v, it)
}

// settled is embedded by controls whose taps are saved at once.
type settled struct{}

func (settled) settle(context.Context) (bool, error) { return true, nil }

// tiles are the choices of a single or multiple answer.
type tiles struct {
	settled
	v       *View
	it      Item
	tiles   []*kit.Tile
	grid    fyne.CanvasObject
	problem *kit.Text
}

func newTiles(v *View, it Item) *tiles {
	t := &tiles{v: v, it: it, problem: newProblem()}
	choice := kit.One
	if it.Kind == Several {
		choice = kit.Many
	}
	var objects []fyne.CanvasObject
	for _, c := range it.Choices {
		tile := kit.NewTile(c.Label, choice, func() { t.tap(c.Value) })
		if r := v.resource(c.Image); r != nil {
			tile.Pictured(r)
		} else if c.Image != "" {
			tile.Noted(v.p.Words.T("question.picture_missing", "name", base(c.Image)))
		}
		t.tiles = append(t.tiles, tile)
		objects = append(objects, tile)
	}
	t.grid = kit.Column(objects...)
	if n := columns(it.Appearance); n > 1 && v.p.Class != look.Phone {
		t.grid = kit.Grid(n, objects...)
	}
	t.show(it)
	return t
}

// columns reads the standard's appearance columns-2, columns-3 and so on.
func columns(appearance []string) int {
	for _, a := range appearance {
		if rest, ok := strings.CutPrefix(a, "columns-"); ok && len(rest) == 1 && rest[0] >= '1' && rest[0] <= '4' {
			return int(rest[0] - '0')
		}
		if a == "columns" {
			return 2
		}
	}
	return 1
}

func (t *tiles) tap(value string) {
	p := t.v.p.Presenter
	if t.it.Kind == Several {
		t.v.do(func(ctx context.Context) error { return p.Toggle(ctx, t.it, value) })
		return
	}
	if t.v.do(func(ctx context.Context) error { return p.Choose(ctx, t.it.Ref, value) }) && t.v.advances(t.it) {
		t.v.next()
	}
}

// advances tells whether a single choice moves on by itself: where the questionnaire asks for it, or the interviewer does.
func (v *View) advances(it Item) bool {
	return len(v.model.Items) == 1 && (v.p.Quick || slices.Contains(it.Appearance, "quick"))
}

func (t *tiles) objects() []fyne.CanvasObject {
	if len(t.tiles) == 0 {
		return []fyne.CanvasObject{kit.NewText(look.Hint, t.v.p.Words.T("question.no_choices")), t.problem}
	}
	return []fyne.CanvasObject{t.problem, t.grid}
}

func (t *tiles) show(it Item) {
	t.it = it
	for i, tile := range t.tiles {
		tile.SetChosen(i < len(it.Choices) && slices.Contains(it.Chosen, it.Choices[i].Value))
	}
	t.v.showProblem(t.problem, it)
}

// scale is one of a row of figures.
type scale struct {
	settled
	v       *View
	strip   *kit.ScaleStrip
	problem *kit.Text
}

func newScale(v *View, it Item) *scale {
	s := &scale{v: v, problem: newProblem()}
	params := kit.ScaleParams{Low: it.Low, High: it.High, Chosen: it.Value, OnChoose: func(value string) {
		if v.do(func(ctx context.Context) error { return v.p.Presenter.Choose(ctx, it.Ref, value) }) && v.advances(it) {
			v.next()
		}
	}}
	if it.Low == "" && slices.Contains(roles(it.Question), study.RoleNPS) && v.spoken() {
		params.Low, params.High = v.p.Words.T("question.nps_low"), v.p.Words.T("question.nps_high")
	}
	for _, c := range it.Choices {
		params.Points = append(params.Points, kit.Point{Value: c.Value, Label: Figure(c.Label)})
	}
	s.strip = kit.NewScaleStrip(params)
	s.show(it)
	return s
}

// spoken tells whether the interface's words are in the language the respondent is asked in: a respondent reads no other.
func (v *View) spoken() bool {
	return study.LanguageCode(v.p.Presenter.p.Interview.Language()) == v.p.Words.Lang()
}

func (s *scale) objects() []fyne.CanvasObject { return []fyne.CanvasObject{s.problem, s.strip} }

func (s *scale) show(it Item) {
	s.strip.SetChosen(it.Value)
	s.v.showProblem(s.problem, it)
}

// tick is one box: read and understood.
type tick struct {
	settled
	v       *View
	tile    *kit.Tile
	problem *kit.Text
}

func newTick(v *View, it Item) *tick {
	t := &tick{v: v, problem: newProblem()}
	t.tile = kit.NewTile(v.p.Words.T("question.understood"), kit.Many, func() {
		value := "OK" // what the standard stores for a trigger
		if t.tile.Chosen() {
			value = ""
		}
		v.do(func(ctx context.Context) error { return v.p.Presenter.Write(ctx, it.Ref, value) })
	})
	t.show(it)
	return t
}

func (t *tick) objects() []fyne.CanvasObject { return []fyne.CanvasObject{t.problem, t.tile} }

func (t *tick) show(it Item) {
	t.tile.SetChosen(it.Value != "")
	t.v.showProblem(t.problem, it)
}

// said is a page that only speaks; what the app cannot ask says so.
type said struct {
	settled
	words string
}

func newSaid(v *View, it Item) *said {
	if it.Kind == Unable {
		return &said{words: v.p.Words.T("question.cannot_ask")}
	}
	return &said{words: it.Value}
}

func (s *said) objects() []fyne.CanvasObject {
	if s.words == "" {
		return nil
	}
	return []fyne.CanvasObject{kit.NewText(look.Body, s.words)}
}

func (s *said) show(Item) {}

func newProblem() *kit.Text {
	t := kit.NewTextIn(look.Strong, look.Bad, "")
	t.Hide()
	return t
}

func (v *View) showProblem(t *kit.Text, it Item) {
	words := v.problem(it)
	t.SetText(words)
	t.Hidden = words == ""
}

func (v *View) resource(name string) fyne.Resource {
	if name == "" || v.p.Picture == nil {
		return nil
	}
	return v.p.Picture(name)
}

// picture is a showcard of a height in dp at most; a missing one is said, never left blank.
func (v *View) picture(name string, height float32) fyne.CanvasObject {
	r := v.resource(name)
	if r == nil {
		return kit.NewTextIn(look.Hint, look.Bad, v.p.Words.T("question.picture_missing", "name", base(name)))
	}
	img := canvas.NewImageFromResource(r)
	img.FillMode = canvas.ImageFillContain
	img.SetMinSize(fyne.NewSize(120, height))
	return img
}

func base(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
