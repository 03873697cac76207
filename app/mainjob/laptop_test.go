package mainjob

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"time"

	"parvis/app/robot"
	"parvis/app/screens/deskapp"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/fieldstore/desk"
	"parvis/sync/agent"
)

// supervisor works at the laptop, with the real screens in a process of its own.
type supervisor struct {
	ctx   context.Context
	app   *deskapp.App
	store *desk.Store
	robot *robot.Robot
	words *words.Words
	saved []byte // the file that was saved last
}

func newSupervisor(dir, central string) (*supervisor, error) {
	s := &supervisor{ctx: context.Background()}
	var err error
	if s.store, err = desk.Open(s.ctx, desk.Params{Path: filepath.Join(dir, "desk.db")}); err != nil {
		return nil, err
	}
	if s.words, err = words.New(assets.Translations, "en"); err != nil {
		return nil, err
	}
	win := newWindow(1280, 800)
	one := robot.NewThread()
	s.robot = robot.New(robot.Params{Canvas: win.Canvas(), Do: one.Do, Patience: time.Minute})
	one.Do(func() {
		s.app, err = deskapp.New(deskapp.Params{
			Window: win, Words: s.words, Store: s.store, Now: time.Now, Version: "0.1.0", Central: central,
			Logger:    slog.New(slog.NewTextHandler(os.Stderr, nil)),
			Do:        one.Soon,
			After:     func(time.Duration, func()) func() { return func() {} },
			Listen:    func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
			Addresses: func() []string { return []string{"127.0.0.1"} },
			SaveFile: func(_ string, data []byte, done func(bool, error)) {
				s.saved = data
				done(true, nil)
			},
			NewAgent: func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error) {
				return agent.New(agent.Params{
					Store: s.store, Carrier: s.store, Till: s.store, Decisions: s.store, Quotas: s.store, Plans: s.store, Platform: runtime.GOOS + "/" + runtime.GOARCH,
					AppVersion: "0.1.0", Now: time.Now, Progress: progress, Finished: finished,
				})
			},
		})
		if err == nil {
			s.app.Start()
		}
	})
	return s, err
}

// close ends the app.
func (s *supervisor) close() error {
	s.app.Close()
	return s.store.Close()
}

// laptop is a supervisor app's process that does one thing after the other as it is told.
func (s *supervisor) laptop() error {
	return obey(map[string]deed{"sign in": s.signIn, "sync": s.sync, "carry": s.carry, "lose": s.lose, "board": s.board})
}

func (s *supervisor) tap(key string) error { return s.robot.Tap(s.ctx, s.words.T(key)) }

func (s *supervisor) see(key string, args ...any) error {
	return s.robot.See(s.ctx, s.words.T(key, args...))
}

func (s *supervisor) signIn(with []string) (string, error) {
	return "", do(
		func() error { return s.robot.Type(s.ctx, s.words.T("signin.user"), with[0]) },
		func() error { return s.robot.Type(s.ctx, s.words.T("signin.password"), with[1]) },
		func() error { return s.tap("signin.button") },
		func() error { return s.see("signin.as", "user", with[0]) },
	)
}

// sync synchronises and waits until it is over; what went wrong is said.
func (s *supervisor) sync([]string) (string, error) {
	if err := do(func() error { return s.tap("nav.quotas") }, func() error { return s.tap("sync.now") }); err != nil {
		return "", err
	}
	return over(s.robot, s.words.T("common.stop"), s.words.T("common.close"))
}

// linkOf finds the code for a tablet, as a person reads it.
func linkOf() *regexp.Regexp { return regexp.MustCompile(`https://\S+#\S+`) }

// carry lets tablets connect and says the code for one more of them.
func (s *supervisor) carry([]string) (string, error) {
	if err := s.tap("nav.tablets"); err != nil {
		return "", err
	}
	if _, err := s.robot.TapAny(s.ctx, s.words.T("carry.start"), s.words.T("carry.new_code"), s.words.T("carry.show_code")); err != nil {
		return "", err
	}
	if s.robot.Can(s.words.T("carry.show_code")) {
		if err := s.tap("carry.show_code"); err != nil {
			return "", err
		}
	}
	if err := s.see("carry.new_code"); err != nil {
		return "", err
	}
	link := linkOf().FindString(s.robot.Text())
	if link == "" {
		return "", fmt.Errorf("no code in %s", s.robot.Text())
	}
	return link, nil
}

// lose marks an interviewer's device as lost.
func (s *supervisor) lose(with []string) (string, error) {
	return "", do(
		func() error { return s.tap("nav.devices") },
		func() error { return s.robot.Tap(s.ctx, with[0]) }, // its row
		func() error { return s.tap("devices.lose") },
		func() error { return s.see("devices.ending_final") },
		func() error { return s.robot.Type(s.ctx, s.words.T("devices.reason"), "Left in the tram.") },
		func() error { return s.tap("devices.lost_do") },
		func() error { return s.see("devices.ended_lost") },
		func() error { return s.tap("nav.quotas") },
	)
}

// board is the quota board, saved as CSV by its button.
func (s *supervisor) board([]string) (string, error) {
	s.saved = nil
	if err := do(func() error { return s.tap("nav.quotas") }, func() error { return s.tap("export.csv") }); err != nil {
		return "", err
	}
	saved := ""
	s.robot.Do(func() { saved = string(s.saved) })
	if saved == "" {
		return "", errors.New("nothing was saved")
	}
	return saved, nil
}
