package centralstore

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

func ids(entries []Entry) (records, studies, devices []string) {
	for _, e := range entries {
		switch {
		case e.Record != nil:
			records = append(records, e.ID)
		case e.Device != nil:
			devices = append(devices, e.ID)
		default:
			studies = append(studies, e.ID)
		}
	}
	return records, studies, devices
}

func TestEveryoneReadsWithinTheirScope(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	d, f := c.device(t, "0417", "mall"), c.device(t, "0001", "fair")
	north, south := d.record(t, delivery.KindInterview, "mall", "north"), d.record(t, delivery.KindContact, "mall", "south")
	far, fair := d.record(t, delivery.KindShift, "mall", "far-south"), f.record(t, delivery.KindInterview, "fair", "north")
	c.push(t, d, north, south, far)
	c.push(t, f, fair)
	person := func(grants ...Grant) Principal { return Principal{User: "p", Grants: grants} }
	both := []string{"fair", "mall"}
	cases := []struct {
		name             string
		who              Principal
		records, studies []string
		devices          int
	}{
		{"administrator", person(Grant{Role: Administrator}), []string{fair.ID, north.ID, south.ID, far.ID}, both, 2},
		{"researcher of a study", person(Grant{Role: Researcher, Study: "mall"}), []string{north.ID, south.ID, far.ID}, []string{"mall"}, 1},
		{"supervisor of a site", person(Grant{Role: Supervisor, Study: "mall", Site: "north"}), []string{north.ID}, []string{"mall"}, 1},
		{"supervisor of a region", person(Grant{Role: Supervisor, Study: "mall", Region: "s"}), []string{south.ID, far.ID}, []string{"mall"}, 1},
		{
			"supervisor of two scopes", person(Grant{Role: Supervisor, Study: "mall", Site: "south"}, Grant{Role: Supervisor, Study: "fair"}),
			[]string{fair.ID, south.ID},
			both, 2,
		},
		{"viewer", person(Grant{Role: Viewer, Study: "mall"}), nil, []string{"mall"}, 0},
		{"nobody", person(), nil, nil, 0},
		{"device", d.Principal, nil, []string{"mall"}, 0},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			entries, _ := c.all(t, PullQuery{Who: tc.who, Limit: 100, Bytes: 1 << 20})
			records, studies, devices := ids(entries)
			if diff := cmp.Diff(tc.records, records); diff != "" {
				t.Error("records", diff)
			}
			if diff := cmp.Diff(tc.studies, studies); diff != "" {
				t.Error("studies", diff)
			}
			if len(devices) != tc.devices {
				t.Errorf("%d devices, want %d", len(devices), tc.devices)
			}
		})
	}
}

func TestResearchNeedsTheWholeStudy(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	for _, tc := range []struct {
		name  string
		who   Principal
		study string
		code  ErrorCode
	}{
		{"supervisor", Principal{User: "s", Grants: []Grant{{Role: Supervisor, Study: "mall"}}}, "mall", Forbidden},
		{"researcher of a site", Principal{User: "s", Grants: []Grant{{Role: Researcher, Study: "mall", Site: "north"}}}, "mall", Forbidden},
		{"researcher of another study", researcher("fair"), "mall", NotFound},
		{"unknown study", researcher(""), "moon", NotFound},
		{"device", d.Principal, "mall", Forbidden},
		{"viewer", Principal{User: "v", Grants: []Grant{{Role: Viewer, Study: "mall"}}}, "mall", Forbidden},
		{"researcher", researcher("mall"), "mall", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := c.Pull(context.Background(), PullQuery{Who: tc.who, Study: tc.study, Limit: 1, Bytes: 1})
			wantCode(t, err, tc.code)
		})
	}
}

// However pages are cut, each change comes once, and in the order in which it was committed.
func TestPagesAddUpToTheWhole(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	d := c.device(t, "0417", "mall", "fair")
	var want []string
	for i := range 40 {
		kind, st := []delivery.Kind{delivery.KindInterview, delivery.KindContact, delivery.KindShift}[i%3], []string{"fair", "mall"}[i/20]
		r := d.record(t, kind, st, "north")
		want = append(want, r.ID)
		c.push(t, d, r)
	}
	rapid.Check(t, func(rt *rapid.T) {
		q := PullQuery{Who: researcher("mall", "fair"), Limit: rapid.IntRange(1, 50).Draw(rt, "limit"), Bytes: rapid.IntRange(1, 20_000).Draw(rt, "bytes")}
		entries, _ := c.all(t, q)
		got, studies, devices := ids(entries)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
		if len(studies) != 2 || len(devices) != 2 {
			rt.Fatalf("%d studies, %d states of the device", len(studies), len(devices))
		}
	})
}

