package kit_test

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
)

// scene is a page made of real widgets, at the size of a device.
type scene struct {
	name string
	size fyne.Size
	make func() fyne.CanvasObject
}

// TestGallery draws every scene in every light at the smallest, normal and
// largest text size into the folder GALLERY, for the eye. Without it, it draws
// nothing and the other tests have the word. One picture:
//
//	GALLERY=/tmp/g go test -run Gallery/question-nps-dark-large ./app/kit
func TestGallery(t *testing.T) {
	dir := os.Getenv("GALLERY")
	if dir == "" {
		t.Skip("set GALLERY to a folder to draw the gallery")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	app := test.NewTempApp(t)
	for _, s := range scenes() {
		for _, v := range look.Variants() {
			for _, size := range []look.TextSize{look.Small, look.Normal, look.Largest} {
				name := fmt.Sprintf("%s-%s-%s", s.name, v, size)
				t.Run(name, func(t *testing.T) {
					app.Settings().SetTheme(look.New(v, size))
					draw(t, filepath.Join(dir, name+".png"), s.make(), s.size)
				})
			}
		}
	}
}

func draw(t *testing.T, file string, o fyne.CanvasObject, size fyne.Size) {
	t.Helper()
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetScale(1.5)
	c.SetContent(o)
	c.Resize(size)
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, c.Capture()); err != nil {
		t.Fatal(err)
	}
}

var (
	phone  = fyne.NewSize(360, 800)
	tablet = fyne.NewSize(1280, 800)
)

func scenes() []scene {
	return []scene{
		{"question-single", phone, singlePage},
		{"question-many", phone, manyPage},
		{"question-dutch", phone, dutchPage},
		{"question-narrow", fyne.NewSize(320, 568), dutchPage},
		{"question-nps", phone, npsPage},
		{"question-verbatim", phone, verbatimPage},
		{"tablet-verbatim", tablet, verbatimTablet},
		{"observation", phone, observationPage},
		{"contact", phone, contactPage},
		{"contact-due", phone, contactDuePage},
		{"today", phone, todayPage},
		{"board", tablet, boardPage},
		{"list", phone, listPage},
		{"misc", phone, miscPage},
		{"answers", phone, answersPage},
		{"answers-narrow", fyne.NewSize(320, 568), answersPage},
		{"answers-tablet", tablet, answersPage},
	}
}

func nothing() {}

func bar(n int) *kit.TopBar {
	return kit.NewTopBar(kit.TopBarParams{
		Back: "Back", OnBack: nothing, Step: fmt.Sprintf("Question %d of about 32", n), Progress: float64(n) / 32,
		Lang: "FR", LangName: "Ask in French", OnLang: nothing, Next: "Next", OnNext: nothing,
	})
}

func strip(chosen int) *kit.Strip {
	chips := []*kit.Chip{
		kit.NewChip("Pause", kit.Observation, nothing),
		kit.NewChip("Hesitates", kit.Observation, nothing),
		kit.NewChip("More", kit.Plain, nothing),
	}
	if chosen >= 0 {
		chips[chosen].SetChosen(true)
	}
	return kit.NewStrip(kit.NewPadMini("How does it sound?", &kit.Mark{Valence: -1, Energy: 1}, nothing), chips[0], chips[1], chips[2])
}

func head(section, question, hint string, class look.Class) []fyne.CanvasObject {
	return []fyne.CanvasObject{
		kit.NewText(look.Section, section), kit.NewText(class.Question(), question), kit.NewText(look.Hint, hint),
	}
}

func singlePage() fyne.CanvasObject {
	body := head("Your visit today", "Did you buy anything at Les Halles before leaving?", "Read out. One answer.", look.Phone)
	for i, s := range []string{"Yes, what I came for", "Yes, something else", "No, I was only looking", "No, I meant to but did not", "Does not want to say"} {
		tile := kit.NewTile(s, kit.One, nothing)
		tile.SetChosen(i == 1)
		body = append(body, tile)
	}
	return kit.NewPage(kit.PageParams{Top: bar(11), Body: body, Bottom: strip(1)})
}

