package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// counted counts the records themselves, each by its newest revision.
func (c *central) counted(t testing.TB) (list []Tally) {
	t.Helper()
	newest := map[string]delivery.StoredRecord{}
	entries, _ := c.all(t, PullQuery{Who: researcher("mall"), Study: "mall", Limit: 100, Bytes: 1 << 20})
	for _, e := range entries {
		if e.Record != nil && e.Record.Revision > newest[e.Record.ID].Revision {
			newest[e.Record.ID] = *e.Record
		}
	}
	sums := map[Tally]int{}
	for _, r := range newest {
		var body struct {
			Site        string
			Disposition interview.Disposition
		}
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		sums[Tally{Study: "mall", Day: "2026-11-22", Site: body.Site, Interviewer: r.Interviewer, Kind: r.Kind, Disposition: body.Disposition}]++
	}
	for k, n := range sums {
		k.Count = n
		list = append(list, k)
	}
	slices.SortFunc(list, compareTallies)
	return list
}

// However revisions come, the counts are those of the newest ones.
func TestTalliesAreThoseOfTheRecords(t *testing.T) {
	t.Parallel()
	seed := uint64(7)
	dice := rand.New(rand.NewPCG(seed, seed))
	c := newCentral(t)
	c.study(t, "mall")
	devices := []*device{c.device(t, "0417", "mall"), c.device(t, "0418", "mall")}
	outcomes := []interview.Disposition{interview.Complete, interview.Partial, interview.RefusedUnknown}
	made := map[*device][]delivery.Record{}
	for range 60 {
		d := devices[dice.IntN(2)]
		site := []string{"north", "south"}[dice.IntN(2)]
		var batch []delivery.Record
		for range 1 + dice.IntN(4) {
			if old := made[d]; len(old) > 0 && dice.IntN(2) == 0 {
				r := old[dice.IntN(len(old))]
				d.seq++
				r.Revision, r.Seq = 1+dice.IntN(5), d.seq
				batch = append(batch, d.with(t, r, contactOf(r.ID, site, outcomes[dice.IntN(3)])))
				continue
			}
			r := d.record(t, []delivery.Kind{delivery.KindShift, delivery.KindContact, delivery.KindInterview}[dice.IntN(3)], "mall", site)
			if r.Kind == delivery.KindContact {
				made[d] = append(made[d], r)
			}
			batch = append(batch, r)
		}
		c.push(t, d, batch...)
	}
	want := c.counted(t)
	got, err := c.Tallies(context.Background(), researcher("mall"), "mall")
	if err != nil || !slices.Equal(got, want) || len(got) < 10 {
		t.Errorf("%v\ncounted %v\nkept    %v", err, want, got)
	}
	near, err := c.Tallies(context.Background(), Principal{User: "s", Grants: []Grant{{Role: Supervisor, Study: "mall", Site: "north"}}}, "mall")
	if err != nil || len(near) == 0 || slices.ContainsFunc(near, func(t Tally) bool { return t.Site != "north" }) {
		t.Errorf("a supervisor of one site sees %v, %v", near, err)
	}
	for who, code := range map[string]ErrorCode{"viewer": Forbidden, "stranger": NotFound} {
		p := Principal{User: who}
		if who == "viewer" {
			p.Grants = []Grant{{Role: Viewer}}
		}
		_, err := c.Tallies(context.Background(), p, "mall")
		wantCode(t, err, code)
	}
}

func contactOf(id, site string, outcome interview.Disposition) interview.Contact {
	return interview.Contact{ID: id, Study: "mall", Site: site, At: interview.Moment{UTC: start.UnixMilli(), Offset: 60}, Disposition: outcome}
}

// What no database keeps in a text is no reason to refuse the records beside it.
func TestStrangeCharactersBlockNothing(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	nul := d.record(t, delivery.KindContact, "mall", "no\x00rth\x00")
	strange := d.record(t, delivery.KindContact, "mall", "north")
	strange.Study, strange.Kind = "a\x00b\xff"+fmt.Sprintf("%080d", 1)+"é", "inter\x00view"
	claimed := d.record(t, delivery.KindContact, "mall", "north")
	claimed.SHA256, claimed.Epoch = "\x00", "\xc3"
	good := d.record(t, delivery.KindContact, "mall", "north")
	got := c.push(t, d, nul, strange, claimed, good)
	want := []delivery.Status{delivery.Received, delivery.Quarantined, delivery.Quarantined, delivery.Received}
	if !slices.Equal(statuses(got), want) {
		t.Fatal(statuses(got))
	}
	if len(got.Gaps[0].Missing) != 0 && claimed.Epoch == d.Epoch {
		t.Error(got.Gaps[0].Missing)
	}
	receipts, err := c.Have(context.Background(), d.Principal, []delivery.Identity{good.Identity()})
	if err != nil || len(receipts) != 1 {
		t.Errorf("%v, %v", receipts, err)
	}
	if _, err := c.Have(context.Background(), d.Principal, []delivery.Identity{{ID: "\x00", Revision: 1}}); err != nil && CodeOf(err) != Invalid {
		t.Error(err)
	}
}

// Two centrals take the same batch at the same instant: it is there once, and each answers for every record.
func TestTheSameBatchAtTwoCentralsAtOnce(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	c.study(t, "mall")
	second := c.open(t)
	d := c.device(t, "0417", "mall")
	for range 20 {
		batch := []delivery.Record{d.record(t, delivery.KindContact, "mall", "north"), d.record(t, delivery.KindInterview, "mall", "north")}
		answers := make(chan error, 2)
		for _, at := range []Store{c.Store, second} {
			go func() {
				done, err := at.Push(context.Background(), Push{Who: d.Principal, Records: incoming(batch...), HighSeq: d.seq})
				if err == nil && (len(done.Receipts) != 2 || slices.Contains(statuses(done), delivery.Quarantined)) {
					err = fmt.Errorf("%v", done.Receipts)
				}
				answers <- err
			}()
		}
		for range 2 {
			if err := <-answers; err != nil {
				t.Fatal(err)
			}
		}
	}
	var records, tallied int
	err := c.insides().read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM records`).Scan(&records); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT SUM(n) FROM tallies`).Scan(&tallied)
	})
	if err != nil || records != 40 || tallied != 40 {
		t.Errorf("%d records, %d counted; %v", records, tallied, err)
	}
}
