package review

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// supervised is a laptop of ines with interviews of anna, the latest first anna-0002.
func supervised(t *testing.T, n int) (*laptop, *Presenter) {
	t.Helper()
	l := newLaptop(t)
	l.must(l.SaveCredentials(t.Context(), delivery.Credentials{Central: "https://c", User: "ines", Token: "t"}))
	st := l.study("Why?", true)
	l.interviews("anna", interview.Complete, 0, n)
	p, err := New(t.Context(), l, st)
	l.must(err)
	l.must(p.ShowOnly(t.Context(), ShowOpen))
	return l, p
}

func ids(p *Presenter) (list []string) {
	rows, _ := p.Rows()
	for _, r := range rows {
		list = append(list, r.ID)
	}
	return list
}

// decided decides about the interview that is read.
func decided(t *testing.T, p *Presenter, d Draft) {
	t.Helper()
	p.Begin(d.Kind)
	p.Draft = d
	if done, err := p.Decide(t.Context()); err != nil || !done {
		t.Fatalf("%v %v", done, err)
	}
}

func TestTheNextInterviewComesByItself(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l, p := supervised(t, 4)
	l.must(p.Step(ctx, 1))
	if p.Chosen() != "anna-0003" {
		t.Fatal(p.Chosen())
	}
	decided(t, p, Draft{Kind: delivery.ReviewAccept})
	if p.Chosen() != "anna-0002" || !slices.Equal(ids(p), []string{"anna-0002", "anna-0001", "anna-0000"}) {
		t.Errorf("%s of %v", p.Chosen(), ids(p))
	}
	l.must(p.Step(ctx, 1))
	decided(t, p, Draft{Kind: delivery.ReviewReject, Text: "made_up"})
	if p.Chosen() != "anna-0000" {
		t.Error(p.Chosen())
	}
	decided(t, p, Draft{Kind: delivery.ReviewReturn, Text: "Please look"})
	if p.Chosen() != "anna-0002" { // nothing below: what is above
		t.Error(p.Chosen())
	}
	decided(t, p, Draft{Kind: delivery.ReviewComment, Text: "hm"})
	if p.Chosen() != "anna-0002" {
		t.Error("a comment closed its interview")
	}
	decided(t, p, Draft{Kind: delivery.ReviewAccept})
	if p.Chosen() != "" || len(ids(p)) != 0 {
		t.Errorf("%s of %v", p.Chosen(), ids(p))
	}
	g, err := p.Progress(ctx)
	if err != nil || g.Reviewed != 3 || g.All != 4 || g.Of[delivery.ReviewReturned] != 1 {
		t.Errorf("%+v %v", g, err)
	}
	for show, want := range map[Show][]string{
		ShowAccepted: {"anna-0003", "anna-0002"}, ShowRejected: {"anna-0001"}, ShowReturned: {"anna-0000"}, ShowOpen: nil,
		ShowAll: {"anna-0003", "anna-0002", "anna-0001", "anna-0000"},
	} {
		l.must(p.ShowOnly(ctx, show))
		if got := ids(p); !slices.Equal(got, want) {
			t.Errorf("%q lists %v", show, got)
		}
	}
}

// Behind the last row that is listed there may be others.
func TestTheNextInterviewIsFetchedWhereTheListEnds(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l, p := supervised(t, page+2)
	list := ids(p)
	p.Choose(list[len(list)-1])
	decided(t, p, Draft{Kind: delivery.ReviewAccept})
	if p.Chosen() != "anna-0001" {
		t.Error(p.Chosen())
	}
	l.must(p.Step(ctx, 9))
	if p.Chosen() != "anna-0000" {
		t.Error(p.Chosen())
	}
	l.must(p.Step(ctx, -1000))
	if p.Chosen() != fmt.Sprintf("anna-%04d", page+1) {
		t.Error(p.Chosen())
	}
}

func TestUndoTakesBackAndReturns(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l, p := supervised(t, 2)
	if done, err := p.Undo(ctx); done || err != nil {
		t.Errorf("nothing was decided: %v %v", done, err)
	}
	l.must(p.Step(ctx, 1))
	decided(t, p, Draft{Kind: delivery.ReviewReject, Text: "twice"})
	if p.Last().Kind != delivery.ReviewReject || p.Last().Reason != "twice" {
		t.Errorf("%+v", p.Last())
	}
	if done, err := p.Undo(ctx); !done || err != nil || p.Chosen() != "anna-0001" || len(ids(p)) != 2 {
		t.Errorf("%v %v, %s of %v", done, err, p.Chosen(), ids(p))
	}
	decided(t, p, Draft{Kind: delivery.ReviewAccept})
	if _, _, err := l.TakeDecisions(ctx, 0, 9); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Undo(ctx); !errors.Is(err, desk.ErrSent) {
		t.Errorf("%v", err)
	}
}

