// Package words gives every text of the interface in the language a person
// chose: English, French or Dutch, switchable while the program runs.
//
// It knows translation files, plural rules, and how a language writes numbers,
// days and times. It must not know screens, and it has nothing to do with the
// languages of questionnaires, which come with the study.
//
//	w, err := words.New(assets.Translations, "fr")
//	w.T("contact.approach_this_one")              // "Abordez cette personne"
//	w.T("question.step", "n", 11, "total", 32)    // "Question 11 sur 32 environ"
//	w.N("interviews.waiting", 12)                 // plural by the language's rules
//	w.Day(t), w.Clock(t), w.Number(1234)
//	stop := w.OnChange(redraw); w.Use("nl")
//
// Whole numbers among the arguments are written as the language does; the
// count of N is the argument "count". A key without text shows as the key in
// brackets, so that it is seen; the tests of this package refuse such keys.
package words

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Language is a language of the interface.
type Language struct {
	Code string // "fr"
	Name string // in itself: "Français"
}

// Languages lists the languages of the interface.
func Languages() []Language {
	return []Language{{"en", "English"}, {"fr", "Français"}, {"nl", "Nederlands"}}
}

// Words gives texts in the language in use. Any goroutine may read them; the
// language is switched and listened to in the interface's, like the widgets
// that show its texts.
type Words struct {
	bundle    *i18n.Bundle
	inUse     atomic.Pointer[tongue]
	listeners []*func()
}

// tongue is one language with its texts that take no arguments, kept once they were looked up.
type tongue struct {
	lang      string
	localizer *i18n.Localizer
	plain     sync.Map // key to text
}

// New reads the files translations/en.json, fr.json and nl.json of a file
// system and uses the language, or English where it is not one of them. Tags
// with a region ("fr-BE") count as their language.
func New(files fs.FS, lang string) (*Words, error) {
	w := &Words{bundle: i18n.NewBundle(language.English)}
	w.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, l := range Languages() {
		name := "translations/" + l.Code + ".json"
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading interface texts: %w", err)
		}
		if _, err := w.bundle.ParseMessageFileBytes(raw, name); err != nil {
			return nil, fmt.Errorf("reading interface texts in %s: %w", name, err)
		}
	}
	w.set(lang)
	return w, nil
}

// Match is the interface language for a tag such as "nl_BE.UTF-8"; English for
// any other.
func Match(tag string) string {
	if len(tag) >= 2 && (len(tag) == 2 || tag[2] == '-' || tag[2] == '_' || tag[2] == '.') {
		for _, l := range Languages() {
			if l.Code == tag[:2] {
				return l.Code
			}
		}
	}
	return "en"
}

// Lang is the code of the language in use.
func (w *Words) Lang() string { return w.inUse.Load().lang }

// System is the language a system is set to: what its environment says, else what the toolkit knows, as on phones.
func System(getenv func(string) string, toolkit func() string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			return Match(value)
		}
	}
	return Match(toolkit())
}

// Use switches the language and tells all listeners; nothing happens when it
// is in use already.
func (w *Words) Use(lang string) {
	if Match(lang) == w.Lang() {
		return
	}
	w.set(lang)
	for _, f := range slices.Clone(w.listeners) {
		(*f)()
	}
}

// In gives the same texts in another language of the interface, as a code, to speak to somebody else than its user; false where the
// interface does not speak it. It does not follow Use.
func (w *Words) In(code string) (*Words, bool) {
	if !slices.ContainsFunc(Languages(), func(l Language) bool { return l.Code == code }) {
		return w, false
	}
	other := &Words{bundle: w.bundle}
	other.set(code)
	return other, true
}

func (w *Words) set(lang string) {
	code := Match(lang)
	w.inUse.Store(&tongue{lang: code, localizer: i18n.NewLocalizer(w.bundle, code)})
}

// OnChange calls f after every switch of language until stop is called.
func (w *Words) OnChange(f func()) (stop func()) {
	w.listeners = append(w.listeners, &f)
	return func() {
		w.listeners = slices.DeleteFunc(w.listeners, func(g *func()) bool { return g == &f })
	}
}

