package tour

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/app/screens/question"
	"parvis/app/screens/settings"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/fieldstore/desk"
)

// started is an enrolled device at the contact sheet, where single choices go on by themselves.
func started(b *testing.B) (*device, *walk) {
	b.Helper()
	ctx := context.Background()
	d := newDevice(b, "en", sizes[0], look.Light, look.Normal)
	must(b, settings.Choices{Language: "en", Quick: true, LockAfter: time.Minute}.Save(ctx, d.store))
	must(b, d.store.SetPIN(ctx, devicePIN))
	d.enrolled("mall-exit")
	d.restart()
	must(b, d.store.Unlock(ctx, devicePIN))
	d.ui.Do(d.app.Start)
	w := &walk{d: d, t: b, ctx: ctx}
	w.tap("today.start_shift")
	return d, w
}

// BenchmarkSampleInterview conducts interviews with the sample study of a shopping centre through the real screens and reports how
// many taps one takes, beside the fewest there could be, and how long a tap takes until all is saved and the next page stands. The
// fewest: a tap for each value chosen and each text begun, and one for each page that an answer cannot leave by itself.
func BenchmarkSampleInterview(b *testing.B) {
	d, w := started(b)
	var taps []time.Duration
	fewest, interviews := 0, 0
	for b.Loop() {
		w.tap("contact.agreed")
		before := len(d.robot.Taps())
		fewest += w.answerQuickly(uint64(interviews))
		taps = append(taps, d.robot.Taps()[before:]...)
		w.tap("question.end_finish")
		w.tap("closing.next_contact")
		interviews++
	}
	n := float64(interviews)
	slices.Sort(taps)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(float64(len(taps))/n, "taps")
	b.ReportMetric(float64(fewest)/n, "fewest-taps")
	b.ReportMetric(ms(taps[len(taps)/2]), "p50-ms/tap")
	b.ReportMetric(ms(taps[len(taps)*99/100]), "p99-ms/tap")
}

// answerQuickly answers to the end and returns the fewest taps that could have done it.
func (w *walk) answerQuickly(seed uint64) (fewest int) {
	r := robot.NewRespondent(robot.RespondentParams{
		Robot: w.d.robot, Page: w.d.app, Rand: rand.New(rand.NewPCG(seed, 7)), More: w.d.app.Shell().Words().T("common.more"),
		Fixed: map[string]string{"consent": "yes", "leaving": "yes", "age": "a35_54", "sex": "woman", "trade": "health", "draw": "no", "recontact": "no"},
		Texts: map[string]string{"postcode": "1000"},
	})
	for range 100 {
		page, _ := w.d.app.Question()
		if page.Ended {
			return fewest
		}
		must(w.t, r.Answer(w.ctx))
		answered, _ := w.d.app.Question()
		moved := answered.Ended || answered.Items[0].Ref != page.Items[0].Ref
		fewest += fewestFor(page, r.Given)
		if !moved {
			w.tap("common.next")
		}
	}
	w.t.Fatal("the interview does not end")
	return 0
}

// fewestFor is how many taps a page takes at least.
func fewestFor(page question.Model, given map[string]string) (taps int) {
	leaves := len(page.Items) == 1 && slices.Contains([]question.Kind{question.Single, question.Scale, question.Likert, question.Stars}, page.Items[0].Kind)
	for _, q := range page.Items {
		switch q.Kind {
		case question.Several, question.Order:
			taps += len(strings.Fields(given[q.Name]))
		case question.Reading:
		default:
			if given[q.Name] != "" {
				taps++
			}
		}
	}
	if !leaves {
		taps++
	}
	return taps
}

// BenchmarkStart opens the app on a device that holds 10,000 interviews: until the PIN is asked for, and from the PIN to the day's
// page. Checking the PIN takes its time on purpose and is left out.
func BenchmarkStart(b *testing.B) {
	ctx := context.Background()
	d := newDevice(b, "en", sizes[0], look.Light, look.Normal)
	must(b, d.store.SetPIN(ctx, devicePIN))
	d.enrolled("mall-exit")
	d.season(b, 10_000)
	var asked, open time.Duration
	n := 0
	for b.Loop() {
		began := time.Now()
		d.restart()
		asked += time.Since(began)
		must(b, d.store.Unlock(ctx, devicePIN))
		began = time.Now()
		d.ui.Do(d.app.Start)
		open += time.Since(began)
		n++
	}
	b.ReportMetric(float64(asked.Milliseconds())/float64(n), "ms-to-PIN")
	b.ReportMetric(float64(open.Milliseconds())/float64(n), "ms-to-today")
	if list, err := d.store.Interviews(ctx, fieldstore.Filter{Limit: 20_000}); err != nil || len(list) != 10_000 {
		b.Fatalf("%d interviews, %v", len(list), err)
	}
}

// BenchmarkDeskStart starts the supervisor's app on a laptop with a week of a study: the file opened, and the board built and laid out.
func BenchmarkDeskStart(b *testing.B) {
	l := newLaptop(b, "en", fyne.NewSize(1280, 800))
	must(b, l.store.SaveCredentials(b.Context(), delivery.Credentials{Central: "https://central.example.org", User: "ines", Role: "supervisor", Token: "none"}))
	week := l.fill()
	path := l.store.File.Path()
	for b.Loop() {
		b.StopTimer()
		must(b, l.store.Close())
		b.StartTimer()
		var err error
		l.store, err = desk.Open(b.Context(), desk.Params{Path: path, Now: l.clock.now})
		must(b, err)
		l.again("en", fyne.NewSize(1280, 800))
		l.ui.Do(l.app.Start)
	}
	must(b, l.robot.See(b.Context(), l.word("board.done_of", "done", week.completes, "target", 600)))
}

// season puts n delivered interviews into the file.
func (d *device) season(b *testing.B, n int) {
	b.Helper()
	ctx := context.Background()
	d.restart()
	must(b, d.store.Unlock(ctx, devicePIN))
	st, err := d.store.Study(ctx, "mall-exit")
	must(b, err)
	shift, err := d.store.StartShift(ctx, fieldstore.ShiftStart{Study: st.ID, Site: st.Sites[0].Name, Entrance: st.Sites[0].Entrances[0].Name})
	must(b, err)
	_, err = d.store.EndShift(ctx, shift.ID)
	must(b, err)
	c, err := d.store.Credentials(ctx)
	must(b, err)
	must(b, d.store.Write(ctx, "put interviews", func(ctx context.Context, tx *sql.Tx) error {
		const numbers = `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1) `
		for _, query := range []string{
			`INSERT INTO contact (id, study, shift, practice, disposition, class, void, at_utc, revision, sha256, body)
			SELECT 'c' || n, ?2, ?3, 0, '1.0', 'I', 0, n, 2, '', randomblob(300) FROM c`,
			`INSERT INTO interview (id, study, shift, contact, practice, site, entrance, language, disposition, void,
				started_utc, started_offset, ended_utc, ended_offset, duration_ms, state)
			SELECT 'i' || n, ?2, ?3, 'c' || n, 0, 'site', 'entrance', '', '1.0', 0, n, 0, n, 0, 1, 'sent' FROM c`,
			`INSERT INTO outbox (id, revision, kind, study, epoch, seq, sha256, body, state, made, answered)
			SELECT 'i' || n, 1, 'interview', ?2, ?4, n + 1000 + ?5, '', randomblob(2500), 'sent', n, n FROM c`,
		} {
			if _, err := tx.ExecContext(ctx, numbers+query, n, st.ID, shift.ID, c.Epoch, 0); err != nil {
				return err
			}
		}
		return nil
	}))
}
