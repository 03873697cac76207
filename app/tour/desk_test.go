package tour

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/app/screens/deskapp"
	"parvis/app/screens/settings"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
	"parvis/sync/agent"
)

// laptop is a supervisor's laptop with a week of the sample study on it.
type laptop struct {
	t      testing.TB
	store  *desk.Store
	app    *deskapp.App
	robot  *robot.Robot
	ui     robot.Thread
	clock  *clock
	out    string
	saved  []saved
	net    http.RoundTripper      // the way to central
	class  look.Class             // of the window
	second atomic.Pointer[func()] // what runs in a second
	change func(*study.Study)     // what is other than in the sample study; nil for nothing
}

// saved is a file a person was asked where to put.
type saved struct {
	name string
	data []byte
}

// TestTourDesk walks through the supervisor's screens; without TOUR it walks at one size and takes no pictures.
func TestTourDesk(t *testing.T) {
	out := os.Getenv("TOUR")
	for _, size := range []fyne.Size{fyne.NewSize(1280, 800), fyne.NewSize(800, 1280), fyne.NewSize(360, 800), fyne.NewSize(1281, 800)} {
		for _, lang := range []string{"en", "fr", "nl"} {
			if out == "" && (lang != "fr" || size.Width != 1280) || size.Width == 1281 && lang != "fr" {
				continue
			}
			name := map[float32]string{360: "desk-phone", 800: "desk-tablet", 1280: "desk-laptop", 1281: "desk-largest"}[size.Width] + "-" + lang
			t.Run(name, func(t *testing.T) {
				l := newLaptop(t, lang, size)
				if size.Width == 1281 {
					must(t, settings.Choices{Language: lang, Size: look.Largest}.Save(t.Context(), l.store))
					l.again(lang, size)
				}
				if out != "" {
					l.out = filepath.Join(out, name)
				}
				l.walk(size.Width >= 1100)
			})
		}
	}
}

// TestTourWaves looks at a board whose targets hold in each wave: the present one, the one before, today.
func TestTourWaves(t *testing.T) {
	out := os.Getenv("TOUR")
	for _, at := range []struct {
		name, lang string
		size       fyne.Size
	}{{"desk-laptop-en", "en", fyne.NewSize(1280, 800)}, {"desk-phone-fr", "fr", fyne.NewSize(360, 800)}, {"desk-tablet-nl", "nl", fyne.NewSize(800, 1280)}} {
		if out == "" && at.lang != "en" {
			continue
		}
		t.Run(at.name, func(t *testing.T) {
			l := newLaptop(t, at.lang, at.size)
			if out != "" {
				l.out = filepath.Join(out, at.name)
			}
			l.change = inWaves(l.clock.now())
			l.waves(l.fill())
		})
	}
}

// inWaves lets each target hold in two waves, of which the second began two days ago.
func inWaves(now time.Time) func(*study.Study) {
	day := func(n int) string { return study.DayOf(now.AddDate(0, 0, n)) }
	return func(s *study.Study) {
		s.Waves = []study.Wave{
			{Name: "autumn", Label: study.Text{"en": "Autumn", "fr": "Automne", "nl": "Herfst"}, First: day(-20), Last: day(-3)},
			{Name: "sales", Label: study.Text{"en": "Sales", "fr": "Soldes", "nl": "Solden"}, First: day(-2), Last: day(4)},
		}
		for n := range s.Quotas {
			s.Quotas[n].Period = study.EachWave
		}
	}
}

func (l *laptop) waves(week week) {
	ctx := l.t.Context()
	must(l.t, l.store.SaveCredentials(ctx, delivery.Credentials{Central: "https://central.example.org", User: "ines", Role: "supervisor", Token: "none"}))
	l.ui.Do(l.app.Start)
	name := func(n int) string {
		var lang string
		l.ui.Do(func() { lang = l.app.Shell().Words().Lang() })
		return []map[string]string{{"en": "Autumn", "fr": "Automne", "nl": "Herfst"}, {"en": "Sales", "fr": "Soldes", "nl": "Solden"}}[n][lang]
	}
	must(l.t, l.robot.See(ctx, name(1)))
	if l.robot.Sees(l.word("board.done_of", "done", week.completes, "target", 600)) {
		l.t.Error("the board counts the wave before too")
	}
	l.picture("03-waves")
	l.tap(name(0))
	l.picture("03-waves-before")
	l.tap(l.word("steer.today"))
	l.picture("03-waves-today")
}

