package question

import (
	"context"
	"testing"
)

const alone = `| | type | name | label | appearance |
| | text | before | Before? | |
| | select_one yn | own | Alone? | parvis-handover |
| | select_one yn | too | Alone too? | parvis-handover |
| | text | after | After? | |
`

func TestARespondentReachesNothingButTheirQuestions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, s := ask(t, alone, yesNo)
	next(t, p)
	if m := p.Model(); !m.Own || m.Given {
		t.Fatalf("the page is for the respondent: %v, who holds the device: %v", m.Own, m.Given)
	}
	p.HandOver()
	at := s.Position()
	must(t, p.Back(ctx))
	if s.Position() != at {
		t.Error("Back led out of the respondent's questions")
	}
	next(t, p)
	if m := p.Model(); m.Returning || m.Items[0].Name != "too" {
		t.Errorf("the second of the respondent's questions does not follow: %+v", m.Items)
	}
	next(t, p)
	if m := p.Model(); !m.Given || !m.Returning {
		t.Error("after the last of their questions the device is not asked back")
	}
	p.TakeBack()
	if m := p.Model(); m.Given || m.Returning || m.Items[0].Name != "after" {
		t.Errorf("taken back: %+v", m)
	}
}

func TestACardInTheRespondentsHandsStays(t *testing.T) {
	t.Parallel()
	p, s := ask(t, alone, yesNo)
	ref := s.Position().Ref
	p.ShowCard(ref)
	if m := p.Model(); m.Cover != Card || m.Covered.Ref != ref {
		t.Fatalf("no card: %+v", m)
	}
	p.HandOver()
	p.Uncover()
	if p.Model().Cover != Card {
		t.Error("the card was put away by one who has no PIN")
	}
	p.TakeBack()
	if p.Model().Cover != Nothing {
		t.Error("taken back, the card still covers the page")
	}
}
