package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"

	"parvis/internal/delivery"
)

// Finding is what Doctor says of one thing it looked at.
type Finding struct {
	Check string // what was looked at
	Grade Grade
	Text  string // what was found, and what to do where something is to be done
}

// Grade is how a finding weighs.
type Grade string

// The grades.
const (
	Well  Grade = "well"
	Watch Grade = "watch" // works, and somebody should look
	Ill   Grade = "ill"   // data or safety are in danger
)

// Doctor looks whether the store is sound and safe, and changes nothing. With whole it reads every body and file and compares its sum,
// which takes as long as reading them. A check that could not be made is a finding too.
func (s *store) Doctor(ctx context.Context, whole bool, found func(Finding)) {
	checks := []struct {
		name string
		look func(context.Context, func(Grade, string, ...any)) error
	}{
		{"database", s.engine.examine},
		{"schema", s.examineSchema},
		{"counts", s.examineCounts},
		{"quotas", s.examineQuotas},
		{"deliveries", s.examineDeliveries},
		{"files", func(ctx context.Context, say func(Grade, string, ...any)) error {
			return s.examineFiles(ctx, whole, say)
		}},
	}
	if whole {
		checks = append(checks, struct {
			name string
			look func(context.Context, func(Grade, string, ...any)) error
		}{"records", s.examineRecords})
	}
	for _, c := range checks {
		silent := true
		err := c.look(ctx, func(g Grade, format string, args ...any) {
			silent = false
			found(Finding{Check: c.name, Grade: g, Text: fmt.Sprintf(format, args...)})
		})
		switch {
		case err != nil:
			found(Finding{Check: c.name, Grade: Ill, Text: fmt.Sprintf("could not be looked at: %v", err)})
		case silent:
			found(Finding{Check: c.name, Grade: Well, Text: "in order"})
		}
	}
}

func (s *store) examineSchema(ctx context.Context, say func(Grade, string, ...any)) error {
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	return s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		have, err := schemaVersion(ctx, tx)
		if err == nil && have != newest {
			say(Ill, "the schema is %d, this program wants %d: stop every central of another version", have, newest)
		}
		return err
	})
}

// examineCounts counts the records again and compares with what was counted as they came.
func (s *store) examineCounts(ctx context.Context, say func(Grade, string, ...any)) error {
	return s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		kept, err := readTallies(ctx, tx, `SELECT study, day, site, interviewer, kind, disposition, n FROM tallies WHERE n <> 0`)
		if err != nil {
			return err
		}
		differ := tallies{}
		for _, t := range kept {
			n := t.Count
			t.Count = 0
			differ.add(t, -n)
		}
		interviews, total, err := recount(ctx, tx, differ)
		if err != nil {
			return err
		}
		maps.DeleteFunc(differ, func(_ Tally, n int) bool { return n == 0 })
		if len(differ) > 0 {
			say(Ill, "%d counts by day and site differ from the records; central recount puts them right", len(differ))
		}
		return compareStudies(ctx, tx, interviews, total, say)
	})
}

