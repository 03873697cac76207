package desk

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/klauspost/compress/s2"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// Filter chooses interviews for a list; empty fields choose all but Study, which must be given.
type Filter struct {
	Study       string
	Site        string
	Interviewer string
	Day         string // such as 2026-11-22
	Disposition interview.Disposition
	Review      delivery.ReviewState
	// DrawnBelow chooses the complete interviews whose lot lies below it, see study.Draw; 0 for all. ToCall leaves out those whose
	// respondents were spoken to.
	DrawnBelow int64
	ToCall     bool
	// IDs are those to choose from; nil for all.
	IDs []string
	// Limit is how many at most, 0 for 100; Skip leaves out the first ones.
	Limit, Skip int
}

// Row is a line of a list of interviews.
type Row struct {
	ID, Site, Entrance, Interviewer, Language string
	Disposition                               interview.Disposition
	Void                                      bool
	Started                                   interview.Moment
	DurationMS                                int64
	// Review is how it stands, "" where nobody has to look at it; Pending tells that a decision about it has not reached central.
	Review  delivery.ReviewState
	Pending bool
	// Provisional tells that it counts in no quota until somebody accepts it.
	Provisional bool
	// BackCheck is what came of the latest call, "" for none yet.
	BackCheck delivery.BackCheckResult
}

// Interviews lists a study's interviews, the latest first.
func (s *Store) Interviews(ctx context.Context, f Filter) (list []Row, err error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	query, args := f.where()
	err = s.Read(ctx, "list the interviews", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var r Row
			err := rows.Scan(&r.ID, &r.Site, &r.Entrance, &r.Interviewer, &r.Language, &r.Disposition, &r.Void, &r.Started.UTC, &r.Started.Offset, &r.DurationMS,
				&r.Review, &r.Pending, &r.BackCheck, &r.Provisional)
			list = append(list, r)
			return err
		}, `SELECT id, site, entrance, interviewer, language, disposition, void, started_utc, started_offset, duration_ms, review, pending, back_check, provisional FROM interview
			WHERE `+query+` ORDER BY started_utc DESC LIMIT ? OFFSET ?`, append(args, f.Limit, f.Skip)...)
	})
	return list, err
}

// where names only what is asked for, so that an index fits.
func (f Filter) where() (query string, args []any) {
	query, args = "study = ?", []any{f.Study}
	for _, c := range []struct{ column, value string }{
		{"site", f.Site}, {"interviewer", f.Interviewer}, {"day", f.Day}, {"disposition", string(f.Disposition)},
		{"review", string(f.Review)},
	} {
		if c.value != "" {
			query += " AND " + c.column + " = ?"
			args = append(args, c.value)
		}
	}
	if f.DrawnBelow > 0 {
		query += " AND draw < ? AND disposition = '1.0' AND void = 0"
		args = append(args, f.DrawnBelow)
	}
	if f.ToCall {
		query += " AND back_check IN ('', 'not_reached')"
	}
	if f.IDs != nil {
		query += " AND id IN (SELECT value FROM json_each(?))"
		ids, _ := json.Marshal(f.IDs) // strings always can be
		args = append(args, string(ids))
	}
	return query, args
}

// Reading is an interview as central has it.
type Reading struct {
	interview.Interview
	Record delivery.StoredRecord // its Body is what Interview was read from
}

// Interview reads an interview.
func (s *Store) Interview(ctx context.Context, id string) (r Reading, err error) {
	err = s.Read(ctx, "read the interview", func(ctx context.Context, tx *sql.Tx) error {
		var packed []byte
		rec := &r.Record
		if err := tx.QueryRowContext(ctx, `SELECT id, kind, revision, study, device, interviewer, epoch, seq, received_at, skew_ms, body
			FROM record WHERE id = ? AND kind = ?`, id, delivery.KindInterview).Scan(&rec.ID, &rec.Kind, &rec.Revision, &rec.Study, &rec.Device,
			&rec.Interviewer, &rec.Epoch, &rec.Seq, &rec.ReceivedAt, &rec.SkewMS, &packed); err != nil {
			return err
		}
		body, err := s2.Decode(nil, packed)
		if err != nil {
			return err
		}
		rec.Body, rec.SHA256 = body, delivery.Sum(body)
		return json.Unmarshal(body, &r.Interview)
	})
	return r, err
}
