package agent_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/study"
)

// softly gives the study targets that hold nobody back, and no hard one.
func softly(def *study.Study) {
	def.Quotas = []study.Quota{
		{Name: "young", Target: 5, Kind: study.Soft, Condition: study.Rule{XPath: "/data/age < 35"}}, {Name: "all", Target: 50, Kind: study.Watched},
	}
}

func (d *device) wantAims(t *testing.T, want map[string]delivery.Aim) {
	t.Helper()
	got, err := d.Aims(context.Background(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("targets: %s", diff)
	}
}

// A supervisor's change of a target that holds nobody back reaches tablets with their next synchronisation, of a study without hard quotas
// as well. An older central tells nothing, and what was known stays.
func TestASteeredSoftTargetReachesTablets(t *testing.T) {
	t.Parallel()
	clock := &calendar{}
	clock.ms.Store(time.Now().UnixMilli())
	c, devices := anyStudy(t, clock, 1, softly)
	d := devices[0]
	d.wantAims(t, map[string]delivery.Aim{"young": {Target: 5}, "all": {Target: 50}})
	boss := newReviewer(t, c, "ines", centralstore.Grant{Study: "visit"})
	boss.steer(t, map[string]delivery.Aim{"young": {Target: 9}})
	boss.sync(t)
	d.wantAims(t, map[string]delivery.Aim{"young": {Target: 5}, "all": {Target: 50}})
	d.sync(t)
	steered := map[string]delivery.Aim{"young": {Target: 9}, "all": {Target: 50}}
	d.wantAims(t, steered)
	boss.steer(t, map[string]delivery.Aim{"all": {Target: 50, Closed: true}})
	boss.sync(t)
	d.net.spoil(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/v1/leases") {
			r = r.Clone(r.Context())
			r.URL.Path = "/v1/unheard-of"
		}
		return next.RoundTrip(r)
	})
	d.sync(t)
	d.wantAims(t, steered)
	d.net.mend()
	d.sync(t)
	d.wantAims(t, map[string]delivery.Aim{"young": {Target: 9}, "all": {Target: 50, Closed: true}})
	if i := d.meetAged(t, "20"); len(i.Rights) > 0 || len(i.Cells) != 2 {
		t.Errorf("%+v", i)
	}
}

// The same comes over a laptop to a tablet that meets nobody else.
func TestASteeredSoftTargetComesOverTheLaptop(t *testing.T) {
	t.Parallel()
	c, d, l := site(t)
	def, err := d.Study(context.Background(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	softly(&def)
	if _, err := c.store.PutStudy(context.Background(), centralstore.StudyPackage{Study: def, Files: [][]byte{c.form, c.card}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	d.net.mend()
	d.sync(t)
	d.net.spoil(noConnection)
	boss := newReviewer(t, c, "ines", centralstore.Grant{Study: "visit"})
	boss.steer(t, map[string]delivery.Aim{"young": {Target: 9}})
	boss.sync(t)
	d.contact(t)
	carried(t, d)
	l.net.mend()
	l.sync(t)
	carried(t, d)
	d.wantAims(t, map[string]delivery.Aim{"young": {Target: 9}, "all": {Target: 50}})
}
