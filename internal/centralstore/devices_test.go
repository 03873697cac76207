package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"parvis/internal/delivery"
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
