package centralstore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// Every way in which a record can be wrong, each in one batch with records that are right.
func TestEachRecordIsDecidedByItself(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	other, d := c.device(t, "0001", "mall"), c.device(t, "0417", "mall")
	foreign := other.record(t, delivery.KindContact, "mall", "north")
	c.push(t, other, foreign)
	here := d.record(t, delivery.KindContact, "mall", "north")
	c.push(t, d, here)

	cases := []struct {
		name  string
		cause Cause
		make  func() delivery.Record
	}{
		{"id is no UUID", BadID, func() delivery.Record { r := d.record(t, delivery.KindContact, "mall", "north"); r.ID = "17"; return r }},
		{"id in capitals", BadID, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			r.ID = strings.ToUpper(r.ID)
			return r
		}},
		{"unknown kind", UnknownKind, func() delivery.Record { r := d.record(t, "dance", "mall", "north"); return r }},
		{"revision 0", BadNumber, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			r.Revision = 0
			return r
		}},
		{"sequence number beyond reason", BadNumber, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			r.Seq = 1 << 62
			return r
		}},
		{"study nobody knows", UnknownStudy, func() delivery.Record { return d.record(t, delivery.KindContact, "moon", "north") }},
		{"study of others", UnknownStudy, func() delivery.Record { return d.record(t, delivery.KindContact, "fair", "north") }},
		{"epoch of another device", UnknownEpoch, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			r.Epoch = other.Epoch
			return r
		}},
		{"wrong sum", BadSum, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			r.SHA256 = delivery.Sum([]byte("else"))
			return r
		}},
		{"body of another form", BadBody, func() delivery.Record {
			return d.with(t, d.record(t, delivery.KindContact, "mall", "north"), []int{1})
		}},
		{"body without an outcome", BadBody, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			return d.with(t, r, interview.Contact{ID: r.ID, Study: r.Study})
		}},
		{"body that is not text", BadBody, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			r.Body = []byte("\"\xff\"")
			r.SHA256 = delivery.Sum(r.Body)
			return r
		}},
		{"body of another record", OtherBody, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			return d.with(t, r, interview.Contact{ID: here.ID, Study: "mall", Disposition: interview.NoTime})
		}},
		{"practice", Practice, func() delivery.Record {
			r := d.record(t, delivery.KindContact, "mall", "north")
			return d.with(t, r, interview.Contact{ID: r.ID, Study: "mall", Disposition: interview.NoTime, Practice: true})
		}},
		{"other bytes under the same number", OtherBytes, func() delivery.Record {
			return d.with(t, here, interview.Contact{ID: here.ID, Study: "mall", Disposition: interview.NoTime})
		}},
		{"another device's record", OtherDevice, func() delivery.Record {
			r := foreign
			r.Epoch, r.Revision = d.Epoch, 2
			return d.with(t, r, interview.Contact{ID: r.ID, Study: "mall", Disposition: interview.NoTime})
		}},
		{"another kind under the same id", OtherKindHere, func() delivery.Record {
			r := here
			r.Kind, r.Revision = delivery.KindShift, 2
			return d.with(t, r, interview.Shift{ID: r.ID, Study: "mall", Started: interview.Moment{UTC: 1}})
		}},
	}
	var batch []delivery.Record
	for _, tc := range cases {
		batch = append(batch, tc.make(), d.record(t, delivery.KindInterview, "mall", "north"))
	}
	done := c.push(t, d, batch...)
	if len(done.Receipts) != len(batch) {
		t.Fatalf("%d receipts for %d records", len(done.Receipts), len(batch))
	}
	kept, err := c.Quarantined(context.Background(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for i, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			bad, good := done.Receipts[2*i], done.Receipts[2*i+1]
			if bad.Status != delivery.Quarantined || len(bad.Reason) < 20 {
				t.Errorf("receipt %+v", bad)
			}
			if bad.Identity() != batch[2*i].Identity() {
				t.Errorf("the receipt is for %+v, the record was %+v", bad.Identity(), batch[2*i].Identity())
			}
			if good.Status != delivery.Received {
				t.Errorf("the record after it: %+v", good)
			}
			whole := incoming(batch[2*i])[0].Whole
			found := slices.IndexFunc(kept, func(e QuarantineEntry) bool { return bytes.Equal(e.Whole, whole) })
			if found < 0 {
				t.Fatal("it is not in quarantine whole")
			}
			if kept[found].Cause != tc.cause {
				t.Errorf("cause %q, want %q", kept[found].Cause, tc.cause)
			}
		})
	}
	if len(kept) != len(cases) {
		t.Errorf("%d records in quarantine, want %d", len(kept), len(cases))
	}
	entries, _ := c.all(t, PullQuery{Who: researcher("mall"), Study: "mall", Limit: 100, Bytes: 1 << 20})
	if got, want := len(entries), 1+2+len(cases); got != want { // the study, two contacts, the good interviews
		t.Errorf("%d entries in the feed, want %d", got, want)
	}
}

