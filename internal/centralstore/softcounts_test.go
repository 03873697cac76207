package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// softStudy has constraints that hold nobody back, of each period, and a hard one where hard is positive.
func (c *central) softStudy(t *testing.T, hard int) StudyPackage {
	t.Helper()
	pkg := c.study(t, "mall")
	pkg.Study.Waves = []study.Wave{{Name: "autumn", First: "2026-11-20", Last: "2026-11-30"}}
	pkg.Study.Quotas = []study.Quota{
		{Name: "men", Target: 7, Kind: study.Soft}, {Name: "women", Target: 8, Kind: study.Watched},
		{Name: "daily", Target: 5, Kind: study.Soft, Period: study.EachDay}, {Name: "waved", Target: 5, Kind: study.Soft, Period: study.EachWave},
	}
	if hard > 0 {
		pkg.Study.Quotas = append(pkg.Study.Quotas, study.Quota{Name: "north", Target: hard, Kind: study.Hard})
	}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
	return pkg
}

// in is a complete interview in cells.
func (d *device) in(t *testing.T, cells ...string) delivery.Record {
	t.Helper()
	return d.again(t, delivery.Record{}, interview.Interview{Cells: cells})
}

// again is a further revision of a record, or the first one of a new one.
func (d *device) again(t *testing.T, before delivery.Record, i interview.Interview) delivery.Record {
	t.Helper()
	r := d.record(t, delivery.KindInterview, "mall", "north")
	if before.ID != "" {
		r.ID, r.Revision = before.ID, before.Revision+1
	}
	at := interview.Moment{UTC: start.UnixMilli(), Offset: 60}
	i.ID, i.Study, i.Site, i.Started, i.Ended, i.Disposition, i.Answers = r.ID, "mall", "north", at, at, interview.Complete, "<data/>"
	return d.with(t, r, i)
}

// answer is what a device hears when it says nothing but the periods it works in.
func (c *central) answer(t *testing.T, d *device, periods ...string) delivery.LeaseAnswer {
	t.Helper()
	answers, err := c.Leases(context.Background(), Leasing{Who: d.Principal, Statements: []delivery.LeaseStatement{{Study: "mall", Epoch: d.Epoch, Periods: periods}}})
	if err != nil || len(answers) != 1 {
		t.Fatalf("%+v, %v", answers, err)
	}
	return answers[0]
}

func (c *central) wantDone(t *testing.T, d *device, want map[string]delivery.Done) {
	t.Helper()
	if diff := cmp.Diff(want, c.answer(t, d).Done); diff != "" {
		t.Errorf("%s: %s", d.Interviewer, diff)
	}
}

// What several devices fill together is told to each, with what has come of its own; a delivery that comes twice counts once, a correction
// moves it, and what is void counts nowhere.
func TestWhatDevicesFillTogetherIsTold(t *testing.T) {
	c := newCentral(t)
	c.softStudy(t, 0)
	one, two := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	c.wantDone(t, one, map[string]delivery.Done{"men": {}, "women": {}})
	first := one.in(t, "men", "unheard of")
	c.push(t, one, first, one.in(t, "men", "women"))
	c.push(t, one, first)
	c.push(t, two, two.in(t, "men"))
	c.wantDone(t, one, map[string]delivery.Done{"men": {Counted: 3, Own: 2}, "women": {Counted: 1, Own: 1}})
	c.wantDone(t, two, map[string]delivery.Done{"men": {Counted: 3, Own: 1}, "women": {Counted: 1}})
	second := one.again(t, first, interview.Interview{Cells: []string{"women"}})
	c.push(t, one, second)
	c.wantDone(t, one, map[string]delivery.Done{"men": {Counted: 2, Own: 1}, "women": {Counted: 2, Own: 2}})
	third := one.again(t, second, interview.Interview{Cells: []string{"women"}, Void: "a test"})
	c.push(t, one, third, second)
	c.wantDone(t, one, map[string]delivery.Done{"men": {Counted: 2, Own: 1}, "women": {Counted: 1, Own: 1}})
	stays := one.in(t, "men")
	c.push(t, one, stays, one.again(t, stays, interview.Interview{Cells: []string{"women"}})) // both at once
	c.wantDone(t, one, map[string]delivery.Done{"men": {Counted: 2, Own: 1}, "women": {Counted: 2, Own: 2}})
}

