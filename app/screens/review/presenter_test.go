package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

const xml = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>M</h:title><model>
<instance><data id="mall" version="1"><q/></data></instance><bind nodeset="/data/q" type="string"/></model></h:head>
<h:body><input ref="/data/q"><label>%s</label></input></h:body></h:html>`

// laptop is a store in a real file.
type laptop struct {
	*desk.Store
	t *testing.T
}

func newLaptop(t *testing.T) *laptop {
	t.Helper()
	store, err := desk.Open(t.Context(), desk.Params{Path: filepath.Join(t.TempDir(), "desk.db")})
	l := &laptop{store, t}
	l.must(err)
	t.Cleanup(func() { l.must(store.Close()) })
	return l
}

func (l *laptop) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *laptop) pull(items ...delivery.Item) {
	l.t.Helper()
	l.must(l.ApplyPull(l.t.Context(), items, "c"))
}

func (l *laptop) item(kind delivery.ItemKind, id string, v any) delivery.Item {
	l.t.Helper()
	body, err := json.Marshal(v)
	l.must(err)
	return delivery.Item{Kind: kind, ID: id, Body: body}
}

// study pulls a version of the study whose question asks in these words; fetched tells that its questionnaire comes along.
func (l *laptop) study(words string, fetched bool) study.Study {
	l.t.Helper()
	form := fmt.Appendf(nil, xml, words)
	st := study.Study{ID: "mall", Form: study.FormRef{ID: "mall", Version: "1", SHA256: delivery.Sum(form), Size: int64(len(form))}}
	l.pull(l.item(delivery.ItemStudy, "mall", st))
	if fetched {
		l.fetch(form)
	}
	return st
}

func (l *laptop) fetch(file []byte) {
	l.t.Helper()
	l.must(l.AppendBlob(l.t.Context(), delivery.Sum(file), 0, file))
	l.must(l.FinishBlob(l.t.Context(), delivery.Sum(file)))
}

// interviews pulls some interviews, from the first minute of the day on, one a minute.
func (l *laptop) interviews(who string, d interview.Disposition, from, n int) {
	l.t.Helper()
	var items []delivery.Item
	for i := range n {
		id := fmt.Sprintf("%s-%04d", who, from+i)
		body, err := json.Marshal(interview.Interview{
			ID: id, Interviewer: who, Disposition: d, FormVersion: "1", Answers: "<data><q>so</q></data>",
			Started: interview.MomentOf(time.Date(2026, 11, 22, 0, from+i, 0, 0, time.UTC)),
		})
		l.must(err)
		items = append(items, l.item(delivery.ItemRecord, id, delivery.StoredRecord{
			Record: delivery.Record{ID: id, Kind: delivery.KindInterview, Revision: 1, Study: "mall", Epoch: "e", Seq: int64(from + i + 1), SHA256: delivery.Sum(body), Body: body},
			Device: "d", Interviewer: who,
		}))
	}
	l.pull(items...)
}

func TestTheListGrowsByWhatIsAskedForAndNarrows(t *testing.T) {
	t.Parallel()
	ctx, l := t.Context(), newLaptop(t)
	st := l.study("Why?", true)
	p, err := New(ctx, l, st)
	l.must(err)
	shows := func(what string, n int, more bool) {
		t.Helper()
		rows, others := p.Rows()
		if len(rows) != n || others != more {
			t.Errorf("%s: %d rows, others: %v, want %d, %v", what, len(rows), others, n, more)
		}
		if !slices.IsSortedFunc(rows, func(a, b desk.Row) int { return int(b.Started.UTC - a.Started.UTC) }) {
			t.Errorf("%s: the latest does not come first", what)
		}
	}
	shows("nothing received", 0, false)
	l.interviews("anna", interview.Complete, 0, page)
	l.must(p.Reload(ctx, st))
	shows("exactly a page", page, false)
	l.interviews("bert", interview.Partial, page, page)
	l.interviews("bert", interview.Complete, 2*page, 1)
	l.must(p.Reload(ctx, st))
	shows("two pages and one", page, true)
	l.must(p.More(ctx))
	shows("more", 2*page, true)
	l.must(p.Reload(ctx, st))
	shows("read anew, as long as it was", 2*page, true)
	l.must(p.More(ctx))
	shows("all", 2*page+1, false)
	for _, c := range []struct {
		who  string
		d    interview.Disposition
		n    int
		more bool
	}{{"bert", "", page, true}, {"bert", interview.Complete, 1, false}, {"", interview.Complete, page, true}, {"nobody", "", 0, false}, {"", "", page, true}} {
		l.must(p.Narrow(ctx, c.who, c.d))
		shows(fmt.Sprintf("%q with %q", c.who, c.d), c.n, c.more)
		rows, _ := p.Rows()
		for _, r := range rows {
			if c.who != "" && r.Interviewer != c.who || c.d != "" && r.Disposition != c.d {
				t.Errorf("%q with %q shows %+v", c.who, c.d, r)
			}
		}
		if p.Interviewer != c.who || p.Outcome != c.d {
			t.Errorf("narrowed to %q with %q", p.Interviewer, p.Outcome)
		}
	}
}

func TestAnInterviewIsReadInTheWordsOfItsStudyAsItIsNow(t *testing.T) {
	t.Parallel()
	ctx, l := t.Context(), newLaptop(t)
	st := l.study("Why?", false)
	l.interviews("anna", interview.Complete, 0, 1)
	p, err := New(ctx, l, st)
	l.must(err)
	if p.Chosen() != "" || p.Study().ID != "mall" {
		t.Errorf("%q of %q is chosen", p.Chosen(), p.Study().ID)
	}
	p.Choose("anna-0000")
	label := func(what, want string, unnamed bool) {
		t.Helper()
		for range 2 { // the second time from what was kept of the questionnaire
			r, err := p.Reading(ctx, "en")
			l.must(err)
			if len(r.Answers) != 1 || r.Answers[0].Label != want || r.Answers[0].Text != "so" || r.Unnamed != unnamed {
				t.Errorf("%s: %+v", what, r.Answers)
			}
		}
	}
	label("not fetched yet", "q", true)
	l.fetch(fmt.Appendf(nil, xml, "Why?"))
	label("fetched", "Why?", false)
	l.must(p.Reload(ctx, l.study("What for?", true)))
	label("a newer version", "What for?", false)
	if p.Chosen() != "anna-0000" {
		t.Error("a newer version of the study closed the interview that is read")
	}
	p.Choose("gone")
	if _, err := p.Reading(ctx, "en"); err == nil {
		t.Error("an interview that is not there was read")
	}
}

func TestAQuestionnaireThatIsNoneIsReported(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	form := []byte("no form")
	st := study.Study{ID: "mall", Form: study.FormRef{ID: "mall", SHA256: delivery.Sum(form), Size: int64(len(form))}}
	l.pull(l.item(delivery.ItemStudy, "mall", st))
	l.fetch(form)
	l.interviews("anna", interview.Complete, 0, 1)
	p, err := New(t.Context(), l, st)
	l.must(err)
	p.Choose("anna-0000")
	if r, err := p.Reading(t.Context(), "en"); err == nil {
		t.Errorf("%+v", r)
	}
}

// failing fails where it is told to.
type failing struct {
	Store
	list, form error
}

func (f *failing) Interviews(ctx context.Context, filter desk.Filter) ([]desk.Row, error) {
	if f.list != nil {
		return nil, f.list
	}
	return f.Store.Interviews(ctx, filter)
}

func (f *failing) Form(context.Context, string) ([]byte, error) { return nil, f.form }

func TestAListThatCannotBeReadStaysAsItWas(t *testing.T) {
	t.Parallel()
	ctx, l := t.Context(), newLaptop(t)
	st, disk := l.study("Why?", true), errors.New("disk")
	l.interviews("anna", interview.Complete, 0, page+1)
	f := &failing{Store: l, form: disk}
	p, err := New(ctx, f, st)
	l.must(err)
	f.list = disk
	for name, err := range map[string]error{"reload": p.Reload(ctx, st), "more": p.More(ctx), "narrow": p.Narrow(ctx, "anna", "")} {
		if !errors.Is(err, disk) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if rows, more := p.Rows(); len(rows) != page || !more {
		t.Errorf("%d rows, others: %v", len(rows), more)
	}
	p.Choose("anna-0000")
	if _, err := p.Reading(ctx, "en"); !errors.Is(err, disk) {
		t.Errorf("a questionnaire that cannot be read: %v", err)
	}
	if _, err := New(ctx, f, st); !errors.Is(err, disk) {
		t.Error(err)
	}
}
