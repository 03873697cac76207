package closing

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
)

// Recorder keeps what an interviewer perceived; every call has saved when it returns.
type Recorder interface {
	Observe(ctx context.Context, o interview.Observation) (string, error)
	UndoObservation(ctx context.Context, id string) error
	Observations() []interview.Observation
}

// Impressions is the interviewer's block at the end: what the whole interview was like. Every item may be left out.
type Impressions struct{ Recorder Recorder }

// Chosen is an item's rating, 1 to 5; 0 for none.
func (p Impressions) Chosen(item string) int {
	if o := p.standing(item); o.Rating != nil {
		return *o.Rating
	}
	return 0
}

// Rate gives an item a rating in place of the one it has; the same again takes it back.
func (p Impressions) Rate(ctx context.Context, item string, rating int) error {
	before := p.standing(item)
	if before.ID != "" {
		if err := p.Recorder.UndoObservation(ctx, before.ID); err != nil {
			return err
		}
		if before.Rating != nil && *before.Rating == rating {
			return nil
		}
	}
	_, err := p.Recorder.Observe(ctx, interview.Observation{Cue: item, Rating: &rating})
	return err
}

func (p Impressions) standing(item string) (found interview.Observation) {
	for _, o := range p.Recorder.Observations() {
		if o.Cue == item {
			found = o
		}
	}
	return found
}

// impressions draws the block.
func (p EndParams) impressions() fyne.CanvasObject {
	w := p.Words
	card := []fyne.CanvasObject{
		kit.NewText(look.Heading, w.T("closing.title")),
		kit.NewText(look.Hint, w.T("closing.for_you")+" "+w.T("observe.perceived_by_you")+"."),
	}
	for _, item := range interview.Impressions() {
		params := kit.ScaleParams{Low: "1 " + w.T("closing.never"), High: "5 " + w.T("closing.very_often"), OnChoose: func(value string) {
			rating, err := strconv.Atoi(value)
			if err == nil {
				err = p.Impressions.Rate(context.Background(), item, rating)
			}
			if err != nil {
				p.OnError(err)
			}
		}}
		if chosen := p.Impressions.Chosen(item); chosen > 0 {
			params.Chosen = strconv.Itoa(chosen)
		}
		for n := 1; n <= 5; n++ {
			params.Points = append(params.Points, kit.Point{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
		}
		card = append(card, kit.NewText(look.Label, w.T("closing."+item)), kit.NewScaleStrip(params))
	}
	return kit.NewCard(card...)
}
