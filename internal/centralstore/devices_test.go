package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/quota"
)

// person signs in as far as the store is concerned.
func person(name string, grants ...Grant) Principal { return Principal{User: name, Grants: grants} }

// What of a lost device arrives later, when it was found and enrolled again, is kept and told apart.
func TestALostDevice(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	c.study(t, "mall")
	d, other := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	before, kept := d.record(t, delivery.KindInterview, "mall", "north"), d.record(t, delivery.KindInterview, "mall", "north")
	c.push(t, d, before)
	c.pass(time.Hour)
	if err := c.LoseDevice(ctx, d.Device, "test"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, c.LoseDevice(ctx, "nobody", "test"), NotFound)
	_, err := c.Authenticate(ctx, d.secret)
	wantCode(t, err, Revoked)
	state := func() delivery.DeviceState {
		t.Helper()
		list, err := c.ListDevices(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			if one.Device == d.Device {
				return one
			}
		}
		t.Fatal("the device is gone")
		return delivery.DeviceState{}
	}
	if got := state(); !got.Lost || !got.Revoked {
		t.Errorf("%+v", got)
	}
	late := func(want ...string) {
		t.Helper()
		list, err := c.LateRecords(ctx, "mall", 10)
		if err != nil || len(list) != len(want) {
			t.Fatalf("%+v, %v, want %v", list, err, want)
		}
		for i, id := range want {
			if list[i].ID != id || list[i].Device != d.Device || list[i].Interviewer != "0417" || list[i].LostAt != start.Add(time.Hour).UnixMilli() {
				t.Errorf("%+v", list[i])
			}
		}
	}
	late()
	c.pass(time.Hour)
	found := c.enrolled(t, "0999", d.secret, "mall")
	if got := state(); found.Device != d.Device || found.Epoch == d.Epoch || got.Lost || got.Revoked {
		t.Fatalf("%+v %+v", found.Principal, got)
	}
	if got := statuses(c.push(t, found, kept, found.record(t, delivery.KindInterview, "mall", "north"))); got[0] != delivery.Received || got[1] != delivery.Received {
		t.Errorf("what it still held: %v", got)
	}
	c.push(t, other, other.record(t, delivery.KindInterview, "mall", "north"))
	late(kept.ID) // neither what came before, nor what is of the new epoch, nor another device's
}

func TestEpochsEnd(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	again := c.enrolled(t, "0417", d.secret, "mall")
	if err := c.RevokeDevice(ctx, again.Device, "test"); err != nil {
		t.Fatal(err)
	}
	third := c.enrolled(t, "0417", again.secret, "mall")
	open, err := epochsThatGoOn(ctx, c.insides(), d.Device)
	if err != nil || len(open) != 1 || open[0] != third.Epoch {
		t.Errorf("%v go on, %v", open, err)
	}
	if list, err := c.LateRecords(ctx, "mall", 10); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

func epochsThatGoOn(ctx context.Context, s *store, device string) (open []string, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		open, err = texts(ctx, tx, `SELECT id FROM epochs WHERE device = $1 AND ended_at IS NULL`, device)
		return err
	})
	return open, err
}

