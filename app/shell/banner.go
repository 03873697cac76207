package shell

import (
	"time"

	"parvis/app/kit"
)

// How long banners stay.
const (
	UndoTime   = 5 * time.Second
	NoticeTime = 4 * time.Second
)

// Trouble is an error as a person reads it; all words come translated.
type Trouble struct {
	What     string // what happened
	Safe     string // what is safe
	Do       string // what to do
	Action   string // words of the button that does it; empty for none
	OnAction func()
}

// Undo says what was done and for five seconds offers to undo it. Like every
// banner it goes with its screen: call it after moving to another one.
func (s *Shell) Undo(text string, undo func()) {
	s.banner(UndoTime, kit.BannerParams{
		Kind: kit.UndoBar, Text: text,
		Action: s.p.Words.T("common.undo"),
		OnAction: func() {
			s.CloseBanner()
			undo()
		},
	})
}

// Notice says for four seconds that something happened.
func (s *Shell) Notice(text string) {
	s.banner(NoticeTime, kit.BannerParams{Kind: kit.Notice, Text: text})
}

// Trouble says what happened, what is safe and what to do; it stays until it
// is closed.
func (s *Shell) Trouble(t Trouble) {
	p := kit.BannerParams{
		Kind: kit.Problem, Text: t.What, Safe: t.Safe, Do: t.Do, Action: t.Action,
		Close: s.p.Words.T("common.close"), OnClose: s.CloseBanner,
	}
	if t.OnAction != nil {
		p.OnAction = func() {
			s.CloseBanner()
			t.OnAction()
		}
	}
	if s.p.Log != nil {
		s.p.Log.Info("trouble shown", "what", t.What)
	}
	s.banner(0, p)
}

// Banner is the banner in sight; nil if none.
func (s *Shell) Banner() *kit.Banner { return s.frame.banner }

// CloseBanner takes the banner away.
func (s *Shell) CloseBanner() {
	s.stop()
	s.stop = func() {}
	s.shown++
	s.frame.setBanner(nil)
}

func (s *Shell) banner(d time.Duration, p kit.BannerParams) {
	s.CloseBanner()
	s.frame.setBanner(kit.NewBanner(p))
	if d == 0 {
		return
	}
	mine := s.shown
	s.stop = s.p.After(d, func() {
		s.p.Do(func() {
			if s.shown == mine {
				s.CloseBanner()
			}
		})
	})
}