func newLaptop(t testing.TB, lang string, size fyne.Size) *laptop {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light, look.Normal))
	l := &laptop{t: t, clock: newClock(), ui: robot.NewThread(), net: offline{}}
	l.clock.pass(4*time.Hour + 28*time.Minute) // 14:32
	var err error
	l.store, err = desk.Open(t.Context(), desk.Params{Path: filepath.Join(t.TempDir(), "desk.db"), Now: l.clock.now})
	must(t, err)
	t.Cleanup(func() { must(t, l.store.Close()) })
	l.again(lang, size)
	return l
}

// again starts the app on the laptop.
func (l *laptop) again(lang string, size fyne.Size) {
	t := l.t
	t.Helper()
	app := fyne.CurrentApp()
	texts, err := words.New(assets.Translations, lang)
	must(t, err)
	win := app.NewWindow("Parvis")
	win.SetPadded(false)
	win.Resize(size)
	l.class = look.ClassOf(size.Width)
	l.app, err = deskapp.New(deskapp.Params{
		Window: win, Words: texts, Store: l.store, Now: l.clock.now, Version: "0.1.0", Central: "https://central.example.org", User: "ines",
		After: func(d time.Duration, f func()) func() {
			if d == time.Second { // a clock in sight; it runs when the test says
				l.second.Store(&f)
			}
			return func() {}
		},
		Do:        l.ui.Soon,
		Listen:    func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
		Addresses: func() []string { return []string{"192.168.43.1", "10.20.0.14"} },
		SaveFile: func(name string, data []byte, done func(bool, error)) {
			l.saved = append(l.saved, saved{name, data})
			done(true, nil)
		},
		NewAgent: func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error) {
			return agent.New(agent.Params{Store: l.store, Decisions: l.store, Quotas: l.store, Plans: l.store, Transport: l.net, Now: l.clock.now, Progress: progress, Finished: finished})
		},
	})
	must(t, err)
	t.Cleanup(l.app.Close)
	l.robot = robot.New(robot.Params{Canvas: win.Canvas(), Do: l.ui.Do, Patience: patience})
}

func (l *laptop) word(key string, args ...any) (text string) {
	l.ui.Do(func() { text = l.app.Shell().Words().T(key, args...) })
	return text
}

func (l *laptop) tap(name string) {
	l.t.Helper()
	must(l.t, l.robot.Tap(l.t.Context(), name))
}

func (l *laptop) picture(name string) {
	l.t.Helper()
	sound(l.t, l.robot, name)
	if l.out != "" {
		must(l.t, l.robot.Picture(filepath.Join(l.out, name+".png")))
	}
}

// to goes to a place of the navigation, which narrow windows keep behind a button.
func (l *laptop) to(wide bool, key string) {
	l.t.Helper()
	if !wide {
		l.tap(l.word("nav.menu"))
	}
	l.tap(l.word(key))
}

func (l *laptop) walk(wide bool) {
	ctx := l.t.Context()
	l.ui.Do(l.app.Start)
	must(l.t, l.robot.See(ctx, l.word("signin.password")))
	l.picture("01-sign-in")
	must(l.t, l.store.SaveCredentials(ctx, delivery.Credentials{Central: "https://central.example.org", User: "ines", Role: "supervisor", Token: "none"}))
	l.ui.Do(l.app.Start)
	must(l.t, l.robot.See(ctx, l.word("today.no_study")))
	l.picture("02-nothing-yet")

	week := l.fill()
	l.clock.pass(2 * time.Minute)
	l.ui.Do(l.app.Start)
	must(l.t, l.robot.See(ctx, l.word("board.done_of", "done", week.completes, "target", 600)))
	l.picture("03-quotas")
	l.steers(wide)
	l.drops(wide)
	l.plans(wide)
	if !wide {
		l.tap(l.word("nav.menu"))
		l.picture("04-menu")
		l.tap(l.word("nav.interviewers"))
	} else {
		l.tap(l.word("nav.interviewers"))
	}
	l.picture("05-interviewers")
	l.watch(wide)
	l.row("0417")
	must(l.t, l.robot.See(ctx, l.word("interviewers.by_outcome")))
	l.picture("06-interviewer")
	l.tap(l.word("interviewers.read"))
	must(l.t, l.robot.See(ctx, l.word("today.interviewer", "name", "0417")))
	l.picture("07-review-list")
	l.tap(week.latest(l))
	must(l.t, l.robot.See(ctx, l.word("review.timings")))
	l.picture("08-review")
	if !wide {
		l.tap(l.word("common.back"))
	}
	l.reviews(wide)
	l.letters(wide)
	l.carrying(wide)
	l.to(wide, "nav.settings")
	l.picture("09-settings")
	l.tap(l.word("common.back"))
	l.to(wide, "nav.quotas")
	l.tap(l.word("sync.now"))
	must(l.t, l.robot.See(ctx, l.word("board.offline")))
	l.picture("10-offline")
}

