// Package outline lists what an interview has asked so far, each question with its answer, and leads back to any of them. What is
// missing or not allowed is marked in words.
//
// It knows interview's outline and the kit, nothing of stores.
package outline

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
	"parvis/internal/xform"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
}

// Params is what the page needs.
type Params struct {
	Words  Words
	Pages  []interview.OutlinePage
	OnBack func()
	OnPage func(xform.Position)
}

// New makes the page.
func New(p Params) fyne.CanvasObject {
	w := p.Words
	wrong := 0
	var rows []fyne.CanvasObject
	section := ""
	body := []fyne.CanvasObject{}
	flush := func() {
		if len(rows) > 0 {
			body = append(body, kit.ColumnGap(0, rows...))
			rows = nil
		}
	}
	for _, page := range p.Pages {
		if len(page.Questions) == 0 {
			continue
		}
		if page.Section != section {
			flush()
			section = page.Section
			body = append(body, kit.NewText(look.Section, section))
		}
		if page.Standing == interview.Wrong {
			wrong++
		}
		rows = append(rows, kit.NewListRow(row(w, page, func() { p.OnPage(page.Position) })))
	}
	flush()
	state := kit.NewText(look.Hint, w.T("outline.all_there"))
	if wrong > 0 {
		state = kit.NewText(look.Hint, w.N("question.still_missing", wrong))
	}
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("outline.title")})
	return kit.NewPage(kit.PageParams{Top: top, Body: append([]fyne.CanvasObject{state}, body...)})
}

func row(w Words, page interview.OutlinePage, open func()) kit.RowParams {
	r := kit.RowParams{Title: fmt.Sprintf("%d. %s", page.Number, page.Questions[0].Label), Chosen: page.Present, OnTap: open}
	var answers []string
	for _, q := range page.Questions {
		if a := q.Said(); a != "" {
			answers = append(answers, a)
		}
	}
	if page.Sealed {
		answers = append(answers, w.T("question.sealed"))
	}
	r.Subtitle = strings.Join(answers, "; ")
	switch page.Standing {
	case interview.Wrong:
		r.Badge, r.Kind = w.T("outline.wrong"), kit.Warn
	case interview.Empty:
		r.Badge, r.Kind = w.T("outline.empty"), kit.Calm
	}
	return r
}
