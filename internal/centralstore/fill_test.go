package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// stocked is a central with a study of many interviews, which 50 devices made.
type stocked struct {
	*central
	devices []*device
	rows    int
}

// A day's work of the devices, and where it happens: three interviews of four at the two large sites.
const (
	fillDevices = 50
	fillADay    = 4000
	fillStudy   = "mall"
)

// The marks in the body that each row has its own value for.
const (
	markID = "00000000-0000-0000-0000-000000000000"
	markAt = 1111111111111
)

// fill writes rows beside the store, by the engine's own means, since a million pushes take too long: ids in the order of time as
// devices make them, numbers of the feed without a gap, sequences that arrived whole, and the counts that belong to them.
func (c *central) fill(t testing.TB, rows int) *stocked {
	t.Helper()
	c.study(t, fillStudy)
	f := &stocked{central: c, rows: rows}
	for n := range fillDevices {
		f.devices = append(f.devices, c.device(t, fmt.Sprintf("%04d", n), fillStudy))
	}
	at := interview.Moment{UTC: markAt, Offset: 60}
	body, err := json.Marshal(interview.Interview{
		ID: markID, Study: fillStudy, Form: fillStudy, FormVersion: "1", Site: "@site@", Entrance: "main", Started: at, Ended: at, DurationMS: 240000,
		Disposition: interview.Complete, Answers: strings.Repeat("<question>an answer that somebody gave</question>", 9),
	})
	if err != nil {
		t.Fatal(err)
	}
	err = c.insides().write(context.Background(), func(ctx context.Context, tx *sql.Tx) error { return f.run(ctx, tx, string(body)) })
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *stocked) run(ctx context.Context, tx *sql.Tx, body string) error {
	const setup = `CREATE TEMPORARY TABLE filling (slot BIGINT PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL, interviewer TEXT NOT NULL)`
	if _, err := tx.ExecContext(ctx, setup); err != nil {
		return err
	}
	for n, d := range f.devices {
		if _, err := tx.ExecContext(ctx, `INSERT INTO filling VALUES ($1, $2, $3, $4)`, n, d.Device, d.Epoch, d.Interviewer); err != nil {
			return err
		}
		d.seq = int64((f.rows - n + fillDevices - 1) / fillDevices)
		if _, err := tx.ExecContext(ctx, `INSERT INTO arrived (epoch, first, last) VALUES ($1, 1, $2)`, d.Epoch, d.seq); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE epochs SET high_seq = $1 WHERE id = $2`, d.seq, d.Epoch); err != nil {
			return err
		}
	}
	var feed int64
	err := tx.QueryRowContext(ctx, `UPDATE studies SET feed = feed + $1, interviews = interviews + $1 WHERE id = $2 RETURNING feed`, f.rows, fillStudy).Scan(&feed)
	if err != nil {
		return err
	}
	numbers, id, sum := sqliteSeries, sqliteID, sqliteSum
	if f.db != "" {
		numbers, id, sum = postgresSeries, postgresID, postgresSum
	}
	const site, day = `CASE g.i % 4 WHEN 0 THEN 'south' ELSE 'north' END`, `$3 + (g.i / 4000) * 86400000`
	insert := fmt.Sprintf(`INSERT INTO records (study, id, revision, n, kind, device, epoch, seq, sha256, interviewer, site, received_at, skew_ms, body)
		SELECT '%s', r.id, 1, r.n, 'interview', r.device, r.epoch, r.seq, %s, r.interviewer, r.site, r.at, 0,
		       CAST(replace(replace(replace($4, '%s', r.id), '%d', CAST(r.at AS TEXT)), '@site@', r.site) AS %s)
		FROM (SELECT g.i, %s AS id, $2 + g.i AS n, f.device, f.epoch, g.i / %d + 1 AS seq, f.interviewer, %s AS site, %s AS at
		      FROM %s JOIN filling f ON f.slot = g.i %% %d) r`,
		fillStudy, sum, markID, markAt, f.blob(), id, fillDevices, site, day, numbers, fillDevices)
	if f.db != "" {
		insert = strings.Replace(insert, "CAST(replace(replace(replace($4,", "convert_to(replace(replace(replace($4::text,", 1)
		insert = strings.Replace(insert, "'@site@', r.site) AS BYTEA)", "'@site@', r.site), 'UTF8')", 1)
		insert = strings.NewReplacer("$1", "$1::bigint", "$2", "$2::bigint", "$3", "$3::bigint").Replace(insert)
	}
	if _, err := tx.ExecContext(ctx, insert, f.rows, feed-int64(f.rows)+1, start.UnixMilli(), body); err != nil {
		return err
	}
	if err := f.tally(ctx, tx); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `DROP TABLE filling`); err != nil {
		return err
	}
	return f.insides().engine.loaded(ctx, tx)
}

// tally writes the counts, which follow from the same arithmetic.
func (f *stocked) tally(ctx context.Context, tx *sql.Tx) error {
	all := tallies{}
	zone := time.FixedZone("", 3600)
	for i := range f.rows {
		day, site := start.Add(time.Duration(i/fillADay)*24*time.Hour).In(zone).Format(time.DateOnly), "north"
		if i%4 == 0 {
			site = "south"
		}
		all[Tally{fillStudy, day, site, f.devices[i%fillDevices].Interviewer, delivery.KindInterview, interview.Complete, 0}]++
	}
	return all.keep(ctx, tx)
}

func (f *stocked) blob() string {
	if f.db != "" {
		return "BYTEA"
	}
	return "BLOB"
}

// What each engine has of its own: the numbers from 0, an id whose first half is the time, a sum of the right form.
const (
	sqliteSeries = `(WITH RECURSIVE g(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM g WHERE i + 1 < $1) SELECT i FROM g) g`
	sqliteID     = `printf('%08x-%04x-7%03x-8%03x-%012x', 26411008 + g.i / 65536, g.i % 65536, g.i * 7919 % 4096, g.i * 7907 % 4096, g.i * 829339471 % 281474976710656)`
	sqliteSum    = `lower(hex(randomblob(32)))`

	postgresSeries = `generate_series(0, $1 - 1) AS g(i)`
	postgresID     = `lpad(to_hex(26411008 + g.i / 65536), 8, '0') || '-' || lpad(to_hex(g.i % 65536), 4, '0') || '-7' || substr(md5(g.i::text), 1, 3) || '-8' || substr(md5(g.i::text), 4, 3) || '-' || substr(md5(g.i::text), 7, 12)`
	postgresSum    = `encode(sha256(r.id::bytea), 'hex')`
)

// What fill writes is what pushes would have left: the doctor finds nothing, and devices go on from there.
func TestFillIsLikePushes(t *testing.T) {
	c := newCentral(t)
	f := c.fill(t, 9003)
	c.Doctor(t.Context(), false, func(found Finding) {
		// The tests' server leaves out what only a power cut needs, and the doctor says so.
		if found.Grade == Ill && found.Check != "database" {
			t.Errorf("%s: %s", found.Check, found.Text)
		}
	})
	status, err := c.Status(t.Context())
	if err != nil || status.Studies[0].Interviews != 9003 {
		t.Fatalf("%+v, %v", status.Studies, err)
	}
	records, _ := c.all(t, PullQuery{Who: researcher(fillStudy), Study: fillStudy, Limit: 1000, Bytes: math.MaxInt32})
	ids, weight := map[string]bool{}, 0
	for _, e := range records {
		if e.Record == nil {
			continue
		}
		var i interview.Interview
		if err := json.Unmarshal(e.Record.Body, &i); err != nil || i.ID != e.Record.ID || len(i.ID) != len(markID) || len(e.Record.SHA256) != 64 {
			t.Fatalf("%s: %s, %v", e.Record.ID, e.Record.Body, err)
		}
		ids[i.ID] = true
		weight = len(e.Record.Body)
	}
	if len(ids) != 9003 || weight < 900 || weight > 1300 {
		t.Errorf("%d ids, %d bytes", len(ids), weight)
	}
	for _, d := range f.devices[:5] {
		done := c.push(t, d, d.record(t, delivery.KindInterview, fillStudy, "north"))
		if len(done.Gaps[0].Missing) > 0 || done.Receipts[0].Status != delivery.Received {
			t.Errorf("%+v", done)
		}
	}
}

// Where many rows came at once, as from a backup, a page is read from where it begins, and not out of the whole study.
func TestPageAfterLoadingReadsOnlyItsOwn(t *testing.T) {
	if server == nil {
		t.Skip("SQLite plans without counting")
	}
	c := newCentral(t)
	c.fill(t, 20000)
	var plan []string
	err := c.insides().read(t.Context(), func(ctx context.Context, tx *sql.Tx) (err error) {
		plan, err = texts(ctx, tx, `EXPLAIN SELECT n, body FROM records WHERE study = $1 AND n > $2 AND site IN ($3) ORDER BY n LIMIT 500`, fillStudy, 5000, "south")
		return err
	})
	if all := strings.Join(plan, "\n"); err != nil || !strings.Contains(all, "record_changes") || strings.Contains(all, "Sort") {
		t.Errorf("%v\n%s", err, all)
	}
}