// An own interview of an earlier epoch stays the device's own, and a correction in the present one does not make it two.
func TestOwnInterviewsOfAnEarlierEpoch(t *testing.T) {
	c := newCentral(t)
	c.softStudy(t, 0)
	d := c.device(t, "0417", "mall")
	first := d.in(t, "men")
	c.push(t, d, first, d.in(t, "men"))
	anew := c.enrolled(t, "0417", d.secret, "mall")
	c.wantDone(t, anew, map[string]delivery.Done{"men": {Counted: 2, Own: 2}, "women": {}})
	c.push(t, anew, anew.again(t, first, interview.Interview{Cells: []string{"women"}}))
	c.wantDone(t, anew, map[string]delivery.Done{"men": {Counted: 1, Own: 1}, "women": {Counted: 1, Own: 1}})
	if got := c.answer(t, d).Done; got != nil {
		t.Errorf("an epoch that has ended hears %v", got)
	}
}

// What waits for a person counts once it was accepted, what is rejected does not, until that is taken back.
func TestProvisionalAndRejectedInterviewsAreNotDone(t *testing.T) {
	c := newCentral(t)
	c.softStudy(t, 500)
	d := c.device(t, "0417", "mall")
	apart, free := d.in(t, "north", "men"), d.in(t, "men")
	c.push(t, d, apart, free)
	c.wantDone(t, d, map[string]delivery.Done{"men": {Counted: 1, Own: 2}, "women": {}})
	sam := supervisor("sam", Grant{})
	for _, step := range []struct {
		kind delivery.DecisionKind
		id   string
		men  int
	}{
		{delivery.ReviewAccept, apart.ID, 2}, {delivery.ReviewReject, apart.ID, 1}, {delivery.ReviewReject, free.ID, 0}, {delivery.ReviewAccept, free.ID, 1},
	} {
		c.pass(time.Second)
		c.mustDecide(t, sam, c.decision(sam, step.kind, step.id, rev(1)))
		c.wantDone(t, d, map[string]delivery.Done{"men": {Counted: step.men, Own: 2}, "women": {}})
	}
	states := c.states(t, sam)
	if states["men"].Used != 1 || states["men"].Leased != 0 {
		t.Errorf("a supervisor reads %+v", states["men"])
	}
}

// Of targets for each day or wave the periods are told that a device asks for.
func TestDoneOfDaysAndWaves(t *testing.T) {
	c := newCentral(t)
	c.softStudy(t, 0)
	d := c.device(t, "0417", "mall")
	c.push(t, d, d.in(t, "men", "daily@2026-11-22", "waved@autumn"), d.in(t, "daily@2026-11-21", "waved@-", "daily", "men@2026-11-22"))
	want := map[string]delivery.Done{
		"men": {Counted: 1, Own: 1}, "women": {}, "daily@2026-11-22": {Counted: 1, Own: 1}, "daily@2026-11-23": {}, "waved@autumn": {Counted: 1, Own: 1},
	}
	if diff := cmp.Diff(want, c.answer(t, d, "2026-11-22", "2026-11-23", "autumn", "2027-01-01", "winter").Done); diff != "" {
		t.Error(diff)
	}
}

// How a quota is filled is for those who have a role in the study, not for whatever laptop lends rights.
func TestALaptopIsNotToldWhatIsDone(t *testing.T) {
	c := newCentral(t)
	c.softStudy(t, 500)
	l := newLaptop("sam")
	l.visit()
	answers := c.settles(t, l).Answers
	if len(answers) != 1 || len(answers[0].Aims) == 0 || answers[0].Done != nil {
		t.Errorf("%+v", answers)
	}
}

// Devices that deliver at the same time, over either engine, lose no count.
func TestDoneHoldsUnderConcurrency(t *testing.T) {
	c := newCentral(t)
	c.softStudy(t, 0)
	var all sync.WaitGroup
	var crew []*device
	for n := range 5 {
		d := c.device(t, fmt.Sprintf("%04d", n), "mall")
		crew = append(crew, d)
		all.Go(func() {
			for range 6 {
				r := d.in(t, "men", "women")
				c.push(t, d, r, d.in(t, "men"))
				c.push(t, d, r)
			}
		})
	}
	all.Wait()
	for _, d := range crew {
		c.wantDone(t, d, map[string]delivery.Done{"men": {Counted: 60, Own: 12}, "women": {Counted: 30, Own: 6}})
	}
}

