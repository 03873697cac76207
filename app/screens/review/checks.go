package review

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

// NewChecks is what stands beside the list of those to call back while none has been chosen: how far the calls have got, by interviewer.
func NewChecks(p ViewParams) fyne.CanvasObject {
	return kit.NewPage(kit.PageParams{Body: p.checks()})
}

func (p ViewParams) checks() []fyne.CanvasObject {
	w, st := p.Words, p.Presenter.Study()
	body := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("review.checks_title")), kit.NewText(look.Hint, w.T("review.checks_note", "share", st.BackCheckPercent()))}
	var rows []fyne.CanvasObject
	for _, b := range p.Checks {
		rows = append(rows, kit.NewListRow(p.check(b)))
	}
	return append(body, kit.ColumnGap(0, rows...), kit.NewText(look.Hint, p.sealed()))
}

// check is one interviewer's line: what was drawn and what came of it, and the share reached of all complete interviews.
func (p ViewParams) check(b desk.BackChecks) kit.RowParams {
	w := p.Words
	row := kit.RowParams{
		Title:    w.T("today.interviewer", "name", b.Interviewer),
		Subtitle: w.T("review.checks_line", "drawn", b.Drawn, "all", b.Completes, "reached", b.Reached(), "missed", b.Results[delivery.NotReached]),
		Trailing: w.T("review.share", "share", share(b.Reached(), b.Completes)),
	}
	if bad := b.Results[delivery.Major]; bad > 0 {
		row.Badge, row.Kind = w.N("review.checks_major", bad), kit.Alarm
	}
	return row
}

// share is n of all in percent, rounded.
func share(n, all int) int {
	if all == 0 {
		return 0
	}
	return (200*n + all) / (2 * all)
}
