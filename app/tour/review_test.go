package tour

import (
	"encoding/json"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/screens/review"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// reviews decides about interviews by keys, as on a laptop, and calls respondents back.
func (l *laptop) reviews(wide bool) {
	ctx := l.t.Context()
	l.othersDecided()
	l.chip("review.show_open")
	l.picture("08-to-review")
	if !wide {
		l.robot.Rune('j') // opens the first
	}
	open := l.reviewed()[delivery.ReviewOpen]
	if wide {
		l.robot.Rune('j')
	}
	l.robot.Rune('a')
	must(l.t, l.robot.See(ctx, l.word("common.undo")))
	l.picture("08-accepted")
	if n := l.reviewed()[delivery.ReviewOpen]; n != open-1 {
		l.t.Fatalf("%d to review after one was accepted, there were %d", n, open)
	}
	l.robot.Rune('u')
	must(l.t, l.robot.See(ctx, l.word("review.undone")))
	if n := l.reviewed()[delivery.ReviewOpen]; n != open {
		l.t.Fatalf("%d to review after the acceptance was undone, there were %d", n, open)
	}
	l.robot.Rune('r')
	must(l.t, l.robot.See(ctx, l.word("review.why_title")))
	l.picture("08-reject")
	l.robot.Rune('2')
	must(l.t, l.robot.See(ctx, l.word("review.undo_review_reject")))
	l.robot.Rune('s')
	l.write("Is the age right? It says 84, and the guess was 25 to 34.")
	l.picture("08-send-back")
	l.tap(l.word("review.return"))
	must(l.t, l.robot.See(ctx, l.word("review.undo_review_return")))
	l.robot.Rune('c')
	l.write("Answers the open question at length. Well done.")
	l.picture("08-comment")
	l.tap(l.word("review.save"))
	must(l.t, l.robot.See(ctx, l.word("review.pending")))
	l.picture("08-commented")
	l.robot.Rune('?')
	must(l.t, l.robot.See(ctx, l.word("review.keys_title")))
	l.picture("08-keys")
	l.robot.Key(fyne.KeyEscape)
	if !wide {
		l.tap(l.word("common.back"))
	}
	if got := l.reviewed(); got[delivery.ReviewRejected] != 2 || got[delivery.ReviewReturned] != 1 || got[delivery.ReviewAccepted] != 4 {
		l.t.Errorf("%v", got)
	}
	l.chip("review.show_rejected")
	l.picture("08-rejected")
	l.robot.Rune('j')
	must(l.t, l.robot.See(ctx, l.word("review.why_made_up")))
	l.picture("08-history")
	if !wide {
		l.tap(l.word("common.back"))
	}
	l.callBack(wide)
	l.chip("review.show_accepted")
	l.robot.Rune('j')
	must(l.t, l.robot.See(ctx, "otto"))
	l.picture("08-decided-elsewhere")
	if !wide {
		l.tap(l.word("common.back"))
	}
}

// callBack records what came of a call.
func (l *laptop) callBack(wide bool) {
	ctx := l.t.Context()
	l.chip("review.show_to_call")
	must(l.t, l.robot.See(ctx, l.word("review.checks_title")))
	l.picture("08-to-call")
	l.robot.Rune('j')
	l.robot.Rune('b')
	must(l.t, l.robot.See(ctx, l.word("review.call_title")))
	l.picture("08-call")
	l.robot.Rune('1')
	must(l.t, l.robot.See(ctx, l.word("review.undo_back_check")))
	l.picture("08-called")
	if !wide {
		l.tap(l.word("common.back"))
	}
}

// write types where the cursor is.
func (l *laptop) write(text string) {
	for _, r := range text {
		l.robot.Rune(r)
	}
}

// chip taps the chip of a way in which interviews stand, whatever it counts.
func (l *laptop) chip(key string) {
	l.t.Helper()
	label := l.word(key)
	for _, name := range l.robot.Names() {
		if name == label || strings.HasPrefix(name, label+" (") {
			l.tap(name)
			return
		}
	}
	l.t.Fatalf("no chip %q among %q", label, l.robot.Names())
}

func (l *laptop) reviewed() map[delivery.ReviewState]int {
	counts, err := l.store.Reviewed(l.t.Context(), "mall-exit", "0417")
	must(l.t, err)
	return counts
}

// othersDecided has the decisions of another laptop arrive.
func (l *laptop) othersDecided() {
	ctx := l.t.Context()
	rows, err := l.store.Interviews(ctx, desk.Filter{Study: "mall-exit", Interviewer: "0417", Review: delivery.ReviewOpen, Skip: 20, Limit: 5})
	must(l.t, err)
	var items []delivery.Item
	for n, r := range rows {
		d := delivery.StoredDecision{Decision: delivery.Decision{
			ID: fmt.Sprintf("0197f3a4-1000-7f01-8f00-00000000f%03d", n), Study: "mall-exit", Kind: delivery.ReviewAccept, Subject: r.ID,
			Body: json.RawMessage(`{"revision":1}`), MadeAt: l.clock.now().UnixMilli() - int64(n+1)*600_000, MadeBy: "otto",
		}}
		d.ReceivedAt = d.MadeAt + 5000
		if n == 4 {
			d.Kind, d.Reason = delivery.ReviewReject, review.RejectReasons()[0]
		}
		body, err := json.Marshal(d)
		must(l.t, err)
		items = append(items, delivery.Item{Kind: delivery.ItemDecision, ID: d.ID, Body: body})
	}
	st, err := l.store.Study(ctx, "mall-exit")
	must(l.t, err)
	must(l.t, l.store.ApplyPull(ctx, append(items, l.calls(st)...), "2"))

}

// calls are some that another supervisor has made.
func (l *laptop) calls(st study.Study) (items []delivery.Item) {
	rows, err := l.store.Interviews(l.t.Context(), desk.Filter{Study: st.ID, DrawnBelow: st.DrawBelow(), Skip: 2, Limit: 7})
	must(l.t, err)
	for n, r := range rows {
		result := []delivery.BackCheckResult{delivery.Confirmed, delivery.Minor, delivery.NotReached, delivery.Confirmed, delivery.Major}[n%5]
		body, err := json.Marshal(delivery.StoredDecision{Decision: delivery.Decision{
			ID: fmt.Sprintf("0197f3a4-1000-7f01-8f00-00000000c%03d", n), Study: st.ID, Kind: delivery.BackCheck, Subject: r.ID,
			Body: json.RawMessage(fmt.Sprintf(`{"revision":1,"result":%q}`, result)), MadeAt: l.clock.now().UnixMilli() - int64(n+1)*900_000, MadeBy: "otto",
		}, ReceivedAt: l.clock.now().UnixMilli()})
		must(l.t, err)
		items = append(items, delivery.Item{Kind: delivery.ItemDecision, ID: fmt.Sprintf("0197f3a4-1000-7f01-8f00-00000000c%03d", n), Body: body})
	}
	return items
}