// forget puts the database in the state of one that was made before constraints that hold nobody back were counted.
func (c *central) forget(t *testing.T) {
	t.Helper()
	err := c.insides().write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		filed := map[string]quota.Filed{}
		err := eachRow(ctx, tx, func(rows *sql.Rows) error {
			var id, state string
			var f quota.Filed
			err := rows.Scan(&id, &state)
			if err == nil {
				err = json.Unmarshal([]byte(state), &f)
			}
			f.Soft, filed[id] = nil, f
			return err
		}, `SELECT id, state FROM filed`)
		if err != nil {
			return err
		}
		for id, f := range filed {
			query, args := `DELETE FROM filed WHERE id = $1`, []any{id}
			if f.Soft = nil; len(f.Cells) > 0 {
				state, err := json.Marshal(f)
				if err != nil {
					return err
				}
				query, args = `UPDATE filed SET state = $2 WHERE id = $1`, append(args, string(state))
			}
			if _, err := tx.ExecContext(ctx, query, args...); err != nil {
				return err
			}
		}
		for _, query := range []string{
			`DELETE FROM quota_come`, `DELETE FROM quota_used WHERE quota <> 'north'`, `INSERT INTO quota_uncounted (study, upto) SELECT id, '' FROM studies`,
		} {
			if _, err := tx.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What came before such constraints were counted is counted when central is opened next, page by page, as it would have been; and once.
func TestWhatCameBeforeIsCounted(t *testing.T) {
	c := newCentral(t)
	c.softStudy(t, 500)
	d, other := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	corrected, apart, rejected := d.in(t, "men"), d.in(t, "north", "men"), d.in(t, "men", "women")
	c.push(t, d, corrected, d.again(t, corrected, interview.Interview{Cells: []string{"women"}}), apart, rejected, d.record(t, delivery.KindContact, "mall", "north"))
	sam := supervisor("sam", Grant{})
	c.mustDecide(t, sam, c.decision(sam, delivery.ReviewReject, rejected.ID, rev(1)))
	var many []delivery.Record
	for range earlierPage + 7 {
		many = append(many, other.in(t, "men"))
	}
	c.push(t, other, many...)
	want := map[string]delivery.Done{"men": {Counted: earlierPage + 7, Own: 2}, "women": {Counted: 1, Own: 2}}
	c.wantDone(t, d, want)
	c.forget(t)
	c.wantDone(t, d, map[string]delivery.Done{"men": {}, "women": {}})
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		c.Store = c.open(t)
		c.wantDone(t, d, want)
	}
	// From then on they move as all others do.
	c.pass(time.Second)
	c.mustDecide(t, sam, c.decision(sam, delivery.ReviewAccept, rejected.ID, rev(1)), c.decision(sam, delivery.ReviewAccept, apart.ID, rev(1)))
	c.wantDone(t, d, map[string]delivery.Done{"men": {Counted: earlierPage + 9, Own: 2}, "women": {Counted: 2, Own: 2}})
}

// The same out of a database with the schema before.
func TestASchemaWithoutSuchCountsIsBroughtUpToDate(t *testing.T) {
	ctx, c := context.Background(), &central{dir: t.TempDir(), db: databaseLike(t, "")}
	c.clock.Store(start.UnixMilli())
	p := c.params(t)
	p.upTo = 180
	before, err := openStore(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	c.Store = before
	c.softStudy(t, 0)
	d := c.device(t, "0417", "mall")
	r := d.in(t, "men")
	err = before.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO records (study, id, revision, n, kind, device, epoch, seq, sha256, interviewer, site, received_at, skew_ms, body)
			VALUES ($1, $2, 1, 1000, $3, $4, $5, $6, $7, '0417', 'north', 0, 0, $8)`, r.Study, r.ID, string(r.Kind), d.Device, r.Epoch, r.Seq, r.SHA256, []byte(r.Body))
		return err
	})
	if err := errors.Join(err, before.Close()); err != nil {
		t.Fatal(err)
	}
	c.Store = c.open(t)
	c.wantDone(t, d, map[string]delivery.Done{"men": {Counted: 1, Own: 1}, "women": {}})
}

// A restored central knows what is done.
func TestABackupHoldsWhatIsDone(t *testing.T) {
	c := newCentral(t)
	c.softStudy(t, 0)
	d := c.device(t, "0417", "mall")
	c.push(t, d, d.in(t, "men"))
	r := &central{dir: t.TempDir(), db: database(t)}
	r.clock.Store(c.clock.Load())
	if _, _, err := Restore(context.Background(), r.params(t), opener(c.backup(t))); err != nil {
		t.Fatal(err)
	}
	r.Store = r.open(t)
	r.wantDone(t, d, map[string]delivery.Done{"men": {Counted: 1, Own: 1}, "women": {}})
}

// A constraint that becomes hard goes on from what was counted while it was not, and back.
func TestAConstraintThatBecomesHardGoesOn(t *testing.T) {
	c := newCentral(t)
	pkg := c.softStudy(t, 0)
	d := c.device(t, "0417", "mall")
	first := d.in(t, "men")
	c.push(t, d, first, d.in(t, "men"))
	pkg.Study.Quotas[0].Kind = study.Hard
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
	if l := c.answer(t, d).Leases["men"]; l.Used != 2 || l.Leased != 5 {
		t.Errorf("%+v", l)
	}
	with := d.again(t, delivery.Record{}, interview.Interview{Cells: []string{"men"}, Rights: map[string]int{"men": 1}})
	c.push(t, d, with)
	if l := c.answer(t, d).Leases["men"]; l.Used != 3 || l.Leased != 4 {
		t.Errorf("%+v", l)
	}
	pkg.Study.Quotas[0].Kind = study.Soft
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
	c.push(t, d, d.in(t, "men"))
	if done := c.answer(t, d).Done["men"]; done.Counted != 4 {
		t.Errorf("%+v", done)
	}
	sam := supervisor("sam", Grant{})
	c.mustDecide(t, sam, c.decision(sam, delivery.ReviewReject, with.ID, rev(1)), c.decision(sam, delivery.ReviewReject, first.ID, rev(1)))
	if done := c.answer(t, d).Done["men"]; done.Counted != 2 {
		t.Errorf("%+v", done)
	}
}

// Figures that are not the sums of their interviews are found, and made anew as they were.
func TestTheFiguresOfQuotasAreMadeAnew(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, harm := range map[string]string{
		"used":        `UPDATE quota_used SET used = used + 1 WHERE quota = 'north'`,
		"provisional": `UPDATE quota_used SET provisional = 9 WHERE quota = 'north'`,
		"soft":        `UPDATE quota_used SET used = 0 WHERE quota = 'men'`,
		"come":        `DELETE FROM quota_come WHERE quota = 'men'`,
		"dropped":     `INSERT INTO quota_used (study, quota, used, provisional) VALUES ('mall', 'gone', 3, 0)`,
	} {
		c := newCentral(t)
		c.softStudy(t, 1)
		d := c.device(t, "0417", "mall")
		c.answer(t, d) // a right in north
		counts := d.again(t, delivery.Record{}, interview.Interview{Cells: []string{"men", "north"}, Rights: map[string]int{"north": 1}})
		waits, rejected := d.in(t, "men", "north"), d.in(t, "men")
		c.push(t, d, counts, waits, rejected)
		ines := supervisor("ines", Grant{})
		c.mustDecide(t, ines, c.decision(ines, delivery.ReviewReject, rejected.ID, rev(1)))
		before := figures(t, c)
		if len(before) != 4 {
			t.Errorf("%+v", before) // used and provisional in north; used and come among men
		}
		if err := c.insides().write(ctx, execute(harm)); err != nil {
			t.Fatal(name, err)
		}
		ill := 0
		c.Doctor(ctx, false, func(f Finding) {
			if f.Check == "quotas" && f.Grade == Ill {
				ill++
			}
		})
		if told := name != "dropped"; (ill == 1) != told { // of a quota that is in no workbook nobody is told
			t.Errorf("%s: found %d", name, ill)
		}
		if err := c.Recount(ctx, "test"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, figures(t, c)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func figures(t *testing.T, c *central) (sums quotaSums) {
	t.Helper()
	err := c.insides().read(context.Background(), func(ctx context.Context, tx *sql.Tx) (err error) {
		sums, err = readQuotaSums(ctx, tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}