// carrying lets tablets connect, shows a code, and sees what two of them gave; one is shut out and let in again.
func (l *laptop) carrying(wide bool) {
	ctx := l.t.Context()
	l.to(wide, "nav.tablets")
	must(l.t, l.robot.See(ctx, l.word("carry.nobody")))
	l.picture("08-tablets-none")
	l.tap(l.word("carry.start"))
	must(l.t, l.robot.See(ctx, l.word("carry.show_code")))
	l.tap(l.word("carry.show_code"))
	must(l.t, l.robot.See(ctx, l.word("carry.new_code")))
	now := l.clock.now()
	for i, name := range []string{"0417", "0418"} {
		t := delivery.Tablet{ID: name, Name: name, Paired: now.Add(-3 * time.Hour).UnixMilli()}
		must(l.t, l.store.AddTablet(ctx, t, "hash "+name, ""))
		_, _, err := l.store.TabletOf(ctx, "hash "+name, now.Add(-time.Duration(5+i)*time.Minute).UnixMilli())
		must(l.t, err)
		for n := range 3 - i {
			_, err := l.store.KeepParcel(ctx, name, fmt.Sprint(name, n), make([]byte, 9000*(n+1)), now.Add(-time.Duration(90-20*n)*time.Minute).UnixMilli())
			must(l.t, err)
		}
	}
	number, _, _, err := l.store.NextParcel(ctx, 0, now.UnixMilli())
	must(l.t, err)
	must(l.t, l.store.ParcelForwarded(ctx, number, []byte("reply")))
	number, _, _, err = l.store.NextParcel(ctx, 3, now.UnixMilli())
	must(l.t, err)
	must(l.t, l.store.ParcelRefused(ctx, number, "not_found", now.Add(time.Minute).UnixMilli()))
	l.lends()
	l.to(wide, "nav.tablets")
	must(l.t, l.robot.See(ctx, l.word("carry.shut_out", "name", "0418")))
	l.picture("08-tablets")
	l.tap(l.word("carry.shut_out", "name", "0417"))
	must(l.t, l.robot.See(ctx, l.word("common.undo")))
	l.tap(l.word("common.undo"))
	if _, known, err := l.store.TabletOf(ctx, "hash 0417", now.UnixMilli()); err != nil || !known {
		l.t.Errorf("the tablet is still shut out: %v", err)
	}
	l.tap(l.word("carry.stop"))
	must(l.t, l.robot.See(ctx, l.word("carry.start")))
}

// lends has central grant the laptop rights, and lends some of them to the tablets.
func (l *laptop) lends() {
	ctx := l.t.Context()
	said, ok, err := l.store.TillSaid(ctx)
	if err != nil || !ok {
		l.t.Fatalf("the laptop asks for no rights: %v", err)
	}
	granted, wanted := map[string]delivery.Lease{}, map[string]int{}
	for _, q := range sample(l.t, "mall-exit").Study.Quotas {
		granted[q.Name], wanted[q.Name] = delivery.Lease{Granted: 3, Keep: 3}, 1
	}
	epoch := said.Epochs[0].Epoch
	_, err = l.store.TillHeard(ctx, said, delivery.TillHeard{Answers: []delivery.LeaseAnswer{{Study: "mall-exit", Epoch: epoch, Number: 1, Leases: granted}}})
	must(l.t, err)
	lent, err := l.store.LendRights(ctx, []delivery.RightsAsked{{Study: "mall-exit", Epoch: "e0417", Want: wanted}}, l.clock.now().UnixMilli())
	if err != nil || len(lent) != 1 {
		l.t.Fatalf("the laptop lends nothing: %+v, %v", lent, err)
	}
}