// recount adds what the newest revisions of all records count as.
func recount(ctx context.Context, tx *sql.Tx, into tallies) (interviews map[string]int, total int, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT r.study, r.kind, r.interviewer, r.body FROM records r
		WHERE NOT EXISTS (SELECT 1 FROM records newer WHERE newer.study = r.study AND newer.id = r.id AND newer.revision > r.revision)`)
	if err != nil {
		return nil, 0, fmt.Errorf("reading the records: %w", err)
	}
	defer rows.Close()
	interviews = map[string]int{}
	for rows.Next() {
		var r delivery.Record
		var interviewer string
		if err := rows.Scan(&r.Study, &r.Kind, &interviewer, &r.Body); err != nil {
			return nil, 0, fmt.Errorf("reading the records: %w", err)
		}
		total++
		if r.Kind == delivery.KindInterview {
			interviews[r.Study]++
		}
		e, err := readBody(r)
		if err != nil {
			continue // it was stored by a version that could read it
		}
		if k, counted := tallyOf(r.Kind, r.Study, interviewer, e); counted {
			into.add(k, 1)
		}
	}
	return interviews, total, wrap("reading the records", rows.Err())
}

func compareStudies(ctx context.Context, tx *sql.Tx, interviews map[string]int, total int, say func(Grade, string, ...any)) error {
	rows, err := tx.QueryContext(ctx, `SELECT s.id, s.interviews, s.feed, COALESCE((SELECT MAX(n) FROM records r WHERE r.study = s.id), 0) FROM studies s ORDER BY s.id`)
	if err != nil {
		return fmt.Errorf("reading the studies: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var kept int
		var feed, highest int64
		if err := rows.Scan(&id, &kept, &feed, &highest); err != nil {
			return fmt.Errorf("reading the studies: %w", err)
		}
		if kept != interviews[id] {
			say(Ill, "study %s counts %d interviews and holds %d; central recount puts it right", id, kept, interviews[id])
		}
		if highest > feed {
			say(Ill, "study %s has numbered %d changes and holds number %d: readers would miss records; restore a backup", id, feed, highest)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the studies: %w", err)
	}
	say(Well, "%d records are counted", total)
	return nil
}

// examineDeliveries tells what devices have made and not delivered, and what waits for a decision.
func (s *store) examineDeliveries(ctx context.Context, say func(Grade, string, ...any)) error {
	devices, err := s.ListDevices(ctx)
	if err != nil {
		return err
	}
	for _, d := range devices {
		n := int64(0)
		for _, r := range d.Missing {
			n += r.Last - r.First + 1
		}
		if n > 0 {
			say(Watch, "device %s of interviewer %s has made %d records that are not here; they come when it syncs", d.Device, d.Interviewer, n)
		}
	}
	status, err := s.Status(ctx)
	if err != nil {
		return err
	}
	if status.Quarantined > 0 {
		say(Watch, "%d records wait for a decision in quarantine; central status lists them", status.Quarantined)
	}
	for _, m := range status.Missing {
		say(Watch, "%d pictures of interviewer %s in study %s have not arrived; they come when the device syncs", m.Files, m.Interviewer, m.Study)
	}
	return nil
}

// examineFiles looks whether every file that the database names is there.
func (s *store) examineFiles(ctx context.Context, whole bool, say func(Grade, string, ...any)) error {
	for _, at := range []struct {
		place media
		what  string
		query string
	}{
		{s.blobs, "studies", `SELECT DISTINCT sha256 FROM study_files ORDER BY sha256`},
		{s.pictures, "interviews", `SELECT DISTINCT sha256 FROM attachments ORDER BY sha256`},
	} {
		var sums []string
		err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			sums, err = texts(ctx, tx, at.query)
			return err
		})
		if err != nil {
			return err
		}
		gone, broken := 0, 0
		for _, sum := range sums {
			switch state, err := inspect(ctx, at.place, sum, whole); {
			case err != nil:
				return err
			case state == absent:
				gone++
			case state == changed:
				broken++
			}
		}
		if gone > 0 || broken > 0 {
			say(Ill, "of %d files of %s %d are missing and %d are damaged: bring them back from a backup", len(sums), at.what, gone, broken)
			continue
		}
		say(Well, "%d files of %s are there", len(sums), at.what)
	}
	return nil
}

type fileState int

const (
	sound fileState = iota
	absent
	changed
)

func inspect(ctx context.Context, place media, sum string, whole bool) (fileState, error) {
	file, err := place.open(ctx, sum)
	if errors.Is(err, fs.ErrNotExist) {
		return absent, nil
	}
	if err != nil {
		return sound, err
	}
	defer file.Close()
	if !whole {
		return sound, nil
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return sound, fmt.Errorf("reading a file: %w", err)
	}
	if delivery.Sum(data) != sum {
		return changed, nil
	}
	return sound, nil
}

// examineRecords compares every body with the sum its device gave it.
func (s *store) examineRecords(ctx context.Context, say func(Grade, string, ...any)) error {
	return s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT study, id, sha256, body FROM records`)
		if err != nil {
			return fmt.Errorf("reading the records: %w", err)
		}
		defer rows.Close()
		total := 0
		var bad []string
		for rows.Next() {
			var study, id, sum string
			var body []byte
			if err := rows.Scan(&study, &id, &sum, &body); err != nil {
				return fmt.Errorf("reading the records: %w", err)
			}
			if total++; delivery.Sum(body) != sum {
				bad = append(bad, study+"/"+id)
			}
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("reading the records: %w", err)
		}
		slices.Sort(bad)
		if len(bad) > 0 {
			say(Ill, "%d of %d records are not the bytes their devices made, the first is %s: restore a backup; devices send again what it lacks", len(bad), total, bad[0])
			return nil
		}
		say(Well, "%d records are the bytes their devices made", total)
		return nil
	})
}

// Recount makes the counts anew from the records.
func (s *store) Recount(ctx context.Context, actor string) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// The studies' rows first, as every batch does, so that none comes in between.
		studies, err := texts(ctx, tx, `SELECT id FROM studies ORDER BY id`)
		if err != nil {
			return fmt.Errorf("reading the studies: %w", err)
		}
		for _, study := range studies {
			if _, err := s.advance(ctx, tx, study, 1, 0); err != nil {
				return err
			}
		}
		anew := tallies{}
		interviews, _, err := recount(ctx, tx, anew)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM tallies`); err != nil {
			return fmt.Errorf("counting anew: %w", err)
		}
		for _, study := range studies {
			if _, err := tx.ExecContext(ctx, `UPDATE studies SET interviews = $1 WHERE id = $2`, interviews[study], study); err != nil {
				return fmt.Errorf("counting anew: %w", err)
			}
		}
		if err := anew.keep(ctx, tx); err != nil {
			return err
		}
		if err := recountQuotas(ctx, tx); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "counted anew", "", "", "")
	})
}