func TestUnreadableRecordIsKeptWhole(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	whole := []byte(`{"id":["no id"],"body":{"name":"kept"}}`)
	done, err := c.Push(context.Background(), Push{Who: d.Principal, Records: []delivery.Incoming{{Whole: whole, Err: errors.New("unreadable")}}})
	if err != nil || done.Receipts[0].Status != delivery.Quarantined {
		t.Fatalf("%+v, %v", done, err)
	}
	kept, err := c.Quarantined(context.Background(), 10)
	if err != nil || len(kept) != 1 || !bytes.Equal(kept[0].Whole, whole) {
		t.Fatalf("%+v, %v", kept, err)
	}
}

func TestStoredOnceWithTheSameBytes(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	first := d.record(t, delivery.KindInterview, "mall", "north")
	// Bodies are kept to the byte, white space and all.
	first.Body = append(first.Body[:len(first.Body)-1:len(first.Body)-1], []byte(` ,  "later" : "<&>" }`)...)
	first.SHA256 = delivery.Sum(first.Body)
	second := d.record(t, delivery.KindContact, "mall", "south")
	want := []struct {
		records []delivery.Record
		status  []delivery.Status
	}{
		{[]delivery.Record{second, first, first}, []delivery.Status{delivery.Received, delivery.Received, delivery.Duplicate}},
		{[]delivery.Record{first, second}, []delivery.Status{delivery.Duplicate, delivery.Duplicate}},
	}
	for i, w := range want {
		if diff := cmp.Diff(w.status, statuses(c.push(t, d, w.records...))); diff != "" {
			t.Errorf("push %d: %s", i, diff)
		}
	}
	entries, _ := c.all(t, PullQuery{Who: researcher("mall"), Study: "mall", Kind: delivery.KindInterview, Limit: 10, Bytes: 1 << 20})
	if len(entries) != 2 || entries[1].Record == nil { // the study comes first
		t.Fatalf("%d entries", len(entries))
	}
	got := *entries[1].Record
	if !bytes.Equal(got.Body, first.Body) || got.SHA256 != first.SHA256 || got.Seq != first.Seq || got.Device != d.Device || got.Interviewer != "0417" {
		t.Errorf("stored %+v", got)
	}
	if got.ReceivedAt != start.UnixMilli() {
		t.Errorf("received at %d", got.ReceivedAt)
	}
	states, err := c.ListStudies(context.Background(), researcher("mall"))
	if err != nil || states[0].Interviews != 1 {
		t.Errorf("%+v, %v", states, err)
	}
}

func TestRevisionsAreAllKept(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	r := d.record(t, delivery.KindContact, "mall", "north")
	next := d.with(t, r, interview.Contact{ID: r.ID, Study: "mall", Site: "north", Disposition: interview.Complete})
	d.seq++
	next.Revision, next.Seq = 2, d.seq
	// The second may arrive before the first.
	if got := statuses(c.push(t, d, next, r)); got[0] != delivery.Received || got[1] != delivery.Received {
		t.Fatal(got)
	}
	entries, _ := c.all(t, PullQuery{Who: researcher("mall"), Study: "mall", Limit: 10, Bytes: 1 << 20})
	if len(entries) != 3 || entries[1].Record.Revision != 2 || entries[2].Record.Revision != 1 {
		t.Fatalf("%+v", entries)
	}
}

