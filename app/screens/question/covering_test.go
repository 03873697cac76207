package question

import (
	"context"
	"testing"

	"parvis/internal/xform"
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

func TestAListOverThePageIsTakenAwayAndGoesWithThePage(t *testing.T) {
	t.Parallel()
	p, s := ask(t, alone, yesNo)
	next(t, p)
	ref := s.Position().Ref
	p.ShowList(ref)
	if m := p.Model(); m.Cover != List || m.Covered.Ref != ref || m.Covered.Name != "own" {
		t.Errorf("%d over %q", m.Cover, m.Covered.Name)
	}
	p.Uncover()
	if m := p.Model(); m.Cover != Nothing || m.Covered.Ref != "" {
		t.Errorf("put away: %d over %q", m.Cover, m.Covered.Name)
	}
	p.ShowList(ref)
	next(t, p)
	must(t, p.Back(context.Background()))
	if m := p.Model(); m.Cover != Nothing {
		t.Error("the list came back with its page")
	}
	p.ShowCard("/data/elsewhere")
	if m := p.Model(); m.Cover != Nothing {
		t.Error("a card of a question that is not on the page covers it")
	}
}

func TestWhoHoldsTheDevice(t *testing.T) {
	t.Parallel()
	p, _ := ask(t, alone, yesNo)
	if p.Given() {
		t.Error("the respondent, before anything was handed over")
	}
	p.HandOver()
	if !p.Given() {
		t.Error("nobody, after it was handed over")
	}
	p.TakeBack()
	if p.Given() {
		t.Error("the respondent, after it was taken back")
	}
}

func TestWhatHasACard(t *testing.T) {
	t.Parallel()
	two := []xform.Choice{{Value: "y"}, {Value: "n"}}
	for name, c := range map[string]struct {
		q    xform.Question
		want bool
	}{
		"nothing":                     {xform.Question{Choices: two}, false},
		"a picture":                   {xform.Question{Image: "card.png"}, true},
		"choices in large print":      {xform.Question{Choices: two, Appearance: []string{"parvis-card"}}, true},
		"large print without choices": {xform.Question{Appearance: []string{"parvis-card"}}, false},
	} {
		if got := hasCard(c.q); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
