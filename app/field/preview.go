package main

import (
	"log/slog"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"parvis/app/look"
	"parvis/app/screens/preview"
	"parvis/app/shell"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/study/folder"
)

// runPreview asks the questionnaire of a study laid out in a folder, and keeps nothing.
func runPreview(o options) error {
	contents, err := folder.Read(o.Preview)
	if err != nil {
		return err
	}
	a := app.NewWithID(appID + ".preview")
	a.SetIcon(fyne.NewStaticResource("parvis.png", assets.Icon))
	a.Settings().SetTheme(look.New(look.Light, look.Normal))
	texts, err := words.New(assets.Translations, words.System(os.Getenv, systemLocale))
	if err != nil {
		return err
	}
	w := a.NewWindow(contents.Study.Title.In(texts.Lang(), ""))
	w.SetPadded(false)
	w.Resize(windowSize(o.Size))
	p, err := preview.New(preview.Params{
		Window: w, Words: texts, Contents: contents, Now: time.Now, NewID: newID, After: shell.AfterTimer,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	a.Lifecycle().SetOnStarted(func() { robotWorks(o, p, w) })
	w.ShowAndRun()
	return nil
}
