package devices

import (
	"time"

	"parvis/internal/export/table"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Number(n int) string
	Clock(t time.Time) string
	Moment(t, now time.Time) string
	Lang() string
}

// Table is what the page shows, in its order.
func (m Model) Table(w Words, now time.Time) table.Table {
	t := table.Table{Title: w.T("devices.title"), Columns: []table.Column{
		{Key: "who", Title: w.T("interviewers.name")},
		{Key: "device", Title: w.T("devices.device")},
		{Key: "app", Title: w.T("interviewers.app")},
		{Key: "form", Title: w.T("interviewers.form")},
		{Key: "seen", Title: w.T("devices.seen")},
		{Key: "missing", Title: w.T("interviewers.missing"), Kind: table.Number},
		{Key: "state", Title: w.T("devices.state")},
	}}
	for _, d := range m.Shown() {
		t.Rows = append(t.Rows, table.Row{ID: d.Device, Cells: []table.Cell{
			table.Word(d.Of(w)), table.Word(d.Name()), table.Word(d.AppVersion), table.Word(d.Form),
			{Text: Heard(w, d.LastSeen, now), Number: float64(d.LastSeen)},
			table.Figure(float64(d.Absent), w.Number(int(d.Absent))), {Text: w.T("devices.state_" + string(d.State)), Number: rank(d.State)},
		}})
	}
	if m.Sort == "" {
		return t
	}
	return t.Sorted(m.Sort, m.Descending)
}

// rank tells states apart in a table.
func rank(s State) float64 { return map[State]float64{Active: 0, Revoked: 1, Lost: 2}[s] }

// Heard says when central last heard of a device, by central's clock in the reader's zone.
func Heard(w Words, at int64, now time.Time) string {
	if at == 0 {
		return w.T("interviewers.never")
	}
	return w.Moment(time.UnixMilli(at).In(now.Location()), now)
}

// Age says how old the picture is, and that nothing of it is newer.
func (m Model) Age(w Words, now time.Time) string {
	if m.At.IsZero() {
		return w.T("devices.no_picture")
	}
	said := w.T("devices.as_of", "when", w.Moment(m.At, now))
	if m.Failed {
		said += " " + w.T("board.attempt_failed")
	}
	return said
}
