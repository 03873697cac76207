package program

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"

	"parvis/internal/quota/fieldwork"
	"parvis/internal/study"
	"parvis/internal/study/importer"
)

type quotaGroup struct {
	Simulate quotaSimulate `cmd:"" help:"Play a study's days in the field and compare ways of sharing its quotas among devices that are mostly offline."`
}

type quotaSimulate struct {
	File      string    `arg:"" optional:"" help:"The study's workbook, whose hard quotas are taken (of one wave where they are for each); without it a study of 600 interviews in 8 cells." type:"path" placeholder:"FILE"`
	Devices   int       `help:"How many interviewers there are." default:"12" placeholder:"N"`
	Rate      float64   `help:"How many eligible people each of them meets an hour." default:"2.2" placeholder:"N"`
	Days      int       `help:"Days in the field." default:"5" placeholder:"N"`
	Hours     float64   `help:"Hours a day." default:"8" placeholder:"N"`
	Gap       []float64 `help:"Hours between two synchronisations; several to compare. The hours of a day mean the end of the shift. 1,2,4 and the shift where not given." placeholder:"N,..."`
	Clock     bool      `help:"Devices synchronise by the clock; else they meet a connection by chance, the gap apart on average."`
	Minutes   float64   `help:"How long an interview takes." default:"12" placeholder:"N"`
	Tolerance []int     `help:"Interviews beyond each target that do no harm; several to compare." default:"0,1,2" placeholder:"N,..."`
	Alike     float64   `help:"How alike the interviewers' respondents are; 34 is usual, 10 very different, 200 nearly the same." default:"34" placeholder:"N"`
	Seeds     int       `help:"How often it is played." default:"200" placeholder:"N"`
	Seed      uint64    `help:"Where chance begins; the same number gives the same figures." default:"0" placeholder:"N"`
	Picture   string    `help:"Also draw the figures, as a PNG or SVG file by its name." type:"path" placeholder:"FILE"`
}

// outcome is one line of the table.
type outcome struct {
	gap       float64
	tolerance int
	how       fieldwork.Sharing
	fieldwork.Result
}

// Run plays, prints the table and draws.
func (c *quotaSimulate) Run(ctx context.Context, m *Main) error {
	p, err := c.params()
	if err != nil {
		return err
	}
	if len(c.Gap) == 0 {
		c.Gap = []float64{1, 2, 4, c.Hours}
	}
	slices.Sort(c.Gap)
	c.Gap = slices.Compact(c.Gap)
	ways := len(c.Gap) * len(c.Tolerance) * len(fieldwork.Sharings())
	bar := m.bar(int64(ways*c.Seeds), "playing", "studies")
	var all []outcome
	for _, gap := range c.Gap {
		for _, tolerance := range c.Tolerance {
			for _, how := range fieldwork.Sharings() {
				p.Gap, p.Tolerance = gap, tolerance
				r, err := fieldwork.Play(ctx, p, how, c.Seeds, func() { bar.add(1) })
				if err != nil {
					bar.end()
					return fmt.Errorf("stopped: %w", err)
				}
				all = append(all, outcome{gap, tolerance, how, r})
			}
		}
	}
	bar.end()
	if err := c.print(m, p, all); err != nil {
		return err
	}
	if c.Picture == "" {
		return nil
	}
	if err := drawQuotas(c.Picture, c.Hours, all); err != nil {
		return fmt.Errorf("drawing the picture: %w", err)
	}
	m.print("\nThe picture is in %s.\n", c.Picture)
	return nil
}

// mostPlayed bounds what one run may ask of a machine, in people met.
const mostPlayed = 1e9