func TestWhoMayEndADevice(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	for _, id := range []string{"mall", "fair"} {
		c.study(t, id)
	}
	made := 10
	for _, tc := range []struct {
		name    string
		who     Principal
		studies []string // of the device
		worked  string   // at which site of mall
		want    ErrorCode
	}{
		{"an administrator", person("ada", Grant{Role: Administrator}), []string{"fair", "mall"}, "north", ""},
		{"a supervisor of the study", person("sam", Grant{Role: Supervisor, Study: "mall"}), []string{"mall"}, "north", ""},
		{"a supervisor of one of two", person("sam", Grant{Role: Supervisor, Study: "mall"}), []string{"fair", "mall"}, "", Forbidden},
		{"a supervisor of another", person("sam", Grant{Role: Supervisor, Study: "fair"}), []string{"mall"}, "", NotFound},
		{"a viewer", person("vic", Grant{Role: Viewer, Study: "mall"}), []string{"mall"}, "", Forbidden},
		{"of the site", person("sam", Grant{Role: Supervisor, Study: "mall", Site: "north"}), []string{"mall"}, "north", ""},
		{"of the region", person("sam", Grant{Role: Supervisor, Study: "mall", Region: "n"}), []string{"mall"}, "north", ""},
		{"of a site, not worked yet", person("sam", Grant{Role: Supervisor, Study: "mall", Site: "north"}), []string{"mall"}, "", ""},
		{"of another site", person("sam", Grant{Role: Supervisor, Study: "mall", Site: "south"}), []string{"mall"}, "north", Forbidden},
		{"a device", Principal{Device: "x", Studies: []string{"mall"}}, []string{"mall"}, "", Forbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			made++
			d := c.device(t, fmt.Sprint("05", made), tc.studies...) // each an interviewer of its own
			if tc.worked != "" {
				c.push(t, d, d.record(t, delivery.KindContact, "mall", tc.worked))
			}
			for _, how := range []End{EndRevoked, EndLost} {
				err := c.EndDevice(ctx, DeviceEnd{Device: d.Device, How: how, Who: tc.who})
				if CodeOf(err) != tc.want || tc.want == "" && err != nil {
					t.Errorf("%s: %v, want %q", how, err, tc.want)
				}
			}
			_, err := c.Authenticate(ctx, d.secret)
			if tc.want == "" {
				wantCode(t, err, Revoked)
			} else if err != nil {
				t.Errorf("it was refused and done all the same: %v", err)
			}
		})
	}
}

func TestCodesAndDevicesInScope(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	for _, id := range []string{"mall", "fair"} {
		c.study(t, id)
	}
	mall, fair := c.device(t, "0417", "mall"), c.device(t, "0418", "fair")
	sam := person("sam", Grant{Role: Supervisor, Study: "mall", Site: "north"}, Grant{Role: Viewer, Study: "fair"})
	order := CodeOrder{Studies: []string{"mall"}, Interviewer: "0419", Valid: time.Hour, Who: sam}
	if _, err := c.NewCode(ctx, order); err != nil {
		t.Error(err)
	}
	for studies, want := range map[string]ErrorCode{"fair": Forbidden, "moon": NotFound} {
		order.Studies = []string{"mall", studies}
		_, err := c.NewCode(ctx, order)
		wantCode(t, err, want)
		_, err = c.DevicesOf(ctx, sam, studies)
		wantCode(t, err, want)
	}
	order.Studies, order.Who = []string{"mall"}, mall.Principal
	_, err := c.NewCode(ctx, order)
	wantCode(t, err, Forbidden)
	for study, want := range map[string]int{"": 1, "mall": 1} {
		list, err := c.DevicesOf(ctx, sam, study)
		if err != nil || len(list) != want || list[0].Device != mall.Device {
			t.Errorf("%q: %+v, %v", study, list, err)
		}
	}
	if list, err := c.DevicesOf(ctx, person("ada", Grant{Role: Administrator}), ""); err != nil || len(list) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := c.DevicesOf(ctx, person("vic", Grant{Role: Viewer}), ""); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v: %s", list, err, fair.Device)
	}
	log, err := c.Audit(ctx, 1)
	if err != nil || log[0].Action != "enrolment code made" || log[0].Actor != "user:sam" {
		t.Errorf("%+v, %v", log, err)
	}
}

