package centralstore

import (
	"context"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/quota"
	"parvis/internal/study"
)

func (c *central) steer(who Principal, aims map[string]delivery.Aim) delivery.Decision {
	return c.decision(who, delivery.QuotaTargets, delivery.SteeringSubject, delivery.Steering{Aims: aims})
}

func (c *central) states(t *testing.T, who Principal) map[string]delivery.QuotaState {
	t.Helper()
	states, err := c.QuotaStates(context.Background(), who, "mall")
	if err != nil || states.At != c.clock.Load() {
		t.Fatalf("%+v, %v", states, err)
	}
	all := map[string]delivery.QuotaState{}
	for _, q := range states.Quotas {
		all[q.Name] = q
	}
	return all
}

// What a supervisor wants of a quota is what may be granted from then on; what is out stays out.
func TestTargetsAreSteered(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 2, 2)
	d, boss, wallet := c.device(t, "0417", "mall"), supervisor("ines", Grant{}), quota.Wallet{}
	c.says(t, d, wallet, 0, nil)
	out := wallet["men"].Free()
	if got := c.states(t, boss); got["men"].Target != 2 || got["men"].Leased != out || got["men"].Devices != 1 || got["young"].Target != 1 || len(got) != 3 {
		t.Fatalf("%+v", got)
	}
	// One place moves from women to men, in one decision, and one cannot be given out that is out already.
	c.mustDecide(t, boss, c.steer(boss, map[string]delivery.Aim{"men": {Target: 4}, "women": {Target: 0}}))
	if a := c.told(t, d, wallet, 1, map[string]int{"men": 5}); a.Leases["men"].Cap != 4 || a.Leases["women"].Cap != 0 {
		t.Errorf("%+v", a)
	}
	for range 4 {
		wallet.Reserve([]string{"men"})
		wallet.Commit([]string{"men"})
		c.push(t, d, d.completed(t, "men", true))
		c.told(t, d, wallet, 2, map[string]int{"men": 9})
	}
	if got := c.states(t, boss)["men"]; got.Used != 4 || got.Leased != 0 || got.Provisional != 0 {
		t.Errorf("%+v", got)
	}
	// A closed quota grants nothing, whatever its target; what comes without a right waits for a person.
	c.mustDecide(t, boss, c.steer(boss, map[string]delivery.Aim{"men": {Target: 9, Closed: true}}))
	if a := c.told(t, d, wallet, 3, map[string]int{"men": 20}); a.Leases["men"].Granted != 4 {
		t.Errorf("a closed quota grants: %+v", a.Leases["men"])
	}
	late := d.completed(t, "men", false)
	c.push(t, d, late)
	if got := c.states(t, boss)["men"]; got.Used != 4 || got.Provisional != 1 || !got.Closed || got.Target != 9 {
		t.Errorf("%+v", got)
	}
	c.mustDecide(t, boss, c.steer(boss, map[string]delivery.Aim{"men": {Target: 9}}),
		c.decision(boss, delivery.ReviewAccept, late.ID, delivery.Review{Revision: 1}))
	if got := c.states(t, boss)["men"]; got.Used != 5 || got.Provisional != 0 || got.Closed {
		t.Errorf("accepted: %+v", got)
	}
	c.mustDecide(t, boss, c.decision(boss, delivery.ReviewReject, late.ID, delivery.Rejection{Review: delivery.Review{Revision: 1}}))
	if got := c.states(t, boss)["men"]; got.Used != 4 || got.Provisional != 0 {
		t.Errorf("rejected: %+v", got)
	}
}

// Of each quota the latest decision holds, whichever came first.
func TestTheLatestTargetHolds(t *testing.T) {
	c := newCentral(t)
	c.quotaStudy(t, "mall", 2, 2)
	ines, otto := supervisor("ines", Grant{}), supervisor("otto", Grant{})
	early, late := c.steer(ines, map[string]delivery.Aim{"men": {Target: 5}, "women": {Target: 5}}), c.steer(otto, map[string]delivery.Aim{"men": {Target: 7}})
	late.MadeAt, early.MadeAt = early.MadeAt-1000, early.MadeAt-2000
	c.mustDecide(t, otto, late)
	c.mustDecide(t, ines, early)
	if got := c.states(t, ines); got["men"].Target != 7 || got["women"].Target != 5 {
		t.Errorf("%+v", got)
	}
}

func TestWhoMaySteer(t *testing.T) {
	c := newCentral(t)
	pkg := c.study(t, "mall")
	pkg.Study.Quotas = []study.Quota{
		{Name: "here", Site: "north", Target: 3, Kind: study.Hard}, {Name: "there", Site: "south", Target: 3, Kind: study.Hard}, {Name: "all", Target: 9, Kind: study.Hard},
	}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
	north := supervisor("nora", Grant{Site: "north"})
	if got := c.states(t, north); len(got) != 2 || got["here"].Target != 3 || got["all"].Target != 9 {
		t.Errorf("she sees %+v", got)
	}
	for name, want := range map[string]struct {
		aims    map[string]delivery.Aim
		refused delivery.DecisionCode
	}{
		"her own":          {map[string]delivery.Aim{"here": {Target: 4}}, ""},
		"another site's":   {map[string]delivery.Aim{"there": {Target: 4}}, delivery.DecisionNoSubject},
		"the whole":        {map[string]delivery.Aim{"all": {Target: 4}}, delivery.DecisionNoSubject},
		"hers and another": {map[string]delivery.Aim{"here": {Target: 4}, "there": {Target: 4}}, delivery.DecisionNoSubject},
		"none of that":     {map[string]delivery.Aim{"here": {Target: 4}, "nowhere": {Target: 4}}, delivery.DecisionNoSubject},
		"below nothing":    {map[string]delivery.Aim{"here": {Target: -1}}, delivery.DecisionInvalid},
		"nothing":          {nil, delivery.DecisionInvalid},
	} {
		if got := c.decide(t, north, c.steer(north, want.aims))[0]; got.Code != want.refused {
			t.Errorf("%s: %+v", name, got)
		}
	}
	silent := c.steer(north, map[string]delivery.Aim{"here": {Target: 1}})
	silent.Reason = " "
	if got := c.decide(t, north, silent)[0]; got.Code != delivery.DecisionInvalid {
		t.Errorf("without a reason: %+v", got)
	}
	viewer := Principal{User: "vera", Grants: []Grant{{Role: Viewer, Study: "mall"}}}
	if _, err := c.QuotaStates(context.Background(), viewer, "mall"); err == nil {
		t.Error("a viewer sees how quotas stand")
	}
	if _, err := c.QuotaStates(context.Background(), Principal{User: "eve"}, "mall"); err == nil {
		t.Error("a stranger sees how quotas stand")
	}
}