func TestADraftBelongsToItsInterview(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l, p := supervised(t, 2)
	p.Begin(delivery.ReviewReject)
	if p.Draft.Kind != "" {
		t.Error("nothing is read, and it is rejected")
	}
	l.must(p.Step(ctx, 1))
	for _, c := range []struct {
		d     Draft
		ready bool
	}{
		{Draft{}, false}, {Draft{Kind: delivery.ReviewAccept}, true}, {Draft{Kind: delivery.ReviewReject}, false}, {Draft{Kind: delivery.ReviewReject, Text: " "}, false},
		{Draft{Kind: delivery.ReviewReject, Text: "why"}, true}, {Draft{Kind: delivery.ReviewReturn}, false}, {Draft{Kind: delivery.ReviewComment, Text: "x"}, true},
		{Draft{Kind: delivery.BackCheck, Text: "x"}, false}, {Draft{Kind: delivery.BackCheck, Result: delivery.Minor}, true},
	} {
		if c.d.Ready() != c.ready {
			t.Errorf("%+v: %v", c.d, !c.ready)
		}
	}
	p.Begin(delivery.ReviewReturn)
	p.Draft.Text = "half a"
	if done, err := p.Decide(ctx); err != nil || !done {
		t.Errorf("%v %v", done, err)
	}
	p.Begin(delivery.ReviewComment)
	if done, _ := p.Decide(ctx); done {
		t.Error("an empty comment was kept")
	}
	p.Draft.Text = "of this one"
	l.must(p.Step(ctx, 1))
	p.Choose("anna-0000")
	if p.Draft.Text != "of this one" { // it is the same interview
		t.Errorf("%+v of %s", p.Draft, p.Chosen())
	}
	p.Choose("anna-0001")
	if p.Draft != (Draft{}) {
		t.Errorf("%+v went on to another interview", p.Draft)
	}
}

func TestEveryDecisionHasAKey(t *testing.T) {
	t.Parallel()
	_, p := supervised(t, 2)
	var did []string
	do := Actions{
		Step:   func(by int) { did = append(did, fmt.Sprint("step ", by)) },
		Begin:  func(kind delivery.DecisionKind) { did = append(did, string(kind)); p.Begin(kind) },
		Pick:   func(n int) { did = append(did, fmt.Sprint("pick ", n)) },
		Decide: func() { did = append(did, "decide") }, Leave: func() { did = append(did, "leave"); p.Leave() },
		Undo: func() { did = append(did, "undo") }, Keys: func() { did = append(did, "keys"); p.Keys = !p.Keys },
	}
	letter := func(r rune, want string, takes bool) {
		t.Helper()
		did = nil
		if got := p.Rune(r, do); got != takes || takes && !slices.Equal(did, []string{want}) || !takes && len(did) > 0 {
			t.Errorf("%q: %v %v", r, got, did)
		}
		p.Leave()
	}
	letter('a', "", false) // nothing is read
	letter('j', "step 1", true)
	p.Choose("anna-0000")
	for r, kind := range kinds() {
		letter(r, string(kind), true)
	}
	letter('k', "step -1", true)
	letter('u', "undo", true)
	letter('?', "keys", true)
	letter('x', "", false)
	letter('1', "", false)
	key := func(name fyne.KeyName, want string, takes bool) {
		t.Helper()
		did = nil
		if got := p.Key(name, do); got != takes || takes && !slices.Equal(did, []string{want}) {
			t.Errorf("%s: %v %v", name, got, did)
		}
	}
	key(fyne.KeyEscape, "keys", true) // closes the list of keys
	key(fyne.KeyEscape, "", false)
	key(fyne.KeyDown, "step 1", true)
	key(fyne.KeyUp, "step -1", true)
	key(fyne.KeyReturn, "", false)
	p.Begin(delivery.ReviewReject)
	key(fyne.KeyDown, "", false)
	key(fyne.KeyReturn, "", false)
	did = nil
	if !p.Rune('2', do) || p.Rune('a', do) || !slices.Equal(did, []string{"pick 1"}) {
		t.Errorf("%v", did)
	}
	if !p.Pick(1) || p.Draft.Text != RejectReasons()[1] || p.Pick(8) {
		t.Errorf("%+v", p.Draft)
	}
	key(fyne.KeyReturn, "decide", true)
	key(fyne.KeyEscape, "leave", true)
	p.Begin(delivery.BackCheck)
	if !p.Pick(3) || p.Draft.Result != delivery.NotReached || p.Pick(4) {
		t.Errorf("%+v", p.Draft)
	}
	for kind := range map[delivery.DecisionKind]bool{delivery.ReviewAccept: true, delivery.ReviewReject: true, delivery.ReviewReturn: true, delivery.ReviewComment: true, delivery.BackCheck: true} {
		found := false
		for _, k := range kinds() {
			found = found || k == kind
		}
		if !found {
			t.Errorf("%s has no key", kind)
		}
	}
}