// What ending a device touches is told beforehand, to whoever may end it; the reason given is in the audit log.
func TestWhatEndingADeviceTouches(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	c.quotaStudy(t, "mall", 3, 2)
	d, other := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	held := quota.Wallet{}
	c.says(t, d, held, 0, nil)
	rights, constraints := 0, 0
	for _, h := range held {
		if n := h.Free(); n > 0 {
			rights, constraints = rights+n, constraints+1
		}
	}
	if rights == 0 {
		t.Fatal("nothing was granted")
	}
	c.push(t, d, d.recordAt(t, 1, delivery.KindContact, "mall", "north"), d.recordAt(t, 5, delivery.KindContact, "mall", "north"))
	sam := person("sam", Grant{Role: Supervisor, Study: "mall"})
	want := delivery.DeviceEnding{Missing: 3, Rights: rights, Constraints: constraints, LastSeen: start.UnixMilli()}
	if got, err := c.Ending(ctx, sam, d.Device); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if got, err := c.Ending(ctx, sam, other.Device); err != nil || got.Missing != 0 || got.Rights != 0 || got.Constraints != 0 {
		t.Errorf("a device that has nothing: %+v, %v", got, err)
	}
	for who, code := range map[string]ErrorCode{"vic": Forbidden, "eve": NotFound} {
		_, err := c.Ending(ctx, person(who, Grant{Role: Viewer, Study: map[string]string{"vic": "mall", "eve": "fair"}[who]}), d.Device)
		wantCode(t, err, code)
	}
	_, err := c.Ending(ctx, sam, "nobody")
	wantCode(t, err, NotFound)
	if err := c.EndDevice(ctx, DeviceEnd{Device: d.Device, How: EndLost, Who: sam, Reason: "left in a tram"}); err != nil {
		t.Fatal(err)
	}
	want.Rights, want.Constraints = 0, 0
	if got, err := c.Ending(ctx, sam, d.Device); err != nil || got != want {
		t.Errorf("once it is written off: %+v, %v, want %+v", got, err, want)
	}
	if log, err := c.Audit(ctx, 1); err != nil || log[0].Action != "device lost" || log[0].Details != "left in a tram" {
		t.Errorf("%+v, %v", log, err)
	}
}

func TestWhatBecameOfCodes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	for _, id := range []string{"mall", "fair"} {
		c.study(t, id)
	}
	order := func(valid time.Duration, studies ...string) Code {
		code, err := c.NewCode(ctx, CodeOrder{Studies: studies, Interviewer: "0417", Valid: valid, Actor: "ada"})
		if err != nil {
			t.Fatal(err)
		}
		c.pass(time.Minute)
		return code
	}
	old, both, fair := order(time.Hour, "mall"), order(20*24*time.Hour, "mall", "fair"), order(20*24*time.Hour, "fair")
	used, err := c.Enrol(ctx, Enrolment{Code: both.Text, Platform: "android"})
	if err != nil {
		t.Fatal(err)
	}
	sam, ada := person("sam", Grant{Role: Supervisor, Study: "mall"}), person("ada", Grant{Role: Administrator})
	ids := func(who Principal, study string) (all []string) {
		t.Helper()
		list, err := c.CodesOf(ctx, who, study)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range list {
			all = append(all, code.ID)
			if (code.Used > 0) != (code.ID == both.ID) || (code.Device == used.Device) != (code.ID == both.ID) || code.Interviewer != "0417" || code.By != "ada" {
				t.Errorf("%+v", code)
			}
			if code.ID == both.ID && len(code.Studies) != map[string]int{"user:sam": 1, "user:ada": 2}[who.Name()] && study == "" {
				t.Errorf("%s is told of %v", who.Name(), code.Studies)
			}
		}
		return all
	}
	for name, tc := range map[string]struct{ got, want []string }{
		"a supervisor of one study": {ids(sam, ""), []string{both.ID, old.ID}}, "an administrator": {ids(ada, ""), []string{fair.ID, both.ID, old.ID}},
		"of one study": {ids(ada, "fair"), []string{fair.ID, both.ID}}, "a viewer": {ids(person("vic", Grant{Role: Viewer}), ""), nil},
	} {
		if !slices.Equal(tc.got, tc.want) {
			t.Errorf("%s: %v, want %v", name, tc.got, tc.want)
		}
	}
	for study, want := range map[string]ErrorCode{"fair": NotFound, "moon": NotFound} {
		_, err := c.CodesOf(ctx, sam, study)
		wantCode(t, err, want)
	}
	c.pass(8 * 24 * time.Hour)
	if got := ids(ada, ""); !slices.Equal(got, []string{fair.ID, both.ID}) {
		t.Errorf("what ended long ago is still there: %v", got)
	}
}
