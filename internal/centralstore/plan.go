package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// planning is the body of a decision about assignments.
func planning(d decision) (*delivery.Planning, error) {
	said, ok := d.said.(*delivery.Planning)
	if !ok {
		return nil, fmt.Errorf("a change of assignments has the body of %s", d.Kind)
	}
	return said, nil
}

// wherePlan finds the sites at which a change of assignments lets somebody work. It refuses places and interviewers that the study does
// not have, or not yet: whoever planned is told which.
func wherePlan(ctx context.Context, tx *sql.Tx, d decision) (about subject, found bool, err error) {
	said, err := planning(d)
	if err != nil {
		return about, false, err
	}
	def, err := newestStudy(ctx, tx, d.Study)
	if err != nil {
		return about, false, err
	}
	people, err := interviewersOf(ctx, tx, d.Study)
	if err != nil {
		return about, false, err
	}
	about.sites = []string{}
	for _, day := range said.Days {
		if !slices.Contains(people, day.Interviewer) {
			return about, false, noSuch("The study has no interviewer %s, or not yet.", day.Interviewer)
		}
		for _, a := range day.Assignments {
			site, known := def.SiteByName(a.Site)
			if !known {
				return about, false, noSuch("The study has no site %s, or not yet.", a.Site)
			}
			if _, known = site.EntranceBy(a.Entrance); !known && a.Entrance != "" {
				return about, false, noSuch("The site has no entrance %s, or not yet.", a.Entrance)
			}
			if !slices.Contains(about.sites, a.Site) {
				about.sites = append(about.sites, a.Site)
			}
		}
	}
	if len(about.sites) == 1 {
		about.site = about.sites[0]
	}
	return about, true, nil
}

func noSuch(words, name string) error {
	return &refusal{code: delivery.DecisionNoSubject, words: fmt.Sprintf(words, clip(name, 64)), later: true}
}

// interviewersOf are those of whom a study knows: by a device, a code for one, or a card.
func interviewersOf(ctx context.Context, tx *sql.Tx, id string) ([]string, error) {
	list, err := texts(ctx, tx, `SELECT d.interviewer FROM devices d JOIN device_studies s ON s.device = d.id WHERE s.study = $1 AND d.laptop = ''
		UNION SELECT c.interviewer FROM codes c JOIN code_studies s ON s.hash = c.hash WHERE s.study = $1
		UNION SELECT interviewer FROM cards WHERE study = $1`, id)
	return list, wrap("reading the interviewers", err)
}

// applyPlan puts days in force, each unless a later decision about it came before. Who answers for some sites only does not take
// interviewers away from others: such a change is refused whole.
func (s *store) applyPlan(ctx context.Context, tx *sql.Tx, d decision) (change effect, err error) {
	said, err := planning(d)
	if err != nil {
		return change, err
	}
	within, err := d.who.reaches(d.Study, Supervisor).filter(ctx, tx, d.Study)
	if err != nil {
		return change, err
	}
	now := time.UnixMilli(d.ReceivedAt).UTC()
	first, last := study.DayOf(now.Add(-furthest).AddDate(0, 0, -delivery.DaysPlannedBack)), study.DayOf(now.Add(furthest).AddDate(0, 0, delivery.DaysPlannedAhead))
	var were, are []string
	for _, day := range said.Days {
		if day.Date < first || day.Date > last {
			return change, &refusal{code: delivery.DecisionInvalid, words: fmt.Sprintf("The date %s lies too far away to be planned.", day.Date)}
		}
		stands, known, err := standingDay(ctx, tx, d.Study, day)
		switch {
		case err != nil:
			return change, err
		case known && d.Order().Before(stands.Order()):
			continue
		case !within.all && slices.ContainsFunc(stands.Assignments, func(a delivery.Assignment) bool { return !slices.Contains(within.sites, a.Site) }):
			return change, &refusal{code: delivery.DecisionForbidden, words: fmt.Sprintf(
				"On %s interviewer %s is assigned to a site that you do not answer for.", day.Date, day.Interviewer)}
		}
		day = day.Sorted()
		if err := s.putDay(ctx, tx, d, day, known && slices.Equal(stands.Assignments, day.Assignments)); err != nil {
			return change, err
		}
		were, are = append(were, dayText(stands.PlannedDay)), append(are, dayText(day))
	}
	return effect{few(were), few(are)}, nil
}

// standingDay is the same day of the same interviewer as it stands; known tells that a decision named it before.
func standingDay(ctx context.Context, tx *sql.Tx, id string, day delivery.PlannedDay) (stands delivery.StandingDay, known bool, err error) {
	var body []byte
	err = tx.QueryRowContext(ctx, `SELECT at, decision, made_by, kept_at, body FROM assignments WHERE study = $1 AND interviewer = $2 AND date = $3`,
		id, day.Interviewer, day.Date).Scan(&stands.At, &stands.Decision, &stands.By, &stands.KeptAt, &body)
	if errors.Is(err, sql.ErrNoRows) {
		stands.Interviewer, stands.Date = day.Interviewer, day.Date
		return stands, false, nil
	}
	if err == nil {
		err = json.Unmarshal(body, &stands.PlannedDay)
	}
	return stands, err == nil, wrap("reading the assignments", err)
}

