package tour

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

// supervisor has a message and a card arrive, reads the one and shows the other.
func (w *walk) supervisor() {
	w.t.Helper()
	var items []delivery.Item
	add := func(kind delivery.ItemKind, id string, v any) {
		body, err := json.Marshal(v)
		must(w.t, err)
		items = append(items, delivery.Item{Kind: kind, ID: id, Body: body})
	}
	sent := w.d.clock.now()
	add(delivery.ItemMessage, "m1", delivery.Message{ID: "m1", Study: "mall-exit", From: "ines", At: sent.UnixMilli() - 3_600_000,
		Text: "Bonjour ! Les portes du côté sud sont fermées ce matin : tout le monde sort par le nord."})
	add(delivery.ItemMessage, "m2", delivery.Message{ID: "m2", Study: "mall-exit", From: "ines", At: sent.UnixMilli() - 60_000,
		Text: "Il nous manque des hommes de 18 à 34 ans. Restez jusqu’à midi, s’il vous plaît."})
	add(delivery.ItemCard, "0417", delivery.Card{Interviewer: "0417", Name: "Marguerite Vandenbroucke", Photo: w.portrait()})
	must(w.t, w.d.store.ApplyPull(w.ctx, items, "2"))
	w.d.app.Start()
	w.picture("02-today-unread")
	w.tap("today.read_messages")
	w.picture("02-messages")
	w.tap("inbox.read")
	w.tap("common.back")
	if n, err := w.d.store.Unread(w.ctx); err != nil || n != 1 {
		w.t.Fatalf("%d unread, %v", n, err)
	}
	w.tap("idcard.title")
	w.picture("02-card")
	w.tap("common.back")
}

// returned has a supervisor send an interview back; its message opens it. It begins and ends at the list of interviews.
func (w *walk) returned() {
	w.t.Helper()
	rows, err := w.d.store.Interviews(w.ctx, fieldstore.Filter{State: fieldstore.Waiting, Limit: 1})
	must(w.t, err)
	for n, id := range []string{"not on this device", rows[0].ID} {
		m := delivery.Message{ID: fmt.Sprint("back", n), Study: "mall-exit", From: "ines", At: w.d.clock.now().UnixMilli() + int64(n), Interview: id,
			Text: "L’âge est-il juste ? Il est écrit 84, et vous aviez estimé 25 à 34 ans."}
		body, err := json.Marshal(m)
		must(w.t, err)
		must(w.t, w.d.store.ApplyPull(w.ctx, []delivery.Item{{Kind: delivery.ItemMessage, ID: m.ID, Body: body}}, "2"))
		w.tap("common.back")
		w.tap("today.read_messages")
		w.picture("99-sent-back")
		w.tap("inbox.open") // that of the latest
		if n == 0 {
			must(w.t, w.d.robot.See(w.ctx, w.d.app.Shell().Words().T("inbox.gone")))
			continue
		}
		must(w.t, w.d.robot.See(w.ctx, w.d.app.Shell().Words().T("ended.title")))
	}
	w.picture("99-sent-back-open")
	w.tap("common.back")
	w.tap("common.back")
	w.tap("today.open_list")
}

// portrait is a picture of nobody.
func (w *walk) portrait() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 240, 320))
	for y := range 320 {
		for x := range 240 {
			c := color.RGBA{0xD9, 0xE4, 0xE2, 0xFF}
			if dx, dy := float64(x-120)/60, float64(y-120)/75; dx*dx+dy*dy < 1 {
				c = color.RGBA{0xC9, 0xA0, 0x83, 0xFF}
			}
			if dx, dy := float64(x-120)/110, float64(y-320)/110; dx*dx+dy*dy < 1 {
				c = color.RGBA{0x0E, 0x5A, 0x5A, 0xFF}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	must(w.t, jpeg.Encode(&out, m, nil))
	return out.Bytes()
}
