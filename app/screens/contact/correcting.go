package contact

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
)

// correcting draws the page that puts the count right.
type correcting struct {
	v       *View
	count   *Count
	leave   func()
	page    *kit.Page
	number  *kit.Field
	why     *kit.Text // what is missing of the reason
	words   *kit.Field
	refused bool // Save was tapped in vain: from then on the page says what is missing while one types
}

func (v *View) correcting(count *Count, leave func()) fyne.CanvasObject {
	w := v.p.Words
	c := &correcting{v: v, count: count, leave: leave, why: kit.NewTextIn(look.Caption, look.Bad, "")}
	c.number = kit.NewField(w.T("count.number"), kit.EntryParams{Kind: kit.Integer, Text: count.Number, OnChange: func(s string) { count.Number = s; c.changed() }})
	c.words = kit.NewField(w.T("count.words"), kit.EntryParams{Text: count.Words, OnChange: func(s string) { count.Words = s; c.changed() }})
	reasons := chips(interview.CorrectionReasons(), "count.reason_", w, count.Reason, func(reason string) { count.Reason = reason; c.changed() })
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: leave, Title: w.T("count.title"), Next: w.T("common.save"), OnNext: c.save})
	c.page = kit.NewPage(kit.PageParams{Top: top, Body: []fyne.CanvasObject{
		kit.NewText(look.Heading, w.T("count.so_far", "n", count.Counted)), c.number, kit.NewText(look.Heading, w.T("count.why")), reasons, c.why, c.words,
	}})
	return c.page
}

func (c *correcting) save() {
	to, fault, err := c.count.Save(context.Background())
	switch {
	case err != nil:
		c.v.p.OnError(err)
	case fault != (CountFault{}):
		c.refused = true
		c.show(fault)
	default:
		c.leave()
		c.v.p.OnNotice(c.v.p.Words.T("count.done", "from", c.count.Counted, "to", to))
	}
}

func (c *correcting) changed() {
	if c.refused {
		_, fault := c.count.Check()
		c.show(fault)
	}
}

func (c *correcting) show(f CountFault) {
	said := func(key string) string {
		if key == "" {
			return ""
		}
		return c.v.p.Words.T(key, "n", c.count.Counted)
	}
	c.number.SetMessage(said(f.Number))
	c.why.SetText(said(f.Reason))
	c.words.SetMessage(said(f.Words))
	c.page.Relayout()
}
