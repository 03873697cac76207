// Package shiftpaper gathers a day at a site for paper: who worked when, what became of it, what deserves a look, what was noted. It
// knows the laptop's store and the interface's texts; it draws nothing.
package shiftpaper

import (
	"context"
	"time"

	"parvis/app/screens/flags"
	"parvis/app/screens/people"
	"parvis/app/screens/progress"
	"parvis/internal/export/table"
	"parvis/internal/quality"
	"parvis/internal/report/shiftreport"
	"parvis/internal/study"
)

// Store is what it reads.
type Store interface {
	people.Store
	progress.Store
}

// Words are the interface's texts.
type Words interface {
	people.Words
	Has(key string) bool
}

// Params is what a report is made of.
type Params struct {
	Study     study.Study
	Day, Site string
	Words     Words
	Now       time.Time
	// Picture is how old what is printed is; Question gives a question's label.
	Picture       string
	Question      func(ref string) string
	Regular, Bold []byte // fonts
}

// Make gathers the report.
func Make(ctx context.Context, s Store, p Params) (shiftreport.Report, error) {
	w := p.Words
	crew, err := people.Read(ctx, s, p.Study, people.Choice{Day: p.Day, Site: p.Site})
	if err != nil {
		return shiftreport.Report{}, err
	}
	var here []people.Interviewer // those whom only a device connects with the day are not on paper
	for _, i := range crew.List {
		if i.Approached > 0 || i.Passed > 0 || i.WorkedMS > 0 || i.Completes > 0 {
			here = append(here, i)
		}
	}
	crew.List = here
	day, err := progress.Read(ctx, s, p.Study, progress.Choice{Day: p.Day, Site: p.Site})
	if err != nil {
		return shiftreport.Report{}, err
	}
	site := p.Site
	if at, known := p.Study.SiteByName(p.Site); known {
		site = at.Label.In(w.Lang(), p.Site)
	}
	when := p.Day
	if t, err := time.Parse(time.DateOnly, p.Day); err == nil {
		when = w.Day(t)
	}
	shifts, work, rates := day.ShiftsTable(w), crew.Table(w, p.Now, people.Contacts), crew.Table(w, p.Now, people.Rates)
	outcomes := crew.Outcomes(w)
	r := shiftreport.Report{
		Title: p.Study.Title.In(w.Lang(), p.Study.ID), Subtitle: site + ", " + when, Lines: []string{p.Picture}, Made: p.Now,
		Foot: "Parvis · " + site + " · " + p.Day, Regular: p.Regular, Bold: p.Bold,
		Parts: []shiftreport.Part{
			{Heading: w.T("progress.timeline"), Table: &shifts},
			{Heading: w.T("interviewers.side_contacts"), Table: &work},
			{Heading: w.T("interviewers.by_outcome"), Table: &outcomes},
			{Heading: w.T("interviewers.side_rates"), Table: &rates, Note: w.T("interviewers.about_rates")},
		},
	}
	r.Parts = append(r.Parts, p.flags(crew), p.notes(day))
	return r, nil
}

// flags are those of whoever worked there that day, over the whole study.
func (p Params) flags(crew people.Model) shiftreport.Part {
	w := p.Words
	part := shiftreport.Part{Heading: w.T("quality.title"), Note: w.T("quality.what_it_is")}
	var list []quality.Flag
	for _, i := range crew.List {
		list = append(list, i.Flags...)
	}
	if len(list) == 0 {
		part.Lines = []string{w.T("quality.none")}
		return part
	}
	all := flags.Table(w, list, func(string) string { return "" }, p.Question)
	t := table.Table{Columns: []table.Column{all.Columns[0], all.Columns[2], all.Columns[3], all.Columns[4]}}
	for _, r := range all.Rows {
		t.Rows = append(t.Rows, table.Row{Cells: []table.Cell{r.Cells[0], r.Cells[2], r.Cells[3], r.Cells[4]}})
	}
	part.Table = &t
	return part
}

// notes are weather and events as the interviewers noted them, in order, and why they paused.
func (p Params) notes(day progress.Model) shiftreport.Part {
	w := p.Words
	part := shiftreport.Part{Heading: w.T("progress.notes")}
	named := func(prefix, name string) string {
		if w.Has(prefix + name) {
			return w.T(prefix + name)
		}
		return name
	}
	for _, s := range day.Shifts {
		for _, n := range s.Notes {
			said := s.Interviewer + ", " + n.At.Time().Format("15:04") + ": "
			if n.Weather != "" {
				said += named("weather.", n.Weather) + " "
			}
			part.Lines = append(part.Lines, said+n.Words)
		}
		for _, pause := range s.Pauses {
			to := "…"
			if !pause.To.IsZero() {
				to = pause.To.Time().Format("15:04")
			}
			said := s.Interviewer + ", " + pause.From.Time().Format("15:04") + "–" + to + ": "
			if pause.Reason != "" {
				said += named("shift.pause_", pause.Reason) + " "
			}
			part.Lines = append(part.Lines, said+pause.Words)
		}
	}
	if len(part.Lines) == 0 {
		part.Lines = []string{w.T("progress.no_notes")}
	}
	return part
}
