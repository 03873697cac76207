package question

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// control makes the answer control of an item.
func (v *View) control(it Item) answer {
	switch it.Kind {
	case Single, Several:
		return newTiles(v, it)
	case Listed:
		return newListed(v, it)
	case Scale, Likert:
		return newScale(v, it)
	case Stars:
		return newRating(v, it)
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
	case Day, Clock, DayClock:
		return newMoment(v, it)
	case Month, Year:
		return newPartial(v, it)
	case Picture:
		return newPictured(v, it)
	}
	return newWritten(v, it)
}

// settled is embedded by controls whose taps are saved at once.
type settled struct{}

func (settled) settle(context.Context) (bool, error) { return true, nil }

// troubled is embedded by controls: the words about what is wrong, beside the question.
type troubled struct{ problem *kit.Text }

func newTroubled() troubled {
	t := troubled{kit.NewTextIn(look.Strong, look.Bad, "")}
	t.problem.Hide()
	return t
}

func (t troubled) where() fyne.CanvasObject { return t.problem }

// say shows words, or none.
func (t troubled) say(words string) {
	t.problem.SetText(words)
	t.problem.Hidden = words == ""
}

// tiles are the choices of a single or multiple answer.
type tiles struct {
	settled
	troubled
	v     *View
	it    Item
	tiles []*kit.Tile
	grid  fyne.CanvasObject
}

func newTiles(v *View, it Item) *tiles {
	t := &tiles{v: v, it: it, troubled: newTroubled()}
	choice := kit.One
	if it.Control == xform.Select {
		choice = kit.Many
	}
	n := v.columns(it)
	var objects []fyne.CanvasObject
	for _, c := range it.Choices {
		tile := kit.NewTile(c.Label, choice, func() { t.tap(c.Value) })
		tile.OnEnter(func() { v.onward(it.Ref) })
		if r := v.resource(c.Image); r != nil {
			tile.Pictured(r)
			if n > 1 {
				tile.Above()
			}
		} else if c.Image != "" {
			tile.Noted(v.w.T("question.no_picture", "name", base(c.Image)))
		}
		t.tiles = append(t.tiles, tile)
		objects = append(objects, tile)
	}
	t.grid = kit.Column(objects...)
	if n > 1 {
		t.grid = kit.Grid(n, objects...)
	}
	t.show(it)
	return t
}

// columns is how many tiles stand side by side. The kit takes fewer where their words would not fit; phones take two at most.
func (v *View) columns(it Item) int {
	n := columns(it.Appearance, slices.ContainsFunc(it.Choices, func(c xform.Choice) bool { return c.Image != "" }))
	if v.p.Class == look.Phone {
		return min(n, 2)
	}
	return n
}

// columns reads the standard's appearances columns-2, columns-pack and so on, and their old names compact and horizontal. Pictures
// stand side by side unless the questionnaire says otherwise.
func columns(appearance []string, pictures bool) int {
	for _, a := range appearance {
		word, number, numbered := strings.Cut(a, "-")
		switch {
		case a == "list" || a == "horizontal":
			return 4
		case word != "columns" && word != "compact" && word != "quickcompact" && a != "no-buttons":
		case numbered && len(number) == 1 && number[0] >= '1' && number[0] <= '4':
			return int(number[0] - '0')
		case a == "columns-pack" || a == "columns":
			return 2
		default:
			return 3
		}
	}
	if pictures {
		return 2
	}
	return 1
}

func (t *tiles) tap(value string) {
	p := t.v.p.Presenter
	if t.it.Control != xform.Select {
		if t.v.do(func(ctx context.Context) error { return p.Choose(ctx, t.it.Ref, value) }) && t.v.advances(t.it) {
			t.v.next()
		}
		return
	}
	t.v.toggle(t.it, value, t.troubled)
}

