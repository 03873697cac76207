package tour

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"parvis/app/robot"
)

// interview answers every page and takes a picture of each; on two of them it also notes how the answer sounded.
func (w *walk) interview() {
	w.t.Helper()
	d := w.d
	respondent := robot.NewRespondent(robot.RespondentParams{
		Robot: d.robot, Page: d.app, Rand: rand.New(rand.NewPCG(7, 7)),
		Fixed: map[string]string{"consent": "yes", "leaving": "yes", "age": "a35_54", "sex": "woman", "trade": "health", "bought": "meant_to", "nps": "6", "draw": "yes", "recontact": "yes"},
		Texts: map[string]string{
			"why_not": "Il y avait trop de monde aux caisses, et franchement personne pour répondre.", "postcode": "1000",
			"contact_name": "Anaïs Dupont", "contact_phone": "+32 470 12 34 56", "top_of_mind": "Kestrel",
		},
	})
	for page := 10; ; page++ {
		asked, _ := d.app.Question()
		if asked.Ended {
			break
		}
		name := fmt.Sprintf("%02d-%s", page, asked.Items[0].Name)
		must(w.t, respondent.Answer(w.ctx))
		if asked.Items[0].Name == "why_not" {
			w.observe(page)
		}
		w.picture(name)
		if asked.Items[0].Name == "nps" {
			w.lookBack(page)
		}
		w.tap("common.next")
		if page > 80 {
			w.t.Fatal("the interview does not end")
		}
	}
	must(w.t, w.d.robot.Tap(w.ctx, "4"))
	w.picture("89-end")
	w.tap("question.end_finish")
}

func (w *walk) observe(page int) {
	if w.d.win.Canvas().Size().Width < 600 {
		w.tap("observe.open")
	}
	words := w.d.app.Shell().Words()
	w.tap("observe.cell", "valence", words.T("observe.valence_m1"), "energy", "+1")
	w.picture(fmt.Sprintf("%02d-observation", page))
	if w.d.win.Canvas().Size().Width < 600 {
		w.tap("common.close")
	}
	w.tap("verbatim.read_back")
	w.picture(fmt.Sprintf("%02d-read-back", page))
	if w.d.win.Canvas().Size().Width < 600 {
		w.tap("common.close")
	} else {
		w.d.ui.Do(w.d.app.Shell().Rebuild)
	}
}

// lookBack lists the answers so far, goes back to one, and returns by the list.
func (w *walk) lookBack(page int) {
	before, _ := w.d.app.Question()
	w.tap("outline.title")
	w.picture(fmt.Sprintf("%02d-answers-so-far", page))
	for _, text := range []string{"3. ", fmt.Sprintf("%d. ", before.At)} {
		name := ""
		for _, n := range w.d.robot.Names() {
			if strings.HasPrefix(n, text) {
				name = n
			}
		}
		must(w.t, w.d.robot.Tap(w.ctx, name))
		if text == "3. " {
			if m, _ := w.d.app.Question(); m.At != 3 {
				w.t.Fatalf("the third question was tapped, question %d came", m.At)
			}
			w.tap("outline.title")
		}
	}
	if after, _ := w.d.app.Question(); after.At != before.At {
		w.t.Fatalf("left question %d, came back to %d", before.At, after.At)
	}
}
