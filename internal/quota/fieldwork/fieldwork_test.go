package fieldwork

import (
	"context"
	"testing"
)

// bounds are what a way of sharing may cost, and for what is compared also what it costs at least: a comparison with a straw man proves
// nothing.
type bounds struct{ least, most Result }

// What leases cost in the reference study, beside the other ways in the same run.
func TestReference(t *testing.T) {
	t.Parallel()
	const seeds = 200
	for name, want := range map[string]struct {
		gap    float64
		chance bool
		cases  map[Sharing]bounds
	}{
		"hourly": {1, true, map[Sharing]bounds{
			Leases: {most: Result{Overshoot: 0, Unfilled: 0.010, AwayOpen: 0.28}},
			Split:  {Result{Unfilled: 0.07, AwayOpen: 0.44}, Result{Unfilled: 0.09, AwayOpen: 0.49}},
			Stale:  {Result{Overshoot: 0.07}, Result{Overshoot: 0.10, Unfilled: 0.01, AwayOpen: 1}},
		}},
		"hourly by the clock": {1, false, map[Sharing]bounds{
			Leases: {most: Result{Overshoot: 0, Unfilled: 0.005, AwayOpen: 0.22}},
			Split:  {Result{Unfilled: 0.07, AwayOpen: 0.44}, Result{Unfilled: 0.09, AwayOpen: 0.49}},
			Stale:  {Result{Overshoot: 0.04}, Result{Overshoot: 0.06, Unfilled: 0.01, AwayOpen: 1}},
		}},
		"end of the shift": {8, true, map[Sharing]bounds{
			Leases: {most: Result{Overshoot: 0, Unfilled: 0.014, AwayOpen: 0.33}},
			Split:  {Result{Unfilled: 0.07, AwayOpen: 0.44}, Result{Unfilled: 0.09, AwayOpen: 0.49}},
			Stale:  {Result{Overshoot: 0.28}, Result{Overshoot: 0.35, Unfilled: 0.01, AwayOpen: 1}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Reference()
			p.Gap, p.ByChance = want.gap, want.chance
			for _, how := range Sharings() {
				r, err := Play(context.Background(), p, how, seeds, nil)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%s: overshoot %.2f %%, unfilled %.2f %%, turned away %.1f %%, while open elsewhere %.1f %%, %.1f hours",
					how, 100*r.Overshoot, 100*r.Unfilled, 100*r.Away, 100*r.AwayOpen, r.Hours)
				b := want.cases[how]
				if r.Overshoot > b.most.Overshoot || r.Unfilled > b.most.Unfilled || r.AwayOpen > b.most.AwayOpen {
					t.Errorf("%s: %+v is more than %+v", how, r, b.most)
				}
				if r.Overshoot < b.least.Overshoot || r.Unfilled < b.least.Unfilled || r.AwayOpen < b.least.AwayOpen {
					t.Errorf("%s: %+v is less than %+v", how, r, b.least)
				}
			}
		})
	}
}

// Quotas over cells, of all together or of the rows and columns of their grid, cost little, since their rights lie where those of cells do.
func TestQuotasOverCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		gap                    float64
		chance, total, margins bool
		most                   Result
	}{
		{1, true, true, false, Result{Unfilled: 0.010, AwayOpen: 0.28}}, {1, true, false, true, Result{Unfilled: 0.010, AwayOpen: 0.28}},
		{1, true, true, true, Result{Unfilled: 0.010, AwayOpen: 0.28}},
		{8, true, true, false, Result{Unfilled: 0.022, AwayOpen: 0.33}}, {8, true, false, true, Result{Unfilled: 0.033, AwayOpen: 0.33}},
		{8, true, true, true, Result{Unfilled: 0.036, AwayOpen: 0.34}}, {1, false, true, true, Result{Unfilled: 0.006, AwayOpen: 0.28}},
	} {
		p := Reference()
		p.Gap, p.ByChance, p.Total, p.Margins = c.gap, c.chance, c.total, c.margins
		r, err := Play(context.Background(), p, Leases, 60, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v: unfilled %.2f %%, turned away while open elsewhere %.1f %%", c, 100*r.Unfilled, 100*r.AwayOpen)
		if r.Overshoot > 0 || r.Unfilled > c.most.Unfilled || r.AwayOpen > c.most.AwayOpen {
			t.Errorf("%+v: %+v", c, r)
		}
	}
}
