package mainjob

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/uuid"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/app/screens/fieldapp"
	"parvis/app/screens/question"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/sync/agent"
)

// interviewer works with the real screens in a process of its own.
type interviewer struct {
	ctx        context.Context
	app        *fieldapp.App
	store      *fieldstore.Store
	robot      *robot.Robot
	words      *words.Words
	truth      truth
	interviews int // begun so far
}

// newWindow opens a window of a new app, as large as a screen.
func newWindow(width, height float32) fyne.Window {
	a := test.NewApp()
	a.Settings().SetTheme(look.New(look.Light, look.Normal))
	win := a.NewWindow("Parvis")
	win.SetPadded(false)
	win.Resize(fyne.NewSize(width, height))
	return win
}

func newInterviewer(dir, central, code string) (*interviewer, error) {
	i := &interviewer{ctx: context.Background(), truth: truth{filepath.Join(dir, "truth.jsonl")}}
	var err error
	if i.store, err = fieldstore.Open(i.ctx, fieldstore.Params{Path: filepath.Join(dir, "device", "parvis.db")}); err != nil {
		return nil, err
	}
	if i.words, err = words.New(assets.Translations, "en"); err != nil {
		return nil, err
	}
	win := newWindow(400, 860)
	one := robot.NewThread()
	i.robot = robot.New(robot.Params{Canvas: win.Canvas(), Do: one.Do, Patience: time.Minute})
	one.Do(func() {
		i.app, err = fieldapp.New(fieldapp.Params{
			Window: win, Words: i.words, Store: i.store, Now: time.Now, Version: "0.1.0", Central: central, Code: code,
			Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
			Do:     one.Soon,
			After:  func(time.Duration, func()) func() { return func() {} },
			NewID:  func() string { return uuid.Must(uuid.NewV7()).String() },
			NewAgent: func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error) {
				return agent.New(agent.Params{
					Store: i.store, Outbox: i.store, Carrying: i.store, Platform: runtime.GOOS + "/" + runtime.GOARCH, AppVersion: "0.1.0",
					Now: time.Now, Progress: progress, Finished: finished,
				})
			},
		})
		if err == nil {
			i.app.Start()
		}
	})
	return i, err
}

// tap taps what bears the interface's text of a key.
func (i *interviewer) tap(key string) error { return i.robot.Tap(i.ctx, i.words.T(key)) }

func (i *interviewer) see(text string) error { return i.robot.See(i.ctx, text) }

// do runs deeds until one fails.
func do(deeds ...func() error) error {
	for _, deed := range deeds {
		if err := deed(); err != nil {
			return err
		}
	}
	return nil
}

// refuse approaches somebody who gives no interview: one tap for the outcome, one for the estimate.
func (i *interviewer) refuse(key, disposition, sex, age string) error {
	return do(
		func() error { return i.tap(key) },
		func() error { return i.see(i.words.T("contact.recorded", "outcome", i.words.T(key))) },
		func() error { return i.guess(sex, age) },
		func() error { return i.truth.tell(told{Disposition: disposition, Guess: sex + " " + age}) },
	)
}

func (i *interviewer) guess(sex, age string) error {
	if sex == interview.CannotTell {
		return i.tap("contact.cannot_tell")
	}
	return i.robot.Tap(i.ctx, i.words.T("contact.guess_is", "sex", i.words.T("contact.sex_"+sex), "age", i.words.T("contact.age_"+age)))
}

// miss lets a selected person go by without a word, and says why.
func (i *interviewer) miss(why string) error {
	return do(
		func() error { return i.tap("common.more") },
		func() error { return i.tap("contact.not_approached") },
		func() error { return i.tap("contact.not_" + why) },
		func() error { return i.truth.tell(told{Disposition: "3.11", Why: why}) },
	)
}

// recount puts the count right by a typed number.
func (i *interviewer) recount(from, to int) error {
	return do(
		func() error { return i.tap("count.title") },
		func() error { return i.robot.Type(i.ctx, i.words.T("count.number"), fmt.Sprint(to)) },
		func() error { return i.tap("count.reason_missed") },
		func() error { return i.tap("common.save") },
		func() error { return i.see(i.words.T("count.done", "from", from, "to", to)) },
		func() error { return i.truth.tell(told{Passed: to - from}) },
	)
}

const noted = "A market on the square"

// note says what the weather is and what goes on.
func (i *interviewer) note() error {
	return do(
		func() error { return i.tap("weather.title") },
		func() error { return i.tap("weather.rain") },
		func() error { return i.robot.Type(i.ctx, i.words.T("weather.note"), noted) },
		func() error { return i.tap("common.done") },
	)
}

// count lets n persons pass.
func (i *interviewer) count(n int) error {
	for range n {
		if err := i.tap("contact.plus_one"); err != nil {
			return err
		}
	}
	return i.truth.tell(told{Passed: n})
}

// person is a respondent with fixed answers; the others are drawn with a seed.
func (i *interviewer) person(seed uint64, fixed, texts map[string]string) *robot.Respondent {
	return robot.NewRespondent(robot.RespondentParams{
		Robot: i.robot, Page: i.app, Rand: rand.New(rand.NewPCG(seed, 1)), Fixed: fixed, Texts: texts,
	})
}

// agree begins an interview.
func (i *interviewer) agree() error {
	i.interviews++
	return i.tap("contact.agreed")
}

// errStop ends a walk through the questionnaire where the caller wants it.
var errStop = errors.New("stop here")

// walk answers page after page until the end, or until before returns errStop.
func (i *interviewer) walk(r *robot.Respondent, before func(m question.Model) error) error {
	for range 100 {
		var m question.Model
		ok := false
		i.inFront(func() { m, ok = i.app.Question() })
		if !ok || m.Ended {
			return nil
		}
		if before != nil {
			if err := before(m); err != nil {
				return err
			}
		}
		if err := r.Answer(i.ctx); err != nil {
			return err
		}
		if err := i.truth.tell(told{Interview: i.interviews, Given: r.Given}); err != nil {
			return err
		}
		if err := i.robot.Tap(i.ctx, i.words.T("common.next")); err != nil {
			return err
		}
	}
	return errors.New("the questionnaire does not end")
}

func (i *interviewer) inFront(f func()) { i.robot.Do(f) }

// notice taps a cue of the strip.
func (i *interviewer) notice(cue string) error {
	if err := i.robot.Tap(i.ctx, cue); err != nil {
		return err
	}
	return i.truth.tell(told{Interview: i.interviews, Cues: []string{cue}})
}

// finish ends an interview after its last page.
func (i *interviewer) finish(disposition, language string) error {
	return do(
		func() error { return i.tap("question.end_finish") },
		func() error { return i.see(i.words.T("closing.saved")) },
		func() error { return i.tap("closing.next_contact") },
		func() error {
			return i.truth.tell(told{Interview: i.interviews, Disposition: disposition, Language: language})
		},
	)
}

// die ends this process as a dead battery would.
func die() error {
	if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
		return err
	}
	time.Sleep(time.Minute)
	return fmt.Errorf("still alive")
}