// letters looks at what was written to the field and writes; without a connection it stays written.
func (l *laptop) letters(wide bool) {
	ctx := l.t.Context()
	m := delivery.Message{ID: "m1", Study: "mall-exit", From: "ines", At: l.clock.now().Add(-3 * time.Hour).UnixMilli(), Text: "Les portes du côté sud sont fermées ce matin."}
	body, err := json.Marshal(m)
	must(l.t, err)
	mark, err := json.Marshal(interview.MessageRead{ID: "r1", Study: "mall-exit", Message: "m1", Interviewer: "0417"})
	must(l.t, err)
	stored, err := json.Marshal(delivery.StoredRecord{Record: delivery.Record{ID: "r1", Kind: delivery.KindRead, Revision: 1, Study: "mall-exit", SHA256: delivery.Sum(mark), Body: mark}})
	must(l.t, err)
	must(l.t, l.store.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemMessage, ID: "m1", Body: body}, {Kind: delivery.ItemRecord, ID: "r1", Body: stored}}, "3"))
	l.to(wide, "nav.messages")
	must(l.t, l.robot.See(ctx, l.word("letters.read_by", "names", "0417")))
	l.tap("0418")
	must(l.t, l.robot.Type(ctx, l.word("letters.text"), "Il nous manque des hommes de 18 à 34 ans."))
	l.picture("08-messages")
	l.tap(l.word("letters.send"))
	must(l.t, l.robot.See(ctx, l.word("letters.kept")))
	must(l.t, l.robot.See(ctx, "Il nous manque des hommes"))
	l.picture("08-messages-offline")
	l.tap(l.word("common.close"))
}

// week is what was pulled.
type week struct {
	completes int
	last      interview.Interview
	place     study.Text
}

// latest is the accessible name of the newest interview's row.
func (k week) latest(l *laptop) string {
	for _, name := range l.robot.Names() {
		if len(name) > 0 && bytes.HasPrefix([]byte(name), []byte(k.place.In(l.app.Shell().Words().Lang(), "")+", ")) {
			return name
		}
	}
	l.t.Fatalf("no interview in the list: %v", l.robot.Names())
	return ""
}

// fill applies a week of records as central would send them: contacts of four interviewers, interviews conducted by chance through
// the very questionnaire.
func (l *laptop) fill() week {
	t, ctx := l.t, context.Background()
	const seed = 21
	random := rand.New(rand.NewPCG(seed, seed))
	pkg := sample(t, "mall-exit")
	if l.change != nil {
		l.change(&pkg.Study)
	}
	l.deliver(pkg)
	answers := submission(t, pkg)
	k := week{}
	var items []delivery.Item
	seq := int64(0)
	add := func(kind delivery.Kind, id, who string, at time.Time, body any) {
		raw, err := json.Marshal(body)
		must(t, err)
		seq++
		stored, err := json.Marshal(delivery.StoredRecord{
			Record: delivery.Record{ID: id, Kind: kind, Revision: 1, Study: pkg.Study.ID, Epoch: "e" + who, Seq: seq, SHA256: delivery.Sum(raw), Body: raw},
			Device: "tablet-" + who, Interviewer: who, ReceivedAt: at.Add(time.Hour).UnixMilli(),
		})
		must(t, err)
		items = append(items, delivery.Item{Kind: delivery.ItemRecord, ID: id, Body: stored})
	}
	sites := pkg.Study.Sites
	cells, total := map[string][]study.Quota{}, study.Quota{}
	for _, q := range pkg.Study.Quotas {
		if cells[q.Site] = append(cells[q.Site], q); q.Name == "total" {
			total = q
		}
	}
	crew := newCrew(l.clock.now(), sites)
	for _, s := range crew.shifts() {
		add(delivery.KindShift, s.ID, s.Interviewer, s.Started.Time(), s)
	}
	varied := variants(t, pkg, random)
	for n := range 1400 {
		who, site, at := crew.contact(n)
		outcome := crew.outcome(n, random)
		id := fmt.Sprintf("c%05d", n)
		made, known := interview.FactsOf(outcome)
		c := interview.Contact{ID: id, Study: pkg.Study.ID, Site: site.Name, Interviewer: who, At: interview.MomentOf(at), Disposition: outcome, ContactMade: made, EligibilityKnown: known}
		add(delivery.KindContact, id, who, at, c)
		if outcome != interview.Complete && outcome != interview.ScreenedOut && outcome != interview.BrokeOff {
			continue
		}
		i := interview.Interview{
			ID: fmt.Sprintf("i%05d", n), Study: pkg.Study.ID, Form: pkg.Study.Form.ID, FormVersion: pkg.Study.Form.Version, Contact: id, Site: site.Name,
			Entrance: site.Entrances[0].Name, Interviewer: who, Language: "English (en)", Started: interview.MomentOf(at), Shift: crew.shift(who, at),
			Ended: interview.MomentOf(at.Add(9 * time.Minute)), DurationMS: int64(420+random.IntN(270)) * 1000, Disposition: outcome, Answers: varied[n%len(varied)],
			Sealed: "YWdl", Observations: answers.observations(at), Visits: answers.visits(at, random),
		}
		if outcome == interview.Complete {
			day := study.DayOf(at)
			i.Cells = []string{pkg.Study.AccountOn(cells[site.Name][random.IntN(len(cells[site.Name]))], day), pkg.Study.AccountOn(total, day)}
			k.completes++
		}
		if outcome == interview.BrokeOff {
			i.BreakOffAt = answers.refs[len(answers.refs)/2]
		}
		crew.cheat(&i, varied)
		if who == "0417" {
			k.last, k.place = i, site.Label
		}
		add(delivery.KindInterview, i.ID, who, at, i)
	}
	for n, who := range crew.people {
		state := delivery.DeviceState{Device: "tablet-" + who, Interviewer: who, Platform: "android/arm64", AppVersion: "0.1.0", LastSeen: l.clock.now().Add(-time.Duration(n*n/3) * time.Hour).UnixMilli()}
		if n == 2 {
			state.Missing = []delivery.Range{{First: 212, Last: 219}}
		}
		body, err := json.Marshal(state)
		must(t, err)
		items = append(items, delivery.Item{Kind: delivery.ItemDevice, ID: state.Device, Body: body})
	}
	must(t, l.store.ApplyPull(ctx, items, "2"))
	must(t, l.store.Digest(ctx))
	must(t, l.store.SaveSchedule(ctx, delivery.Schedule{LastSuccess: l.clock.now().UnixMilli()}))
	return k
}