func TestACursorGoesOnWhereItEnded(t *testing.T) {
	c := newCentral(t)
	p := c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	who := Principal{User: "s", Grants: []Grant{{Role: Supervisor, Study: "mall"}}}
	_, cursor := c.all(t, PullQuery{Who: who, Limit: 10, Bytes: 1 << 20})
	entries, same := c.all(t, PullQuery{Who: who, Cursor: cursor, Limit: 10, Bytes: 1 << 20})
	if len(entries) != 0 || same != cursor {
		t.Fatalf("nothing changed, and %d entries came", len(entries))
	}
	r := d.record(t, delivery.KindContact, "mall", "north")
	c.push(t, d, r)
	p.Study.Wave = "2"
	if state, err := c.PutStudy(context.Background(), p); err != nil || state.Version != 2 {
		t.Fatal(state, err)
	}
	entries, cursor = c.all(t, PullQuery{Who: who, Cursor: cursor, Limit: 10, Bytes: 1 << 20})
	if len(entries) != 3 || entries[0].Record == nil || entries[1].Device == nil || entries[2].Study == nil {
		t.Fatalf("%+v", entries)
	}
	var def study.Study
	if err := json.Unmarshal(entries[2].Study, &def); err != nil || def.Wave != "2" {
		t.Fatal(def.Wave, err)
	}
	entries, _ = c.all(t, PullQuery{Who: d.Principal, Limit: 10, Bytes: 1 << 20})
	if len(entries) != 1 {
		t.Fatalf("a device pulls %d entries, want the newest version alone", len(entries))
	}
	_ = cursor
}

func TestCursorsFromElsewhereDoNoHarm(t *testing.T) {
	c, other := newCentral(t), newCentral(t)
	c.study(t, "mall")
	other.study(t, "mall")
	for range 5 {
		other.push(t, other.device(t, "1", "mall"))
	}
	_, foreign := other.all(t, PullQuery{Who: researcher("mall"), Limit: 10, Bytes: 1 << 20})
	beyond, err := cursor{Incarnation: c.insides().self.incarnation, At: map[string]int64{"mall": 1 << 40, "moon": -3}}.text()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"of another central": foreign, "beyond the feed": beyond} {
		entries, _ := c.all(t, PullQuery{Who: researcher("mall"), Cursor: text, Limit: 10, Bytes: 1 << 20})
		if len(entries) != 1 {
			t.Errorf("a cursor %s: %d entries, want all", name, len(entries))
		}
	}
	for _, text := range []string{"?", "e30", "bm8", string(make([]byte, mostCursor+1))} {
		_, err := c.Pull(context.Background(), PullQuery{Who: researcher("mall"), Cursor: text, Limit: 1, Bytes: 1})
		wantCode(t, err, BadCursor)
	}
}

// Readers that follow the feed while many devices push must see every record.
func TestNoReaderSkipsARecordUnderLoad(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	const devices, batches = 6, 15
	var writers sync.WaitGroup
	for range devices {
		d := c.device(t, "0417", "mall")
		writers.Add(1)
		go func() {
			defer writers.Done()
			for range batches {
				records := []delivery.Record{d.record(t, delivery.KindContact, "mall", "north"), d.record(t, delivery.KindInterview, "mall", "south")}
				if _, err := c.Push(context.Background(), Push{Who: d.Principal, Records: incoming(records...)}); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	ended := make(chan struct{})
	go func() { writers.Wait(); close(ended) }()
	seen, q, last := map[string]int{}, PullQuery{Who: researcher("mall"), Study: "mall", Limit: 7, Bytes: 1 << 20}, false
	for !last {
		select {
		case <-ended:
			last = true
		default:
		}
		var entries []Entry
		entries, q.Cursor = c.all(t, q)
		for _, e := range entries {
			if e.Record != nil {
				seen[e.ID]++
			}
		}
	}
	if len(seen) != devices*batches*2 {
		t.Errorf("the reader saw %d records of %d", len(seen), devices*batches*2)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
}

func TestAPullNotesTheVisitOfADeviceNowAndThen(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	seen := func() int64 {
		states, err := c.ListDevices(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return states[0].LastSeen
	}
	c.pass(30 * time.Second)
	page, err := c.Pull(context.Background(), PullQuery{Who: d.Principal, Limit: 1, Bytes: 1})
	if err != nil || seen() != start.UnixMilli() {
		t.Fatalf("a visit after half a minute was written: %d, %v", seen(), err)
	}
	c.pass(time.Minute)
	page, err = c.Pull(context.Background(), PullQuery{Who: d.Principal, Cursor: page.Cursor, HighSeq: 4, Limit: 1, Bytes: 1})
	if err != nil || seen() != start.Add(90*time.Second).UnixMilli() {
		t.Fatalf("a visit was not noted: %d, %v", seen(), err)
	}
	if diff := cmp.Diff([]delivery.Range{{First: 1, Last: 4}}, page.Gaps[0].Missing); diff != "" {
		t.Error(diff)
	}
}
