// Package interviews lists the interviews of this device: to finish, waiting, sent, set aside; and the log of synchronisations.
package interviews

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/health"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// Store is what the list reads.
type Store interface {
	Interviews(ctx context.Context, f fieldstore.Filter) ([]fieldstore.InterviewRow, error)
	SyncLog(ctx context.Context, limit int) ([]delivery.SyncEntry, error)
	Outlook(ctx context.Context) (fieldstore.Outlook, error)
	Study(ctx context.Context, id string) (study.Study, error)
}

// limit bounds each section; older interviews that were received are at central.
const limit = 50

// Section is the interviews in one state.
type Section struct {
	State fieldstore.State
	Rows  []fieldstore.InterviewRow
}

// Model is everything the page shows.
type Model struct {
	Sections []Section // those with rows only
	Log      []delivery.SyncEntry
	Outlook  fieldstore.Outlook
	Places   map[string]study.Study // studies by their identifier, for the names of sites
}

// Read reads the lists.
func Read(ctx context.Context, s Store) (Model, error) {
	m := Model{Places: map[string]study.Study{}}
	for _, state := range []fieldstore.State{fieldstore.ToFinish, fieldstore.Quarantined, fieldstore.Waiting, fieldstore.Sent, fieldstore.Practised} {
		rows, err := s.Interviews(ctx, fieldstore.Filter{State: state, Limit: limit})
		if err != nil {
			return m, err
		}
		for _, r := range rows {
			if _, known := m.Places[r.Study]; known {
				continue
			}
			if m.Places[r.Study], err = s.Study(ctx, r.Study); err != nil {
				return m, err
			}
		}
		if len(rows) > 0 {
			m.Sections = append(m.Sections, Section{state, rows})
		}
	}
	var err error
	if m.Outlook, err = s.Outlook(ctx); err != nil {
		return m, err
	}
	m.Log, err = s.SyncLog(ctx, 10)
	return m, err
}

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Moment(t, now time.Time) string
	Clock(t time.Time) string
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Model    Model
	Words    Words
	Now      time.Time
	OnBack   func()
	OnSend   func()
	OnResume func(fieldstore.InterviewRow)
	// OnOpen shows an interview that has ended.
	OnOpen func(fieldstore.InterviewRow)
	// Sending shows how far a synchronisation is; nil where none runs.
	Sending *kit.Progress
}

// NewView makes the page.
func NewView(p ViewParams) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{
		Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("interviews.title"),
		Next: w.T("today.send_now"), OnNext: p.OnSend,
	})
	body := []fyne.CanvasObject{kit.NewText(look.Hint, health.Waiting(w, p.Model.Outlook, p.Now))}
	if p.Sending != nil {
		body = append(body, p.Sending)
	}
	if len(p.Model.Sections) == 0 {
		body = append(body, kit.NewEmptyState(w.T("interviews.none"), w.T("interviews.none_do"), "", nil))
	}
	for _, s := range p.Model.Sections {
		body = append(body, kit.NewText(look.Heading, w.T(titles()[s.State])))
		var rows []fyne.CanvasObject
		for _, r := range s.Rows {
			rows = append(rows, kit.NewListRow(p.row(s.State, r)))
		}
		body = append(body, kit.ColumnGap(0, rows...))
	}
	if len(p.Model.Log) > 0 {
		body = append(body, kit.NewText(look.Heading, w.T("sync.title")))
		for _, e := range p.Model.Log {
			body = append(body, kit.NewText(look.Caption, p.line(e)))
		}
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}

func titles() map[fieldstore.State]string {
	return map[fieldstore.State]string{
		fieldstore.ToFinish: "interviews.to_finish", fieldstore.Waiting: "interviews.waiting_title", fieldstore.Sent: "interviews.sent_title",
		fieldstore.Quarantined: "interviews.held_back_title", fieldstore.Practised: "today.practice",
	}
}

