package tour

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/internal/delivery"
	"parvis/internal/study"
)

// atQuotas walks at each size with the sample study, two places for young men and none for anybody else.
func atQuotas(t *testing.T, name string, change func(*study.Study), do func(w *walk, young string)) {
	out := os.Getenv("TOUR")
	for _, at := range []struct {
		shape, lang string
		size        fyne.Size
		text        look.TextSize
	}{{"phone-en", "en", sizes[0], look.Normal}, {"tablet-nl", "nl", sizes[1], look.Normal}, {"largest-fr", "fr", sizes[0], look.Largest}} {
		if out == "" && at.lang != "en" {
			continue
		}
		t.Run(name+"-"+at.shape, func(t *testing.T) {
			d := newDevice(t, at.lang, at.size, look.Light, at.text)
			w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, name+"-"+at.shape), taking: out != ""}
			must(t, d.store.SetPIN(w.ctx, devicePIN))
			pkg := sample(t, "mall-exit")
			change(&pkg.Study)
			d.given(pkg)
			young := w.leased(pkg.Study)
			d.ui.Do(d.app.Start)
			w.tap("today.start_shift")
			do(w, young)
		})
	}
}

// TestTourQuotas: the contact sheet says whom to look for, who falls in a full cell is thanked and let go, who is interviewed to the
// end uses a place, and the last place of the whole study is the last.
func TestTourQuotas(t *testing.T) {
	atQuotas(t, "quotas", func(*study.Study) {}, func(w *walk, young string) {
		w.picture("01-look-for")
		w.meets("a35_54", "woman")
		w.sees("question.quota_full", "02-quota-full")
		w.tap("question.end_finish")
		w.picture("03-quota-full-saved")
		w.tap("closing.next_contact")
		w.meets("a18_34", "man")
		if w.d.robot.Sees(w.d.app.Shell().Words().T("question.quota_full")) {
			w.t.Fatal("a place was free")
		}
		w.free(young, 1)
		w.tap("question.end_finish")
		w.tap("closing.next_contact")
		w.picture("04-one-left")
		w.free(young, 1)
		w.meets("a18_34", "man")
		w.tap("question.end_finish")
		w.tap("closing.next_contact")
		w.sees("contact.total_hard", "05-total-full")
		w.free(young, 0)
	})
}

// TestTourProvisional: a study lets its interviewers go on without a place, and the interview says that it is provisional.
func TestTourProvisional(t *testing.T) {
	atQuotas(t, "provisional", func(s *study.Study) { s.ProvisionalInterviews = true }, func(w *walk, young string) {
		w.meets("a35_54", "woman")
		w.sees("question.provisional_note", "01-go-on-or-not")
		w.tap("question.go_on_provisionally")
		w.picture("02-goes-on")
		w.answers("a35_54", "woman")
		w.tap("question.end_finish")
		w.sees("interviews.provisional", "03-provisional")
		w.tap("closing.next_contact")
		w.free(young, 2)
	})
}

// leased has central say what the device may do, and returns the constraint in which it may do anything.
func (w *walk) leased(st study.Study) (young string) {
	c, err := w.d.store.Credentials(w.ctx)
	must(w.t, err)
	a := delivery.LeaseAnswer{Study: st.ID, Epoch: c.Epoch, Number: 1, Leases: map[string]delivery.Lease{}}
	for n, q := range st.Quotas {
		l := delivery.Lease{Cap: q.Target, Used: q.Target / 2, Leased: (5*n + 3) % 11}
		source := q.Condition.Source
		if q.AppliesAt(st.Sites[0]) && (source == "" || strings.Contains(source, "'a18_34'") && strings.Contains(source, "'man'")) {
			l.Granted, l.Keep, l.Leased = 2, 2, 8
			if source != "" {
				young = q.Name
			}
		}
		a.Leases[q.Name] = l
	}
	if young == "" {
		w.t.Fatalf("no cell of young men: %+v", st.Quotas)
	}
	_, err = w.d.store.Leased(w.ctx, []delivery.LeaseAnswer{a})
	must(w.t, err)
	return young
}

// free wants so many places left in a constraint, after those reserved.
func (w *walk) free(name string, n int) {
	w.t.Helper()
	all, err := w.d.store.Quotas(w.ctx, "mall-exit")
	must(w.t, err)
	if all[name].Free != n {
		w.t.Errorf("%d places are free in %s, want %d", all[name].Free, name, n)
	}
}

// meets asks somebody to the end of the questionnaire, or to where a quota ends it.
func (w *walk) meets(age, sex string) {
	w.t.Helper()
	w.tap("contact.agreed")
	w.answers(age, sex)
}

// answers answers to the end, from wherever the interview is.
func (w *walk) answers(age, sex string) {
	w.t.Helper()
	person := robot.NewRespondent(robot.RespondentParams{
		Robot: w.d.robot, Page: w.d.app, Rand: rand.New(rand.NewPCG(5, 7)), More: w.d.app.Shell().Words().T("common.more"),
		Fixed: map[string]string{"consent": "yes", "leaving": "yes", "age": age, "sex": sex, "trade": "health", "draw": "no", "recontact": "no"},
		Texts: map[string]string{"postcode": "1000"},
	})
	for range 100 {
		page, _ := w.d.app.Question()
		if page.Ended {
			return
		}
		must(w.t, person.Answer(w.ctx))
		if now, _ := w.d.app.Question(); !now.Ended && now.Items[0].Ref == page.Items[0].Ref {
			w.tap("common.next")
		}
	}
	w.t.Fatal("the interview does not end")
}