func TestSkewAndReceptionAreKept(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	_, err := c.Push(context.Background(), Push{Who: d.Principal, Records: incoming(d.record(t, delivery.KindShift, "mall", "north")), Skew: -90 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	entries, _ := c.all(t, PullQuery{Who: researcher("mall"), Study: "mall", Limit: 10, Bytes: 1 << 20})
	if got := entries[1].Record.SkewMS; got != -90_000 {
		t.Errorf("skew %d ms", got)
	}
}

func TestHaveKnowsWhatArrivedAndWhatIsApart(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d, other := c.device(t, "0417", "mall"), c.device(t, "0001", "mall")
	stored, apart := d.record(t, delivery.KindInterview, "mall", "north"), d.record(t, "dance", "mall", "north")
	c.push(t, d, stored, apart)
	never, changed := d.record(t, delivery.KindContact, "mall", "north").Identity(), stored.Identity()
	changed.SHA256 = delivery.Sum([]byte("other bytes"))
	got, err := c.Have(context.Background(), d.Principal, []delivery.Identity{never, stored.Identity(), changed, apart.Identity()})
	if err != nil {
		t.Fatal(err)
	}
	want := []delivery.Receipt{
		{ID: stored.ID, Revision: 1, SHA256: stored.SHA256, Status: delivery.Duplicate, Kind: delivery.KindInterview},
		{ID: apart.ID, Revision: 1, SHA256: apart.SHA256, Status: delivery.Quarantined, Kind: "dance", Reason: reason(UnknownKind, apart)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got, err = c.Have(context.Background(), other.Principal, []delivery.Identity{apart.Identity()})
	if err != nil || len(got) != 0 {
		t.Errorf("another device learns of a quarantined record: %+v, %v", got, err)
	}
}

func TestQuarantineIsSettledWhenTheBytesCanBeStored(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	r := d.record(t, delivery.KindContact, "fair", "north")
	if got := statuses(c.push(t, d, r)); got[0] != delivery.Quarantined {
		t.Fatal(got)
	}
	c.study(t, "fair")
	d = c.enrolled(t, "0417", d.secret, "fair") // the same device, now assigned to it
	if got := statuses(c.push(t, d, r)); got[0] != delivery.Received {
		t.Fatal(got)
	}
	if s, err := c.Status(context.Background()); err != nil || s.Quarantined != 0 {
		t.Errorf("%d in quarantine, %v", s.Quarantined, err)
	}
}

func TestRecordsAndAuditAreNeverChanged(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	c.push(t, d, d.record(t, delivery.KindContact, "mall", "north"))
	for _, statement := range []string{
		`DELETE FROM records`, `UPDATE records SET body = x'00'`, `DELETE FROM audit`, `UPDATE audit SET actor = 'nobody'`,
	} {
		if err := c.insides().write(context.Background(), execute(statement)); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}

func TestBodiesThatCouldBreakOutStayData(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	r := d.record(t, delivery.KindContact, "mall", "north'); DROP TABLE records; --")
	c.push(t, d, r)
	who := Principal{User: "s", Grants: []Grant{{Role: Supervisor, Study: "mall", Site: "north' OR '1'='1"}}}
	entries, _ := c.all(t, PullQuery{Who: who, Limit: 10, Bytes: 1 << 20})
	for _, e := range entries {
		if e.Record != nil {
			t.Error("a site's name was taken as SQL")
		}
	}
	entries, _ = c.all(t, PullQuery{Who: researcher("mall"), Study: "mall", Limit: 10, Bytes: 1 << 20})
	var body interview.Contact
	if err := json.Unmarshal(entries[1].Record.Body, &body); err != nil || body.Site != "north'); DROP TABLE records; --" {
		t.Errorf("%+v, %v", body, err)
	}
}