// Outcome is the key of a disposition's name in the interface's texts.
func Outcome(d interview.Disposition) string {
	switch d {
	case interview.Complete:
		return "contact.complete"
	case interview.Partial:
		return "contact.partial"
	case interview.BrokeOff:
		return "contact.broke_off"
	case interview.ScreenedOut:
		return "contact.screened_out"
	case interview.QuotaFull:
		return "contact.quota_full"
	case interview.InProgress:
		return "contact.in_progress"
	case interview.RefusedIntroduction, interview.RefusedUnknown:
		return "contact.refused"
	}
	return "contact.other"
}

// Namer gives words for what a row says.
type Namer interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Lang() string
}

// Mark is what came of an interview in a word or two: one that must not count says so, whatever else came of it.
func Mark(w Namer, r fieldstore.InterviewRow) (string, kit.BadgeKind) {
	switch {
	case r.Void:
		return w.T("interviews.void"), kit.Warn
	case r.Provisional:
		return w.T("interviews.provisional"), kit.Warn
	case r.Disposition == interview.Complete:
		return w.T(Outcome(r.Disposition)), kit.Fine
	}
	return w.T(Outcome(r.Disposition)), kit.Calm
}

// Place is where an interview was held.
func Place(w Namer, st study.Study, r fieldstore.InterviewRow) string {
	site, ok := st.SiteByName(r.Site)
	if !ok {
		return r.Site
	}
	place := site.Label.In(w.Lang(), "")
	if entrance, ok := site.EntranceBy(r.Entrance); ok {
		return w.T("today.place", "site", place, "entrance", entrance.Label.In(w.Lang(), ""))
	}
	return place
}

// About is an interview's language, length and how often it was changed.
func About(w Namer, r fieldstore.InterviewRow) string {
	said := []string{study.LanguageName(r.Language)}
	if minutes := int(r.DurationMS / 60000); minutes > 0 {
		said = append(said, w.N("interviews.minutes", minutes))
	}
	if r.Void && r.Disposition != interview.BrokeOff {
		said = append(said, w.T(Outcome(r.Disposition)))
	}
	if !r.Correcting && r.Revision > 1 {
		said = append(said, w.T("interviews.corrected"))
	}
	return strings.Join(said, " · ")
}

func (p ViewParams) row(state fieldstore.State, r fieldstore.InterviewRow) kit.RowParams {
	w := p.Words
	row := kit.RowParams{
		Title: Place(w, p.Model.Places[r.Study], r), Trailing: w.Moment(r.Started.Time(), p.Now), Subtitle: About(w, r),
		OnTap: func() { p.OnOpen(r) },
	}
	row.Badge, row.Kind = Mark(w, r)
	switch state {
	case fieldstore.ToFinish:
		row.Badge, row.Kind = w.T("interviews.resume"), kit.Warn
		if r.Correcting {
			row.Badge = w.T("interviews.correcting")
		}
		row.OnTap = func() { p.OnResume(r) }
	case fieldstore.Quarantined:
		row.Kind = kit.Alarm
		row.Subtitle = w.T("interviews.held_back", "why", r.Reason)
	}
	return row
}

// line is one synchronisation in words.
func (p ViewParams) line(e delivery.SyncEntry) string {
	w := p.Words
	var said []string
	switch {
	case e.Error == "":
		said = append(said, w.N("sync.done_count", e.Sent))
	case e.Sent > 0:
		said = append(said, w.T(e.Error), w.N("sync.sent_before", e.Sent))
	default:
		said = append(said, w.T(e.Error))
	}
	for _, count := range []struct {
		key string
		n   int
	}{{"sync.sent_pictures", e.Attachments}, {"sync.held", e.Held}, {"sync.refused_pictures", e.Refused}, {"sync.set_aside", e.Quarantined}} {
		if count.n > 0 {
			said = append(said, w.N(count.key, count.n))
		}
	}
	return w.Moment(time.UnixMilli(e.Started).In(p.Now.Location()), p.Now) + "  " + strings.Join(said, " ")
}
