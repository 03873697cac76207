// Package board is the quota board: for each cell and site how many interviews are complete against how many are wanted, how many rights
// are out with tablets, what is open and when it fills; the margins of interlocked quotas, added up; the total on top, and what became of
// interviews by site. From it a supervisor steers: a target, room from one quota to another, a quota closed, each with a reason and a
// preview, undone until it is sent. The Model is plain Go and read anew whenever the page comes up; the View draws. What is done is counted
// here from the interviews themselves; what is out and open is central's word, as old as the last synchronisation.
package board

import (
	"context"
	"math"
	"slices"
	"time"

	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// Store is what the board reads.
type Store interface {
	Board(ctx context.Context, studyID, day string) (desk.Board, error)
}

// Choice is how the board is shown.
type Choice struct {
	Regions bool   // columns are regions, not sites
	Today   bool   // figures are those of the present day alone
	Wave    string // whose figures are shown where targets are for each wave; empty for the present one
	// Grid: interlocked quotas stand as rows and columns with their margins, of one Place; the empty place is the whole study.
	Grid  bool
	Place string
}

// Place is a column of the board: a site or a region with its sites.
type Place struct {
	Name   string
	Label  study.Text
	Sites  []string
	Region bool // it is a region: a site may have the same name
}

// Model is everything the page shows.
type Model struct {
	Choice
	Study study.Study
	// Places are the columns; HasRegions tells that they could be regions.
	Places     []Place
	HasRegions bool
	// Done are complete interviews; Target is how many the study wants in all, 0 where no quota says so.
	Done, Target int
	// Over are complete interviews beyond target and tolerance, each once; see quota.Over.
	Over  int
	Lines []Line
	// Grids are interlocked quotas with their sums.
	Grids []Grid
	// Waves are those whose figures can be shown, where quotas have a target for each; Wave is the one that is.
	Waves []study.Wave
	Wave  string
	Sites []Site
	// Open are changes of targets that central has not answered, the oldest first.
	Open []desk.Unanswered
	// Enforced tells that central has said what is out: hard quotas hold.
	Enforced bool
}

// Line is one cell over all sites.
type Line struct {
	Key   string // of the line
	Label study.Text
	// Today tells that targets and counts are those of the present day; Wave is the label of the wave they are of.
	Today bool
	Wave  study.Text
	// Margin tells that the line is a sum over others, and Label nil that it is one over all of a grid.
	Margin bool
	Whole  Count
	// ByPlace has one count for each column.
	ByPlace []Count
	// Constraints are what can be steered, each with its own count.
	Constraints []Constraint
}

// Constraint is one quota of a line.
type Constraint struct {
	Count
	Quota study.Quota // with the target in force
}

// Count is done against a target; Target 0 with Open means counted without a target of its own.
type Count struct {
	Done, Target int
	Missing      int // still wanted: where several quotas are summed up, what one has too many makes up for no other
	Today        int // of those done, on this day
	// Open tells that nothing is wanted here in particular: the figure stands without a bar.
	Open bool
	// Known tells that central has said what is out: Leased rights, Busy ones of them with interviews that go on, with Devices tablets,
	// Left to be given out yet, Provisional interviews that wait for a person.
	Known                                    bool
	Leased, Busy, Devices, Left, Provisional int
	Closed                                   bool // nothing is given out any more
	Pending                                  bool // a change of the target has not reached central
	Fills                                    Forecast
}

// Full tells that as many are done as are wanted, in each quota that was summed up.
func (c Count) Full() bool { return !c.Open && c.Missing == 0 }

// Site is what became of the interviews of one site.
type Site struct {
	study.Site
	Outcomes map[interview.Disposition]int
}

// Read reads the board of a study as it is now.
func Read(ctx context.Context, s Store, studyID string, now time.Time, as Choice) (Model, error) {
	b, err := s.Board(ctx, studyID, now.Format(time.DateOnly))
	if err != nil {
		return Model{}, err
	}
	m := Model{Choice: as, Study: b.Study, Done: b.Completes, Target: Wanted(b.Study), Open: b.Open, Enforced: b.StatesAt > 0}
	regions := regionsOf(b.Study)
	if m.HasRegions = len(regions) > 0; m.HasRegions && as.Regions {
		m.Places = regions
	} else {
		for _, site := range b.Study.Sites {
			m.Places = append(m.Places, Place{Name: site.Name, Label: site.Label, Sites: []string{site.Name}})
		}
	}
	m.Waves, m.Wave = wavesOf(&b.Study, b.Today.Day, as.Wave)
	if as.Wave != "" {
		b.Lines = quota.Board(b.Study, b.Counts, quota.Shown{Day: b.Today.Day, Wave: m.Wave})
	}
	m.Over = quota.Over(&b.Study, b.Lines)
	r := reading{&b, now, m.Places}
	m.Grids = r.grids()
	for _, l := range b.Lines {
		m.Lines = append(m.Lines, r.line(l))
	}
	for _, site := range b.Study.Sites {
		m.Sites = append(m.Sites, Site{Site: site, Outcomes: b.Outcomes[site.Name]})
	}
	return m, nil
}

// Wanted is the study's target: that of the constraint everyone falls in, or the sum of such constraints where each site has one.
// Cells may overlap, so their targets are never added up.
func Wanted(st study.Study) int {
	bySite := map[string]int{}
	for _, q := range st.Quotas {
		switch {
		case !q.Condition.Always() || q.Region != "" || q.Period != study.WholeStudy:
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

// regionsOf are the regions of a study with their sites, in the order of its sites; none where fewer than two would stand beside each other.
func regionsOf(st study.Study) (list []Place) {
	for _, site := range st.Sites {
		if site.Region == "" {
			continue
		}
		at := slices.IndexFunc(list, func(p Place) bool { return p.Name == site.Region })
		if at < 0 {
			at = len(list)
			list = append(list, Place{Name: site.Region, Label: regionLabel(site), Region: true})
		}
		list[at].Sites = append(list[at].Sites, site.Name)
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

// regionLabel is what a site's region is called; its name where the workbook gave no label.
func regionLabel(site study.Site) study.Text {
	if len(site.RegionLabel) > 0 {
		return site.RegionLabel
	}
	return study.Text{"": site.Region}
}

// wavesOf are the waves of which there are figures, the present one and those before, where quotas have a target for each; now is the one
// chosen or else the present one.
func wavesOf(st *study.Study, day, chosen string) (waves []study.Wave, now string) {
	if !slices.ContainsFunc(st.Quotas, func(q study.Quota) bool { return q.Period == study.EachWave }) {
		return nil, ""
	}
	near, _ := st.WaveNear(day)
	for _, w := range st.Waves {
		if w.First <= near.First {
			waves = append(waves, w)
		}
	}
	if slices.ContainsFunc(waves, func(w study.Wave) bool { return w.Name == chosen }) {
		return waves, chosen
	}
	return waves, near.Name
}

// reading is what figures are made of.
type reading struct {
	*desk.Board
	now    time.Time
	places []Place
}

func (r reading) line(l quota.Line) Line {
	out := Line{Key: keyOf(l), Label: l.Label, Today: l.Period == study.EachDay, Wave: l.Wave.Label}
	for _, c := range l.Constraints {
		out.Constraints = append(out.Constraints, Constraint{r.count(c), c.Quota})
	}
	out.Whole = r.count(quota.Widest(&r.Study, l.Constraints)...)
	for _, place := range r.places {
		out.ByPlace = append(out.ByPlace, r.at(place, l.Constraints))
	}
	return out
}

// keyOf tells lines apart: no cell's name has an @.
func keyOf(l quota.Line) string {
	if l.Period == study.WholeStudy {
		return l.Cell
	}
	return l.Cell + "@" + string(l.Period)
}

// count sums constraints up. They are closed where each of them is.
func (r reading) count(list ...quota.Constraint) Count {
	n := Count{Closed: len(list) > 0}
	var fills []Forecast // of those that are not full
	for _, c := range list {
		one := r.one(c)
		n.Closed = n.Closed && one.Closed
		n.Done += one.Done
		n.Target += one.Target
		n.Missing += one.Missing
		n.Today += one.Today
		n.Pending = n.Pending || one.Pending
		n.Known = n.Known || one.Known
		n.Leased += one.Leased
		n.Busy += one.Busy
		n.Devices = max(n.Devices, one.Devices)
		n.Provisional += one.Provisional
		n.Left += one.Left
		if one.Missing > 0 {
			fills = append(fills, one.Fills)
		}
	}
	n.Fills = latest(fills)
	return n
}

// one is the count of one constraint.
func (r reading) one(c quota.Constraint) Count {
	state, known := r.States[c.Account]
	aim := r.Aims[c.Name]
	n := Count{Done: c.Done, Target: c.Target, Missing: c.Left(), Today: r.Today.Counts[c.Account], Closed: aim.Closed}
	n.Pending = slices.ContainsFunc(r.Open, func(u desk.Unanswered) bool { _, named := u.Aims[c.Name]; return named })
	if known && c.Kind == study.Hard {
		n.Known, n.Leased, n.Busy, n.Devices, n.Provisional = true, state.Leased, state.Busy, state.Devices, state.Provisional
		if !aim.Closed {
			n.Left = max(c.Target+c.Tolerance-state.Used-state.Leased, 0)
		}
	}
	if n.Fills = forecast(n, r.Today, r.now); n.Fills.Days > 0 && n.Fills.Days > r.daysLeft(c.Account) {
		n.Fills = Forecast{} // the next day or wave has a target of its own
	}
	return n
}

// Name is what the line counts, in words.
func (l Line) Name(w Words) string {
	name := l.Label.In(w.Lang(), "")
	switch {
	case l.Margin && len(l.Label) == 0:
		name = w.T("board.margin_all")
	case l.Margin:
		name = w.T("board.margin", "cell", name)
	}
	return l.during(w, name)
}

// inWave tells that every line is of the chosen wave, so that none needs to say it.
func (m Model) inWave() bool {
	return len(m.Lines) > 0 && !slices.ContainsFunc(m.Lines, func(l Line) bool { return len(l.Wave) == 0 })
}

// short is the line's name beside the choice of a wave.
func (m Model) short(w Words, l Line) string {
	if m.inWave() {
		l.Wave = nil
	}
	return l.Name(w)
}

// ofWave is the line that counts everybody in the wave; ok is false where there is none.
func (m Model) ofWave() (all Line, ok bool) {
	at := slices.IndexFunc(m.Lines, func(l Line) bool {
		return len(l.Constraints) == 1 && l.Constraints[0].Quota.Condition.Always() && l.Constraints[0].Quota.Site == "" && l.Constraints[0].Quota.Region == ""
	})
	if at < 0 || !m.inWave() {
		return all, false
	}
	return m.Lines[at], true
}

// during adds the day or wave that figures are of.
func (l Line) during(w Words, name string) string {
	switch {
	case l.Today:
		return w.T("quota.today", "cell", name)
	case len(l.Wave) > 0:
		return w.T("quota.wave", "cell", name, "wave", l.Wave.In(w.Lang(), ""))
	}
	return name
}

// daysLeft is how many days come after the present one in an account's period.
func (r reading) daysLeft(account string) int {
	_, key := study.ParseAccount(account)
	_, _, last, _ := r.Study.PeriodOf(key)
	end, bounded := study.BeginOf(last)
	day, ok := study.BeginOf(r.Today.Day)
	if !bounded || !ok {
		return math.MaxInt
	}
	return int(end.Sub(day) / (24 * time.Hour))
}

// within tells whether a constraint is a place's own.
func (p Place) within(c quota.Constraint) bool {
	return slices.Contains(p.Sites, c.Site) || p.Region && c.Site == "" && c.Region == p.Name
}

// at is the count of a place's own constraints; where it has none, what its sites gave to those of a larger place.
func (r reading) at(place Place, list []quota.Constraint) Count {
	var own, larger []quota.Constraint
	for _, c := range list {
		switch {
		case place.within(c):
			own = append(own, c)
		case c.Site == "":
			larger = append(larger, c)
		}
	}
	if len(own) > 0 {
		return r.count(quota.Widest(&r.Study, own)...)
	}
	shared := Count{Open: true}
	for _, c := range quota.Widest(&r.Study, larger) {
		for _, site := range place.Sites {
			shared.Done += c.BySite[site]
			shared.Today += r.Today.BySite[desk.Spot{Account: c.Account, Site: site}]
		}
	}
	return shared
}
