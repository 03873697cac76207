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
	"github.com/google/uuid"

	"parvis/app/connection"
	"parvis/app/position"
	"parvis/app/screens/fieldapp"
	"parvis/app/screens/settings"
	"parvis/app/shell"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/fieldstore"
	"parvis/sync/agent"
)

const (
	appID   = "dev.parvis.field"
	version = "0.1.0"
)

// options are what the command line says; phones have none.
type options struct {
	Data, Central, Code, Size string
	// Join enrols before the window opens.
	Join bool
	// PIN opens the device, or becomes a new device's first.
	PIN string
	// Preview is a folder with a study to try instead of working.
	Preview string
	// Robot and Pictures are for builds with a robot: what it is to do and where its pictures go.
	Robot, Pictures string
}

func run(o options) error {
	if o.Preview != "" {
		return runPreview(o)
	}
	a := app.NewWithID(appID)
	a.SetIcon(fyne.NewStaticResource("parvis.png", assets.Icon))
	if o.Data == "" {
		o.Data = a.Storage().RootURI().Path()
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	store, err := fieldstore.Open(context.Background(), fieldstore.Params{Path: filepath.Join(o.Data, "parvis.db"), Logger: logger})
	if err != nil {
		return fmt.Errorf("open the data in %s: %w", o.Data, err)
	}
	texts, err := words.New(assets.Translations, words.System(os.Getenv, systemLocale))
	if err != nil {
		return errors.Join(err, store.Close())
	}
	w := a.NewWindow("Parvis")
	w.SetPadded(false)
	w.Resize(windowSize(o.Size))
	costs := settings.Metered(connection.System())
	field, err := fieldapp.New(fieldapp.Params{
		Window: w, Words: texts, Store: store, Now: time.Now, After: shell.AfterTimer, NewID: newID, Logger: logger, Version: version,
		Central: o.Central, Code: o.Code, Locate: position.System(), Metered: costs,
		NewAgent: func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error) {
			return agent.New(agent.Params{
				Store: store, Outbox: store, Carrying: store, Platform: runtime.GOOS + "/" + runtime.GOARCH, AppVersion: version,
				Now: time.Now, Logger: logger, Progress: progress, Finished: finished, HoldMedia: settings.HoldMedia(store, costs),
			})
		},
	})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	if o.PIN != "" {
		if err := field.Enter(context.Background(), o.PIN); err != nil {
			return errors.Join(fmt.Errorf("open the data in %s: %w", o.Data, err), store.Close())
		}
	}
	if o.Join {
		if err := field.Join(context.Background()); err != nil {
			return errors.Join(fmt.Errorf("enrol this device: %w", err), store.Close())
		}
	}
	field.Start()
	a.Lifecycle().SetOnStarted(func() { // phones allow work beside the screens from here on
		if !robotWorks(o, field, w) {
			field.Background()
		}
	})
	if fyne.CurrentDevice().IsMobile() {
		// on a desktop a window gains and loses the focus all the time, and the toolkit waits for ever for such an event while it quits
		a.Lifecycle().SetOnEnteredForeground(field.Resumed)
		a.Lifecycle().SetOnExitedForeground(field.Away)
	}
	w.ShowAndRun()
	field.Close()
	return store.Close()
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// windowSize reads WIDTHxHEIGHT; a phone's screen decides for itself.
func windowSize(s string) fyne.Size {
	width, height := float32(420), float32(860)
	if _, err := fmt.Sscanf(s, "%fx%f", &width, &height); err != nil {
		return fyne.NewSize(420, 860)
	}
	return fyne.NewSize(width, height)
}
