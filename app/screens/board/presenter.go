// Package board is the quota board: for each cell and site how many interviews are complete against how many are wanted, the total
// on top, and what became of interviews by site. The Model is plain Go and read anew whenever the page comes up; the View draws.
// It counts what central has received; it promises nothing and enforces nothing.
package board

import (
	"context"

	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// Store is what the board reads.
type Store interface {
	Board(ctx context.Context, studyID string) (desk.Board, error)
}

// Model is everything the page shows.
type Model struct {
	Study study.Study
	// Done are complete interviews; Target is how many the study wants in all, 0 where no quota says so.
	Done, Target int
	// Over are complete interviews beyond target and tolerance, summed over the constraints.
	Over  int
	Lines []Line
	Sites []Site
}

// Line is one cell over all sites.
type Line struct {
	Label study.Text
	Whole Count
	// BySite has one count for each site of the study, in its order.
	BySite []Count
}

// Count is done against a target; Target 0 with Open means counted without a target of its own.
type Count struct {
	Done, Target int
	// Open tells that nothing is wanted here in particular: the figure stands without a bar.
	Open bool
}

// Full tells that as many are done as are wanted.
func (c Count) Full() bool { return !c.Open && c.Done >= c.Target }

// Site is what became of the interviews of one site.
type Site struct {
	study.Site
	Outcomes map[interview.Disposition]int
}

// Read reads the board of a study.
func Read(ctx context.Context, s Store, studyID string) (Model, error) {
	b, err := s.Board(ctx, studyID)
	if err != nil {
		return Model{}, err
	}
	m := Model{Study: b.Study, Done: b.Completes, Target: wanted(b.Study)}
	for _, l := range b.Lines {
		m.Lines = append(m.Lines, lineOf(b.Study, l))
		for _, c := range l.Constraints {
			if c.Kind != study.Watched {
				m.Over += c.Over()
			}
		}
	}
	for _, site := range b.Study.Sites {
		m.Sites = append(m.Sites, Site{Site: site, Outcomes: b.Outcomes[site.Name]})
	}
	return m, nil
}

// wanted is the study's target: that of the constraint everyone falls in, or the sum of such constraints where each site has one.
// Cells may overlap, so their targets are never added up.
func wanted(st study.Study) int {
	bySite := map[string]int{}
	for _, q := range st.Quotas {
		switch {
		case !q.Condition.Always() || q.Region != "":
		case q.Site == "":
			return q.Target
		default:
			bySite[q.Site] = q.Target
		}
	}
	if len(bySite) < len(st.Sites) {
		return 0
	}
	sum := 0
	for _, target := range bySite {
		sum += target
	}
	return sum
}

func lineOf(st study.Study, l quota.Line) Line {
	out := Line{Label: l.Label, Whole: Count{Done: l.Done, Target: l.Target}}
	for _, site := range st.Sites {
		out.BySite = append(out.BySite, countAt(site.Name, l))
	}
	return out
}

// countAt is the count of a site's own constraints; where it has none, what the site gave to those of the region or study.
func countAt(site string, l quota.Line) Count {
	own, shared := Count{}, Count{Open: true}
	mine := false
	for _, c := range l.Constraints {
		if c.Site == site {
			mine = true
			own.Done += c.Done
			own.Target += c.Target
		} else if c.Site == "" {
			shared.Done += c.BySite[site]
		}
	}
	if mine {
		return own
	}
	return shared
}
