package tour

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

// crew is twelve interviewers who work a week of seven days, each at one site; two of them cheat.
type crew struct {
	people []string
	sites  []study.Site
	now    time.Time
}

// copier fills in the same interviews again and again, and hurries.
const copier = "0423"

func newCrew(now time.Time, sites []study.Site) *crew {
	c := &crew{sites: sites, now: now}
	for n := range 12 {
		c.people = append(c.people, []string{"0417", "0418", "0423", "0430", "0431", "0436", "0440", "0442", "0447", "0451", "0452", "0460"}[n])
	}
	return c
}

const perDay = 200 // contacts

// begin is when a day's shifts begin; 6 is today.
func (c *crew) begin(day int) time.Time {
	y, m, d := c.now.Date()
	return time.Date(y, m, d, 9, 30, 0, 0, c.now.Location()).AddDate(0, 0, day-6)
}

// long is how long a day has lasted: today goes on.
func (c *crew) long(day int) time.Duration {
	if day == 6 {
		return c.now.Sub(c.begin(6)) - 20*time.Minute
	}
	return 450 * time.Minute
}

func (c *crew) shiftID(who string, day int) string { return fmt.Sprintf("s-%s-%d", who, day) }

func (c *crew) site(n int) study.Site { return c.sites[n%len(c.sites)] }

func (c *crew) shifts() (list []interview.Shift) {
	for day := range 7 {
		for n, who := range c.people {
			begin := c.begin(day)
			site := c.site(n)
			noon := begin.Add(150*time.Minute + time.Duration(n)*4*time.Minute)
			s := interview.Shift{
				ID: c.shiftID(who, day), Site: site.Name, Entrance: site.Entrances[0].Name, Interviewer: who, Interval: 5, Started: interview.MomentOf(begin),
				Passed: 380 + n*31%140, Pauses: []interview.Pause{{From: interview.MomentOf(noon), To: interview.MomentOf(noon.Add(30 * time.Minute)), Reason: "break"}},
				Notes: []interview.ShiftNote{{ID: "n", At: interview.MomentOf(begin.Add(time.Hour)), Weather: "rain", Words: "Marché sur la place."}},
			}
			if day < 6 {
				s.Ended = interview.MomentOf(begin.Add(8 * time.Hour))
			}
			list = append(list, s)
		}
	}
	return list
}

// contact is who approaches somebody, where and when: in turn, so that nobody holds two interviews at once.
func (c *crew) contact(n int) (who string, site study.Site, at time.Time) {
	day, within := n/perDay, n%perDay
	return c.people[n%12], c.site(n % 12), c.begin(day).Add(c.long(day) * time.Duration(within) / perDay)
}

func (c *crew) shift(who string, at time.Time) string {
	for day := 6; day >= 0; day-- {
		if !at.Before(c.begin(day)) {
			return c.shiftID(who, day)
		}
	}
	return ""
}

func (c *crew) outcome(n int, random *rand.Rand) interview.Disposition {
	outcomes := []interview.Disposition{
		interview.Complete, interview.Complete, interview.Complete, interview.Complete, interview.RefusedUnknown, interview.RefusedUnknown, interview.RefusedUnknown,
		interview.NoTime, interview.GotAway, interview.ScreenedOut, interview.RefusedIntroduction, interview.LanguageBarrier, interview.BrokeOff,
	}
	if c.people[n%12] == copier {
		outcomes = outcomes[:6]
	}
	return outcomes[random.IntN(len(outcomes))]
}

// cheat is what two of them do: one copies and hurries, one never observes and was in two interviews at once.
func (c *crew) cheat(i *interview.Interview, varied []string) {
	switch i.Interviewer {
	case copier:
		i.Answers = varied[len(i.ID)%2+int(i.Started.UTC/60000)%3]
		i.DurationMS = i.DurationMS * 2 / 5
		if i.Started.UTC%7 == 0 {
			i.DurationMS = 95_000
		}
	case "0440":
		i.Observations = nil
		if i.Started.UTC/60000%11 == 0 {
			i.DurationMS = 46 * 60_000
		}
	}
}

// variants are answers of people who differ.
func variants(t testing.TB, pkg *importer.Package, random *rand.Rand) (all []string) {
	t.Helper()
	form, err := xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
	must(t, err)
	words := []string{"The queue was long and nobody came to help.", "Friendly people, I found it at once.", "Too dear for what it is, my sister says so as well.", "I came for shoes and left with a lamp."}
	for n := range 600 {
		in, err := form.New(xform.World{Now: time.Now, Location: time.UTC, Rand: random})
		must(t, err)
		for pos, ok := in.First(), true; ok && pos.Kind != xform.KindEnd; pos, ok = in.Next(pos) {
			for _, q := range in.Page(pos).Questions {
				if q.ReadOnly || q.Control == xform.Note || study.RolesIn(q.Attrs).Has(study.RolePersonal) {
					continue
				}
				answers := tries(q)
				if len(q.Choices) > 2 {
					random.Shuffle(len(q.Choices), func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
				}
				for _, try := range append(answers, fmt.Sprintf("%s %d", words[random.IntN(len(words))], n)) {
					if in.Set(q.Ref, try) == nil && in.Check(q.Ref) == nil {
						break
					}
				}
			}
		}
		xml, err := in.Submission(nil)
		must(t, err)
		all = append(all, string(xml))
	}
	// Whoever was screened out or refused has told little: the complete ones are the longest.
	slices.SortStableFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all[:250]
}
