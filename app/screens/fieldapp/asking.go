package fieldapp

import (
	"fyne.io/fyne/v2"

	"parvis/app/screens/question"
	"parvis/internal/study"
)

// keyGiven is the interview in which the respondent held the device when the app was last seen.
const keyGiven = "front.given"

// spoken are the interface's texts in the language the respondent is asked in.
func (c *conversation) spoken() question.Words {
	if w, ok := c.a.p.Words.In(study.LanguageCode(c.session.Language())); ok {
		return w
	}
	return nil
}

// moved shows the page that came up, and puts the cursor where one types.
func (c *conversation) moved() {
	c.a.shell.Rebuild()
	c.focus()
}

func (c *conversation) focus() {
	if c.view != nil {
		c.view.Focus(c.a.p.Window.Canvas())
	}
}

// key lets a keyboard answer.
func (c *conversation) key(name fyne.KeyName) bool { return c.view != nil && c.view.Key(name) }

// given remembers who holds the device, so that closing the app leads out of nothing; no banner stays that could be tapped.
func (c *conversation) given(given bool) {
	value := ""
	if given {
		value = c.session.ID()
		c.a.shell.CloseBanner()
	}
	c.a.keep(keyGiven, value)
}

// givenBefore gives the device back into the hands it was in when the app was closed.
func (c *conversation) givenBefore() {
	if given, err := c.a.p.Store.Setting(c.a.ctx, keyGiven); err == nil && given == c.session.ID() {
		c.asking.HandOver()
	}
}

// awake keeps the screen on, or lets it go dark again: a respondent who thinks must not find the device asleep.
func (a *App) awake(on bool) { a.p.KeepAwake(on) }
