package fieldstore_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"parvis/internal/delivery"
)

// entitled is a device with rights, an interview that goes on with one of them, and one that used one.
func entitled(f *testing.F) *device {
	f.Helper()
	d := quotaStudy(f)
	d.leased(f, "e1", map[string]delivery.Lease{"young": {Granted: 4, Keep: 4, Cap: 10}, "old": {Granted: 2, Keep: 2, Cap: 10}})
	shift := d.shift(f, false)
	d.complete(f, d.begin(f, shift), "30", "")
	s := d.begin(f, shift)
	d.screen(f, s, "40")
	return d
}

// spent are the rights that were used, are in use and were given back, in all.
func spent(t testing.TB, d *device) (used, going, returned int) {
	t.Helper()
	list, err := d.Statements(context.Background())
	if err != nil || len(list) == 0 {
		t.Fatalf("%d statements, %v", len(list), err)
	}
	for _, st := range list {
		for _, h := range st.Holdings {
			used, going, returned = used+h.Committed, going+h.Reserved, returned+h.Returned
		}
	}
	return used, going, returned
}

// heldOn tells that nothing central or a laptop said takes back what was done, and that the next statement and question can be made.
func heldOn(t *testing.T, d *device, before [3]int) [3]int {
	t.Helper()
	used, going, returned := spent(t, d)
	if used != before[0] || going != before[1] || returned < before[2] {
		t.Fatalf("used %d, going on %d, given back %d; before that %v", used, going, returned, before)
	}
	ctx := context.Background()
	for name, q := range d.quotas(t) {
		if q.Free < 0 || q.Elsewhere < 0 {
			t.Fatalf("%s: %+v", name, q)
		}
	}
	if _, err := d.RightsWanted(ctx, "laptop"); err != nil {
		t.Fatal(err)
	}
	return [3]int{used, going, returned}
}

// Whatever central answers about rights: what was used, goes on or was given back stays so.
func FuzzLeased(f *testing.F) {
	d := entitled(f)
	for _, seed := range []string{
		`[]`, `null`, `[{"study":"visit","epoch":"e1","number":3,"leases":{"young":{"granted":7,"keep":1,"cap":10}}}]`,
		`[{"study":"visit","epoch":"e1","number":9223372036854775807,"leases":{"young":{"granted":9223372036854775807,"keep":-1,"cap":-9,"used":-9223372036854775808,"leased":1}}}]`,
		`[{"study":"visit","epoch":"e1","leases":{"young":{"granted":0,"keep":0}},"lent":{"t1":{"young":9223372036854775807}}}]`,
		`[{"study":"visit","epoch":"e1","ended":true,"leases":{"old":{"granted":-5,"keep":9223372036854775807}},"lent":{"":{"old":-4}}}]`,
		`[{"study":"visit","epoch":"e9","leases":{"young":{"granted":5}}},{"study":"other","epoch":"e1","leases":{"x":{"granted":1}}}]`,
		`[{"study":"visit","epoch":"e1","aims":{"young":{"target":-1},"all":{"target":9223372036854775807,"tolerance":9223372036854775807}}}]`,
	} {
		f.Add([]byte(strings.ReplaceAll(seed, `"visit"`, `"`+d.study.ID+`"`)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		used, going, returned := spent(t, d)
		var answers []delivery.LeaseAnswer
		if json.Unmarshal(body, &answers) != nil {
			t.Skip()
		}
		if _, err := d.Leased(context.Background(), answers); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		heldOn(t, d, [3]int{used, going, returned})
	})
}

// Whatever a laptop says it passed on: nothing is taken that was not asked for, and what was done stays.
func FuzzRightsLent(f *testing.F) {
	d := entitled(f)
	for _, seed := range []string{
		`{"studies":[]}`, `{"studies":null}`, `{"studies":[{"study":"visit","till":"t1","rights":{"young":2}}]}`,
		`{"studies":[{"study":"visit","till":"t1","rights":{"young":9223372036854775807,"old":-9223372036854775808,"all":1}},{"study":"visit","till":"","rights":{"young":1}}]}`,
		`{"studies":[{"study":"visit","till":"t2","rights":{"young":1}},{"study":"visit","till":"t2","rights":{"young":0}}]}`,
		`{"studies":[{"study":"other","till":"t1","rights":{"young":2}}]}`,
	} {
		f.Add([]byte(strings.ReplaceAll(seed, `"visit"`, `"`+d.study.ID+`"`)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		ctx := context.Background()
		used, going, returned := spent(t, d)
		var answer struct {
			Studies []delivery.RightsLent `json:"studies"`
		}
		if json.Unmarshal(body, &answer) != nil {
			t.Skip()
		}
		asked := []delivery.RightsAsked{{Study: d.study.ID, Epoch: "e1", Want: map[string]int{"young": 1}}}
		old := d.quotas(t)["old"]
		if err := d.RightsLent(ctx, "laptop", asked, answer.Studies); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		heldOn(t, d, [3]int{used, going, returned})
		if now := d.quotas(t)["old"]; now != old {
			t.Fatalf("rights came that nobody asked for: %+v, before that %+v", now, old)
		}
	})
}