func TestThoseDrawnAreCalledBack(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l, p := supervised(t, 40)
	none, half := 0, 50
	st := p.Study()
	st.BackCheckShare = &none
	l.must(p.Reload(ctx, st))
	l.must(p.ShowOnly(ctx, ShowToCall))
	if len(ids(p)) != 0 {
		t.Errorf("nobody is drawn, and %v are listed", ids(p))
	}
	st.BackCheckShare = &half
	l.must(p.Reload(ctx, st))
	var want []string
	for n := 39; n >= 0; n-- {
		if id := fmt.Sprintf("anna-%04d", n); study.Draw("mall", "anna", id) < st.DrawBelow() {
			want = append(want, id)
		}
	}
	if got := ids(p); !slices.Equal(got, want) || len(want) < 8 {
		t.Fatalf("%v, want %v", got, want)
	}
	l.must(p.Step(ctx, 1))
	r, err := p.Reading(ctx, "en")
	if err != nil || !r.ToCall {
		t.Errorf("%v %v", r.ToCall, err)
	}
	decided(t, p, Draft{Kind: delivery.BackCheck, Result: delivery.NotReached})
	if p.Chosen() != want[1] || len(ids(p)) != len(want) {
		t.Errorf("%s of %d: who was not reached is to be called again", p.Chosen(), len(ids(p)))
	}
	decided(t, p, Draft{Kind: delivery.BackCheck, Result: delivery.Confirmed, Text: "pleased"})
	if p.Chosen() != want[2] || len(ids(p)) != len(want)-1 {
		t.Errorf("%s of %d", p.Chosen(), len(ids(p)))
	}
	checks, err := p.BackChecks(ctx)
	if err != nil || len(checks) != 1 || checks[0].Drawn != len(want) || checks[0].Reached() != 1 || checks[0].Completes != 40 {
		t.Errorf("%+v %v", checks, err)
	}
	p.Interviewer = "bert"
	if checks, err = p.BackChecks(ctx); err != nil || len(checks) != 0 {
		t.Errorf("%+v %v", checks, err)
	}
}

func TestWhatWasDecidedStandsWithItsInterview(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l, p := supervised(t, 1)
	l.must(p.Step(ctx, 1))
	decided(t, p, Draft{Kind: delivery.ReviewComment, Text: "hm"})
	decided(t, p, Draft{Kind: delivery.ReviewReturn, Text: "Please look at the age"})
	p.Choose("anna-0000")
	r, err := p.Reading(ctx, "en")
	if err != nil || len(r.Decided) != 2 || r.decidedOf() != 1 {
		t.Fatalf("%+v %v", r.Decided, err)
	}
	v := viewed(t, "en", p.Study())
	v.Now = time.Now()
	for i, want := range [][2]string{{"Comment", "hm"}, {"Sent back", "“Please look at the age”"}} {
		if got := [2]string{v.what(r.Decided[i]), v.said(r.Decided[i])}; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for reason, want := range map[string]string{"made_up": "Looks made up", "her own words": "her own words"} {
		if got := v.said(desk.Decided{Decision: delivery.Decision{Kind: delivery.ReviewReject, Reason: reason}}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := v.what(desk.Decided{Decision: delivery.Decision{Kind: "of_a_later_version"}}); got != "of_a_later_version" {
		t.Error(got)
	}
}

func TestSharesAreRounded(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]int{{0, 0, 0}, {1, 3, 33}, {2, 3, 67}, {1, 8, 13}, {5, 5, 100}} {
		if got := share(c[0], c[1]); got != c[2] {
			t.Errorf("%v: %d", c, got)
		}
	}
}
