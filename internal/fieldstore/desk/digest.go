package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"github.com/klauspost/compress/s2"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/quality"
	"parvis/internal/study"
)

// digestPage is how many records are gone through in one transaction.
const digestPage = 500

// controlPerSite is how many interviews of a site stand for its interviewers' colleagues.
const controlPerSite = 400

// Digest makes anew what flags are judged by, for the interviewers from whom something has come since: their summaries and median
// lengths. It also goes through what came before its questionnaire did. Run it after a synchronisation, beside the screens; what is
// shown meanwhile is as of the last time. It may be ended at any time and goes on the next.
func (s *Store) Digest(ctx context.Context) error {
	if err := s.shapes.read(ctx, s.Shelf); err != nil {
		return err
	}
	if err := s.catchUp(ctx, `SELECT id FROM unwatched LIMIT ?`, s.watchLate, digestPage); err != nil {
		return err
	}
	all, err := s.Studies(ctx)
	if err != nil {
		return err
	}
	for _, st := range all {
		if s.shapes.of(st.ID).Form != "" {
			if err := s.catchUp(ctx, `SELECT id FROM interview_fact WHERE study = ? AND form = '' LIMIT ?`, s.shapeLate, st.ID, digestPage); err != nil {
				return err
			}
		}
		if err := s.sumUp(ctx, st.Study); err != nil {
			return err
		}
	}
	return nil
}

// catchUp runs do for records named by a query, a page a transaction, until there are none.
func (s *Store) catchUp(ctx context.Context, query string, do func(context.Context, *sql.Tx, delivery.StoredRecord) error, args ...any) error {
	for {
		n := 0
		if err := s.Write(ctx, "go through records", func(ctx context.Context, tx *sql.Tx) error {
			var ids []string
			if err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
				var id string
				err := rows.Scan(&id)
				ids = append(ids, id)
				return err
			}, query, args...); err != nil {
				return err
			}
			n = len(ids)
			for _, id := range ids {
				r, err := stored(ctx, tx, id)
				if err != nil {
					return err
				}
				if err := do(ctx, tx, r); err != nil {
					return err
				}
			}
			return nil
		}); err != nil || n == 0 {
			return err
		}
	}
}

func stored(ctx context.Context, tx *sql.Tx, id string) (r delivery.StoredRecord, err error) {
	var packed []byte
	if err := tx.QueryRowContext(ctx, `SELECT id, kind, revision, study, device, interviewer, received_at, skew_ms, body FROM record WHERE id = ?`, id).
		Scan(&r.ID, &r.Kind, &r.Revision, &r.Study, &r.Device, &r.Interviewer, &r.ReceivedAt, &r.SkewMS, &packed); err != nil {
		return r, err
	}
	r.Body, err = s2.Decode(nil, packed)
	return r, err
}

func (s *Store) watchLate(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord) error {
	if err := run(ctx, tx, s.hot.watched, r.ID); err != nil {
		return err
	}
	return s.hot.watch(ctx, tx, r, nil, s.shapes.of(r.Study))
}

// shapeLate makes facts anew now that the questionnaire is here.
func (s *Store) shapeLate(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord) error {
	return read(r.Body, func(i interview.Interview) error {
		i.ID, i.Study = r.ID, r.Study
		if err := run(ctx, tx, s.hot.unsummed, i.Study, i.Interviewer); err != nil {
			return err
		}
		return s.hot.fact(ctx, tx, r, i, s.shapes.of(r.Study))
	})
}