// T is the text of a key. Arguments come in pairs of name and value.
func (w *Words) T(key string, args ...any) string {
	if len(args) > 0 {
		return w.localize(key, nil, w.data(args))
	}
	plain := &w.inUse.Load().plain
	if s, ok := plain.Load(key); ok {
		return s.(string)
	}
	s := w.localize(key, nil, nil)
	plain.Store(key, s)
	return s
}

// N is the text of a key in the plural form for a count, which is also the
// argument "count".
func (w *Words) N(key string, count int, args ...any) string {
	d := w.data(args)
	d["count"] = w.Number(count)
	return w.localize(key, count, d)
}

// Has tells whether a key has a text.
func (w *Words) Has(key string) bool {
	_, err := w.inUse.Load().localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: 2, TemplateData: map[string]any{}})
	return err == nil
}

func (w *Words) localize(key string, count any, data map[string]any) string {
	c := &i18n.LocalizeConfig{MessageID: key, PluralCount: count}
	if data != nil {
		c.TemplateData = data
	}
	s, err := w.inUse.Load().localizer.Localize(c)
	if err != nil && s == "" {
		return "[" + key + "]"
	}
	return s
}

func (w *Words) data(args []any) map[string]any {
	d := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			continue
		}
		switch v := args[i+1].(type) {
		case int:
			d[name] = w.Number(v)
		case int64:
			d[name] = w.Number(int(v))
		default:
			d[name] = v
		}
	}
	return d
}

// Number writes a whole number with its thousands apart: "1,234", "1 234",
// "1.234".
func (w *Words) Number(n int) string {
	digits := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	group := map[string]string{"en": ",", "fr": noBreak, "nl": "."}[w.Lang()]
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + group + digits[at:]
	}
	return sign + digits
}

const noBreak = "\u00a0"

// Percent writes a share of 1 as whole percent: "37 %".
func (w *Words) Percent(share float64) string {
	return fmt.Sprintf("%.0f%s%%", share*100, noBreak)
}

// Decimal writes a number with so many digits behind the sign its language has: "8.2", "8,2".
func (w *Words) Decimal(v float64, digits int) string {
	said := strconv.FormatFloat(v, 'f', digits, 64)
	if w.Lang() != "en" {
		said = strings.Replace(said, ".", ",", 1)
	}
	return said
}

// Clock writes the time of day: "14:02".
func (w *Words) Clock(t time.Time) string { return t.Format("15:04") }

// Day writes weekday, day and month: "Saturday 21 November".
func (w *Words) Day(t time.Time) string {
	return w.T("date.day", "weekday", w.weekday(t), "day", t.Format("2"), "month", w.month(t))
}

// DayAndClock writes a moment of any day: "21 November, 14:02".
func (w *Words) DayAndClock(t time.Time) string {
	return w.T("date.day_clock", "day", t.Format("2"), "month", w.month(t), "clock", w.Clock(t))
}

// Moment writes a moment as briefly as can be: the time of day when it is of
// the day of now, else day and time.
func (w *Words) Moment(t, now time.Time) string {
	ty, tm, td := t.Date()
	ny, nm, nd := now.Date()
	if ty == ny && tm == nm && td == nd {
		return w.Clock(t)
	}
	return w.DayAndClock(t)
}

func (w *Words) weekday(t time.Time) string {
	return w.T("date.weekday_" + fmt.Sprint(int(t.Weekday())))
}

func (w *Words) month(t time.Time) string { return w.T("date.month_" + fmt.Sprint(int(t.Month()))) }

// Ordinal writes the rank of a number from 1: "5th", "5e".
func (w *Words) Ordinal(n int) string {
	switch {
	case w.Lang() == "fr" && n == 1:
		return "1er"
	case w.Lang() != "en":
		return w.Number(n) + "e"
	case n%100 >= 11 && n%100 <= 13:
		return w.Number(n) + "th"
	case n%10 == 1:
		return w.Number(n) + "st"
	case n%10 == 2:
		return w.Number(n) + "nd"
	case n%10 == 3:
		return w.Number(n) + "rd"
	}
	return w.Number(n) + "th"
}
