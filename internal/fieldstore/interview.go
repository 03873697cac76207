package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/interview"
)

// State is where an interview stands on this device.
type State string

// The states of an interview.
const (
	ToFinish    State = "to_finish"   // begun, not ended
	Waiting     State = "waiting"     // ended, central has not acknowledged it
	Sent        State = "sent"        // central has it
	Quarantined State = "quarantined" // central has it apart, or it cannot be sent; Reason says what a person can do
	Practised   State = "practice"    // ended practice; it stays here
)

// Filter chooses interviews for a list; empty fields choose all.
type Filter struct {
	ID    string // of the one interview that is looked for
	Study string
	Shift string
	State State
	// Limit is how many at most, 0 for 100; Skip leaves out the first ones.
	Limit, Skip int
}

// InterviewRow is a line of a list of interviews.
type InterviewRow struct {
	ID       string
	Study    string
	Shift    string
	Contact  string
	Site     string
	Entrance string
	Language string
	State    State
	// Disposition is InProgress for those to finish.
	Disposition interview.Disposition
	Void        bool
	// Provisional tells that it counts in no quota until a supervisor accepts it; see interview.Interview.
	Provisional bool
	Started     interview.Moment
	Ended       interview.Moment // zero for those to finish
	DurationMS  int64            // monotonic
	Position    string           // of those to finish: xform.Position as text
	Reason      string           // of the quarantined
	// Correcting tells that the draft corrects an interview that had ended; Revision is that of the interview, from 1, 0 for drafts
	// of new ones.
	Correcting bool
	Revision   int
	// Reopenable tells that the device still has what the interview could be reopened from; the study says whether it may.
	Reopenable bool
}

const (
	rowsOfDrafts = `SELECT id, study, shift, contact, site, entrance, language, 'to_finish' AS state, '0' AS disposition, 0 AS void, 0 AS provisional,
		started_utc, started_offset, 0 AS ended_utc, 0 AS ended_offset, open_ms AS duration_ms, position, '' AS reason,
		EXISTS (SELECT 1 FROM reopened WHERE draft = draft.id AND kind = 'edit') AS correcting,
		coalesce((SELECT revision FROM reopened WHERE draft = draft.id), 0) AS revision, 0 AS reopenable FROM draft`
	rowsOfInterviews = `SELECT id, study, shift, contact, site, entrance, language, state, disposition, void, provisional,
		started_utc, started_offset, ended_utc, ended_offset, duration_ms, '' AS position, reason, 0 AS correcting, revision,
		EXISTS (SELECT 1 FROM ended WHERE interview = interview.id) AS reopenable FROM interview`
)

// notReopened leaves out the interviews that stand in the list as drafts again.
const notReopened = ` AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.id = interview.id)`

// Interviews lists interviews begun and ended, the latest first.
func (s *Store) Interviews(ctx context.Context, f Filter) (list []InterviewRow, err error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	query, args := f.query()
	err = s.Read(ctx, "list the interviews", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var r InterviewRow
			err := rows.Scan(&r.ID, &r.Study, &r.Shift, &r.Contact, &r.Site, &r.Entrance, &r.Language, &r.State, &r.Disposition, &r.Void, &r.Provisional,
				&r.Started.UTC, &r.Started.Offset, &r.Ended.UTC, &r.Ended.Offset, &r.DurationMS, &r.Position, &r.Reason,
				&r.Correcting, &r.Revision, &r.Reopenable)
			list = append(list, r)
			return err
		}, query, args...)
	})
	return list, err
}

// query names only what is asked for, so that an index gives the rows in their order and no more of them are read than are shown.
func (f Filter) query() (query string, args []any) {
	where := " WHERE true"
	for _, c := range []struct{ column, value string }{{"id", f.ID}, {"study", f.Study}, {"shift", f.Shift}} {
		if c.value != "" {
			where += " AND " + c.column + " = ?"
			args = append(args, c.value)
		}
	}
	const latest = " ORDER BY started_utc DESC, id DESC"
	switch f.State {
	case ToFinish:
		return rowsOfDrafts + where + latest + " LIMIT ? OFFSET ?", append(args, f.Limit, f.Skip)
	case "":
		args = append(append(args, args...), f.Limit, f.Skip)
		return rowsOfDrafts + where + " UNION ALL " + rowsOfInterviews + where + notReopened + latest + " LIMIT ? OFFSET ?", args
	}
	return rowsOfInterviews + where + notReopened + " AND state = ?" + latest + " LIMIT ? OFFSET ?", append(args, f.State, f.Limit, f.Skip)
}