func manyPage() fyne.CanvasObject {
	body := head("Brands", "Which of these have you heard of?", "Show the card. Several answers.", look.Phone)
	for i, s := range []string{"Boulangerie du Parvis", "A brand with a name so long that it has to be wrapped into a second line", "Donaudampfschifffahrtsgesellschaftskapitänsmützenladen", "None of these"} {
		tile := kit.NewTile(s, kit.Many, nothing)
		tile.SetChosen(i < 2)
		if i == 3 {
			tile.Noted("excludes the others")
		}
		body = append(body, tile)
	}
	return kit.NewPage(kit.PageParams{Top: bar(14), Body: body, Bottom: strip(-1)})
}

func dutchPage() fyne.CanvasObject {
	top := kit.NewTopBar(kit.TopBarParams{
		Back: "Terug", OnBack: nothing, Step: "Vraag 111 van ongeveer 132", Progress: 0.8,
		Lang: "NL", LangName: "Nederlands", OnLang: nothing, Next: "Volgende", OnNext: nothing,
	})
	body := head("Tevredenheid", "Hoe waarschijnlijk is het dat u dit winkelcentrum aanbeveelt?", "Lees voor. Eén antwoord.", look.Phone)
	pad := kit.NewPad(kit.PadParams{
		HighEnergy: "beaucoup d’énergie", LowEnergy: "peu d’énergie", Unpleasant: "désagréable", Pleasant: "agréable",
		Name: func(m kit.Mark) string { return fmt.Sprint(m) },
	})
	return kit.NewPage(kit.PageParams{Top: top, Body: append(body, pad), Bottom: strip(0)})
}

func points(n int) []kit.Point {
	var all []kit.Point
	for i := range n {
		all = append(all, kit.Point{Value: fmt.Sprint(i), Label: fmt.Sprint(i)})
	}
	return all
}

func npsPage() fyne.CanvasObject {
	body := head("Overall", "How likely are you to recommend Les Halles to a friend or colleague?", "Hand the tablet over or read out the scale.", look.Phone)
	body = append(body,
		kit.NewScaleStrip(kit.ScaleParams{Points: points(11), Chosen: "6", Low: "0 not at all likely", High: "10 extremely likely"}),
		kit.NewScaleStrip(kit.ScaleParams{Points: points(6)[1:], Chosen: "2", Low: "very bad", High: "very good"}),
		kit.NewScaleStrip(kit.ScaleParams{Points: []kit.Point{{Value: "a", Label: "Strongly agree"}, {Value: "b", Label: "Agree"}, {Value: "c", Label: "Neither"}}, Chosen: "b"}))
	return kit.NewPage(kit.PageParams{Top: bar(24), Body: body, Bottom: strip(-1)})
}

const verbatim = "« Il y avait trop de monde aux caisses, [pause] et franchement personne pour répondre. [Anything else?] Non… enfin si, les prix ont augmenté. »"

func verbatimParts(class look.Class) ([]fyne.CanvasObject, fyne.CanvasObject) {
	entry := kit.NewEntry(kit.EntryParams{Name: "Exact words", Kind: kit.Verbatim, Text: verbatim})
	entry.FocusGained()
	body := head("Your visit today", "What made you leave without it?", "Write down the exact words. Probe once.", class)
	return append(body,
		kit.Flow(kit.NewChip("Anything else?", kit.Plain, nothing), kit.NewChip("In what way?", kit.Plain, nothing), kit.NewChip("Pause", kit.Plain, nothing)),
		entry,
		kit.Between(kit.NewText(look.Caption, "21 words, saved"), kit.NewButton("Read back", kit.Link, nothing)),
	), entry
}

func verbatimPage() fyne.CanvasObject {
	body, entry := verbatimParts(look.Phone)
	return kit.NewPage(kit.PageParams{Top: bar(12), Body: body, Grow: entry, Bottom: strip(-1)})
}

func sheet() *kit.Sheet {
	content := []fyne.CanvasObject{
		kit.NewPad(kit.PadParams{
			Mark: &kit.Mark{Valence: -1, Energy: 1}, HighEnergy: "high energy", LowEnergy: "low energy", Unpleasant: "unpleasant", Pleasant: "pleasant",
			Name: func(m kit.Mark) string { return fmt.Sprintf("pleasant %d, energy %d", m.Valence, m.Energy) },
		}),
	}
	flow := kit.Flow()
	for i, s := range []string{"Hesitates", "Pause", "Smile", "Laugh", "Frown", "Sigh", "Looks away", "Lights up", "Note…"} {
		chip := kit.NewChip(s, kit.Observation, nothing)
		chip.SetChosen(i == 0)
		flow.Add(chip)
	}
	return kit.NewSheet(kit.SheetParams{Title: "How does it sound?", Note: "Perceived by you", Close: "Close", OnClose: nothing, Content: append(content, flow)})
}