// sumUp makes the summaries of a study's interviewers who are due, each in a transaction of its own.
func (s *Store) sumUp(ctx context.Context, st study.Study) error {
	var due []string
	control := map[string][]quality.Facts{}
	if err := s.Read(ctx, "find whose summary is due", func(ctx context.Context, tx *sql.Tx) error {
		err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var code string
			err := rows.Scan(&code)
			due = append(due, code)
			return err
		}, `SELECT interviewer FROM unsummed WHERE study = ?`, st.ID)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, site := range st.Sites {
			if control[site.Name], err = facts(ctx, tx, `study = ? AND site = ? ORDER BY draw LIMIT ?`, st.ID, site.Name, controlPerSite); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	around := quality.Around{MinSeconds: st.MinSeconds, Places: map[string]quality.Point{}}
	for _, site := range st.Sites {
		if at, known := quality.PlaceOf(site.Location); known {
			around.Places[site.Name] = at
		}
	}
	for _, code := range due {
		if err := s.Write(ctx, "sum up an interviewer", func(ctx context.Context, tx *sql.Tx) error {
			return sum(ctx, tx, st.ID, code, around, control)
		}); err != nil {
			return err
		}
	}
	return nil
}

func sum(ctx context.Context, tx *sql.Tx, studyID, code string, around quality.Around, control map[string][]quality.Facts) error {
	own, err := facts(ctx, tx, `study = ? AND interviewer = ?`, studyID, code)
	if err != nil {
		return err
	}
	if around.Shifts, err = spans(ctx, tx, studyID, code); err != nil {
		return err
	}
	around.Control = colleagues(code, own, control)
	body, err := json.Marshal(quality.Sum(code, own, around))
	if err != nil {
		return err
	}
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO quality_summary (study, interviewer, body) VALUES (?, ?, ?) ON CONFLICT (study, interviewer) DO UPDATE SET body = excluded.body`, []any{studyID, code, string(body)}},
		{`DELETE FROM length WHERE study = ? AND interviewer = ?`, []any{studyID, code}},
		{`DELETE FROM unsummed WHERE study = ? AND interviewer = ?`, []any{studyID, code}},
	} {
		if _, err := tx.ExecContext(ctx, q.query, q.args...); err != nil {
			return err
		}
	}
	return keepLengths(ctx, tx, studyID, code)
}

// colleagues are interviews of the site where somebody works most, or of all sites where those are few.
func colleagues(code string, own []quality.Facts, control map[string][]quality.Facts) []quality.Facts {
	n := map[string]int{}
	most := ""
	for _, f := range own {
		if n[f.Site]++; n[f.Site] > n[most] {
			most = f.Site
		}
	}
	others := 0
	for _, f := range control[most] {
		if f.Interviewer != code {
			others++
		}
	}
	if others >= controlPerSite/4 {
		return control[most]
	}
	var all []quality.Facts
	for _, site := range slices.Sorted(maps.Keys(control)) {
		all = append(all, control[site]...)
	}
	return all
}

func facts(ctx context.Context, tx *sql.Tx, where string, args ...any) (list []quality.Facts, err error) {
	err = fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var f quality.Facts
		var id, site, who string
		var body []byte
		if err := rows.Scan(&id, &site, &who, &body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &f); err != nil {
			return err
		}
		f.ID, f.Site, f.Interviewer = id, site, who
		list = append(list, f)
		return nil
	}, `SELECT id, site, interviewer, facts FROM interview_fact WHERE `+where, args...)
	return list, err
}

func spans(ctx context.Context, tx *sql.Tx, studyID, code string) (map[string]quality.Span, error) {
	found := map[string]quality.Span{}
	return found, fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var id string
		var span quality.Span
		var open bool
		err := rows.Scan(&id, &span.From, &span.To, &open)
		if open {
			span.To += 24 * 3_600_000 // nobody knows yet when it ends
		}
		found[id] = span
		return err
	}, `SELECT id, started, ended, open FROM shift_time WHERE study = ? AND interviewer = ?`, studyID, code)
}

// keepLengths keeps the median length of an interviewer's complete interviews for every day and site and for all of them.
func keepLengths(ctx context.Context, tx *sql.Tx, studyID, code string) error {
	lengths := map[[2]string][]int64{}
	if err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var day, site string
		var ms int64
		err := rows.Scan(&day, &site, &ms)
		for _, key := range [][2]string{{day, site}, {day, ""}, {"", site}, {"", ""}} {
			lengths[key] = append(lengths[key], ms)
		}
		return err
	}, `SELECT day, site, duration_ms FROM interview WHERE study = ? AND interviewer = ? AND disposition = ? AND NOT void`, studyID, code, interview.Complete); err != nil {
		return err
	}
	for key, all := range lengths {
		slices.Sort(all)
		n := len(all)
		if _, err := tx.ExecContext(ctx, `INSERT INTO length (study, day, site, interviewer, median_ms) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (study, day, site, interviewer) DO UPDATE SET median_ms = excluded.median_ms`, studyID, key[0], key[1], code, (all[(n-1)/2]+all[n/2])/2); err != nil {
			return err
		}
	}
	return nil
}
