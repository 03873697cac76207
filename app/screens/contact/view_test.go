package contact

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/robot"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/study"
)

func english(t *testing.T) Words {
	t.Helper()
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// sight shows an object in a window, to be read there.
func sight(t *testing.T, o fyne.CanvasObject) *robot.Robot {
	t.Helper()
	win := test.NewTempApp(t).NewWindow("")
	win.SetContent(o)
	win.Resize(fyne.NewSize(400, 800))
	return robot.New(robot.Params{Canvas: win.Canvas(), Do: func(f func()) { f() }, Patience: time.Second})
}

// Behind the card each group stands in figures: done, under way, left here, open elsewhere.
func TestGroupsInFigures(t *testing.T) {
	w := english(t)
	for said, c := range map[string]Cell{
		"45 of 90 done 1 under way, 2 left for you, 20 open elsewhere": {Done: 45, Target: 90, Leased: true, Going: 1, Mine: 2, Elsewhere: 20},
		"90 of 90 done full 1 under way":                               {Done: 90, Target: 90, Leased: true, Going: 1},
		"3 of 9 done 2 left for you":                                   {Done: 3, Target: 9, Barred: 4},
		"0 of 9 done no wave runs today":                               {Target: 9, Apart: true},
		"0 of 9 done none left for you":                                {Target: 9, Kind: study.Hard, Untold: true},
	} {
		v := &View{p: ViewParams{Words: w}}
		if got := sight(t, v.group(c)).Text(); got != said {
			t.Errorf("%q, want %q", got, said)
		}
	}
}

// A total that is full is said in a card of its own, with what to do: where it is hard, there is nobody to look for.
func TestATotalThatIsFullIsSaidApart(t *testing.T) {
	w := english(t)
	women := Cell{Label: study.Text{"": "Women"}, Target: 5}
	total := Cell{Label: study.Text{"": "Everybody"}, Total: true, Kind: study.Hard, Leased: true, Target: 20, Done: 20}
	for name, c := range map[string]struct {
		change func(*Cell)
		over   []string
		looked bool
	}{
		"hard":           {func(*Cell) {}, []string{"Everybody is full", w.T("contact.total_hard"), w.T("contact.groups")}, false},
		"open elsewhere": {func(c *Cell) { c.Elsewhere = 3 }, []string{"Everybody: none left for you, 3 open elsewhere", w.T("contact.total_hard")}, false},
		"soft":           {func(c *Cell) { c.Kind, c.Leased = study.Soft, false }, []string{"Everybody is full", w.T("contact.total_soft")}, true},
		"watched":        {func(c *Cell) { c.Kind, c.Leased = study.Watched, false }, nil, true},
		"not full":       {func(c *Cell) { c.Mine = 2 }, nil, true},
	} {
		everybody := total
		c.change(&everybody)
		v := &View{p: ViewParams{Words: w}, over: kit.NewCard(), look: kit.NewCard()}
		v.showGroups(Model{Groups: []Cell{everybody, women}, Cells: []Cell{women}})
		if v.over.Hidden != (c.over == nil) || v.look.Hidden == c.looked {
			t.Errorf("%s: hidden %t and %t", name, v.over.Hidden, v.look.Hidden)
		}
		person := sight(t, container.NewVBox(v.over, v.look))
		for _, said := range c.over {
			if !person.Sees(said) {
				t.Errorf("%s: %q is not said in %q", name, said, person.Text())
			}
		}
		if person.Sees("Women: 5 left") != c.looked || !person.Sees(w.T("contact.groups")) {
			t.Errorf("%s: %q", name, person.Text())
		}
	}
}

// A study of totals alone says how many are left in them.
func TestTheCardOfTotalsAlone(t *testing.T) {
	w := english(t)
	v := &View{p: ViewParams{Words: w}, over: kit.NewCard(), look: kit.NewCard()}
	v.showGroups(Model{Groups: []Cell{{Label: study.Text{"": "Everybody"}, Total: true, Kind: study.Hard, Leased: true, Target: 20, Mine: 2, Elsewhere: 9}}})
	if person := sight(t, v.look); !person.Sees("Everybody: 2 left for you, 9 elsewhere") {
		t.Errorf("%q", person.Text())
	}
}

// Where no cell has anybody left the card says so, and names each cell that is full with what is known of it.
func TestTheCardSaysWhomToLookFor(t *testing.T) {
	w := english(t)
	named := func(name string, c Cell) Cell { c.Label = study.Text{"": name}; return c }
	var many []Cell
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		many = append(many, named(name, Cell{}))
	}
	for name, c := range map[string]struct {
		cells     []Cell
		nobody    bool
		said, not []string
	}{
		"nobody": {
			[]Cell{
				named("Women", Cell{Leased: true, Elsewhere: 3}), named("Men", Cell{Target: 5, Done: 5}), named("Young", Cell{Apart: true}),
				named("Old", Cell{Untold: true}),
			},
			true, []string{"Women: none left for you, 3 open elsewhere; Men is full; Young: no wave runs today; Old: none left for you"}, nil,
		},
		"somebody": {[]Cell{named("Women", Cell{Target: 5}), named("Men", Cell{}), named("Old", Cell{})}, false, []string{"Women: 5 left", "Men is full; Old is full"}, nil},
		"all open": {[]Cell{named("Women", Cell{Target: 5})}, false, []string{"Women: 5 left"}, []string{"full"}},
		"many":     {many, true, []string{"a is full; b is full", "g is full; h is full"}, nil},
	} {
		v := &View{p: ViewParams{Words: w}, over: kit.NewCard(), look: kit.NewCard()}
		v.showGroups(Model{Groups: c.cells, Cells: c.cells})
		person := sight(t, v.look)
		if person.Sees(w.T("contact.look_for_nobody")) != c.nobody {
			t.Errorf("%s: that nobody is wanted is said, or not, against what is so: %q", name, person.Text())
		}
		for _, said := range c.said {
			if !person.Sees(said) {
				t.Errorf("%s: %q is not said in %q", name, said, person.Text())
			}
		}
		for _, not := range c.not {
			if person.Sees(not) {
				t.Errorf("%s: %q is said", name, not)
			}
		}
	}
}