func verbatimTablet() fyne.CanvasObject {
	body, entry := verbatimParts(look.Tablet)
	return kit.NewPage(kit.PageParams{Top: bar(12), Body: body, Grow: entry, Sheet: sheet()})
}

func observationPage() fyne.CanvasObject {
	return kit.NewPage(kit.PageParams{Top: bar(12), Body: head("Your visit today", "What made you leave without it?", "The question stays in sight. One tap here is one record.", look.Phone), Sheet: sheet(), Bottom: strip(-1)})
}

func contact(s kit.CounterState) fyne.CanvasObject {
	top := kit.NewTopBar(kit.TopBarParams{Back: "Today", OnBack: nothing, Title: "North entrance", Subtitle: "Shift since 10:04", Next: "Pause", OnNext: nothing, Quiet: true})
	outcomes := kit.NewOutcomeGrid(kit.OutcomeParams{More: "More", Outcomes: []kit.Outcome{
		{Value: "a", Label: "Agreed"}, {Value: "r", Label: "Refused"}, {Value: "t", Label: "No time"},
		{Value: "g", Label: "Got away"}, {Value: "l", Label: "Language"}, {Value: "d", Label: "Already asked"}, {Value: "u", Label: "Unable", Rare: true},
	}})
	outcomes.SetChosen("a")
	return kit.NewPage(kit.PageParams{Top: top, Body: []fyne.CanvasObject{
		kit.NewCounter(s, nothing, nothing), kit.NewText(look.Heading, "Approached: what happened?"), outcomes,
		kit.NewFigureRow(kit.Count{Value: "42", Label: "asked"}, kit.Count{Value: "15", Label: "done"}, kit.Count{Value: "37 %", Label: "response"}),
		kit.NewCard(kit.NewText(look.Hint, "Look for"), kit.NewText(look.Heading, "Women 55 and over: 3 left for you"), kit.NewText(look.Hint, "Men 18 to 34 is full")),
	}})
}

func contactPage() fyne.CanvasObject {
	return contact(kit.CounterState{Caption: "Passers-by", Count: "213", Undo: "Undo", Passed: 3, Every: 5, Note: "2 more, then approach", Action: "+1 passes"})
}

func contactDuePage() fyne.CanvasObject {
	return contact(kit.CounterState{Caption: "Passers-by", Count: "1 215", Undo: "Undo", Passed: 5, Every: 5, Note: "Now: the next person", Action: "Approach this one", Due: true})
}

func todayPage() fyne.CanvasObject {
	return kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{
		kit.ColumnGap(0, kit.NewText(look.Title, "Saturday 21 November"), kit.NewText(look.Hint, "Interviewer 0417")),
		kit.NewCard(kit.NewText(look.Section, "Mall exit survey"), kit.NewText(look.Heading, "Les Halles, north entrance"),
			kit.NewText(look.Hint, "Every 5th passer-by. About 8 minutes. Draw for a 50 € voucher."),
			kit.NewButton("Start shift", kit.Primary, nothing).Tall(look.ButtonLarge),
			kit.Grid(2, kit.NewButton("Briefing", kit.Quiet, nothing), kit.NewButton("Practice", kit.Quiet, nothing))),
		kit.NewCard(kit.Between(kit.NewText(look.Heading, "My interviews"), kit.NewBadge("12 waiting", kit.Calm)),
			kit.NewText(look.Hint, "Saved on this tablet. Last sent 14:02, all received."),
			kit.Between(kit.NewText(look.Body, "1 to finish"), kit.NewText(look.Hint, "north entrance, 13:40")),
			kit.Grid(2, kit.NewButton("Open list", kit.Quiet, nothing), kit.NewButton("Send now", kit.Quiet, nothing))),
		kit.NewCard(kit.NewText(look.Hint, "From your supervisor, 09:12"), kit.NewText(look.Body, "Rain at noon: move to the covered gallery if footfall drops under 20 in ten minutes.")),
	}})
}
