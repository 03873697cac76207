// Package syncing runs the agent beside an app's screens: on its own schedule, and at once when a person asks, who then sees how far
// it is and can stop it.
//
// It knows the agent, the shell and the kit; it must not know what is exchanged, nor any store.
package syncing

import (
	"context"
	"log/slog"
	"sync"

	"parvis/app/kit"
	"parvis/app/shell"
	"parvis/sync/agent"
)

// Params is what a Syncing needs.
type Params struct {
	Shell *shell.Shell
	Agent *agent.Agent
	// Sync exchanges everything with central once.
	Sync func(ctx context.Context) (agent.Report, error)
	// Say is what a person reads of the progress.
	Say func(agent.Progress) string
	// Ended is told how a synchronisation that a person asked for came out, in the interface's goroutine.
	Ended  func(agent.Report, error)
	Logger *slog.Logger
}

// Syncing is the exchange of one app. Its methods belong to the interface's goroutine, Progressed excepted.
type Syncing struct {
	p       Params
	bar     *kit.Progress // while a synchronisation runs that a person asked for
	running sync.WaitGroup
	ctx     context.Context
	close   context.CancelFunc
}

// New makes it; nothing runs yet.
func New(p Params) *Syncing {
	s := &Syncing{p: p}
	s.ctx, s.close = context.WithCancel(context.Background())
	return s
}

// Background synchronises on the persisted schedule until Close.
func (s *Syncing) Background() {
	s.running.Go(func() {
		if err := s.p.Agent.Run(s.ctx); err != nil {
			s.p.Logger.Error("synchronisation ended", "error", err)
		}
	})
}

// Close stops what runs and waits for it.
func (s *Syncing) Close() {
	s.close()
	s.running.Wait()
}

// Bar shows how far it is; nil while nobody waits for a synchronisation.
func (s *Syncing) Bar() *kit.Progress { return s.bar }

// Now synchronises because a person asked for it; a second wish while it runs is the same wish.
func (s *Syncing) Now() {
	if s.bar != nil {
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	words := s.p.Shell.Words()
	s.bar = kit.NewProgress(words.T("sync.connecting"), words.T("common.stop"), func() {
		stop()
		s.p.Agent.Stop() // it may be one that began by itself, which this one waits for
	})
	s.p.Shell.Rebuild()
	s.running.Add(1)
	s.p.Shell.Go(func() func() {
		defer s.running.Done()
		report, err := s.p.Sync(ctx)
		stop()
		return func() {
			s.bar = nil
			s.p.Shell.Rebuild()
			s.p.Ended(report, err)
		}
	})
}

// Progressed is the agent's word on how far it is; it may come from any goroutine.
func (s *Syncing) Progressed(p agent.Progress) {
	s.p.Shell.Do(func() {
		if s.bar == nil {
			return
		}
		fraction := 0.0
		if p.Total > 0 {
			fraction = float64(p.Done) / float64(p.Total)
		}
		s.bar.Set(fraction, s.p.Say(p))
	})
}