// putDay keeps a day. One that says what stood before is no news to devices.
func (s *store) putDay(ctx context.Context, tx *sql.Tx, d decision, day delivery.PlannedDay, same bool) error {
	if same {
		_, err := tx.ExecContext(ctx, `UPDATE assignments SET at = $1, decision = $2, made_by = $3 WHERE study = $4 AND interviewer = $5 AND date = $6`,
			d.Order().At, d.ID, d.MadeBy, d.Study, day.Interviewer, day.Date)
		return wrap("keeping the assignments", err)
	}
	n, err := s.advance(ctx, tx, d.Study, 1, 0)
	if err != nil {
		return err
	}
	body, err := json.Marshal(day)
	if err != nil {
		return fmt.Errorf("writing the assignments: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO assignments (study, interviewer, date, n, at, decision, made_by, kept_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (study, interviewer, date) DO UPDATE SET n = excluded.n, at = excluded.at, decision = excluded.decision, made_by = excluded.made_by,
			kept_at = excluded.kept_at, body = excluded.body`, d.Study, day.Interviewer, day.Date, n, d.Order().At, d.ID, d.MadeBy, d.ReceivedAt, body)
	return wrap("keeping the assignments", err)
}

func dayText(p delivery.PlannedDay) string {
	said := []string{p.Interviewer, p.Date}
	if len(p.Assignments) == 0 {
		said = append(said, "nothing")
	}
	for _, a := range p.Assignments {
		said = append(said, a.Site, a.From+"-"+a.To)
	}
	return strings.Join(said, " ")
}

// few is a list for the audit log, which the decision itself completes.
func few(list []string) string {
	const most = 5
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// Plan tells a study's assignments of the last weeks and all that lie ahead, as far as a person answers for them: what is at other sites
// is left out, and that there is something said.
func (s *store) Plan(ctx context.Context, who Principal, id string) (plan delivery.Plan, err error) {
	if !who.Sees(id) || who.IsDevice() {
		return plan, fail(NotFound, "There is no study %s.", clip(id, 64))
	}
	r := who.reaches(id, Supervisor)
	if !r.records {
		return plan, fail(Forbidden, "The plan is for supervisors, researchers and administrators of the study.")
	}
	err = s.report(ctx, func(ctx context.Context, tx *sql.Tx) error {
		plan = delivery.Plan{At: s.now(), Days: []delivery.StandingDay{}}
		within, err := r.filter(ctx, tx, id)
		if err != nil {
			return err
		}
		from := study.DayOf(time.UnixMilli(plan.At).UTC().Add(-furthest).AddDate(0, 0, -delivery.DaysPlannedBack))
		err = eachRow(ctx, tx, func(rows *sql.Rows) error {
			var day delivery.StandingDay
			var body []byte
			if err := rows.Scan(&day.At, &day.Decision, &day.By, &day.KeptAt, &body); err != nil {
				return err
			}
			if err := json.Unmarshal(body, &day.PlannedDay); err != nil {
				return err
			}
			all := len(day.Assignments)
			day.Assignments = slices.DeleteFunc(day.Assignments, func(a delivery.Assignment) bool { return !within.all && !slices.Contains(within.sites, a.Site) })
			day.Elsewhere = len(day.Assignments) < all
			plan.Days = append(plan.Days, day)
			return nil
		}, `SELECT at, decision, made_by, kept_at, body FROM assignments WHERE study = $1 AND date >= $2 ORDER BY date, interviewer`, id, from)
		return wrap("reading the plan", err)
	})
	return plan, err
}

// assignmentChanges are a device's own interviewer's days from yesterday on, wherever on earth it is; nobody else pulls them.
func (p *pulling) assignmentChanges(ctx context.Context, tx *sql.Tx, id string, since int64, who Principal) (list []numbered, err error) {
	if !who.IsDevice() {
		return nil, nil
	}
	yesterday := study.DayOf(time.UnixMilli(p.now).UTC().Add(-furthest).AddDate(0, 0, -1))
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var c numbered
		var body []byte
		if err := rows.Scan(&c.n, &c.entry.ID, &body); err != nil {
			return err
		}
		day := delivery.Assigned{Study: id}
		if err := json.Unmarshal(body, &day.PlannedDay); err != nil {
			return err
		}
		var err error
		c.entry.Assigned, err = json.Marshal(day)
		c.bytes = len(c.entry.Assigned)
		list = append(list, c)
		return err
	}, `SELECT n, date, body FROM assignments WHERE study = $1 AND interviewer = $2 AND n > $3 AND date >= $4 ORDER BY n`, id, who.Interviewer, since, yesterday)
	return list, wrap("reading the assignments", err)
}