// deliver keeps the study and its files.
func (l *laptop) deliver(pkg *importer.Package) {
	ctx := context.Background()
	body, err := json.Marshal(pkg.Study)
	must(l.t, err)
	must(l.t, l.store.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemStudy, ID: pkg.Study.ID, Body: body}}, "1"))
	files := map[string][]byte{pkg.Study.Form.SHA256: pkg.XForm}
	for _, m := range pkg.Study.Media {
		files[m.SHA256] = pkg.Media[m.Name]
	}
	for sum, file := range files {
		must(l.t, l.store.AppendBlob(ctx, sum, 0, file))
		must(l.t, l.store.FinishBlob(ctx, sum))
	}
}

// filled are answers as a device submits them.
type filled struct {
	xml  string
	refs []string
}

// submission answers the questionnaire page by page with the first thing each question accepts.
func submission(t testing.TB, pkg *importer.Package) filled {
	t.Helper()
	form, err := xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
	must(t, err)
	in, err := form.New(xform.World{Now: time.Now, Location: time.UTC, Rand: rand.New(rand.NewPCG(1, 1))})
	must(t, err)
	var f filled
	for pos, ok := in.First(), true; ok && pos.Kind != xform.KindEnd; pos, ok = in.Next(pos) {
		for _, q := range in.Page(pos).Questions {
			f.refs = append(f.refs, string(q.Ref))
			if q.ReadOnly || q.Control == xform.Note || study.RolesIn(q.Attrs).Has(study.RolePersonal) {
				continue
			}
			for _, try := range tries(q) {
				if in.Set(q.Ref, try) == nil && in.Check(q.Ref) == nil {
					break
				}
			}
		}
	}
	xml, err := in.Submission(nil)
	must(t, err)
	f.xml = string(xml)
	return f
}

// tries are answers worth trying.
func tries(q xform.Question) (all []string) {
	for _, c := range q.Choices {
		if c.Value == "yes" || c.Value == "35_54" {
			all = append([]string{c.Value}, all...)
			continue
		}
		all = append(all, c.Value)
	}
	return append(all, "8", "25", "They had the blue one in my size, and the queue was short.")
}

func (f filled) visits(at time.Time, random *rand.Rand) (visits []interview.Visit) {
	for n, ref := range f.refs {
		visits = append(visits, interview.Visit{Question: ref, At: interview.MomentOf(at.Add(time.Duration(n*12) * time.Second)), DwellMS: int64(3000 + random.IntN(15000)), FirstTapMS: 1200, Edits: n % 7 / 6})
	}
	return visits
}

func (f filled) observations(at time.Time) []interview.Observation {
	valence, energy := 1, 2
	return []interview.Observation{
		{ID: "o1", Question: f.refs[len(f.refs)/3], At: interview.MomentOf(at.Add(2 * time.Minute)), Cue: "hesitates"},
		{ID: "o2", Question: f.refs[len(f.refs)/2], At: interview.MomentOf(at.Add(4 * time.Minute)), Valence: &valence, Energy: &energy},
		{ID: "o3", Question: f.refs[len(f.refs)/2], At: interview.MomentOf(at.Add(5 * time.Minute)), Note: "Looked around for her daughter."},
	}
}