// toggle adds a choice or takes it out. Where the answer is full it says so; where the tap takes others out, that can be undone.
func (v *View) toggle(it Item, value string, t troubled) {
	if full(it, value) {
		t.say(v.w.N("question.full", it.Most))
		v.page.Relayout()
		v.page.Reveal(t.problem)
		return
	}
	had := it.Value
	replaced := Replaces(it, value)
	if !v.do(func(ctx context.Context) error { return v.p.Presenter.Toggle(ctx, it, value) }) || len(replaced) == 0 || v.model.Given {
		return
	}
	v.undo(v.w.N("question.replaced", len(replaced)), func(ctx context.Context) error { return v.p.Presenter.Restore(ctx, it.Ref, had) })
}

// advances tells whether a single choice moves on by itself: where the questionnaire asks for it, or the interviewer does.
func (v *View) advances(it Item) bool {
	return v.alone() && v.model.Cover == Nothing && (v.p.Quick || looks(it.Question, "quick", "quickcompact"))
}

func (t *tiles) objects() []fyne.CanvasObject {
	if len(t.tiles) == 0 {
		return []fyne.CanvasObject{kit.NewText(look.Hint, t.v.w.T("question.no_choices")), t.problem}
	}
	return []fyne.CanvasObject{t.problem, t.grid}
}

func (t *tiles) show(it Item) {
	t.it = it
	for i, tile := range t.tiles {
		tile.SetChosen(i < len(it.Choices) && slices.Contains(it.Chosen, it.Choices[i].Value))
	}
	t.say(t.v.problem(it))
}

// scale is one of a row of figures or words.
type scale struct {
	settled
	troubled
	v     *View
	it    Item
	strip *kit.ScaleStrip
	digit string // the figure that was typed last
}

func newScale(v *View, it Item) *scale {
	s := &scale{v: v, it: it, troubled: newTroubled()}
	params := kit.ScaleParams{Low: it.Low, High: it.High, Chosen: it.Value, OnChoose: s.choose}
	if w, ok := v.spoken(); ok && it.Low == "" && slices.Contains(roles(it.Question), study.RoleNPS) {
		params.Low, params.High = w.T("question.nps_low"), w.T("question.nps_high")
	}
	for _, c := range it.Choices {
		label := c.Label
		if it.Kind == Scale {
			label = Figure(c.Label)
		}
		params.Points = append(params.Points, kit.Point{Value: c.Value, Label: label})
	}
	s.strip = kit.NewScaleStrip(params)
	for _, o := range s.strip.Options() {
		o.OnEnter(func() { v.onward(it.Ref) })
	}
	s.show(it)
	return s
}

func (s *scale) choose(value string) {
	if s.v.do(s.chosen(value)) && s.v.advances(s.it) {
		s.v.next()
	}
}

func (s *scale) chosen(value string) func(context.Context) error {
	return func(ctx context.Context) error { return s.v.p.Presenter.Choose(ctx, s.it.Ref, value) }
}

func (s *scale) objects() []fyne.CanvasObject { return []fyne.CanvasObject{s.problem, s.strip} }

func (s *scale) show(it Item) {
	s.it = it
	s.strip.SetChosen(it.Value)
	s.say(s.v.problem(it))
}

// tick is one box: read and understood.
type tick struct {
	settled
	troubled
	v    *View
	tile *kit.Tile
}

func newTick(v *View, it Item) *tick {
	t := &tick{v: v, troubled: newTroubled()}
	t.tile = kit.NewTile(v.w.T("question.understood"), kit.Many, func() {
		value := "OK" // what the standard stores for a trigger
		if t.tile.Chosen() {
			value = ""
		}
		v.do(func(ctx context.Context) error { return v.p.Presenter.Write(ctx, it.Ref, value) })
	})
	t.tile.OnEnter(func() { v.onward(it.Ref) })
	t.show(it)
	return t
}

func (t *tick) objects() []fyne.CanvasObject { return []fyne.CanvasObject{t.problem, t.tile} }

func (t *tick) show(it Item) {
	t.tile.SetChosen(it.Value != "")
	t.say(t.v.problem(it))
}

// said is a page that only speaks; what the app cannot ask says so.
type said struct {
	settled
	words string
}

func newSaid(v *View, it Item) *said {
	if it.Kind == Unable {
		return &said{words: v.w.T("question.cannot_ask")}
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

func base(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
