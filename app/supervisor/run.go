package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/lang"

	"parvis/app/screens/deskapp"
	"parvis/app/shell"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/fieldstore/desk"
	"parvis/sync/agent"
)

const (
	appID   = "dev.parvis.supervisor"
	version = "0.1.0"
)

// options are what the command line says. There is no password among them: command lines are seen and kept.
type options struct{ Data, Central, User string }

func run(o options) error {
	a := app.NewWithID(appID)
	a.SetIcon(fyne.NewStaticResource("parvis.png", assets.Icon))
	if o.Data == "" {
		o.Data = a.Storage().RootURI().Path()
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	store, err := desk.Open(context.Background(), desk.Params{Path: filepath.Join(o.Data, "desk.db"), Logger: logger})
	if err != nil {
		return fmt.Errorf("open the data in %s: %w", o.Data, err)
	}
	texts, err := words.New(assets.Translations, words.System(os.Getenv, func() string { return lang.SystemLocale().LanguageString() }))
	if err != nil {
		return errors.Join(err, store.Close())
	}
	w := a.NewWindow("Parvis")
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1280, 800))
	supervisor, err := deskapp.New(deskapp.Params{
		Window: w, Words: texts, Store: store, Now: time.Now, After: shell.AfterTimer, Logger: logger, Version: version,
		Central: o.Central, User: o.User,
		NewAgent: func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error) {
			return agent.New(agent.Params{
				Store: store, Carrier: store, Till: store, Decisions: store, Quotas: store, Plans: store, Platform: runtime.GOOS + "/" + runtime.GOARCH,
				AppVersion: version,
				Now:        time.Now, Logger: logger, Progress: progress, Finished: finished,
			})
		},
	})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	supervisor.Start()
	a.Lifecycle().SetOnStarted(supervisor.Background)
	if fyne.CurrentDevice().IsMobile() {
		// on a desktop a window gains and loses the focus all the time, and the toolkit waits for ever for such an event while it quits
		a.Lifecycle().SetOnEnteredForeground(supervisor.Resumed)
	}
	w.ShowAndRun()
	supervisor.Close()
	return store.Close()
}