func (c *quotaSimulate) params() (p fieldwork.Params, err error) {
	p = fieldwork.Reference()
	p.Devices, p.Rate, p.Days, p.Hours, p.Concentration, p.Seed = c.Devices, c.Rate, c.Days, c.Hours, c.Alike, c.Seed
	p.Interview, p.ByChance = c.Minutes/60, !c.Clock
	switch {
	case c.Devices < 1 || c.Days < 1 || c.Seeds < 1 || !(c.Rate > 0) || !(c.Hours > 0) || !(c.Alike > 0):
		return p, errors.New("devices, rate, days, hours, alike and seeds are more than 0")
	case !(c.Minutes >= 0) || c.Minutes > 60*c.Hours:
		return p, errors.New("minutes are 0 or more, and no more than a day in the field has")
	case slices.ContainsFunc(c.Gap, func(g float64) bool { return !(g > 0) || g > c.Hours }):
		return p, fmt.Errorf("a gap is more than 0 and at most the %g hours of a day", c.Hours)
	case slices.ContainsFunc(c.Tolerance, func(n int) bool { return n < 0 }):
		return p, errors.New("a tolerance is 0 or more")
	case float64(c.Devices)*c.Rate*float64(c.Days)*c.Hours*float64(c.Seeds) > mostPlayed:
		return p, errors.New("this would take days; ask for fewer seeds, devices or days")
	}
	if c.File != "" {
		p.Cells, err = cellsOf(c.File)
	}
	return p, err
}

// cellsOf are the hard quotas of a workbook that have a condition: each is played as a cell of its own. Those for the whole study are taken
// or, where there are none, those for each wave, of which one is played: the next begins anew.
func cellsOf(path string) (cells []fieldwork.Cell, err error) {
	book, diagnostics, err := openWorkbook(path)
	if err != nil {
		return nil, err
	}
	if diagnostics.Failed() {
		return nil, errors.New(diagnostics.Problems()[0].Error())
	}
	imported, diagnostics, err := importer.FromWorkbook(book, importer.Beside(path), importer.Limits{})
	if diagnostics.Failed() {
		return nil, fmt.Errorf("%s; research form check tells all", diagnostics.Problems()[0].Error())
	}
	if err != nil {
		return nil, err
	}
	for _, period := range []study.Period{study.WholeStudy, study.EachWave} {
		for _, q := range imported.Study.Quotas {
			if q.Kind == study.Hard && q.Period == period && !q.Condition.Always() && q.Target > 0 {
				cells = append(cells, fieldwork.Cell{Name: q.Name, Cap: q.Target})
			}
		}
		if len(cells) > 0 {
			return cells, nil
		}
	}
	return nil, errors.New("this study has no hard quota with a condition and a target for the whole study or each wave: there is nothing to share")
}

// saidAs is what a way of sharing is called in table and picture.
func saidAs(how fieldwork.Sharing) string {
	return map[fieldwork.Sharing]string{
		fieldwork.Leases: "leased rights", fieldwork.Split: "even split", fieldwork.Stale: "shared counts",
	}[how]
}

func (c *quotaSimulate) print(m *Main, p fieldwork.Params, all []outcome) error {
	wanted := 0
	for _, cell := range p.Cells {
		wanted += cell.Cap
	}
	m.print("%d interviews in %s, %s, about %.0f eligible people in %s of %g hours; played %s.\n\n", wanted, count(len(p.Cells), "cell"),
		count(p.Devices, "interviewer"), float64(p.Devices)*p.Rate*float64(p.Days)*p.Hours, count(p.Days, "day"), p.Hours, count(c.Seeds, "time"))
	w := tabwriter.NewWriter(m.p.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "sync each\ttolerance\tshared by\tbeyond target\tunfilled\tturned away\twhile open elsewhere\tfull after\t")
	for _, o := range all {
		full := fmt.Sprintf("%.0f h", o.Hours)
		if o.Hours > 0.995*float64(p.Days)*p.Hours {
			full = "never"
		}
		fmt.Fprintf(w, "%g h\t%d\t%s\t%.2f %%\t%.2f %%\t%.1f %%\t%.1f %%\t%s\t\n", o.gap, o.tolerance, saidAs(o.how),
			100*o.Overshoot, 100*o.Unfilled, 100*o.Away, 100*o.AwayOpen, full)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	apart := "on average, as devices meet a connection by chance"
	if c.Clock {
		apart = "by the clock"
	}
	m.print("\nSync each: hours between two synchronisations of a device, %s; %g h is the end of the shift.\n", apart, c.Hours)
	m.print("Beyond target and unfilled are of all interviews wanted, turned away of all eligible people. Open elsewhere: somebody else could have\n" +
		"interviewed them. Mixes and people are drawn by chance, the same for each way of sharing.\n")
	return nil
}

// byGap sorts a line's points.
func byGap(a, b outcome) int { return cmp.Compare(a.gap, b.gap) }
